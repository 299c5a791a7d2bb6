"""The closed vocabularies as GraphQL enums; each member is described by its name alone, the type by its docstring."""

from enum import StrEnum

import strawberry

from domain import codes
from domain.score import ScoreBand


@strawberry.enum(description="The direction of an order.")
class SortDirection(StrEnum):
    """The direction of an order; rows that are equal in it are ordered by their number."""

    ASC = "ASC"
    DESC = "DESC"


_VOCABULARIES: tuple[type[StrEnum], ...] = (
    codes.SurveySource,
    codes.Tenure,
    codes.Toilet,
    codes.WaterSource,
    codes.CookingFuel,
    codes.Lighting,
    codes.Sex,
    codes.MaritalStatus,
    codes.RelationToHead,
    codes.EducationLevel,
    codes.EmploymentStatus,
    codes.DisabilityDomain,
    codes.DisabilitySeverity,
    codes.VerificationStatus,
    codes.RosterField,
    codes.Decision,
    codes.EnrolmentStatus,
    ScoreBand,
)

for _vocabulary in _VOCABULARIES:
    strawberry.enum(_vocabulary, description=" ".join((_vocabulary.__doc__ or "").split()))
