"""Identity and mobile numbers of Pakistan: how they are written and what their digits say. Anyone may import it.

`python-stdnum` has a rule for the CNIC that is not used here: it refuses the first digit 8 (Azad Jammu and Kashmir) and
the last digit 0, which both are issued, and it admits dashes anywhere.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from domain.codes import Sex

ADULT_AGE = 18
"""The age in completed years from which NADRA issues a CNIC; before it a child has a B-Form number."""

_WRITTEN = re.compile(r"[0-9]{5}-[0-9]{7}-[0-9]")
_NUMBER = re.compile(r"\s*([0-9]{5})(-?)([0-9]{7})\2([0-9])\s*")
_NEVER_FIRST = "0"
_SYNTHETIC_FIRST = "9"


class Severity(StrEnum):
    """How grave a finding about an accepted submission is."""

    WARNING = "WARNING"
    INFORMATION = "INFORMATION"


@dataclass(frozen=True, slots=True)
class NumberFinding:
    """What the digits of one number say against the rest of the record."""

    code: str
    severity: Severity


CONTRADICTS_SEX = NumberFinding("NUMBER_CONTRADICTS_SEX", Severity.WARNING)
"""The last digit is odd for a female or even for a male."""
OTHER_PROVINCE = NumberFinding("NUMBER_OF_OTHER_PROVINCE", Severity.INFORMATION)
"""The number was first issued in another province than the household lives in, as those of all who move are."""


def normalise_cnic(text: str) -> str | None:
    """Return a CNIC or B-Form number as `#####-#######-#`, or `None` when `text` is not thirteen digits.

    The dashes may be left out together, and blanks may surround the number.
    """
    if _WRITTEN.fullmatch(text):
        return text
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    place, _, serial, last = match.groups()
    return f"{place}-{serial}-{last}"


def is_issued(number: str, *, synthetic: bool) -> bool:
    """Tell whether a normalised `number` can have been issued: NADRA issues none that begins with 0 or 9.

    Numbers of synthetic people begin with 9, so that they name nobody, and are admitted where `synthetic` says so.
    """
    first = number[0]
    return first != _NEVER_FIRST and (synthetic or first != _SYNTHETIC_FIRST)


def number_findings(number: str, sex: str, issued_here: str) -> list[NumberFinding]:
    """Return what the digits of a normalised CNIC or B-Form `number` say against the record, gravest first.

    `sex` is a value of `domain.codes.Sex`; a transgender person's number may end in any digit. `issued_here` holds the
    first digits of the household's province, as `first_digits` gives them; empty leaves the province out. The first
    digit is the place of registration, not of residence, and that of a synthetic number says nothing.
    """
    first, last_is_odd = number[0], number[-1] in "13579"
    findings = []
    if (last_is_odd and sex == Sex.FEMALE) or (not last_is_odd and sex == Sex.MALE):
        findings.append(CONTRADICTS_SEX)
    if issued_here and first != _SYNTHETIC_FIRST and first not in issued_here:
        findings.append(OTHER_PROVINCE)
    return findings


_FIRST_DIGITS = {
    "khyber": "12",
    "pakhtun": "12",
    "frontier": "12",
    "fata": "12",
    "tribal": "12",
    "punjab": "3",
    "sindh": "4",
    "baloch": "5",
    "baluch": "5",
    "islamabad": "6",
    "gilgit": "7",
    "northernareas": "7",
    "kashmir": "8",
    "ajk": "8",
}
"""A word in a province's name and the first digits of numbers registered there. The former tribal areas (2) joined
Khyber Pakhtunkhwa (1) in 2018, so a number of either is at home in both."""


def first_digits(province: str) -> str:
    """Return the first digits of numbers registered in the province of that name, `""` for a name that is not known.

    Regions files spell the names differently ("Azad Kashmir", "Azad Jammu and Kashmir"); one word decides.
    """
    letters = "".join(filter(str.isalpha, province.lower()))
    return next((digits for word, digits in _FIRST_DIGITS.items() if word in letters), "")


def _mobile_pattern() -> re.Pattern[str]:
    """Return the pattern of Pakistan's mobile numbers, without the leading 0, from the metadata of `phonenumbers`."""
    pakistan = phonenumbers.PhoneMetadata.metadata_for_region("PK")
    if pakistan is None or pakistan.mobile is None or pakistan.mobile.national_number_pattern is None:
        raise LookupError("phonenumbers has no metadata for Pakistan's mobile numbers")
    return re.compile(pakistan.mobile.national_number_pattern, re.ASCII)


_MOBILE = _mobile_pattern()
_USUAL_SPELLING = re.compile(r"(?:0|\+92[ -]?|0092)(3[0-9]{2})[ -]?([0-9]{7})")
_ANY_SPELLING = re.compile(r"[0-9+() .-]{10,24}")


def normalise_mobile(text: str) -> str | None:
    """Return a Pakistani mobile number as `+923XXXXXXXXX`, or `None` when `text` is not one.

    The usual spellings are held to the pattern of `phonenumbers` directly, which is thirty times as fast as its
    parser; the parser reads all others, but not words around a number.
    """
    text = text.strip()
    usual = _USUAL_SPELLING.fullmatch(text)
    if usual is None:
        return _parsed_mobile(text) if _ANY_SPELLING.fullmatch(text) else None
    digits = "".join(usual.groups())
    return f"+92{digits}" if _MOBILE.fullmatch(digits) else None


def _parsed_mobile(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, "PK")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code != 92 or not _MOBILE.fullmatch(str(number.national_number)):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
