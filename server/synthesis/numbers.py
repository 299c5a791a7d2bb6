"""Identity and telephone numbers of synthetic people. Only `server.synthesis` uses it.

An identity number begins with 9, a digit that NADRA never issues, so that no synthetic person can be a citizen.
Nothing like it exists for telephones: Pakistan reserves no range for examples. The numbers here are well formed and
lie in prefixes that the numbering plan admits and that we do not find among those handed to subscribers; they may
still be, or become, somebody's. **A registry of synthetic people must never send a message.**
"""

from random import Random

_BODIES = 10**11
_PREFIXES = ("0372", "0373", "0374", "0375", "0376", "0377", "0378", "0379")
_LAST_DIGITS = {"male": "13579", "female": "02468", "transgender": "0123456789"}


def _scrambled(body: int) -> int:
    """Map eleven digits to eleven digits, one to one: each half is moved by what the other half is."""
    high, low = divmod(body, 10**6)
    high = (high + low * low // 97) % 10**5
    low = (low + high * high * 31) % 10**6
    high = (high + low * low // 89) % 10**5
    return high * 10**6 + low


class Numbers:
    """A source of numbers, each identity number at most once in the life of the source.

    The middle eleven digits run through a full cycle, with a step that has no factor in common with its length, and
    are then scrambled one to one. They look drawn, do not repeat before a hundred thousand million, and need no
    memory of what was given.
    """

    def __init__(self, rng: Random) -> None:
        """Take the generator that chooses the cycle's beginning and step, and all last digits."""
        self._rng = rng
        self._body = int(rng.random() * _BODIES)
        self._step = int(rng.random() * _BODIES / 10) * 10 + 7

    def identity(self, sex: str) -> str:
        """Return a CNIC or B-Form number as `#####-#######-#`: last digit odd for a male, even for a female."""
        self._body = (self._body + self._step) % _BODIES
        digits = f"9{_scrambled(self._body):011d}"
        return f"{digits[:5]}-{digits[5:]}-{_LAST_DIGITS[sex][int(self._rng.random() * len(_LAST_DIGITS[sex]))]}"

    def mobile(self) -> str:
        """Return a mobile number as `03XX-XXXXXXX`. Two households may, rarely, get the same."""
        prefix = _PREFIXES[int(self._rng.random() * len(_PREFIXES))]
        return f"{prefix}-{int(self._rng.random() * 10_000_000):07d}"
