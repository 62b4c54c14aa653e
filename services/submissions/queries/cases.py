"""A submission together with what one needs to judge or show it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.errors import NotFound
from services.submissions.domain.authorship import Subject
from services.submissions.domain.deadlines import PeriodFacts
from services.submissions.domain.impartiality import Matter
from services.submissions.models import SubmissionRow
from services.submissions.queries.facts import TargetFacts
from services.submissions.replicas import IndicatorReplica, OfficerReplica, PeriodReplica, UnitReplica

Authority = aliased(UnitReplica, name="authority")


class SubmissionNotFound(NotFound):
    code = "submission-not-found"
    zh = "没有找到该提交,或您无权查看"
    en = "There is no such submission, or it is not visible to you"


@dataclass(frozen=True, slots=True)
class Case:
    row: SubmissionRow
    unit: UnitReplica
    authority: UnitReplica | None
    indicator: IndicatorReplica
    period: PeriodReplica
    officer: OfficerReplica | None

    @property
    def subject(self) -> Subject:
        return Subject(self.row.subject_kind, self.row.subject_id, self.unit.path)

    @property
    def subject_name(self) -> str:
        return self.officer.name if self.officer else self.unit.name

    @property
    def period_facts(self) -> PeriodFacts:
        return period_facts(self.period)

    @property
    def matter(self) -> Matter:
        row = self.row
        people = {row.created_by, row.submitted_by}
        people |= {row.subject_id} if row.subject_kind == "officer" else set()
        return Matter(
            line=row.line,
            unit_path=self.unit.path,
            authority_path=self.authority.path if self.authority else None,
            people=frozenset(p for p in people if p),
            deciders=frozenset(p for p in (row.first_decided_by, row.decided_by) if p),
        )


def period_facts(period: PeriodReplica) -> PeriodFacts:
    return PeriodFacts(period.code, period.starts_on, period.ends_on, period.cutoff_at, period.status)


def select_cases(*extra: Any) -> Select[Any]:
    """Submissions with their unit, competent unit, indicator, period and officer; `extra` columns come behind."""
    return (
        select(SubmissionRow, UnitReplica, Authority, IndicatorReplica, PeriodReplica, OfficerReplica, *extra)
        .join(UnitReplica, UnitReplica.id == SubmissionRow.unit_id)
        .join(IndicatorReplica, IndicatorReplica.id == SubmissionRow.indicator_id)
        .join(PeriodReplica, PeriodReplica.id == SubmissionRow.period_id)
        .outerjoin(Authority, Authority.id == SubmissionRow.authority_unit_id)
        .outerjoin(OfficerReplica, OfficerReplica.id == SubmissionRow.subject_id)
    )


async def fetch_cases(session: AsyncSession, statement: Select[Any]) -> list[Case]:
    return [Case(*row) for row in (await session.execute(statement)).all()]


async def get_case(session: AsyncSession, submission_id: UUID, *, where: ColumnElement[bool]) -> Case:
    """Raises SubmissionNotFound when there is none that meets the condition."""
    found = await fetch_cases(session, select_cases().where(SubmissionRow.id == submission_id, where))
    if not found:
        raise SubmissionNotFound
    return found[0]


async def new_case(session: AsyncSession, row: SubmissionRow, about: TargetFacts) -> Case:
    """Of a row that was just written for a target: what is known of the target is not read again."""
    unit = about.unit if about.unit.id == row.unit_id else await session.get_one(UnitReplica, row.unit_id)
    officer = await session.get(OfficerReplica, row.subject_id) if row.subject_kind == "officer" else None
    return Case(row, unit, None, about.indicator, about.period, officer)


async def with_authority(session: AsyncSession, case: Case) -> Case:
    """The same case once its row names another competent unit."""
    wanted = case.row.authority_unit_id
    if wanted == (case.authority.id if case.authority else None):
        return case
    found = await session.get(UnitReplica, wanted) if wanted else None
    return replace(case, authority=found)


async def lock_cases(
    session: AsyncSession, ids: Sequence[UUID], *, where: ColumnElement[bool]
) -> dict[UUID, Case]:
    """The cases in question, locked in the order of their ids to the end of the transaction."""
    statement = (
        select_cases()
        .where(SubmissionRow.id.in_(ids), where)
        .order_by(SubmissionRow.id)
        .with_for_update(of=SubmissionRow)
        .execution_options(populate_existing=True)
    )
    return {case.row.id: case for case in await fetch_cases(session, statement)}


async def lock_case(session: AsyncSession, submission_id: UUID, *, where: ColumnElement[bool]) -> Case:
    found = await lock_cases(session, [submission_id], where=where)
    if not found:
        raise SubmissionNotFound
    return found[submission_id]
