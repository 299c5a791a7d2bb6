"""One quarter in the life of the demonstration: numbers verified, people enrolled. For the demonstration only.

Everything goes through the services that a deployment uses, in one transaction, and follows from the seed.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Connection

from domain.codes import RosterField, VerificationStatus
from domain.enrolling import enrol_eligible
from domain.sample import every_number
from domain.verification import VerificationResult, record_verifications

QUARTER_DAYS = 90

_MATCHED = 0.96
"""Share of numbers that NADRA confirms; the rest differ in a field, have expired or are unknown, in equal parts."""

_OTHERWISE = (VerificationStatus.MISMATCH, VerificationStatus.EXPIRED, VerificationStatus.NO_RECORD)
_FIELDS = tuple(RosterField)

_SHARES = (("KAFAALAT", 0.85), ("NASHONUMA", 0.6), ("TALEEMI_WAZAIF", 0.5), ("HUNARMAND", 0.05))
"""Which share of the eligible each programme has enrolled. Kafaalat first: the next two follow from its enrolments."""


def play_quarter(connection: Connection, seed: int, today: date) -> dict[str, int]:
    """Let the quarter before `today` pass; return how many numbers were answered, and people enrolled by programme."""
    began = today - timedelta(days=QUARTER_DAYS)
    played = {"verified": record_verifications(connection, _answers(connection, seed, began))}
    for code, share in _SHARES:
        played[code] = enrol_eligible(connection, code, share=share, since=began, source=_source(code), seed=seed)
    return played


def _answers(connection: Connection, seed: int, began: date) -> Iterator[VerificationResult]:
    for number in every_number(connection):
        draw = _draw(f"{seed} {number}")
        status = VerificationStatus.MATCH if draw < _MATCHED else _OTHERWISE[int(draw * 1e6) % len(_OTHERWISE)]
        differs = status is VerificationStatus.MISMATCH
        mismatches = frozenset({_FIELDS[int(draw * 1e7) % len(_FIELDS)]}) if differs else frozenset()
        yield VerificationResult(number, status, began + timedelta(days=int(draw * 1e5) % QUARTER_DAYS), mismatches)


def _draw(text: str) -> float:
    """Return a number from 0 up to 1 that follows from the text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest()) / 2**48


def _source(code: str) -> str:
    return f"demonstration: {code.lower()}"
