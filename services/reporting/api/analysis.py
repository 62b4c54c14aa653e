"""Query: work by any of its sides, kept and shared views, exports in the background."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from contracts.submissions import SubmissionStatus
from kernel.errands.worker import BELL
from kernel.web.app import App
from kernel.web.errands import Asked
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import Name, OptionalLine
from services.reporting.actions import exporting, keeping_views
from services.reporting.api.access import Exporter, Reader
from services.reporting.domain.analysis import (
    MOST_PERIODS,
    Content,
    Form,
    Measure,
    Part,
    ReasonRequired,
    Side,
    SidesRepeated,
    TooManyGroups,
    View,
    ViewMissing,
)
from services.reporting.models import AnalysisViewRow
from services.reporting.queries import analysis as queries

router = APIRouter(prefix="/api/reporting/v1/analysis", tags=["analysis"])
Ids = Annotated[list[UUID], Field(max_length=200)]


class Question(BaseModel):
    """What to count, by which sides. Dates are those of the events; a unit is with all below it."""

    model_config = ConfigDict(extra="forbid")

    period_id: Annotated[list[UUID], Field(min_length=1, max_length=MOST_PERIODS)]
    rows: Annotated[list[Side], Field(min_length=1, max_length=3)] = [Side.BRANCH]
    column: Side | None = None
    measure: Annotated[list[Measure], Field(min_length=1, max_length=4)] = [Measure.SUBMISSIONS]
    indicator_id: Ids = []
    unit_id: UUID | None = None
    officer_id: Ids = []
    state: Annotated[list[SubmissionStatus], Field(max_length=12)] = []
    since: date | None = None
    until: date | None = None

    def view(self) -> View:
        """Raises SidesRepeated."""
        sides = [*self.rows, *([self.column] if self.column else [])]
        if len(set(sides)) < len(sides) or len(set(self.measure)) < len(self.measure):
            raise SidesRepeated
        part = Part(
            tuple(self.period_id), tuple(self.indicator_id), self.unit_id, tuple(self.officer_id),
            tuple(state.value for state in self.state), self.since, self.until,
        )  # fmt: skip
        return View(part, tuple(self.rows), self.column, tuple(self.measure))


class Label(BaseModel):
    """`key` is an id, or a state; empty where there is none, such as the officer of a unit's work."""

    key: str
    label: str


class Cell(BaseModel):
    """`column` is a key of `columns`; empty without a column. Measures in the order asked for."""

    column: str
    values: list[Decimal]


class RowOut(BaseModel):
    labels: list[Label]
    cells: list[Cell]


class AnalysisOut(BaseModel):
    """A combination that does not occur is left out, which is not zero."""

    measures: list[Measure]
    columns: list[Label]
    rows: list[RowOut]


class ViewIn(BaseModel):
    """`shared`: others may use the definition; the figures are still what each of them may see."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    question: Question
    shared: bool = False


class ViewOut(BaseModel):
    id: UUID
    name: str
    owner: str
    mine: bool
    shared: bool
    question: Question

    @classmethod
    def of(cls, row: AnalysisViewRow, account_id: UUID) -> "ViewOut":
        return cls(
            id=row.id, name=row.name, owner=row.owner, mine=row.account_id == account_id, shared=row.shared,
            question=Question.model_validate(row.definition),
        )  # fmt: skip


class ExportIn(BaseModel):
    """`personal`: with police number, name, summary and case number. Whatever names people needs a `reason`."""

    model_config = ConfigDict(extra="forbid")

    question: Question
    content: Content = Content.ROWS
    form: Form = Form.XLSX
    personal: bool = False
    reason: OptionalLine | None = None


@router.get(
    "/query", responses=problems(SidesRepeated, TooManyGroups), summary="综合查询 / Work by its sides"
)
async def analyse(me: Reader, app: App, question: Annotated[Question, Query()]) -> AnalysisOut:
    """Of the work that the reader sees: one's own, one's units', or in the scope of one's roles."""
    view = question.view()
    async with app.db.reading() as session:
        found = await queries.groups(session, view, me)
    count = len(view.rows)
    columns: dict[str, str] = {}
    rows: dict[tuple[str, ...], RowOut] = {}
    for group in found:
        row = rows.setdefault(
            group.keys[:count],
            RowOut(
                labels=[
                    Label(key=key, label=label)
                    for key, label in zip(group.keys[:count], group.labels[:count], strict=True)
                ],
                cells=[],
            ),
        )
        key = group.keys[count] if view.column else ""
        if view.column:
            columns[key] = group.labels[count]
        row.cells.append(Cell(column=key, values=list(group.values)))
    ordered = sorted(columns.items(), key=lambda found: (found[1], found[0]))
    return AnalysisOut(
        measures=list(view.measures), columns=[Label(key=key, label=label) for key, label in ordered],
        rows=list(rows.values()),
    )  # fmt: skip


@router.post(
    "/exports", status_code=202, responses=problems(SidesRepeated, ReasonRequired), summary="导出 / Export"
)
async def export_analysis(body: ExportIn, me: Exporter, app: App, once: Once) -> Asked:
    """An errand; its file has what the owner sees in lists and no more. CSV comes packed."""
    view = body.question.view()
    async with app.db.transaction(once=once) as tx:
        errand_id = await exporting.start(
            tx, view, content=body.content, form=body.form, personal=body.personal, reason=body.reason, by=me
        )
        asked = await tx.answer(Asked(errand_id=errand_id), status=202)
    app.wake(BELL)
    return asked


@router.get("/views", summary="已存视图 / Views of mine and shared ones")
async def analysis_views(me: Reader, app: App) -> list[ViewOut]:
    async with app.db.reading() as session:
        return [ViewOut.of(row, me.account_id) for row in await queries.views(session, me)]


@router.post("/views", status_code=201, responses=problems(SidesRepeated), summary="保存视图 / Keep a view")
async def keep_view(body: ViewIn, me: Reader, app: App, once: Once) -> ViewOut:
    body.question.view()
    async with app.db.transaction(once=once) as tx:
        row = await keeping_views.keep(
            tx, name=body.name, definition=body.question.model_dump(mode="json"), shared=body.shared, by=me
        )
        return await tx.answer(ViewOut.of(row, me.account_id), status=201)


@router.put(
    "/views/{view_id}", responses=problems(ViewMissing, SidesRepeated), summary="修改视图 / Change a view"
)
async def change_view(view_id: UUID, body: ViewIn, me: Reader, app: App, once: Once) -> ViewOut:
    """Only one's own."""
    body.question.view()
    async with app.db.transaction(once=once) as tx:
        row = await keeping_views.change(
            tx,
            view_id,
            name=body.name,
            definition=body.question.model_dump(mode="json"),
            shared=body.shared,
            by=me,
        )
        return await tx.answer(ViewOut.of(row, me.account_id))


@router.delete(
    "/views/{view_id}", status_code=204, responses=problems(ViewMissing), summary="删除视图 / Remove a view"
)
async def remove_view(view_id: UUID, me: Reader, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await keeping_views.throw_away(tx, view_id, by=me)
        await tx.answer(None, status=204)
