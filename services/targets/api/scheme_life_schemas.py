"""Consultation, versions, revisions and comparison, as the API speaks of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from kernel.web.text import Code, Name, Note
from services.targets.api.calendar_schemas import Day
from services.targets.api.indicator_schemas import IndicatorBody, IndicatorChange, SentenceOut, stored
from services.targets.api.schemas import (
    Body,
    FindingOut,
    Marks,
    ModuleBody,
    RollUpBody,
    Version,
    Year,
    plain,
)
from services.targets.domain.difference import Changed, Difference, Item
from services.targets.domain.quantity import trimmed
from services.targets.domain.rule_check import rule_text
from services.targets.domain.scheme import SumCheck
from services.targets.models import (
    CommentRow,
    SchemeRevisionRow,
    SchemeVersionRow,
)


class ConsultBody(Body):
    """`until`: the last day for comments, inclusive."""

    until: Day


class CommentBody(Body):
    indicator_id: UUID | None = None
    text: Note


class AnswerCommentBody(Body):
    answer: Note
    adopted: bool


class CommentOut(BaseModel):
    id: UUID
    scheme_id: UUID
    indicator_id: UUID | None
    author: str
    unit_id: UUID | None
    at: datetime
    text: str
    answer: str | None
    adopted: bool | None
    answered_by: str | None
    answered_at: datetime | None

    @classmethod
    def of(cls, row: CommentRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class CopyBody(Body):
    code: Code
    name: Name
    year: Year


class SchemePart(Body):
    """Fields of the scheme that a revision changes."""

    name: Name | None = None
    modules: Annotated[list[ModuleBody], Field(max_length=20)] | None = None
    module_combination: Literal["sum", "weighted_sum"] | None = None
    total_decimals: Annotated[int, Field(ge=0, le=3)] | None = None
    roll_up: RollUpBody | None = None
    bonus_cap: Marks | None = None
    deduction_cap: Marks | None = None
    second_signature_above: Marks | None = None
    split_check: SumCheck | None = None


class RevisedIndicator(IndicatorChange):
    """Code and module of an indicator stay what they are."""

    id: UUID


class ChangesBody(Body):
    scheme: SchemePart = SchemePart()
    indicators: Annotated[list[RevisedIndicator], Field(max_length=500, default_factory=list)]
    add: Annotated[list[IndicatorBody], Field(max_length=500, default_factory=list)]
    retire: Annotated[list[UUID], Field(max_length=500, default_factory=list)]

    def data(self) -> dict[str, Any]:
        """As JSON, decimals as text."""
        scheme = {name: plain(getattr(self.scheme, name)) for name in self.scheme.model_fields_set}
        return {
            "scheme": {name: _text(value) for name, value in scheme.items()},
            "indicators": {
                str(one.id): {
                    k: _text(v) for k, v in one.changes().items() if k not in {"id", "code", "module"}
                }
                for one in self.indicators
            },
            "add": [
                {name: _text(stored(getattr(one, name))) for name in IndicatorBody.model_fields}
                for one in self.add
            ],
            "retire": [str(one) for one in self.retire],
        }


class RevisionBody(Body):
    """A later version of a published scheme: what changes, from which day, and why."""

    effective_from: Day
    reason: Note
    changes: ChangesBody


class RevisionChange(RevisionBody):
    version: Version


class SchemeRevisionOut(BaseModel):
    """`problems`: why it could not be put in force on its day."""

    id: UUID
    version: int
    scheme_id: UUID
    status: str
    effective_from: date
    reason: str
    changes: dict[str, Any]
    actor: str
    problems: list[dict[str, Any]]

    @classmethod
    def of(cls, row: SchemeRevisionRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class SchemeVersionOut(BaseModel):
    revision: int
    effective_from: date
    at: datetime
    actor: str
    reason: str

    @classmethod
    def of(cls, row: SchemeVersionRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class SchemeVersionsOut(BaseModel):
    versions: list[SchemeVersionOut]


class SchemeStateOut(SchemeVersionOut):
    state: dict[str, Any]


class ChangedOut(BaseModel):
    """`before_text` and `after_text`: a rule as a sentence, null for other fields."""

    field: str
    before: Any
    after: Any
    before_text: SentenceOut | None
    after_text: SentenceOut | None

    @classmethod
    def of(cls, changed: Changed) -> Self:
        return cls(
            field=changed.field,
            before=changed.before,
            after=changed.after,
            before_text=_sentence(changed.field, changed.before),
            after_text=_sentence(changed.field, changed.after),
        )


def _sentence(field: str, value: Any) -> SentenceOut | None:
    return SentenceOut.of(rule_text(value)) if field == "rule" and value else None


class ItemOut(BaseModel):
    """`kind` is added, removed or changed."""

    code: str
    name: str
    kind: str
    fields: list[ChangedOut]

    @classmethod
    def of(cls, item: Item) -> Self:
        return cls(
            code=item.code, name=item.name, kind=item.kind, fields=[ChangedOut.of(f) for f in item.fields]
        )


class DifferenceOut(BaseModel):
    same: bool
    scheme: list[ChangedOut]
    modules: list[ItemOut]
    indicators: list[ItemOut]

    @classmethod
    def of(cls, found: Difference) -> Self:
        return cls(
            same=found.empty,
            scheme=[ChangedOut.of(changed) for changed in found.scheme],
            modules=[ItemOut.of(item) for item in found.modules],
            indicators=[ItemOut.of(item) for item in found.indicators],
        )


class CheckedOut(BaseModel):
    ready: bool
    findings: list[FindingOut]


def _text(value: Any) -> Any:
    match value:
        case Decimal():
            return format(trimmed(value), "f")
        case _:
            return value
