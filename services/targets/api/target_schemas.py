"""Targets and their cascade as the API speaks of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.org import SubjectKind
from contracts.targets import TargetStatus
from kernel.web.text import Note, Quantity
from services.targets.actions.cascading import Method, Outcome
from services.targets.api.schemas import Body, Version
from services.targets.domain.quantity import trimmed, trimmed_or_none
from services.targets.models import TargetRow

BoundedQuantity = Annotated[Quantity, Field(lt=10**12)]
Ids = Annotated[list[UUID], Field(min_length=1, max_length=5000)]


class WantedBody(Body):
    indicator_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    quantity: BoundedQuantity


class BatchBody(Body):
    """`issue`: make them binding at once; otherwise they are drafts."""

    scheme_id: UUID
    issue: bool = False
    targets: Annotated[list[WantedBody], Field(min_length=1, max_length=5000)]


class IdsBody(Body):
    ids: Ids


class ReviseBody(Body):
    quantity: BoundedQuantity
    reason: Note
    version: Version


class WithdrawBody(Body):
    """`cascade`: take back what the target was split into as well."""

    reason: Note
    cascade: bool = False


class AnswerRefusalBody(Body):
    answer: Note


class UndoSplitBody(Body):
    reason: Note | None = None


class ReassignBody(Body):
    """Who takes the orphaned target over; it comes on top of what they have."""

    subject_kind: SubjectKind
    subject_id: UUID
    reason: Note


class PartBody(Body):
    subject_kind: SubjectKind
    subject_id: UUID
    quantity: BoundedQuantity | None = None


class SplitBody(Body):
    """`parts` may be left out unless by hand: all sub-units, or all officers where there are none."""

    method: Method
    parts: Annotated[list[PartBody], Field(min_length=1, max_length=1000)] | None = None


class SplitOfBody(SplitBody):
    target_id: UUID


class SplitBatchBody(Body):
    splits: Annotated[list[SplitOfBody], Field(min_length=1, max_length=500)]


class TargetOut(BaseModel):
    id: UUID
    version: int
    scheme_id: UUID
    indicator_id: UUID
    period_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    quantity: Decimal
    parent_id: UUID | None
    issuer_unit_id: UUID
    unit_id: UUID
    status: TargetStatus
    issued_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    reason: str | None
    previous_quantity: Decimal | None
    refused_at: datetime | None
    refused_by: UUID | None
    refusal_reason: str | None
    refusal_answer: str | None
    orphaned_on: date | None

    @classmethod
    def of(cls, row: TargetRow) -> Self:
        names = set(TargetOut.model_fields) - {"quantity", "previous_quantity"}
        return cls(
            **{name: getattr(row, name) for name in names},
            quantity=trimmed(row.quantity),
            previous_quantity=trimmed_or_none(row.previous_quantity),
        )


class TargetsOut(BaseModel):
    targets: list[TargetOut]


class TargetDetailOut(TargetOut):
    """`handed_down` over the live parts; `parent` only if it may be seen."""

    children: int = 0
    handed_down: Decimal = Decimal(0)
    uncovered: Decimal = Decimal(0)
    parent: TargetOut | None = None


class SumOut(BaseModel):
    """Of a split target: what its live parts add up to, what is left, and what is too much."""

    target_id: UUID
    quantity: Decimal
    handed_down: Decimal
    uncovered: Decimal
    above: Decimal

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        return cls(
            target_id=outcome.parent.id,
            quantity=trimmed(outcome.parent.quantity),
            handed_down=trimmed(outcome.handed_down),
            uncovered=trimmed(outcome.uncovered),
            above=trimmed(outcome.above),
        )


class ProposedOut(BaseModel):
    target_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    quantity: Decimal


class SplitPreviewOut(BaseModel):
    parts: list[ProposedOut]
    sums: list[SumOut]

    @classmethod
    def of(cls, outcomes: list[Outcome]) -> Self:
        return cls(
            parts=[
                ProposedOut(
                    target_id=outcome.parent.id,
                    subject_kind=SubjectKind(row.subject_kind),
                    subject_id=row.subject_id,
                    quantity=trimmed(row.quantity),
                )
                for outcome in outcomes
                for row in outcome.made
            ],
            sums=[SumOut.of(outcome) for outcome in outcomes],
        )


class SplitOut(BaseModel):
    targets: list[TargetOut]
    sums: list[SumOut]

    @classmethod
    def of(cls, outcomes: list[Outcome]) -> Self:
        return cls(
            targets=[TargetOut.of(row) for outcome in outcomes for row in outcome.made],
            sums=[
                SumOut.of(outcome)
                for outcome in {outcome.parent.id: outcome for outcome in outcomes}.values()
            ],
        )


class LevelOut(BaseModel):
    """Level 5 is the officer."""

    level: int
    indicator_id: UUID
    indicator_code: str
    indicator_name: str
    targets: int
    quantity: Decimal
    handed_down: Decimal
    uncovered: Decimal
    doubly_covered: Decimal
    not_acknowledged: int


class UnreachedOut(BaseModel):
    id: UUID
    police_number: str
    name: str
    unit_code: str


class CoverageOut(BaseModel):
    """`officers_without_target` counts all, `unreached` lists the first 200 of them."""

    levels: list[LevelOut]
    officers_without_target: int
    unreached: list[UnreachedOut]
