"""Schemes, their calendar, check, publication and timeline."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from contracts.targets import PeriodStatus, SchemeStatus
from kernel.db.paging import fetch_page
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.targets.actions import drafting, publishing, scheduling
from services.targets.api.access import Drafter, Reader
from services.targets.api.schemas import (
    CalendarBody,
    CheckOut,
    FindingOut,
    PeriodOut,
    ReasonBody,
    SchemeBody,
    SchemeChange,
    SchemeFields,
    SchemeOut,
    StepOut,
    plain,
    steps_of,
)
from services.targets.domain.calendar import CalendarInvalid
from services.targets.domain.checks import SchemeNotReady, Severity, check
from services.targets.domain.scheme import (
    RollUpInvalid,
    SchemeMoveRefused,
    SchemeNotDraft,
    SumCheck,
    VersionStale,
)
from services.targets.domain.target import OutsideScope
from services.targets.models import HistoryRow, PeriodRow, SchemeRow
from services.targets.queries.readiness import UnitUnknown, facts_of
from services.targets.queries.schemes import get_scheme, timeline_of
from services.targets.queries.visibility import schemes_visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["schemes"])


@router.get("/schemes", summary="考核方案 / Schemes")
async def list_schemes(
    by: Reader,
    app: App,
    page: PageQuery,
    status: SchemeStatus | None = None,
    year: Annotated[int | None, Query(ge=2000, le=2199)] = None,
) -> Page[SchemeOut]:
    statement = select(SchemeRow).where(schemes_visible_to(by))
    if status is not None:
        statement = statement.where(SchemeRow.status == status.value)
    if year is not None:
        statement = statement.where(SchemeRow.year == year)
    async with app.db.reading() as session:
        rows, following = await fetch_page(session, statement, [SchemeRow.id], page, key=lambda row: [row.id])
    return Page(items=[SchemeOut.of(row) for row in rows], next=following)


@router.get("/schemes/{scheme_id}", summary="一个方案 / One scheme")
async def read_scheme(scheme_id: UUID, by: Reader, app: App) -> SchemeOut:
    async with app.db.reading() as session:
        return SchemeOut.of(await get_scheme(session, scheme_id, where=schemes_visible_to(by)))


@router.post(
    "/schemes",
    status_code=201,
    summary="编制方案 / Draft a scheme",
    responses=problems(OutsideScope, UnitUnknown, RollUpInvalid, drafting.SchemeCodeTaken),
)
async def create_scheme(body: SchemeBody, by: Drafter, app: App, once: Once) -> SchemeOut:
    async with app.db.transaction(once=once) as tx:
        row = await drafting.create_scheme(
            tx, _draft(body), code=body.code, scope_unit_id=body.scope_unit_id, by=by
        )
        return await tx.answer(SchemeOut.of(row), status=201)


@router.patch(
    "/schemes/{scheme_id}",
    summary="修改草案 / Change a draft",
    responses=problems(SchemeNotDraft, VersionStale, RollUpInvalid, OutsideScope),
)
async def change_scheme(scheme_id: UUID, body: SchemeChange, by: Drafter, app: App, once: Once) -> SchemeOut:
    async with app.db.transaction(once=once) as tx:
        row = await drafting.change_scheme(tx, scheme_id, body.changes(), version=body.version, by=by)
        return await tx.answer(SchemeOut.of(row))


@router.post(
    "/schemes/{scheme_id}/calendar",
    summary="设置考核日历 / Set the calendar",
    responses=problems(CalendarInvalid, scheduling.CalendarFixed, OutsideScope),
)
async def set_calendar(
    scheme_id: UUID, body: CalendarBody, by: Drafter, app: App, once: Once
) -> Page[PeriodOut]:
    settings = drafting.CalendarSettings(
        body.start_day,
        (body.year_start.month, body.year_start.day),
        body.cutoff_day,
        body.closes,
        body.review_days,
        body.appeal_working_days,
        body.review_unit,
        body.rest_day.value,
    )
    async with app.db.transaction(once=once) as tx:
        periods = await scheduling.set_calendar(
            tx, scheme_id, settings, months=body.months, by=by, zone=app.zone
        )
        return await tx.answer(Page(items=[PeriodOut.of(row) for row in periods], next=None))


@router.get("/schemes/{scheme_id}/periods", summary="方案的考核周期 / Periods of a scheme")
async def list_scheme_periods(scheme_id: UUID, by: Reader, app: App, page: PageQuery) -> Page[PeriodOut]:
    async with app.db.reading() as session:
        await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        statement = select(PeriodRow).where(PeriodRow.scheme_id == scheme_id)
        rows, following = await fetch_page(
            session,
            statement,
            [PeriodRow.starts_on, PeriodRow.id],
            page,
            key=lambda row: [row.starts_on, row.id],
        )
    return Page(items=[PeriodOut.of(row) for row in rows], next=following)


@router.get("/periods", summary="考核周期 / Periods")
async def list_periods(
    by: Reader,
    app: App,
    page: PageQuery,
    open: bool | None = None,  # noqa: A002, FBT001 -- the name in the address
) -> Page[PeriodOut]:
    statement = (
        select(PeriodRow).join(SchemeRow, SchemeRow.id == PeriodRow.scheme_id).where(schemes_visible_to(by))
    )
    if open is not None:
        wanted = PeriodRow.status == PeriodStatus.OPEN.value
        statement = statement.where(wanted if open else ~wanted)
    async with app.db.reading() as session:
        rows, following = await fetch_page(
            session,
            statement,
            [PeriodRow.starts_on, PeriodRow.id],
            page,
            key=lambda row: [row.starts_on, row.id],
        )
    return Page(items=[PeriodOut.of(row) for row in rows], next=following)


@router.get("/schemes/{scheme_id}/check", summary="发布前检查 / Check before publication")
async def check_scheme(scheme_id: UUID, by: Reader, app: App) -> CheckOut:
    today = app.clock.now().astimezone(app.zone).date()
    async with app.db.reading() as session:
        row = await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        found = check(await facts_of(session, row, today=today))
    return CheckOut(
        ready=not any(c.severity is Severity.ERROR for c in found),
        findings=[FindingOut.of(c) for c in found],
    )


@router.post(
    "/schemes/{scheme_id}/publish",
    summary="发布方案 / Publish",
    responses=problems(SchemeNotReady, SchemeMoveRefused, OutsideScope),
)
async def publish_scheme(scheme_id: UUID, by: Drafter, app: App, once: Once) -> SchemeOut:
    async with app.db.transaction(once=once) as tx:
        row = await publishing.publish_scheme(tx, scheme_id, by=by, zone=app.zone)
        return await tx.answer(SchemeOut.of(row))


@router.post(
    "/schemes/{scheme_id}/archive",
    summary="归档方案 / Archive",
    responses=problems(SchemeMoveRefused, OutsideScope),
)
async def archive_scheme(scheme_id: UUID, body: ReasonBody, by: Drafter, app: App, once: Once) -> SchemeOut:
    async with app.db.transaction(once=once) as tx:
        row = await publishing.archive_scheme(tx, scheme_id, reason=body.reason, by=by)
        return await tx.answer(SchemeOut.of(row))


@router.get("/schemes/{scheme_id}/timeline", summary="方案的经过 / Timeline of a scheme")
async def scheme_timeline(scheme_id: UUID, by: Reader, app: App, page: PageQuery) -> Page[StepOut]:
    async with app.db.reading() as session:
        await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        rows, following = await fetch_page(
            session, timeline_of(scheme_id), [HistoryRow.id], page, key=lambda row: [row.id]
        )
        steps = await steps_of(session, rows)
    return Page(items=steps, next=following)


def _draft(body: SchemeFields) -> drafting.Draft:
    fields = {name: plain(getattr(body, name)) for name in SchemeFields.model_fields}
    return drafting.Draft(**fields | {"split_check": SumCheck(body.split_check)})
