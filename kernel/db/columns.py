"""Column types and the mixin of everything that has a version."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, MetaData, Numeric, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from kernel.ids import new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Quantity = Annotated[Decimal, mapped_column(Numeric(16, 4))]
Points = Annotated[Decimal, mapped_column(Numeric(15, 3))]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]
JsonList = Annotated[list[Any], mapped_column(JSONB)]

#: Python type → column type, for `DeclarativeBase.type_annotation_map`.
TYPES: dict[Any, Any] = {
    str: Text(),
    datetime: DateTime(timezone=True),
    int: BigInteger(),
    Decimal: Numeric(16, 4),
}


def new_metadata() -> MetaData:
    return MetaData(naming_convention=NAMES)


class Versioned:
    """An aggregate's row: a time-ordered id, and a version that moves by one at every change.

    The version moves at flush; `Transaction.publish` flushes first, so that the event carries the new one.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[Moment] = mapped_column(server_default=func.clock_timestamp())
    updated_at: Mapped[Moment] = mapped_column(
        server_default=func.clock_timestamp(), onupdate=func.clock_timestamp()
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 -- declared_attr works on the class
        return {"version_id_col": cls.__table__.c.version, "eager_defaults": False}  # type: ignore[attr-defined]


def as_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
