"""Every setting of the program, read from `NSER_…` environment variables. Only server/ and alembic/ read it.

Each field's description is its entry in the generated reference.
"""

import difflib
import os
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.failure import CannotStart

SECRET_KEY_LENGTH = 32
"""The least number of characters of `NSER_SECRET_KEY`."""


class Settings(BaseSettings):
    """The settings of one process. An unknown or malformed value stops the program with a sentence, never a default."""

    model_config = SettingsConfigDict(env_prefix="NSER_", frozen=True)

    database_url: str = Field(
        default="", description="The PostgreSQL 18 to use, `postgresql://…`. It wins over the embedded database."
    )
    data_dir: Path = Field(
        default=Path(".data"),
        description="The folder of the embedded database and of the demo. A command's `--data-dir` wins over it.",
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000",
        description="The address at which partners reach the server; issuer and audience of tokens are built from it.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description=f"At least {SECRET_KEY_LENGTH} random characters; seals page cursors. All processes of one "
        "deployment share it. The demo makes one in its data folder.",
    )
    synthetic: bool = Field(
        default=False, description="Admit identity numbers that begin with 9, which are never issued to citizens."
    )
    traceback: bool = Field(
        default=False,
        description="Show the whole of an unexpected error. It may quote personal data, so never where a log is kept.",
    )
    pool_size: int = Field(default=10, ge=1, le=200, description="Database connections of one server process.")
    statement_timeout_ms: int = Field(
        default=10_000, ge=100, description="How long one statement may run before it is cancelled, in milliseconds."
    )

    @property
    def sync_database_url(self) -> str:
        """The database for commands and migrations (psycopg)."""
        return sqlalchemy_url(self.database_url, "psycopg")


def read_settings() -> Settings:
    """Read the settings of this process; raise `CannotStart` for a malformed value or a name that is not a setting."""
    prefix = "NSER_"
    known = [prefix + name.upper() for name in Settings.model_fields]
    for name in sorted(os.environ):
        if name.startswith(prefix) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise CannotStart(
                f"{name} is not a setting of this program." + (f" Did you mean {near[0]}?" if near else " Unset it.")
            )
    try:
        return Settings()
    except ValidationError as failure:
        fault = failure.errors(include_input=False, include_url=False)[0]
        raise CannotStart(f"{prefix}{str(fault['loc'][0]).upper()} cannot be used: {fault['msg']}.") from None


def require_secret_key(settings: Settings) -> None:
    """Raise `CannotStart` unless `NSER_SECRET_KEY` is long enough to seal anything."""
    if len(settings.secret_key.get_secret_value()) < SECRET_KEY_LENGTH:
        raise CannotStart(
            f"NSER_SECRET_KEY must be set to at least {SECRET_KEY_LENGTH} random characters, the same everywhere. "
            "`python -c 'import secrets; print(secrets.token_urlsafe(32))'` prints some."
        )


def sqlalchemy_url(url: str, driver: str) -> str:
    """Return a `postgresql://…` address with the SQLAlchemy driver named in it."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgresql", "postgres"}:
        raise ValueError("NSER_DATABASE_URL must begin with postgresql://")
    return f"postgresql+{driver}://{rest}"
