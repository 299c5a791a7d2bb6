"""What the program logs and how: constants with primitives beside them, and of an exception only its kind and place.

An exception's text may quote a name or a number, a GraphQL document may hold one as a literal, a path's query too.
None of them is written, by our own code or by a library's.
"""

import logging
import logging.config
import secrets
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure_logging() -> None:
    """Send the log to stderr, one line an event, without the values that exceptions and documents may hold."""
    logging.config.dictConfig(logging_configuration())


def logging_configuration() -> dict[str, Any]:
    """Return the configuration that every process uses, in the form that `logging.config` and uvicorn take."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "server.logs.LineFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "server": {"level": "INFO"},
            "uvicorn": {"level": "WARNING"},
            "uvicorn.access": {"level": "CRITICAL", "propagate": False},
            # It quotes the lines of the document in which an error arose.
            "strawberry.execution": {"level": "CRITICAL", "propagate": False, "handlers": []},
        },
    }


class LineFormatter(logging.Formatter):
    """Time, level, logger and message on one line; of an exception, `describe`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: ExceptionInfo) -> str:
        """Return the exception without its text."""
        return describe(ei[1]) if ei[1] else ""

    def formatStack(self, stack_info: str) -> str:
        """Return nothing: a stack shows source lines."""
        return ""


def describe(error: BaseException) -> str:
    """Return what an exception is and where it arose in this project, without its text, which may quote a value."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT) and ".venv" not in frame.filename]
    place = (ours or frames)[-1:] if frames else []
    where = [f" at {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in place]
    return type(error).__qualname__ + "".join(where)


def new_error_id() -> str:
    """Return the number under which an unexpected error is told to a caller and found in the log."""
    return secrets.token_hex(8)
