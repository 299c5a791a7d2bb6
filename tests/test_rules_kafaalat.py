"""Benazir Kafaalat: ever-married women and transgender persons of poor households, verified and not excluded."""

from datetime import date

import pytest
from sqlalchemy import insert

from domain.tables import ExclusionHit
from tests.scoring_world import CHILD, MAN, ON, WIFE, YES, World, no, number, unknown

pytest_plugins = ("tests.scoring_fixtures",)

BENEFICIARY = {**WIFE, "cnic": number(1)}
DISABLED = {**CHILD, "disability_severity": "A_LOT"}


@pytest.mark.parametrize(
    ("score", "child", "expected"),
    [
        (3199, CHILD, YES),  # 31.99 < 32
        (3200, CHILD, YES),  # 32.00 = 32
        (3201, CHILD, no("SCORE_ABOVE_CUTOFF")),  # 32.01 > 32, nobody disabled
        (3201, DISABLED, YES),  # 32.01 <= 37 with a disabled member
        (3699, DISABLED, YES),  # 36.99 < 37
        (3700, DISABLED, YES),  # 37.00 = 37
        (3701, DISABLED, no("SCORE_ABOVE_CUTOFF")),  # 37.01 > 37
        (3201, {**CHILD, "disability_severity": "CANNOT_DO"}, YES),
        (3201, {**CHILD, "disability_severity": "SOME"}, no("SCORE_ABOVE_CUTOFF")),  # some difficulty is no disability
        (None, DISABLED, unknown("SCORE_UNKNOWN")),
        (None, CHILD, unknown("SCORE_UNKNOWN")),
    ],
)
def test_score(world: World, score: int | None, child: dict[str, object], expected: object) -> None:
    """A score at or under 32 is poor enough, and one at or under 37 where a member has a disability."""
    assert world.answers("KAFAALAT", MAN, BENEFICIARY, child, score=score) == [None, expected, None]


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"marital_status": "WIDOWED"}, YES),
        ({"marital_status": "DIVORCED"}, YES),
        ({"marital_status": "SEPARATED"}, YES),
        ({"marital_status": "NEVER_MARRIED"}, None),
        ({"sex": "TRANSGENDER", "marital_status": "NEVER_MARRIED"}, YES),
        ({"sex": "TRANSGENDER", "marital_status": None}, YES),
        ({"sex": "MALE"}, None),
        ({"marital_status": None}, unknown("MARITAL_STATUS_UNKNOWN")),
        ({"marital_status": None, "birth_date": date(2008, 7, 1)}, unknown("MARITAL_STATUS_UNKNOWN")),  # 18 on the day
        ({"marital_status": None, "birth_date": date(2008, 7, 2)}, None),  # 18 on the day after
    ],
)
def test_target(world: World, person: dict[str, object], expected: object) -> None:
    """It serves women who have ever been married and transgender persons; nobody else has an answer."""
    assert world.answers("KAFAALAT", {**BENEFICIARY, **person}) == [expected]


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"cnic": None}, no("CNIC_MISSING")),
        ({"verification_status": "PENDING"}, unknown("VERIFICATION_PENDING")),
        ({"verification_status": "UNAVAILABLE"}, unknown("VERIFICATION_PENDING")),
        ({"verification_status": "MISMATCH"}, no("NOT_VERIFIED")),
        ({"verification_status": "NO_RECORD"}, no("NOT_VERIFIED")),
        ({"verification_status": "EXPIRED"}, no("NOT_VERIFIED")),
        ({"verification_status": "BLOCKED"}, no("NOT_VERIFIED")),
        ({"cnic": None, "verification_status": "PENDING"}, no("CNIC_MISSING", "VERIFICATION_PENDING")),
    ],
)
def test_identity(world: World, person: dict[str, object], expected: object) -> None:
    """A CNIC must be on record and confirmed by NADRA; until NADRA has answered, the answer is not known."""
    assert world.answers("KAFAALAT", {**BENEFICIARY, **person}) == [expected]


@pytest.mark.parametrize(("status", "expected"), [("APPLIED", no("EXCLUSION_FILTER_APPLIED")), ("OVERTURNED", YES)])
def test_exclusion(world: World, status: str, expected: object) -> None:
    """An exclusion filter sets a person aside, until it is overturned on appeal; another's does not count."""
    household = world.household(BENEFICIARY, {**BENEFICIARY, "cnic": number(2)})
    one, other = world.members(household)
    hit = {"filter": "TRAVEL", "filter_version": "2019-12", "via": "SELF", "source": "FIA", "evidence_on": ON}
    world.connection.execute(insert(ExclusionHit).values(**hit, person_id=one, status=status))
    found = world.determine("KAFAALAT")
    assert [found[one][0][:2], found[other][0][:2]] == [expected, YES]


def test_reasons_keep_the_order_of_the_rules(world: World) -> None:
    """Every criterion that is not met or not known is named, in the order of the rules."""
    person = {**BENEFICIARY, "cnic": None, "verification_status": "PENDING"}
    reasons = no("SCORE_ABOVE_CUTOFF", "CNIC_MISSING", "VERIFICATION_PENDING")
    assert world.answers("KAFAALAT", person, score=5000) == [reasons]


def test_holds_without_end(world: World) -> None:
    """An answer that no known day changes holds from the day of the determination without end."""
    household = world.household(BENEFICIARY)
    found = world.determine("KAFAALAT")
    assert found[world.members(household)[0]] == found[None] == [(*YES, ON, date(9999, 12, 31))]
