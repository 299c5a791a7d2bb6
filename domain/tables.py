"""Every table of the domain, for whoever needs the metadata complete: migrations, the planner's roots, tests."""

from domain.agreement import Client, DataSharingAgreement
from domain.base import Base
from domain.determination import Determination
from domain.enrolment import Enrolment
from domain.exclusion import ExclusionHit
from domain.household import Household, Survey, SurveyFinding
from domain.person import Person, PersonAge
from domain.programme import Programme, ProgrammeConflict, ProgrammeRules
from domain.region import Region
from domain.score import Score, Scorecard

__all__ = [
    "Base",
    "Client",
    "DataSharingAgreement",
    "Determination",
    "Enrolment",
    "ExclusionHit",
    "Household",
    "Person",
    "PersonAge",
    "Programme",
    "ProgrammeConflict",
    "ProgrammeRules",
    "Region",
    "Score",
    "Scorecard",
    "Survey",
    "SurveyFinding",
]
