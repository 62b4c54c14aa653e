"""Notices, appeals and the timeline of one submission."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.audit.reading import StepNotFound
from kernel.db.paging import PageRequest, cut, keyset
from kernel.errors import NotFound
from services.submissions.domain.appeal import LIVE
from services.submissions.models import AppealRow, HistoryRow, NoticeRow, SubmissionRow
from services.submissions.queries.cases import Case, get_case
from services.submissions.queries.visibility import decided_for


class NoticeNotFound(NotFound):
    code = "notice-not-found"
    zh = "该项没有评分告知书"
    en = "There is no decision notice for this"


class AppealNotFound(NotFound):
    code = "appeal-not-found"
    zh = "没有找到该复议,或您无权查看"
    en = "There is no such appeal, or it is not visible to you"


async def decided_in_place_of(
    session: AsyncSession, appeal_id: UUID, accounts: Collection[UUID | None]
) -> bool:
    """Whether a substitute of one of these decided what the appeal is about."""
    ways = [decided_for(account) for account in accounts if account is not None]
    statement = (
        select(AppealRow.id)
        .join(SubmissionRow, SubmissionRow.id == AppealRow.submission_id)
        .where(AppealRow.id == appeal_id, or_(false(), *ways))
    )
    return await session.scalar(statement) is not None


async def notice_of(session: AsyncSession, number: str | None) -> NoticeRow | None:
    """The one of that number: what a submission names is the one in force."""
    if number is None:
        return None
    return await session.scalar(select(NoticeRow).where(NoticeRow.number == number))


async def notices_of(session: AsyncSession, submission_id: UUID) -> Sequence[NoticeRow]:
    """All that were issued, the latest first."""
    statement = select(NoticeRow).where(NoticeRow.submission_id == submission_id)
    return (await session.scalars(statement.order_by(NoticeRow.id.desc()))).all()


async def appeals_of(session: AsyncSession, submission_id: UUID) -> Sequence[AppealRow]:
    """All there were, the latest first."""
    statement = select(AppealRow).where(AppealRow.submission_id == submission_id)
    return (await session.scalars(statement.order_by(AppealRow.id.desc()))).all()


async def live_appeals(session: AsyncSession, submission_id: UUID) -> Sequence[AppealRow]:
    statement = select(AppealRow).where(
        AppealRow.submission_id == submission_id, AppealRow.status.in_(list(LIVE))
    )
    return (await session.scalars(statement)).all()


async def get_appeal(
    session: AsyncSession, appeal_id: UUID, *, where: ColumnElement[bool]
) -> tuple[AppealRow, Case]:
    """The appeal and its submission, if that is visible; raises AppealNotFound."""
    appeal = await session.get(AppealRow, appeal_id)
    if appeal is None:
        raise AppealNotFound
    try:
        return appeal, await get_case(session, appeal.submission_id, where=where)
    except NotFound as error:
        raise AppealNotFound from error


async def lock_appeal(session: AsyncSession, appeal_id: UUID) -> AppealRow:
    """To be called after its submission is locked: submissions come first, so that nobody waits in a circle."""
    statement = select(AppealRow).where(AppealRow.id == appeal_id).with_for_update()
    row = await session.scalar(statement.execution_options(populate_existing=True))
    if row is None:
        raise AppealNotFound
    return row


async def step_of(session: AsyncSession, submission_id: UUID, step_id: UUID) -> HistoryRow:
    """Raises StepNotFound."""
    row = await session.get(HistoryRow, step_id)
    if row is None or row.submission_id != submission_id:
        raise StepNotFound
    return row


async def page_of_history(
    session: AsyncSession, submission_id: UUID, page: PageRequest
) -> tuple[list[HistoryRow], str | None]:
    """In the order in which things happened."""
    statement = select(HistoryRow).where(HistoryRow.submission_id == submission_id)
    rows: Sequence[Any] = (await session.scalars(keyset(statement, [HistoryRow.id], page))).all()
    return cut(rows, page, lambda row: [row.id])
