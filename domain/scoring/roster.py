"""Features that are counted or found among the members of a household. `features` joins them to the rest.

Ages are those on the day of the survey. A count is null as soon as one member's answer is missing.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, and_, case, cast, extract, func, literal, not_, or_
from sqlalchemy.dialects.postgresql import array

from domain.age import birthday
from domain.codes import DisabilitySeverity, EducationLevel, EmploymentStatus, MaritalStatus, RelationToHead, Sex
from domain.household import Household
from domain.person import Person
from domain.scoring.feature import FLAG, Catalogue, spellings

ROSTER = Catalogue()
"""The features of the roster, by name."""

WORKING_AGE = 10
"""The age from which the survey asks about work, as the Labour Force Survey does."""
NO_FEMALE_HEAD_OR_SPOUSE = "no_female_head_or_spouse"
_LEVELS = list(EducationLevel)


def _younger_than(years: int) -> ColumnElement[bool]:
    return Household.surveyed_on < birthday(years)


def _members(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """Count the members for whom the condition holds; null when it is unknown for one of them."""
    return case((func.bool_or(condition.is_(None)), None), else_=func.count().filter(condition))


def _of_head(answer: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.max(answer).filter(Person.relation_to_head == RelationToHead.HEAD)


def _rank() -> ColumnElement[Any]:
    return case({level: place for place, level in enumerate(_LEVELS, 1)}, value=Person.education_level)


def _highest_education(whose: ColumnElement[bool]) -> ColumnElement[Any]:
    """Return the highest level among some members; null when the level of one of them is missing."""
    levels = array([literal(level.value, Text) for level in _LEVELS])
    missing = func.bool_or(Person.education_level.is_(None)).filter(whose)
    return case((missing, None), else_=levels[func.max(_rank()).filter(whose)])


def _elementary() -> ColumnElement[bool]:
    """Whether a member's occupation is elementary: no for those who do not work, unknown where it was not answered."""
    idle = Person.employment_status.in_([EmploymentStatus.UNEMPLOYED, EmploymentStatus.NOT_IN_LABOUR_FORCE])
    without_work = or_(_younger_than(WORKING_AGE), func.coalesce(idle, False))
    return case((and_(Person.elementary_occupation.is_(None), without_work), False), else_=Person.elementary_occupation)


def _working() -> ColumnElement[bool]:
    idle = Person.employment_status.in_([EmploymentStatus.UNEMPLOYED, EmploymentStatus.NOT_IN_LABOUR_FORCE])
    return case((_younger_than(WORKING_AGE), False), else_=not_(idle))


def _aged(first: int, last: int) -> ColumnElement[bool]:
    return and_(Household.surveyed_on >= birthday(first), _younger_than(last + 1))


def _disabled() -> ColumnElement[bool]:
    """Whether a limitation is a disability. The form has no answer for none, so an empty one means none stated."""
    grave = Person.disability_severity.in_([DisabilitySeverity.A_LOT, DisabilitySeverity.CANNOT_DO])
    return func.coalesce(grave, False)


@ROSTER.number
def members() -> ColumnElement[Any]:
    """Members of the household."""
    return Household.size.expression


@ROSTER.number
def members_aged_13_or_younger() -> ColumnElement[Any]:
    """Members aged 13 or younger."""
    return _members(_younger_than(14))


@ROSTER.number
def members_aged_under_5() -> ColumnElement[Any]:
    """Members younger than five."""
    return _members(_younger_than(5))


@ROSTER.number
def members_aged_5_to_16() -> ColumnElement[Any]:
    """Members of the constitutional age of schooling, 5 to 16."""
    return _members(_aged(5, 16))


@ROSTER.number
def members_aged_15_to_64() -> ColumnElement[Any]:
    """Members of working age, 15 to 64."""
    return _members(_aged(15, 64))


@ROSTER.number
def members_aged_65_or_older() -> ColumnElement[Any]:
    """Members aged 65 or older."""
    return _members(not_(_younger_than(65)))


