"""An officer's record: months by years, what was added and taken off, what followed. Of the best figures there are."""

from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import NotFound
from kernel.identity import Principal
from rules.rounding import half_up
from services.reporting.domain.records import Followed, Mark, MonthOf, Record, YearOf
from services.reporting.domain.versions import VersionKind
from services.reporting.models import OutcomeDecisionRow, VersionLineRow, VersionRow
from services.reporting.queries import drill
from services.reporting.queries.grades import grades
from services.reporting.replicas import (
    EntryReplica,
    OfficerReplica,
    PeriodReplica,
    PostingReplica,
    SchemeReplica,
    StatementReplica,
    UnitReplica,
)

_MARKS = ("bonus", "penalty", "reversal", "adjustment")


async def record(session: AsyncSession, officer_id: UUID, me: Principal) -> Record:
    """Raises NotFound for whoever the reader may not see what stands behind."""
    officer = await session.get(OfficerReplica, officer_id)
    if officer is None or not await drill.may_see(session, me, "officer", officer_id):
        raise NotFound
    home = await session.execute(
        select(UnitReplica.name, PostingReplica.post)
        .join(PostingReplica, PostingReplica.unit_id == UnitReplica.id)
        .where(
            PostingReplica.officer_id == officer_id,
            PostingReplica.is_primary,
            PostingReplica.deleted.is_(False),
        )
        .order_by(PostingReplica.valid_from.desc())
        .limit(1)
    )
    unit, post = home.one_or_none() or ("", "")
    marks = await session.scalars(
        select(EntryReplica)
        .where(EntryReplica.subject_id == officer_id, EntryReplica.kind.in_(_MARKS))
        .order_by(EntryReplica.occurred_on.desc(), EntryReplica.seq.desc())
    )
    return Record(
        officer.id, officer.name, officer.police_number, unit, post, await _years(session, officer_id),
        tuple(Mark(m.kind, m.occurred_on, m.points_milli, m.reason_zh, m.reason_en) for m in marks),
        await _followed(session, officer_id),
    )  # fmt: skip


async def _years(session: AsyncSession, officer_id: UUID) -> tuple[YearOf, ...]:
    live = select(StatementReplica.period_id, StatementReplica.total_milli).where(
        StatementReplica.subject_id == officer_id, StatementReplica.subject_kind == "officer"
    )
    months: dict[UUID, tuple[int, VersionKind, int | None, int | None]] = {
        row[0]: (row[1], VersionKind.LIVE, None, None) for row in await session.execute(live)
    }  # fmt: skip
    months |= await _frozen(session, officer_id)
    query = (
        select(PeriodReplica, SchemeReplica)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(PeriodReplica.id.in_(months.keys()))
        .order_by(PeriodReplica.starts_on)
    )
    grouped: dict[tuple[UUID, int], tuple[SchemeReplica, list[MonthOf]]] = {}
    for period, scheme in (await session.execute(query)).all():
        _, found = grouped.setdefault((scheme.id, period.year), (scheme, []))
        found.append(MonthOf(period.id, period.code, *months[period.id]))
    years = []
    for (scheme_id, year), (scheme, found) in sorted(
        grouped.items(), key=lambda item: (-item[0][1], item[1][0].name)
    ):
        by_rule = await grades(session, scheme, year, officer_id, found)
        graded = tuple(replace(month, grade=by_rule.months.get(month.period_id)) for month in found)
        mean = _mean([month.total_milli for month in found])
        years.append(YearOf(scheme_id, scheme.name, year, graded, mean, by_rule.year))
    return tuple(years)


async def _frozen(
    session: AsyncSession, officer_id: UUID
) -> dict[UUID, tuple[int, VersionKind, int | None, int | None]]:
    """Of each period the newest version that is public or sealed; the place in the series at the seal."""
    line, peer = VersionLineRow, VersionLineRow.__table__.alias("peer")
    newest = (
        select(VersionRow.period_id, VersionRow.id, VersionRow.kind)
        .where(VersionRow.withdrawn.is_(False), VersionRow.kind != VersionKind.TRIAL)
        .ext(distinct_on(VersionRow.period_id))
        .order_by(VersionRow.period_id, VersionRow.log_seq.desc(), VersionRow.number.desc())
        .subquery("newest")
    )
    query = (
        select(
            newest.c.period_id, newest.c.kind, line.total_milli, func.count(),
            func.count().filter(peer.c.total_milli > line.total_milli),
        )
        .join(line, (line.version_id == newest.c.id) & (line.subject_id == officer_id))
        .join(
            peer,
            (peer.c.version_id == newest.c.id) & (peer.c.subject_kind == "officer")
            & peer.c.series_id.is_not_distinct_from(line.series_id),
        )
        .group_by(newest.c.period_id, newest.c.kind, line.total_milli)
    )  # fmt: skip
    found: dict[UUID, tuple[int, VersionKind, int | None, int | None]] = {}
    for period_id, kind, milli, peers, ahead in await session.execute(query):
        sealed = kind == VersionKind.SEALED
        found[period_id] = (
            milli,
            VersionKind(kind),
            ahead + 1 if sealed else None,
            peers if sealed else None,
        )
    return found


def _mean(values: list[int]) -> int:
    return int(half_up(Fraction(sum(values), len(values)), 0))


async def _followed(session: AsyncSession, officer_id: UUID) -> tuple[Followed, ...]:
    """The newest decision of each, unless it was dismissed."""
    row = OutcomeDecisionRow
    query = select(row).where(row.subject_id == officer_id).ext(distinct_on(row.candidate_id))
    rows = await session.scalars(query.order_by(row.candidate_id, row.id.desc()))
    found = [
        Followed(
            r.decision, tuple(r.grounds["gives"]), r.grounds["span"], r.grounds["why_zh"], r.grounds["why_en"],
            r.at.date(), r.expires_on,
        )
        for r in rows
        if r.decision != "dismissed"
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda f: f.decided_on, reverse=True))
