"""How a value in a filter becomes the value that is stored. Declared at the fields of schema/, called by the filters.

Each function takes the value and the operator and raises `ValueError`, with a sentence that does not repeat the value.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from uuid import UUID

from domain.identity import normalise_cnic, normalise_mobile
from domain.score import HUNDREDTHS, UNSCORED_RANK

_NO_SCORE = -1
"""Below every score, so nothing equals it."""


def stored_score(value: float, operator: str) -> int:
    """Return a score in hundredths, rounded so that the comparison keeps its meaning."""
    hundredths = Decimal(str(value)) * HUNDREDTHS
    if operator in ("eq", "in") and hundredths != hundredths.to_integral_value():
        return _NO_SCORE
    rounding = ROUND_CEILING if operator in ("gte", "lt") else ROUND_FLOOR
    return max(_NO_SCORE, min(int(hundredths.to_integral_value(rounding)), UNSCORED_RANK))


def stored_number(value: str, operator: str) -> str:
    """Return a CNIC or B-Form number in its written form."""
    number = normalise_cnic(value)
    if number is None:
        raise ValueError("a CNIC or B-Form number has 13 digits, written #####-#######-# or without the dashes")
    return number


def stored_mobile(value: str, operator: str) -> str:
    """Return a mobile number in E.164 form."""
    mobile = normalise_mobile(value)
    if mobile is None:
        raise ValueError("a mobile number is written 03XX-XXXXXXX or +923XXXXXXXXX")
    return mobile


def stored_id(value: str, operator: str) -> UUID:
    """Return an id of this registry."""
    try:
        return UUID(value)
    except ValueError:
        raise ValueError("this is not an id of this registry") from None
