"""What every table shares: the declarative base, names of constraints, column types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        aware: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


class Base(DeclarativeBase):
    """The registry of all tables."""

    metadata = MetaData(naming_convention=NAMING)


Key = Annotated[int, mapped_column(Integer, primary_key=True)]
Moment = Annotated[datetime, mapped_column(UTCDateTime())]
# Area in hundredths of a square metre, money in fen; both need 64 bits once they are summed.
Area = Annotated[int, mapped_column(BigInteger)]
Money = Annotated[int, mapped_column(BigInteger)]
Word = Annotated[str, mapped_column(String(40))]
Line = Annotated[str, mapped_column(String(200))]
Prose = Annotated[str, mapped_column(Text)]


def one_of(column: str, values: type[Any]) -> str:
    """The CHECK clause that a column holds one of an enum's values."""
    listed = ", ".join(f"'{member.value}'" for member in values)
    return f"{column} IN ({listed})"
