"""Candidates of consequences, worked out anew at each look from sealed figures and the scheme's setting."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.ids import derived
from rules.calendars.spans import Span
from rules.rounding import plain
from rules.standing import Service, Settlement, Standing
from rules.standing.triggers.payout import Payout
from services.reporting.domain.figures import Combine, Month, Score, SpanKind, combined
from services.reporting.domain.outcomes import SERIES, Decision, Stage, settle_stages
from services.reporting.domain.versions import VersionKind
from services.reporting.models import OutcomeDecisionRow, VersionLineRow
from services.reporting.queries import tenure
from services.reporting.queries.periods import Stretch, VersionMissing, stretch_of, versions_of
from services.reporting.queries.standings import standing_of
from services.reporting.replicas import EntryAppealReplica, PeriodReplica, SchemeReplica, SubmissionReplica
from services.reporting.replicas.deciding import OPEN_ENTRY_APPEALS


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
class Question:
    """Consequences are those of one series in one stretch."""

    scheme_id: UUID
    period_id: UUID
    span: SpanKind
    kind: str
    series_id: UUID | None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """`spared`: on whom it does not fall, and why. `findings`: what a person must look at, such as ties at the border."""

    question: Question
    stretch: Stretch
    candidates: list[Candidate]
    spared: list[tuple[str, str, str, str]]
    findings: list[str]
    findings_en: list[str]
    open_appeals: int
    rules_zh: list[str]
    rules_en: list[str]


async def outcomes(session: AsyncSession, question: Question, zone: ZoneInfo) -> Outcomes:
    """Raises VersionMissing unless every month of the stretch is sealed."""
    stretch = await stretch_of(session, question.scheme_id, question.period_id, question.span)
    standing = await standing_of(session, stretch.scheme)
    versions = await versions_of(session, stretch.months, VersionKind.SEALED)
    stages = await _earlier(session, stretch, question)
    stages.append(await stage_of(session, stretch.months, question, versions))
    names = await _names(session, versions[-1], question.kind)
    settled, found = await _settle(session, standing, stages, question, zone)
    names |= found.names
    findings = [_named(finding.zh, names) for finding in settled.findings]
    findings_en = [_named(finding.en, names) for finding in settled.findings]
    gone = [names[who] for who in found.broken if who in names]
    findings += [f"{who} 在期间内离开过,金额须人工核对" for who in gone]
    findings_en += [f"{who} was away for part of the time: check the amount by hand" for who in gone]
    spared = [
        (names.get(s.person, ""), names.get(s.subject, ""), _named(s.why.zh, names), _named(s.why.en, names))
        for s in settled.spared
    ]
    candidates = _candidates(settled, question, stages[-1], names, tuple(versions))
    waiting = await open_appeals(session, stretch)
    rules_zh, rules_en = standing.describe("zh"), standing.describe("en")
    return Outcomes(question, stretch, candidates, spared, findings, findings_en, waiting, rules_zh, rules_en)


@dataclass(frozen=True, slots=True)
class _People:
    """Names of who answers for units; `broken`: whose service was interrupted, where money goes by it."""

    names: dict[str, str]
    broken: list[str]


async def _settle(
    session: AsyncSession, standing: Standing, stages: Sequence[Stage], question: Question, zone: ZoneInfo
) -> tuple[Settlement, _People]:
    if question.kind == "unit":
        heads, names = await tenure.heads(session, zone)
        return settle_stages(standing, stages, heads), _People(names, [])
    served: dict[str, Service] = {}
    broken: list[str] = []
    if any(isinstance(consequence.trigger, Payout) for consequence in standing.consequences):
        served, broken = await tenure.served(session, stages[-1].totals.keys(), stages[-1].span)
    return settle_stages(standing, stages, {}, served), _People({}, broken)


def _candidates(
    settled: Settlement, question: Question, stage: Stage, names: dict[str, str], versions: tuple[UUID, ...]
) -> list[Candidate]:
    """Two terms of one person in a stretch are two candidates."""
    seen: Counter[tuple[int, str, str]] = Counter()
    found = []
    for given in settled.given:
        seen[given.rule, given.subject, given.to] += 1
        again = seen[given.rule, given.subject, given.to]
        key = (
            "outcome",
            question.scheme_id,
            question.period_id,
            question.span,
            given.rule,
            given.subject,
            given.to,
        )
        outcome = settled.outcomes[given.subject]
        rank = outcome.rank("overall")
        found.append(Candidate(
            derived(*key, *given.gives, *([str(again)] if again > 1 else [])),
            UUID(given.subject), names.get(given.subject, ""), UUID(given.to), names.get(given.to, ""), given.rule,
            given.gives, None if given.amount is None else plain(given.amount), given.why.zh, given.why.en,
            stage.totals[given.subject], rank if rank is not None else outcome.rank(SERIES), versions,
        ))  # fmt: skip
    return found


def _named(text: str, names: dict[str, str]) -> str:
    """The rules know subjects by their ids."""
    for key, name in names.items():
        text = text.replace(key, name)
    return text


async def stage_of(
    session: AsyncSession, months: Sequence[Month], question: Question, versions: list[UUID]
) -> Stage:
    """Everybody of the series in these months, by the mean of the months that he has."""
    found = []
    span = question.span
    for version in versions:
        row = VersionLineRow.__table__.c
        query = select(row.subject_id, row.unit_id, row.total_milli, row.modules).where(
            row.version_id == version, row.subject_kind == question.kind,
            row.series_id.is_not_distinct_from(question.series_id),
        )  # fmt: skip
        rows = await session.execute(query)
        found.append({r.subject_id: _score(r) for r in rows})
    scores = combined(found, Combine.MEAN)
    ends = await session.scalar(select(PeriodReplica.ends_on).where(PeriodReplica.id == months[-1].id))
    first, last = months[0], months[-1]
    key = {SpanKind.YEAR: f"{last.year}", SpanKind.MONTH: last.code}.get(span, f"{first.code}–{last.code}")
    days = Span(key, first.starts_on, ends or last.starts_on)
    totals = {str(s.subject_id): s.total_milli for s in scores.values()}
    return Stage(days, str(last.year), totals, {str(s.subject_id): s.modules for s in scores.values()})


def _score(row: Any) -> Score:
    modules = {m["module"]: m["points_milli"] for m in row.modules}
    return Score(row.subject_id, row.unit_id, row.total_milli, modules, 0)


_GROUPS: dict[SpanKind, Any] = {
    SpanKind.MONTH: lambda m: (m.year, m.month),
    SpanKind.QUARTER: lambda m: (m.year, m.quarter),
    SpanKind.HALF: lambda m: (m.year, (m.quarter + 1) // 2),
    SpanKind.YEAR: lambda m: (m.year,),
    SpanKind.CAMPAIGN: lambda m: (m.year, m.month),
}
LONGEST = 36


async def _earlier(session: AsyncSession, stretch: Stretch, question: Question) -> list[Stage]:
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
    for _, found in groupby(months, key=_GROUPS[question.span]):
        group = list(found)
        versions = await _sealed(session, group)
        if versions:
            stages.append(await stage_of(session, group, question, versions))
    return [stage for stage in stages if stage.totals][-LONGEST:]


async def _sealed(session: AsyncSession, months: list[Month]) -> list[UUID]:
    try:
        return await versions_of(session, tuple(months), VersionKind.SEALED)
    except VersionMissing:
        return []


async def _names(session: AsyncSession, version: UUID, kind: str) -> dict[str, str]:
    row = VersionLineRow.__table__.c
    query = select(row.subject_id, row.name).where(row.version_id == version, row.subject_kind == kind)
    return {str(r.subject_id): r.name for r in await session.execute(query)}


async def open_appeals(session: AsyncSession, stretch: Stretch) -> int:
    """Appeals against decisions and entries in these months, by whomever: any of them can move a rank."""
    months = [month.id for month in stretch.months]
    work = select(func.count()).where(
        SubmissionReplica.period_id.in_(months), SubmissionReplica.status == "under_appeal"
    )
    entries = select(func.count()).where(
        EntryAppealReplica.period_id.in_(months), EntryAppealReplica.status.in_(OPEN_ENTRY_APPEALS)
    )
    return await session.scalar(select(work.scalar_subquery() + entries.scalar_subquery())) or 0


async def decisions(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, OutcomeDecisionRow]:
    """The newest of each candidate."""
    query = select(OutcomeDecisionRow).where(OutcomeDecisionRow.candidate_id.in_(ids))
    rows = await session.scalars(query.order_by(OutcomeDecisionRow.id))
    return {row.candidate_id: row for row in rows}


async def without_ground(session: AsyncSession, found: Outcomes) -> list[OutcomeDecisionRow]:
    """Confirmed of figures that were corrected since, or by rules that changed: they follow no more, until they are lifted."""
    row, question = OutcomeDecisionRow, found.question
    query = select(row).where(
        row.scheme_id == question.scheme_id, row.period_id == question.period_id,
        row.grounds["span"].astext == found.stretch.key, row.grounds["subject_kind"].astext == question.kind,
        row.grounds["series_id"].astext.is_not_distinct_from(None if question.series_id is None else str(question.series_id)),
    )  # fmt: skip
    newest = {each.candidate_id: each for each in await session.scalars(query.order_by(row.id))}
    known = {candidate.id for candidate in found.candidates}
    return [
        each
        for each in newest.values()
        if each.decision == Decision.CONFIRMED and each.candidate_id not in known
    ]
