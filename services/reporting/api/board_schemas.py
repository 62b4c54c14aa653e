"""Boards as the API speaks of them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from contracts.org import SubjectKind
from contracts.targets import ModuleKind
from services.reporting.domain.figures import Combine, SpanKind
from services.reporting.domain.versions import VersionKind
from services.reporting.queries.unranked import Why

MILLI = Decimal("0.001")


def points(milli: int) -> Decimal:
    return Decimal(milli) * MILLI


class RangeOut(BaseModel):
    """What the open appeals could still make of the total and of the place."""

    lowest_total: Decimal
    highest_total: Decimal
    best_rank: int
    worst_rank: int


class RowOut(BaseModel):
    """`bar` is the share of the best, for drawing; `change` the places gained since the stretch before.

    `subject_id`, `code` and `name` are null where the board does not name people in the last places.
    `parted_by`: what put somebody before or after others with the same total. `periods`: of how many months.
    """

    rank: int
    tied: bool
    change: int | None
    subject_id: UUID | None
    code: str | None
    name: str | None
    unit_name: str | None
    total: Decimal
    previous_total: Decimal | None
    modules: dict[str, Decimal]
    entries: int
    periods: int
    bar: float
    parted_by: list[str]
    parted_by_en: list[str]
    range: RangeOut | None = None


class UnrankedOut(BaseModel):
    """Without a figure, which is not zero. `exempt`: away for the whole stretch."""

    subject_id: UUID
    code: str
    name: str
    why: Why
    exempt: bool


class DisputesOut(BaseModel):
    """How many appeals are open, how the ranges were worked out, and where exactness ends."""

    open: int
    exact: bool
    unbounded: int
    method_zh: str = (
        "按规则重算:复议中的工作分别按原决定与全部申报数量计分,取全部组合的最低与最高;复议不加重,故不低于现有得分;"
        "他人的复议取对本人最有利与最不利的结果。按整体方案计分的,以及由成员得分汇总的单位,只报复议件数,不给范围"
    )
    method_en: str = (
        "By the rules: each work under appeal counted as decided and as claimed, lowest and highest of all combinations; an "
        "appeal never makes it worse; everybody else's appeals at their best and at their worst. Schemes scored by a plan, and "
        "units that add up their members, say only how many are open"
    )


class HeadOut(BaseModel):
    """`span`: which months, such as 2026-10–2026-12. `ranking_*`: the rule for ties and the order of tie-breaks."""

    scheme_id: UUID
    scheme_name: str
    period_id: UUID
    period_code: str
    period_status: str
    span: SpanKind
    span_code: str
    combine: Combine
    version: VersionKind
    subject_kind: SubjectKind
    series_id: UUID | None
    series_name: str
    module: ModuleKind | None
    ranked: int
    highest: Decimal
    mean: Decimal
    unranked: int
    unnamed: int
    ranking_zh: str
    ranking_en: str


class BoardOut(BaseModel):
    board: HeadOut
    items: list[RowOut]
    unranked: list[UnrankedOut]
    disputes: DisputesOut | None
    next: str | None


class SummaryItem(BaseModel):
    subject_kind: SubjectKind
    series_id: UUID | None
    series_name: str
    ranked: int
    highest: Decimal
    mean: Decimal


class SummaryOut(BaseModel):
    boards: list[SummaryItem]


class VersionOut(BaseModel):
    """`digest`: SHA-256 over everybody's figures; equal digests, equal figures.

    `correction`: why a supplement seal made it of the sealed version before; modules stay as they were sealed first.
    """

    id: UUID
    kind: VersionKind
    number: int
    at: datetime
    digest: str
    root_sha256: str | None
    correction: str | None


class VersionsOut(BaseModel):
    items: list[VersionOut]


class Sum(BaseModel):
    count: int
    milli: int


class FiguresOut(BaseModel):
    entries: dict[str, Sum]
    statements: dict[str, Sum]
    submissions: dict[str, int]
