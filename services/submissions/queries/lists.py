"""Pages of submissions, of the review queue and of appeals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, keyset
from services.submissions.models import AppealRow, SubmissionRow
from services.submissions.queries.cases import Case, select_cases
from services.submissions.replicas import UnitReplica


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of submissions is narrowed by; None means any."""

    status: Sequence[str] | None = None
    period_id: UUID | None = None
    indicator_id: UUID | None = None
    target_id: UUID | None = None
    subject_id: UUID | None = None
    unit_id: UUID | None = None
    under: UUID | None = None
    mine: UUID | None = None
    number: str | None = None
    line: str | None = None


async def narrowed(session: AsyncSession, filters: Filters) -> ColumnElement[bool]:
    """The condition, for `select_cases`."""
    row = SubmissionRow
    equal = {
        row.period_id: filters.period_id,
        row.indicator_id: filters.indicator_id,
        row.target_id: filters.target_id,
        row.subject_id: filters.subject_id,
        row.unit_id: filters.unit_id,
        row.number: filters.number,
        row.line: filters.line,
    }
    conditions: list[Any] = [column == value for column, value in equal.items() if value is not None]
    if filters.status:
        conditions.append(row.status.in_(list(filters.status)))
    if filters.mine is not None:
        conditions.append(
            or_(
                row.subject_id == filters.mine,
                row.created_by == filters.mine,
                row.submitted_by == filters.mine,
            )
        )
    if filters.under is not None:
        path = await session.scalar(select(UnitReplica.path).where(UnitReplica.id == filters.under))
        conditions.append(func.starts_with(UnitReplica.path, path) if path else false())
    return and_(True, *conditions)


async def page_of_cases(
    session: AsyncSession, page: PageRequest, *conditions: ColumnElement[bool]
) -> tuple[list[Case], str | None]:
    """Newest first."""
    statement = keyset(select_cases().where(*conditions), [SubmissionRow.id], page, descending=True)
    cases = [Case(*row) for row in (await session.execute(statement)).all()]
    return cut(cases, page, lambda case: [case.row.id])


async def page_of_queue(
    session: AsyncSession, page: PageRequest, *conditions: ColumnElement[bool]
) -> tuple[list[Case], str | None]:
    """What waited longest comes first."""
    columns = [SubmissionRow.submitted_at, SubmissionRow.id]
    statement = keyset(select_cases().where(*conditions), columns, page)
    cases = [Case(*row) for row in (await session.execute(statement)).all()]
    return cut(cases, page, lambda case: [case.row.submitted_at, case.row.id])


async def page_of_appeals(
    session: AsyncSession, page: PageRequest, *conditions: ColumnElement[bool]
) -> tuple[list[tuple[AppealRow, Case]], str | None]:
    """Newest first, each with its submission."""
    statement = select_cases(AppealRow).join(AppealRow, AppealRow.submission_id == SubmissionRow.id)
    statement = keyset(statement.where(*conditions), [AppealRow.id], page, descending=True)
    found = [(row[-1], Case(*row[:-1])) for row in (await session.execute(statement)).all()]
    return cut(found, page, lambda pair: [pair[0].id])


async def same_files(
    session: AsyncSession, case: Case, *, visible: ColumnElement[bool]
) -> dict[str, tuple[int, list[str]]]:
    """For each file of the case that other submissions have too: how many, and the numbers of the visible ones."""
    found: dict[str, tuple[int, list[str]]] = {}
    for file in case.row.evidence:
        elsewhere = and_(
            SubmissionRow.evidence.contains([{"sha256": file["sha256"]}]),
            SubmissionRow.id != case.row.id,
            SubmissionRow.status.not_in(["draft", "withdrawn"]),
        )
        count = await session.scalar(select(func.count()).select_from(SubmissionRow).where(elsewhere))
        if count:
            numbers = (
                select_cases()
                .with_only_columns(SubmissionRow.number, maintain_column_froms=True)
                .where(elsewhere, visible)
                .order_by(SubmissionRow.number)
                .limit(20)
            )
            found[file["sha256"]] = (count, list(await session.scalars(numbers)))
    return found
