"""What graphql-core says of a faulty request, without the values that it quotes. For `server/errors.py` only.

A caller's literal or variable may be a number or the name of a person, and error texts end up in logs. Names that a
document chooses (fields, arguments, variables, types) stay.
"""

import re

_VALUES = (
    (re.compile(r"[,;] found: .*", re.DOTALL), "."),
    (re.compile(r" Found: .*", re.DOTALL), ""),
    (re.compile(r"( cannot represent [^:\"']*): .*", re.DOTALL), r"\1."),
    (re.compile(r"\b((?:Block)?String|Int|Float) '.*'", re.DOTALL), r"\1"),
    (re.compile(r"\bValue '.*' (?=does not exist in ')", re.DOTALL), "This value "),
)
"""Where a message quotes a value: what it found, what a type cannot represent, a token, an unknown enum value."""
_QUOTED = re.compile(r"'([^']*)'")
_NAME = re.compile(r"[\[$@.]*[A-Za-z_][\w.:()]*[\]!]*|[^\w\s]{1,3}")
"""A name, a type or a punctuator."""
_DIGITS = re.compile(r"\d[\d-]{4,}")


def redacted(message: str) -> str:
    """Return a message of graphql-core without values: no literal, no part of a variable."""
    for value, without in _VALUES:
        message = value.sub(without, message)
    return _DIGITS.sub("…", _QUOTED.sub(_name_or_nothing, message))


def _name_or_nothing(quoted: re.Match[str]) -> str:
    return quoted[0] if _NAME.fullmatch(quoted[1]) else "'…'"
