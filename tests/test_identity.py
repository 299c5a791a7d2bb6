"""Identity and mobile numbers of Pakistan."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import (
    CONTRADICTS_SEX,
    OTHER_PROVINCE,
    first_digits,
    is_issued,
    normalise_cnic,
    normalise_mobile,
    number_findings,
)


@pytest.mark.parametrize("text", ["35202-1234567-1", "3520212345671", "  35202-1234567-1\t", "\n3520212345671 "])
def test_a_number_has_one_spelling(text: str) -> None:
    """Dashes and surrounding blanks make no difference."""
    assert normalise_cnic(text) == "35202-1234567-1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "35202-1234567",
        "352021234567",
        "35202123456712",
        "35202-12345671",
        "352021234567-1",
        "3520-21234567-1",
        "35202 1234567 1",
        "35202-1234567-O",
        "٣٥٢٠٢١٢٣٤٥٦٧١",
        "35202-1234567-1\n35202-1234567-1",
    ],
)
def test_what_is_not_thirteen_digits_is_no_number(text: str) -> None:
    """Neither length nor dashes nor the script of the digits is guessed."""
    assert normalise_cnic(text) is None


@given(st.from_regex(r"[0-9]{13}", fullmatch=True))
def test_normalising_twice_is_normalising_once(digits: str) -> None:
    """The normal form is a fixed point and keeps every digit."""
    number = normalise_cnic(digits)
    assert number is not None
    assert normalise_cnic(number) == number
    assert number.replace("-", "") == digits


def test_first_digits_0_and_9_are_never_issued() -> None:
    """1 to 8 are issued, 8 in Azad Jammu and Kashmir; 9 is admitted for synthetic people, 0 never."""
    issued = [first for first in "0123456789" if is_issued(f"{first}5202-1234567-1", synthetic=False)]
    assert issued == list("12345678")
    admitted = [first for first in "0123456789" if is_issued(f"{first}5202-1234567-1", synthetic=True)]
    assert admitted == list("123456789")


@pytest.mark.parametrize(
    ("last", "sex", "contradicts"),
    [
        ("1", "MALE", False),
        ("9", "FEMALE", True),
        ("0", "FEMALE", False),
        ("8", "MALE", True),
        ("1", "TRANSGENDER", False),
        ("2", "TRANSGENDER", False),
    ],
)
def test_the_last_digit_is_odd_for_a_male_and_even_for_a_female(last: str, sex: str, contradicts: bool) -> None:
    """A contradiction is a warning; a transgender person's number cannot contradict."""
    assert (CONTRADICTS_SEX in number_findings(f"35202-1234567-{last}", sex, "3")) is contradicts


def test_a_number_of_another_province_is_information() -> None:
    """People move, so it is told and nothing more; a synthetic number and an unknown province tell nothing."""
    assert number_findings("35202-1234567-1", "MALE", first_digits("Punjab")) == []
    assert number_findings("35202-1234567-1", "MALE", first_digits("Sindh")) == [OTHER_PROVINCE]
    assert number_findings("95202-1234567-1", "MALE", first_digits("Sindh")) == []
    assert number_findings("35202-1234567-1", "MALE", first_digits("Atlantis")) == []


@pytest.mark.parametrize(
    ("name", "digits"),
    [
        ("Azad Kashmir", "8"),
        ("Azad Jammu and Kashmir", "8"),
        ("AJ&K", "8"),
        ("Gilgit Baltistan", "7"),
        ("Gilgit-Baltistan", "7"),
        ("Khyber Pakhtunkhwa", "12"),
        ("KHYBER PAKHTUNKHWA", "12"),
        ("Federally Administered Tribal Areas", "12"),
        ("Islamabad", "6"),
        ("Islamabad Capital Territory", "6"),
        ("Balochistan", "5"),
        ("Baluchistan", "5"),
        ("Sindh", "4"),
        ("Punjab", "3"),
    ],
)
def test_a_province_is_known_by_its_name(name: str, digits: str) -> None:
    """Regions files spell provinces differently; a name that is not recognised says nothing."""
    assert first_digits(name) == digits


@pytest.mark.parametrize(
    "text",
    ["0300-1234567", "03001234567", "0300 1234567", "+923001234567", "+92 300 1234567", "00923001234567", "3001234567"],
)
def test_a_mobile_number_has_one_spelling(text: str) -> None:
    """Whatever the spelling, E.164 comes out."""
    assert normalise_mobile(text) == "+923001234567"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "none",
        "0300-12345",
        "03001234567890",
        "042-35712345",
        "+44 7700 900123",
        "+1 300 123 4567",
        "0391-1234567",
        "call 0300-1234567",
        "0300-1234567, 0301-1234567",
        "٠٣٠٠١٢٣٤٥٦٧",
    ],
)
def test_what_is_not_a_pakistani_mobile_is_refused(text: str) -> None:
    """Landlines, other countries, prefixes outside the numbering plan and words are not mobiles of Pakistan."""
    assert normalise_mobile(text) is None


@given(st.from_regex(r"(0|\+92|0092)3[0-9]{2}[ -]?[0-9]{7}", fullmatch=True))
def test_the_usual_spellings_are_read_as_phonenumbers_reads_them(text: str) -> None:
    """The short way agrees with the library's parser and its own verdict on every number."""
    number = phonenumbers.parse(text, "PK")
    is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if is_mobile else None
    assert normalise_mobile(text) == expected
