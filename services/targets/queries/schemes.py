"""Reading schemes, indicators, periods and imports; locking them for a change."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from kernel.errors import NotFound
from services.targets.models import (
    CommentRow,
    HistoryRow,
    ImportRow,
    IndicatorRevisionRow,
    IndicatorRow,
    PeriodRow,
    SchemeRevisionRow,
    SchemeRow,
    SchemeVersionRow,
)


async def get_scheme(
    session: AsyncSession, scheme_id: UUID, *, where: ColumnElement[bool], locked: bool = False
) -> SchemeRow:
    statement = select(SchemeRow).where(SchemeRow.id == scheme_id, where)
    return await _one(session, statement.with_for_update() if locked else statement)


async def get_indicator(
    session: AsyncSession, indicator_id: UUID, *, where: ColumnElement[bool], locked: bool = False
) -> tuple[IndicatorRow, SchemeRow]:
    """The indicator and its scheme, both locked if asked; the condition is on the scheme."""
    statement = (
        select(IndicatorRow, SchemeRow)
        .join(SchemeRow, SchemeRow.id == IndicatorRow.scheme_id)
        .where(IndicatorRow.id == indicator_id, where)
    )
    row = (await session.execute(statement.with_for_update() if locked else statement)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def get_import(
    session: AsyncSession, import_id: UUID, *, where: ColumnElement[bool], locked: bool = False
) -> tuple[ImportRow, SchemeRow]:
    statement = (
        select(ImportRow, SchemeRow)
        .join(SchemeRow, SchemeRow.id == ImportRow.scheme_id)
        .where(ImportRow.id == import_id, where)
    )
    row = (await session.execute(statement.with_for_update() if locked else statement)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def mapping_said(
    session: AsyncSession, account_id: UUID, heads: Mapping[str, list[str]]
) -> dict[str, dict[str, int]]:
    """What the same person last said of the columns of sheets with these very heads."""
    statement = (
        select(ImportRow.mapping)
        .where(ImportRow.account_id == account_id, ImportRow.mapping["said"].as_string() != "{}")
        .order_by(ImportRow.id.desc())
        .limit(20)
    )
    found: dict[str, dict[str, int]] = {}
    for mapping in reversed((await session.scalars(statement)).all()):
        known = {
            tuple(texts): mapping["said"].get(sheet) for sheet, texts in mapping.get("heads", {}).items()
        }
        for sheet, texts in heads.items():
            if said := known.get(tuple(texts)):
                found[sheet] = said
    return found


async def get_workbook(session: AsyncSession, import_id: UUID, *, where: ColumnElement[bool]) -> bytes:
    """The file as it was uploaded."""
    statement = (
        select(ImportRow.workbook)
        .join(SchemeRow, SchemeRow.id == ImportRow.scheme_id)
        .where(ImportRow.id == import_id, where)
    )
    found = await session.scalar(statement)
    if found is None:
        raise NotFound
    return found


async def periods_of(session: AsyncSession, scheme_id: UUID) -> Sequence[PeriodRow]:
    statement = select(PeriodRow).where(PeriodRow.scheme_id == scheme_id).order_by(PeriodRow.starts_on)
    return (await session.scalars(statement)).all()


async def indicators_of(session: AsyncSession, scheme_id: UUID) -> Sequence[IndicatorRow]:
    statement = select(IndicatorRow).where(IndicatorRow.scheme_id == scheme_id)
    return (await session.scalars(statement.order_by(IndicatorRow.position, IndicatorRow.id))).all()


async def revisions_of(session: AsyncSession, indicator_id: UUID) -> Sequence[IndicatorRevisionRow]:
    statement = select(IndicatorRevisionRow).where(IndicatorRevisionRow.indicator_id == indicator_id)
    return (await session.scalars(statement.order_by(IndicatorRevisionRow.revision))).all()


async def visible_indicators(
    session: AsyncSession, ids: Collection[UUID], *, where: ColumnElement[bool]
) -> Sequence[IndicatorRow]:
    """Those of the ids whose schemes may be seen, in the order in which they stand there."""
    statement = (
        select(IndicatorRow)
        .join(SchemeRow, SchemeRow.id == IndicatorRow.scheme_id)
        .where(IndicatorRow.id.in_(set(ids)), where)
        .order_by(IndicatorRow.scheme_id, IndicatorRow.position, IndicatorRow.id)
    )
    return (await session.scalars(statement)).all()


async def get_comment(
    session: AsyncSession, comment_id: UUID, *, where: ColumnElement[bool]
) -> tuple[CommentRow, SchemeRow]:
    """The comment, locked, and its scheme."""
    statement = (
        select(CommentRow, SchemeRow)
        .join(SchemeRow, SchemeRow.id == CommentRow.scheme_id)
        .where(CommentRow.id == comment_id, where)
        .with_for_update(of=CommentRow)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def unanswered_comments(session: AsyncSession, scheme_id: UUID) -> int:
    statement = select(func.count()).where(CommentRow.scheme_id == scheme_id, CommentRow.answer.is_(None))
    return await session.scalar(statement) or 0


async def versions_of(session: AsyncSession, scheme_id: UUID) -> Sequence[SchemeVersionRow]:
    statement = select(SchemeVersionRow).where(SchemeVersionRow.scheme_id == scheme_id)
    return (await session.scalars(statement.order_by(SchemeVersionRow.revision))).all()


async def get_version(session: AsyncSession, scheme_id: UUID, revision: int) -> SchemeVersionRow:
    statement = select(SchemeVersionRow).where(
        SchemeVersionRow.scheme_id == scheme_id, SchemeVersionRow.revision == revision
    )
    row = await session.scalar(statement)
    if row is None:
        raise NotFound
    return row


async def revisions_of_scheme(
    session: AsyncSession, scheme_id: UUID, page: PageRequest
) -> tuple[list[SchemeRevisionRow], str | None]:
    """The newest first."""
    statement = select(SchemeRevisionRow).where(SchemeRevisionRow.scheme_id == scheme_id)
    newest = [SchemeRevisionRow.id]
    return await fetch_page(session, statement, newest, page, key=lambda row: [row.id], descending=True)


async def get_revision(
    session: AsyncSession, revision_id: UUID, *, where: ColumnElement[bool], locked: bool = False
) -> SchemeRevisionRow:
    statement = (
        select(SchemeRevisionRow)
        .join(SchemeRow, SchemeRow.id == SchemeRevisionRow.scheme_id)
        .where(SchemeRevisionRow.id == revision_id, where)
        .execution_options(populate_existing=True)
    )
    row = await session.scalar(statement.with_for_update(of=SchemeRevisionRow) if locked else statement)
    if row is None:
        raise NotFound
    return row


def timeline_of(thing_id: UUID) -> Select[HistoryRow]:
    return select(HistoryRow).where(HistoryRow.thing_id == thing_id)


async def _one(session: AsyncSession, statement: Select[SchemeRow]) -> SchemeRow:
    row = (await session.scalars(statement)).one_or_none()
    if row is None:
        raise NotFound
    return row
