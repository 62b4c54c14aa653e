"""The coverage board and the sheet of a unit's leader, as the API speaks of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from contracts.org import SubjectKind
from contracts.targets import TargetStatus
from services.targets.api.target_schemas import TargetOut
from services.targets.domain.quantity import trimmed
from services.targets.queries.board import BoardState, days_since
from services.targets.queries.sheet import Sheet

WORDS = {
    BoardState.DRAFT: ("草拟", "draft"),
    BoardState.ORPHANED: ("无人承接", "orphaned"),
    BoardState.REFUSED: ("拒收待处理", "refused"),
    BoardState.ISSUED: ("已下达未签收", "issued, not acknowledged"),
    BoardState.NOT_HANDED_DOWN: ("已签收未分解", "not handed down"),
    BoardState.PARTLY: ("部分分解", "partly handed down"),
    BoardState.DOUBLY: ("重复分解", "handed down twice over"),
    BoardState.DECOMPOSED: ("已分解", "handed down"),
    BoardState.ACKNOWLEDGED: ("已签收", "acknowledged"),
}


class BoardRowOut(BaseModel):
    """`days` in this state, whole ones. Level 5 is the officer."""

    id: UUID
    level: int
    indicator_id: UUID
    indicator_code: str
    indicator_name: str
    subject_kind: SubjectKind
    subject_id: UUID
    subject_name: str
    police_number: str | None
    unit_id: UUID
    unit_code: str
    unit_name: str
    quantity: Decimal
    handed_down: Decimal
    uncovered: Decimal
    above: Decimal
    parts: int
    parts_waiting: int
    status: TargetStatus
    state: BoardState
    state_word: dict[str, str]
    since: datetime
    days: int
    refusal_reason: str | None
    orphaned_on: date | None

    @classmethod
    def of(cls, row: Any, now: datetime) -> Self:
        zh, en = WORDS[BoardState(row.state)]
        unit = row.subject_kind == "unit"
        told = {"quantity", "handed_down", "uncovered", "above", "state_word", "days"}
        return cls(
            **{name: getattr(row, name) for name in set(cls.model_fields) - told},
            quantity=trimmed(row.quantity),
            handed_down=trimmed(row.handed_down),
            uncovered=trimmed(max(row.quantity - row.handed_down, Decimal(0)) if unit else Decimal(0)),
            above=trimmed(max(row.handed_down - row.quantity, Decimal(0)) if unit else Decimal(0)),
            state_word={"zh": zh, "en": en},
            days=days_since(row.since, now),
        )


class CountOut(BaseModel):
    level: int
    state: BoardState
    targets: int


class CountsOut(BaseModel):
    counts: list[CountOut]


class HeatCellOut(BaseModel):
    """A unit with all below it, and one indicator; shares are for the page to make."""

    unit_id: UUID
    unit_code: str
    unit_name: str
    indicator_id: UUID
    targets: int
    acknowledged: int
    settled: int
    trouble: int


class HeatOut(BaseModel):
    cells: list[HeatCellOut]


class SheetTargetOut(BaseModel):
    """A target of the unit; `state`: not_handed_down, partly, decomposed or doubly."""

    target: TargetOut
    indicator_code: str
    indicator_name: str
    unit_of_measure: str
    handed_down: Decimal
    uncovered: Decimal
    above: Decimal
    state: BoardState
    divisible: bool


class SheetSubjectOut(BaseModel):
    """Somebody who can take a part; `coefficient` and `heads` are what splits by them count with."""

    subject_kind: SubjectKind
    subject_id: UUID
    name: str
    code: str
    heads: int
    coefficient: Decimal


class SheetOut(BaseModel):
    """任务分解 of a unit: targets are rows, subjects columns, parts the cells that there are already."""

    unit_id: UUID
    period_id: UUID
    targets: list[SheetTargetOut]
    subjects: list[SheetSubjectOut]
    parts: list[TargetOut]

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        return cls(
            unit_id=sheet.unit_id,
            period_id=sheet.period_id,
            targets=[
                SheetTargetOut(
                    target=TargetOut.of(row.target),
                    indicator_code=row.indicator.code,
                    indicator_name=row.indicator.name,
                    unit_of_measure=row.indicator.unit_of_measure,
                    handed_down=trimmed(row.handed_down),
                    uncovered=trimmed(max(row.target.quantity - row.handed_down, Decimal(0))),
                    above=trimmed(max(row.handed_down - row.target.quantity, Decimal(0))),
                    state=row.state,
                    divisible=row.divisible,
                )
                for row in sheet.rows
            ],
            subjects=[
                SheetSubjectOut.model_validate(subject, from_attributes=True) for subject in sheet.subjects
            ],
            parts=[TargetOut.of(part) for part in sheet.parts],
        )
