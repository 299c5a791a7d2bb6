"""Every setting of the program, read from `NSER_…` environment variables. Only server/ and alembic/ read it.

Each field's description is its entry in the generated reference.
"""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one process. An unknown or malformed value stops the program with a sentence, never a default."""

    model_config = SettingsConfigDict(env_prefix="NSER_", frozen=True)

    database_url: str = Field(
        default="", description="The PostgreSQL 18 to use, `postgresql://…`. It wins over the embedded database."
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000",
        description="The address at which partners reach the server; the issuer and audience of tokens are built from it.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="At least 32 random characters; seals page cursors. The demo makes one in its data folder.",
    )
    synthetic: bool = Field(
        default=False, description="Admit identity numbers that begin with 9, which are never issued to citizens."
    )
    pool_size: int = Field(default=10, ge=1, le=200, description="Database connections of one server process.")
    statement_timeout_ms: int = Field(
        default=10_000, ge=100, description="How long one statement may run before it is cancelled, in milliseconds."
    )

    @property
    def sync_database_url(self) -> str:
        """The database for commands and migrations (psycopg)."""
        return sqlalchemy_url(self.database_url, "psycopg")


def sqlalchemy_url(url: str, driver: str) -> str:
    """Return a `postgresql://…` address with the SQLAlchemy driver named in it."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgresql", "postgres"}:
        raise ValueError("NSER_DATABASE_URL must begin with postgresql://")
    return f"postgresql+{driver}://{rest}"
