"""Candidates of consequences, worked out anew at each look from sealed figures and the scheme's setting."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.ids import derived
from rules.calendars.spans import Span
from rules.standing import Service
from services.reporting.domain.figures import Combine, Month, Score, SpanKind, combined
from services.reporting.domain.outcomes import Stage, settle_stages
from services.reporting.domain.versions import VersionKind
from services.reporting.models import OutcomeDecisionRow, VersionLineRow
from services.reporting.queries.periods import Stretch, VersionMissing, stretch_of, versions_of
from services.reporting.queries.standings import standing_of
from services.reporting.replicas import (
    GrantReplica,
    OfficerReplica,
    PeriodReplica,
    SchemeReplica,
    SubmissionReplica,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """`to_id` is whom it falls on: the subject, or who answered for it. `amount` is money, exact, as text."""

    id: UUID
    subject_id: UUID
    subject_name: str
    to_id: UUID
    to_name: str
    rule: int
    gives: tuple[str, ...]
    amount: str | None
    why_zh: str
    why_en: str
    total_milli: int
    rank: int | None
    versions: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """`spared`: on whom it does not fall, and why. `findings`: what a person must look at, such as ties at the border."""

    stretch: Stretch
    candidates: list[Candidate]
    spared: list[tuple[str, str, str]]
    findings: list[str]
    open_appeals: int
    rules_zh: list[str]


async def outcomes(
    session: AsyncSession, scheme_id: UUID, period_id: UUID, span: SpanKind, kind: str, series_id: UUID | None
) -> Outcomes:
    """Raises VersionMissing unless every month of the stretch is sealed."""
    stretch = await stretch_of(session, scheme_id, period_id, span)
    standing = await standing_of(session, stretch.scheme)
    versions = await versions_of(session, stretch.months, VersionKind.SEALED)
    stages = await _earlier(session, stretch, span, kind, series_id)
    stages.append(await _stage(session, stretch.months, span, kind, series_id, versions))
    heads, names = await _heads(session) if kind == "unit" else ({}, {})
    settled = settle_stages(standing, stages, heads)
    names |= await _names(session, versions[-1], kind)
    totals = stages[-1].totals
    candidates = [
        Candidate(
            derived("outcome", scheme_id, period_id, span, given.rule, given.subject, given.to, *given.gives),
            UUID(given.subject), names.get(given.subject, ""), UUID(given.to), names.get(given.to, ""), given.rule,
            given.gives, None if given.amount is None else str(given.amount), given.why.zh, given.why.en,
            totals[given.subject], settled.outcomes[given.subject].rank("overall"), tuple(versions),
        )
        for given in settled.given
    ]  # fmt: skip
    spared = [
        (names.get(s.person, ""), names.get(s.subject, ""), _named(s.why.zh, names)) for s in settled.spared
    ]
    findings = [_named(finding.zh, names) for finding in settled.findings]
    waiting = await open_appeals(session, stretch)
    return Outcomes(stretch, candidates, spared, findings, waiting, standing.describe("zh"))


def _named(text: str, names: dict[str, str]) -> str:
    """The rules know subjects by their ids."""
    for key, name in names.items():
        text = text.replace(key, name)
    return text


async def _stage(
    session: AsyncSession, months: Sequence[Month], span: SpanKind, kind: str, series_id: UUID | None, versions: list[UUID]
) -> Stage:  # fmt: skip
    found = []
    for version in versions:
        row = VersionLineRow.__table__.c
        query = select(row.subject_id, row.unit_id, row.total_milli).where(
            row.version_id == version, row.subject_kind == kind, row.series_id.is_not_distinct_from(series_id)
        )
        rows = await session.execute(query)
        found.append({r.subject_id: Score(r.subject_id, r.unit_id, r.total_milli, {}, 0) for r in rows})
    scores = combined(found, Combine.MEAN)
    ends = await session.scalar(select(PeriodReplica.ends_on).where(PeriodReplica.id == months[-1].id))
    first, last = months[0], months[-1]
    key = {SpanKind.YEAR: f"{last.year}", SpanKind.MONTH: last.code}.get(span, f"{first.code}–{last.code}")
    days = Span(key, first.starts_on, ends or last.starts_on)
    return Stage(days, str(last.year), {str(s.subject_id): s.total_milli for s in scores.values()})


_GROUPS: dict[SpanKind, Any] = {
    SpanKind.MONTH: lambda m: (m.year, m.month),
    SpanKind.QUARTER: lambda m: (m.year, m.quarter),
    SpanKind.HALF: lambda m: (m.year, (m.quarter + 1) // 2),
    SpanKind.YEAR: lambda m: (m.year,),
    SpanKind.CAMPAIGN: lambda m: (m.year, m.month),
}
LONGEST = 36


async def _earlier(
    session: AsyncSession, stretch: Stretch, span: SpanKind, kind: str, series_id: UUID | None
) -> list[Stage]:
    """Of this scheme and of those of earlier years with the same scope; a stretch that is not wholly sealed is missing."""
    columns = (
        PeriodReplica.id, PeriodReplica.code, PeriodReplica.year, PeriodReplica.quarter, PeriodReplica.month,
        PeriodReplica.starts_on,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(SchemeReplica.scope_unit_id.is_not_distinct_from(stretch.scheme.scope_unit_id))
        .where(PeriodReplica.starts_on < stretch.months[0].starts_on)
        .order_by(PeriodReplica.starts_on)
    )
    months = [Month(*row) for row in await session.execute(query)]
    stages = []
    for _, found in groupby(months, key=_GROUPS[span]):
        group = list(found)
        versions = await _sealed(session, group)
        if versions:
            stages.append(await _stage(session, group, span, kind, series_id, versions))
    return [stage for stage in stages if stage.totals][-LONGEST:]


async def _sealed(session: AsyncSession, months: list[Month]) -> list[UUID]:
    try:
        return await versions_of(session, tuple(months), VersionKind.SEALED)
    except VersionMissing:
        return []


async def _heads(session: AsyncSession) -> tuple[dict[str, list[Service]], dict[str, str]]:
    """Who led which unit, when: by the grants of the role; and their names."""
    query = (
        select(GrantReplica.scope_unit_id, GrantReplica.officer_id, GrantReplica.valid_from, GrantReplica.valid_to, OfficerReplica.name)
        .join(OfficerReplica, OfficerReplica.id == GrantReplica.officer_id)
        .where(GrantReplica.role == "unit_leader", GrantReplica.status.in_(["approved", "revoked"]))
        .order_by(GrantReplica.valid_from)
    )  # fmt: skip
    heads: dict[str, list[Service]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in await session.execute(query):
        heads[str(row[0])].append(Service(str(row[1]), row[2], row[3]))
        names[str(row[1])] = row[4]
    return heads, names


async def _names(session: AsyncSession, version: UUID, kind: str) -> dict[str, str]:
    row = VersionLineRow.__table__.c
    query = select(row.subject_id, row.name).where(row.version_id == version, row.subject_kind == kind)
    return {str(r.subject_id): r.name for r in await session.execute(query)}


async def open_appeals(session: AsyncSession, stretch: Stretch) -> int:
    """Appeals against decisions in these months, by whomever: any of them can move a rank."""
    query = select(func.count()).where(
        SubmissionReplica.period_id.in_([month.id for month in stretch.months]),
        SubmissionReplica.status == "under_appeal",
    )
    return await session.scalar(query) or 0


async def decisions(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, OutcomeDecisionRow]:
    """The newest of each candidate."""
    query = select(OutcomeDecisionRow).where(OutcomeDecisionRow.candidate_id.in_(ids))
    rows = await session.scalars(query.order_by(OutcomeDecisionRow.id))
    return {row.candidate_id: row for row in rows}
