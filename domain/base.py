"""What all tables share: the declarative base, names, the columns that carry the territory. For domain/ and auth/."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Enum, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped

from domain.codes import Code

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base of every table of the registry."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str: Text(), datetime: DateTime(timezone=True)}


def coded(vocabulary: type[Code]) -> Enum:
    """Return the column type of a closed vocabulary: text with a check, whose comparison is leakproof under RLS."""
    return Enum(
        vocabulary,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=_snake(vocabulary.__name__),
        values_callable=lambda codes: [code.value for code in codes],
    )


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


class Placed:
    """A row that belongs to a territory. The two columns are copied onto every protected table, so that a row limit
    reads no second table; they always equal those of the household's region.

    Only the household's own are foreign keys: the copies are made from it, and checking them for every person took a
    fifth of the time of loading one.
    """

    province_id: Mapped[int]
    district_id: Mapped[int]


def is_view(table: Any) -> bool:
    """Tell whether a mapped table is a view of the database, which migrations write by hand."""
    return bool(table.info.get("view"))
