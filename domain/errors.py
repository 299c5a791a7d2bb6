"""Refusals that a caller can act on. Any floor raises them; `server/errors.py` renders them, and nothing else does."""


class Refusal(Exception):
    """Something the registry will not do, with a stable code and a sentence that says what, where and what to do.

    The sentence never contains a value that the caller did not choose as a name: no number, no name of a person.
    """

    code: str = "REFUSED"

    def __init__(self, message: str, **extensions: object) -> None:
        super().__init__(message)
        self.message = message
        self.extensions = extensions


class BadInput(Refusal):
    """An argument that cannot be understood; the registry guesses nothing."""

    code = "BAD_USER_INPUT"


class GrantRefused(Refusal):
    """A token, client or agreement that gives no grant (any more)."""

    code = "UNAUTHENTICATED"


class LimitExceeded(Refusal):
    """A request larger than the published limits."""

    code = "LIMIT_EXCEEDED"
