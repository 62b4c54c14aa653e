"""Bulletins as the API speaks of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.web.text import Line, Name, Note, OptionalLine
from services.reporting.documents.charts.page import echarts
from services.reporting.documents.heads import document_number
from services.reporting.domain.bulletin import BulletinState
from services.reporting.domain.report import Block, BulletinKind
from services.reporting.domain.versions import VersionKind
from services.reporting.models import BulletinRow


class BulletinOut(BaseModel):
    """`number` is the whole 发文字号, once issued."""

    id: UUID
    kind: BulletinKind
    scheme_id: UUID
    period_id: UUID
    figures: VersionKind
    week_of: date | None
    campaign_id: UUID | None
    by_calendar: bool
    title: str
    state: BulletinState
    number: str | None
    issued_on: date | None
    signer: str | None
    data_digest: str
    recall_reason: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: BulletinRow) -> "BulletinOut":
        return cls(
            id=row.id, kind=BulletinKind(row.kind), scheme_id=row.scheme_id, period_id=row.period_id,
            figures=VersionKind(row.figures), week_of=row.week_of, campaign_id=row.campaign_id,
            by_calendar=row.drafted_by is None, title=row.title, state=BulletinState(row.state), number=number_of(row),
            issued_on=row.issued_on, signer=row.signer, data_digest=row.data_digest, recall_reason=row.recall_reason,
            created_at=row.created_at,
        )  # fmt: skip


class BlockOut(BaseModel):
    """`table` and `chart` (an ECharts option) are of the figures and not edited; a chart always has its table."""

    id: str
    kind: str
    text: str
    level: int
    table: dict[str, Any] | None
    chart: dict[str, Any] | None

    @classmethod
    def of(cls, block: Block) -> "BlockOut":
        table = block.table or (block.chart.table if block.chart else None)
        return cls(
            id=block.id, kind=block.kind, text=block.text, level=block.level, table=table_out(table),
            chart=echarts(block.chart) if block.chart else None,
        )  # fmt: skip


class StepOut(BaseModel):
    at: datetime
    actor: str
    action: str
    reason: str | None
    data_digest: str


class ReceiptOut(BaseModel):
    name: str
    unit_name: str | None
    at: datetime


class BulletinDetail(BulletinOut):
    """`data_changed`: the newest figures of the same state would give other tables. Looked at for drafts only."""

    addressees: str
    copies: str
    version: str
    digests: list[str]
    blocks: list[BlockOut]
    steps: list[StepOut]
    receipts: list[ReceiptOut]
    data_changed: bool


class DraftIn(BaseModel):
    """`week_of`: the Monday of a weekly or zero-drive bulletin, which has live figures. `campaign_id`: of a campaign's own."""

    model_config = ConfigDict(extra="forbid")

    kind: BulletinKind
    scheme_id: UUID
    period_id: UUID
    figures: VersionKind = VersionKind.PUBLIC
    week_of: date | None = None
    campaign_id: UUID | None = None


class Edit(BaseModel):
    """`texts`: block id → new text."""

    model_config = ConfigDict(extra="forbid")

    title: Name | None = None
    addressees: OptionalLine | None = None
    copies: OptionalLine | None = None
    texts: dict[str, Note] = Field(default_factory=dict, max_length=100)


class Reason(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Line


class CheckOut(BaseModel):
    """Re-created from what it was made of: `same` when every figure is what it was.

    `data_changed`: newer figures of the same state, or live ones, say something else.
    """

    same: bool
    data_digest: str
    recreated_digest: str
    data_changed: bool


def number_of(row: BulletinRow) -> str | None:
    return None if row.number is None else document_number(row.word, row.year, row.number)


def table_out(table: Any) -> dict[str, Any] | None:
    if table is None:
        return None
    columns = [{"title": column.title, "kind": column.kind} for column in table.columns]
    return {
        "columns": columns,
        "rows": [list(row) for row in table.rows],
        "note": table.note,
        "low": list(table.low),
    }
