"""The page of settings, from the descriptions in `server/settings.py`."""

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from server.reference.markdown import code, document, section
from server.settings import Settings

_INTRODUCTION = """\
Every setting is an environment variable. A name that begins with `NSER_` and is not listed here stops the program,
and so does a value that cannot be used: a slip never becomes a default. Options of a command win over settings."""


def page() -> str:
    """Return the page of settings."""
    return document("Settings", _INTRODUCTION, *(_setting(*item) for item in Settings.model_fields.items()))


def _setting(name: str, field: FieldInfo) -> str:
    return section(code(f"NSER_{name.upper()}"), field.description or "", f"Default: {_default(field.default)}.")


def _default(value: object) -> str:
    if isinstance(value, SecretStr) or value == "":
        return "none"
    return code(str(value).lower() if isinstance(value, bool) else value)
