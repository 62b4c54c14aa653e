"""The indicator library as the API speaks of it."""

from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.targets.api.schemas import Body
from services.targets.domain.quantity import trimmed


class ReuseBody(Body):
    indicator_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]


class LibraryRowOut(BaseModel):
    """An indicator as it was used last, with how often its code was used."""

    id: UUID
    code: str
    name: str
    module: str
    line: str
    subject_kind: str
    unit_of_measure: str
    full_marks: Decimal
    basis: str
    clause: str
    scheme_id: UUID
    scheme_code: str
    scheme_name: str
    year: int
    status: str
    uses: int

    @classmethod
    def of(cls, row: Any) -> Self:
        values = {name: getattr(row, name) for name in cls.model_fields if name != "full_marks"}
        return cls(**values, full_marks=trimmed(row.full_marks))


class UseOut(BaseModel):
    """Where an indicator was used and how it went: targets, of them acknowledged, and with work sent."""

    indicator_id: UUID
    scheme_id: UUID
    scheme_code: str
    scheme_name: str
    year: int
    status: str
    revision: int
    targets: int
    acknowledged: int
    with_work: int


class UsesOut(BaseModel):
    uses: list[UseOut]
