"""The metadata of this service's tables."""

from typing import Any, ClassVar

from sqlalchemy.orm import DeclarativeBase

from kernel.db.columns import TYPES, new_metadata


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map: ClassVar[dict[Any, Any]] = TYPES


#: Rows of these are added and read, never changed or removed.
APPEND_ONLY = (
    "ledger_entry",
    "plan_run",
    "reading",
    "carried",
    "attendance",
    "shortfall",
    "closing_step",
    "trial",
    "trial_line",
    "seal",
    "seal_leaf",
    "seal_record",
    "seal_signature",
)
