"""督办: reminders, what is overdue, digests."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from contracts.supervision import ReminderCause
from kernel.db.paging import cut, decode_cursor, fetch_page
from kernel.errors import NotFound
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.targets.actions import reminding
from services.targets.api.access import Drafter, Reader, Supervisor
from services.targets.api.supervision_schemas import (
    DigestOut,
    OverdueOut,
    RemindBody,
    ReminderOut,
    RemindersBody,
    RemindersOut,
    SentOut,
)
from services.targets.domain.scheme import SchemeNotPublished
from services.targets.domain.supervision import RemindersInvalid
from services.targets.domain.target import OutsideScope
from services.targets.models import DigestRow, PeriodRow, ReminderRow
from services.targets.queries.schemes import get_scheme
from services.targets.queries.supervision import digests_visible_to, overdue, reminders_visible_to
from services.targets.queries.visibility import schemes_visible_to
from services.targets.replicas import UnitReplica

router = APIRouter(prefix="/api/targets/v1", tags=["supervision"])


@router.get("/schemes/{scheme_id}/reminders", summary="催办提醒设置 / When people are reminded")
async def read_reminders(scheme_id: UUID, by: Reader, app: App) -> RemindersOut:
    async with app.db.reading() as session:
        row = await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        return RemindersOut.of(reminding.reminders_of(row))


@router.put(
    "/schemes/{scheme_id}/reminders",
    summary="设置催办提醒 / Set when people are reminded",
    responses=problems(RemindersInvalid, OutsideScope, SchemeNotPublished),
)
async def set_reminders(
    scheme_id: UUID, body: RemindersBody, by: Drafter, app: App, once: Once
) -> RemindersOut:
    async with app.db.transaction(once=once) as tx:
        row = await reminding.set_reminders(tx, scheme_id, body.said(), by=by)
        return await tx.answer(RemindersOut.of(reminding.reminders_of(row)))


@router.post(
    "/supervision/remind",
    status_code=201,
    summary="催办 / Remind by hand",
    responses=problems(OutsideScope),
)
async def remind(body: RemindBody, by: Supervisor, app: App, once: Once) -> SentOut:
    async with app.db.transaction(once=once) as tx:
        rows = await reminding.remind(
            tx,
            body.cause,
            body.period_id,
            under=body.unit_id,
            subjects=body.subjects,
            note=body.note,
            by=by,
        )
        shown = [ReminderOut.of(row) for row in rows[:200]]
        return await tx.answer(SentOut(sent=len(rows), reminders=shown), status=201)


@router.get("/supervision/reminders", summary="催办记录 / Reminders sent")
async def list_reminders(
    by: Reader,
    app: App,
    page: PageQuery,
    period_id: UUID | None = None,
    recipient_id: UUID | None = None,
    unit_id: UUID | None = None,
    cause: ReminderCause | None = None,
    open: bool | None = None,  # noqa: A002, FBT001 -- the name in the address
) -> Page[ReminderOut]:
    statement = select(ReminderRow).where(reminders_visible_to(by))
    filters = {
        ReminderRow.period_id: period_id,
        ReminderRow.recipient_id: recipient_id,
        ReminderRow.unit_id: unit_id,
        ReminderRow.cause: cause.value if cause else None,
    }
    statement = statement.where(*(column == value for column, value in filters.items() if value is not None))
    if open is not None:
        settled = ReminderRow.settled_at.is_not(None)
        statement = statement.where(~settled if open else settled)
    async with app.db.reading() as session:
        rows, following = await fetch_page(
            session, statement, [ReminderRow.id], page, key=lambda row: [row.id], descending=True
        )
    return Page(items=[ReminderOut.of(row) for row in rows], next=following)


@router.get("/supervision/overdue", summary="逾期与临期任务 / What is overdue, or soon due")
async def list_overdue(
    by: Supervisor,
    app: App,
    page: PageQuery,
    period_id: UUID,
    unit_id: UUID,
    state: Literal["missing", "caught_up", "all"] = "all",
    soon_days: Annotated[
        int, Query(ge=0, le=60, description="含几天内到期 / with what is due within days")
    ] = 0,
) -> Page[OverdueOut]:
    """In the order of deadlines. What came late stays in the list, in yellow."""
    async with app.db.reading() as session:
        unit = await session.get(UnitReplica, unit_id)
        period = await session.get(PeriodRow, period_id)
        if period is None or unit is None or not by.covers("targets:supervise", unit.path):
            raise NotFound
        now = app.clock.now()
        after = decode_cursor(page.after, 2) if page.after else None
        rows = await overdue(
            session,
            period_id,
            unit.path,
            until=now + timedelta(days=soon_days),
            missing=None if state == "all" else state == "missing",
            after=(after[0], after[1]) if after else None,
            limit=page.limit + 1,
        )
    shown, following = cut(rows, page, lambda row: [row.due_at, row.target_id])
    return Page(items=[OverdueOut.of(row, now) for row in shown], next=following)


@router.get("/supervision/digests", summary="每日摘要 / Daily digests")
async def list_digests(
    by: Reader, app: App, page: PageQuery, recipient_id: UUID | None = None
) -> Page[DigestOut]:
    statement = select(DigestRow).where(digests_visible_to(by))
    if recipient_id is not None:
        statement = statement.where(DigestRow.recipient_id == recipient_id)
    async with app.db.reading() as session:
        rows, following = await fetch_page(
            session, statement, [DigestRow.id], page, key=lambda row: [row.id], descending=True
        )
    return Page(items=[DigestOut.of(row) for row in rows], next=following)