@ROSTER.number
def share_of_dependents() -> ColumnElement[Any]:
    """Share of the members who are younger than 15 or older than 64, from 0 to 1."""
    return 1.0 - func.avg(case((_aged(15, 64), 1.0), else_=0.0))


@ROSTER.number
def rooms_per_member() -> ColumnElement[Any]:
    """Rooms to live in for each member."""
    return 1.0 * Household.rooms / Household.size


@ROSTER.choice("no_such_children", "all", "not_all")
def children_aged_5_to_13_at_school() -> ColumnElement[Any]:
    """Whether all members aged 5 to 13 attend school."""
    child = _aged(5, 13)
    return case(
        (func.count().filter(child) == 0, "no_such_children"),
        (func.bool_or(not_(Person.attending_school)).filter(child), "not_all"),
        (func.bool_or(Person.attending_school.is_(None)).filter(child), None),
        else_="all",
    )


@ROSTER.number
def children_aged_5_to_16_out_of_school() -> ColumnElement[Any]:
    """Members aged 5 to 16 who do not attend school."""
    return _members(case((not_(_aged(5, 16)), False), else_=not_(Person.attending_school)))


@ROSTER.number
def members_in_elementary_occupations() -> ColumnElement[Any]:
    """Members whose work is an elementary occupation (ISCO major group 9)."""
    return _members(_elementary())


@ROSTER.number
def members_working() -> ColumnElement[Any]:
    """Members aged 10 or older who work, with or without pay."""
    return _members(_working())


@ROSTER.number
def members_with_disability() -> ColumnElement[Any]:
    """Members with a lot of difficulty in a functional domain, or who cannot do it at all (Washington Group)."""
    return _members(_disabled())


@ROSTER.choice(NO_FEMALE_HEAD_OR_SPOUSE, *spellings(EducationLevel))
def education_of_female_head_or_spouse() -> ColumnElement[Any]:
    """Highest level completed by the woman who heads the household or is the head's wife; of several, the highest."""
    wife = and_(Person.sex == Sex.FEMALE, Person.relation_to_head.in_([RelationToHead.HEAD, RelationToHead.SPOUSE]))
    return case((func.count().filter(wife) == 0, NO_FEMALE_HEAD_OR_SPOUSE), else_=_highest_education(wife))


@ROSTER.choice(*spellings(EducationLevel))
def education_of_head() -> ColumnElement[Any]:
    """Highest level completed by the head."""
    return _of_head(cast(Person.education_level, Text))


@ROSTER.choice(*spellings(EducationLevel))
def highest_education() -> ColumnElement[Any]:
    """Highest level completed by a member aged 18 or older; none when there is no such member."""
    adult = not_(_younger_than(18))
    return case((func.count().filter(adult) == 0, EducationLevel.NONE.value), else_=_highest_education(adult))


@ROSTER.choice(*spellings(Sex))
def sex_of_head() -> ColumnElement[Any]:
    """Sex of the head."""
    return _of_head(cast(Person.sex, Text))


@ROSTER.number
def age_of_head() -> ColumnElement[Any]:
    """Age of the head in completed years."""
    years = cast(extract("year", Household.surveyed_on) - extract("year", Person.birth_date), Integer)
    return _of_head(years - case((Household.surveyed_on < birthday(years), 1), else_=0))


@ROSTER.choice(*spellings(MaritalStatus))
def marital_status_of_head() -> ColumnElement[Any]:
    """Marital status of the head."""
    return _of_head(cast(Person.marital_status, Text))


@ROSTER.choice(*spellings(EmploymentStatus))
def employment_of_head() -> ColumnElement[Any]:
    """What the head lives from."""
    return _of_head(cast(Person.employment_status, Text))


@ROSTER.choice(*FLAG)
def member_in_government_service() -> ColumnElement[Any]:
    """Whether a member works for the government."""
    serving = case((_younger_than(WORKING_AGE), False), else_=Person.employment_status == EmploymentStatus.GOVERNMENT)
    return case((func.bool_or(serving), True), (func.bool_or(serving.is_(None)), None), else_=False)
