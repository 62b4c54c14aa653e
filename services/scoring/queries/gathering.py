"""Everybody's facts of a period under a plan: from the copies here, or from the recorded events themselves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.aside import aside
from rules import State
from rules.binding import Absence, Award, Binding, Person, Record, Work, assemble
from rules.calendars.spans import Span
from rules.plan import PlanFacts
from rules.plan.facts import Deed
from services.scoring.domain.ledger import MILLI, node_of
from services.scoring.queries import facts, people, replay
from services.scoring.queries.planned import since
from services.scoring.replicas import PeriodReplica

_IDS = bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True)))
_GOALS = text(
    """
    SELECT DISTINCT ON (t.subject_id, t.indicator_id) t.subject_kind, t.subject_id, i.code, t.quantity
    FROM target t JOIN indicator i ON i.id = t.indicator_id
    WHERE t.period_id = :period AND t.status = ANY(:live) AND (:everybody OR t.subject_id = ANY(:ids))
    ORDER BY t.subject_id, t.indicator_id, t.id
    """
).bindparams(_IDS)
_WORK = text(
    """
    SELECT s.id, s.subject_kind, s.subject_id, s.unit_id, i.code, s.accepted_quantity AS quantity, s.event_date AS day
    FROM submission s JOIN indicator i ON i.id = s.indicator_id
    WHERE (s.period_id = :period OR (s.scheme_id = :scheme AND s.event_date >= :since AND s.event_date < :start))
      AND s.status = ANY(:counted) AND s.accepted_quantity > 0
      AND (:everybody OR s.subject_id = ANY(:ids))
    ORDER BY s.subject_id, i.code, s.event_date, s.id
    """
).bindparams(_IDS)
_READINGS = text(
    """
    SELECT DISTINCT ON (subject_id, name) subject_kind, subject_id, name, value, state FROM reading
    WHERE period_id = :period AND (:everybody OR subject_id = ANY(:ids)) ORDER BY subject_id, name, id DESC
    """
).bindparams(_IDS)

_AWARDS = text(
    """
    SELECT a.subject_kind, a.subject_id, a.unit_id, a.kind, a.deed_id, a.category, a.level, a.occurred_on, a.deed_points,
      a.part, a.parts, a.cause, a.reason, a.document_number
    FROM award a
    WHERE (a.period_id = :period OR (a.scheme_id = :scheme AND a.occurred_on >= :since AND a.occurred_on < :start))
      AND a.status = 'posted' AND (:everybody OR a.subject_id = ANY(:ids))
    ORDER BY a.subject_id, a.occurred_on, a.deed_id
    """
).bindparams(_IDS)
_CARRIED = text(
    """
    SELECT DISTINCT ON (subject_id, node) subject_kind, subject_id, unit_id, node, points_milli FROM carried
    WHERE period_id = :previous AND (:everybody OR subject_id = ANY(:ids)) ORDER BY subject_id, node, id DESC
    """
).bindparams(_IDS)
# What appeals have added to entries that the plan made, by the node of the entry; less what earlier versions posted beside it.
_CORRECTED = text(
    """
    SELECT a.subject_id, e.rule_key, sum(a.wanted_milli - a.entry_milli - coalesce((
      SELECT sum(o.points_milli) FROM ledger_entry o
      WHERE o.source_event_id = a.id AND starts_with(o.rule_key, 'appeal:')), 0)) AS milli
    FROM entry_appeal a JOIN ledger_entry e ON e.id = a.entry_id
    WHERE a.period_id = :period AND a.wanted_milli IS NOT NULL AND (:everybody OR a.subject_id = ANY(:ids))
    GROUP BY a.subject_id, e.rule_key ORDER BY a.subject_id, e.rule_key
    """
).bindparams(_IDS)
_ATTENDANCE = text(
    """
    SELECT DISTINCT ON (officer_id, day, kind) officer_id AS subject_id, id, kind, day, quantity FROM attendance
    WHERE officer_id = ANY(:ids) AND day >= :since AND day <= :end ORDER BY officer_id, day, kind, id DESC
    """
).bindparams(_IDS)


@dataclass(frozen=True, slots=True)
class Gathered:
    """`units`: subject → the unit that it counts with; `worked`: submission → the unit that the work was done for."""

    facts: PlanFacts
    kinds: dict[UUID, str]
    units: dict[UUID, UUID]
    people: Mapping[UUID, Person] = field(default_factory=dict)
    worked: dict[UUID, UUID] = field(default_factory=dict)
    binding: Binding | None = None
    records: Mapping[str, Record] = field(default_factory=dict)

    def unit_of(self, subject_id: UUID, day: date, submission_id: UUID | None) -> UUID:
        """What is posted for a deed is posted for the unit of its day: the one that the work was done for, else the posting's."""
        if submission_id is not None and submission_id in self.worked:
            return self.worked[submission_id]
        person = self.people.get(subject_id)
        unit = (
            None
            if person is None or self.binding is None
            else self.binding.people.unit_on(person.stints, day)
        )
        return self.units[subject_id] if unit is None else UUID(unit)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is known of the subjects, by source; each row has a `subject_id`."""

    goals: Sequence[Row[Any]]
    work: Sequence[Row[Any]]
    readings: Sequence[Row[Any]]
    awards: Sequence[Row[Any]]
    carried: Sequence[Row[Any]]
    corrected: Sequence[Row[Any]] = ()
    attendance: Sequence[Row[Any]] = ()

    @property
    def subjects(self) -> dict[UUID, str]:
        """Whom a plan assesses: who has any of these. Attendance alone brings nobody under a plan."""
        rows = (*self.goals, *self.work, *self.readings, *self.awards, *self.carried)
        return {row.subject_id: row.subject_kind for row in rows}


async def gather(
    session: AsyncSession, binding: Binding, period: PeriodReplica, only: Collection[UUID] | None = None
) -> Gathered:
    """From the copies. `only`: of these subjects; everybody if None."""
    of = _scope(binding, period, only)
    goals = (await session.execute(_GOALS, _named(of, "period", "live", "everybody", "ids"))).all()
    work = (
        await session.execute(
            _WORK, _named(of, "period", "scheme", "since", "start", "counted", "everybody", "ids")
        )
    ).all()
    return await _assembled(session, binding, period, goals, work, of)


async def gather_from_the_logs(session: AsyncSession, binding: Binding, period: PeriodReplica) -> Gathered:
    """The same from the recorded events of targets and submissions, without the copies made of them."""
    of = _scope(binding, period, None)
    goals = await replay.goals_of(session, period.id, live=facts.LIVE_TARGETS)
    work = await replay.work_of(
        session,
        period.id,
        counted=facts.COUNTED,
        scheme_id=period.scheme_id,
        since=of["since"],
        start=of["start"],
    )
    return await _assembled(session, binding, period, goals, work, of)


def _scope(binding: Binding, period: PeriodReplica, only: Collection[UUID] | None) -> dict[str, Any]:
    return {
        "period": period.id, "scheme": period.scheme_id, "since": since(binding, period), "start": period.starts_on,
        "end": period.ends_on, "everybody": only is None, "ids": list(only or ()),
        "live": list(facts.LIVE_TARGETS), "counted": list(facts.COUNTED),
    }  # fmt: skip


async def _assembled(
    session: AsyncSession,
    binding: Binding,
    period: PeriodReplica,
    goals: Sequence[Row[Any]],
    work: Sequence[Row[Any]],
    of: dict[str, Any],
) -> Gathered:
    readings = (await session.execute(_READINGS, _named(of, "period", "everybody", "ids"))).all()
    rows = _Rows(
        goals,
        work,
        readings,
        await _awards(session, binding, of),
        await _carried(session, binding, period, of),
        (await session.execute(_CORRECTED, _named(of, "period", "everybody", "ids"))).all(),
    )
    kinds = rows.subjects
    found_people, units = await people.people(session, binding, kinds, period.ends_on)
    if binding.takes_attendance:
        named = _named(of, "since", "end") | {"ids": list(kinds)}
        rows = replace(rows, attendance=(await session.execute(_ATTENDANCE, named)).all())
    # An officer without a posting by the period's end: the unit that the work was done for.
    for row in (*rows.work, *rows.awards, *rows.carried):
        units.setdefault(row.subject_id, row.unit_id)
    for key in kinds:
        units.setdefault(key, key)
    span = Span(period.code, period.starts_on, period.ends_on)
    records = await aside(len(kinds), _records, rows)
    found = await aside(len(kinds), assemble, binding, span, found_people, records)
    for subject in found.subjects:  # whom the plan counts with another unit than that of the last day
        if subject.parent is not None and subject.kind == "officer":
            units[UUID(subject.id)] = UUID(subject.parent)
    worked = {row.id: row.unit_id for row in rows.work}
    return Gathered(found, kinds, units, {UUID(p.id): p for p in found_people}, worked, binding, records)


async def _awards(session: AsyncSession, binding: Binding, of: dict[str, Any]) -> Sequence[Row[Any]]:
    if not any(binding.takes(kind) for kind in ("bonus", "penalty")):
        return ()
    named = _named(of, "period", "scheme", "since", "start", "everybody", "ids")
    rows = (await session.execute(_AWARDS, named)).all()
    return [row for row in rows if binding.takes(row.kind)]


async def _carried(
    session: AsyncSession, binding: Binding, period: PeriodReplica, of: dict[str, Any]
) -> Sequence[Row[Any]]:
    previous = await facts.period_before(session, period) if binding.carried else None
    if previous is None:
        return ()
    named = _named(of, "everybody", "ids") | {"previous": previous}
    rows = (await session.execute(_CARRIED, named)).all()
    return [row for row in rows if row.node in binding.carried and row.points_milli is not None]


def _records(rows: _Rows) -> dict[str, Record]:
    goals, work, readings = _by_subject(rows.goals), _by_subject(rows.work), _by_subject(rows.readings)
    awards, carried = _by_subject(rows.awards), _by_subject(rows.carried)
    attendance, corrected = _by_subject(rows.attendance), _by_subject(rows.corrected)
    return {
        str(key): Record(
            {row.code: Fraction(row.quantity) for row in goals[key]},
            _work(work[key]),
            {
                row.name: State(row.state) if row.value is None else Fraction(row.value)
                for row in readings[key]
            },
            tuple(award_of(row) for row in awards[key]),
            tuple(Absence(str(row.id), row.kind, row.day, Fraction(row.quantity)) for row in attendance[key]),
            {row.node: Fraction(row.points_milli, MILLI) for row in carried[key]},
            {
                node: Fraction(int(row.milli), MILLI)
                for row in corrected[key]
                if (node := node_of(row.rule_key)) is not None
            },
        )
        for key in rows.subjects
    }


def _by_subject(rows: Iterable[Row[Any]]) -> defaultdict[UUID, list[Row[Any]]]:
    found: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.subject_id].append(row)
    return found


def _work(rows: Sequence[Row[Any]]) -> dict[str, tuple[Work, ...]]:
    found: dict[str, list[Work]] = defaultdict(list)
    for row in rows:
        found[row.code].append(Work(str(row.id), Fraction(row.quantity), row.day))
    return {code: tuple(items) for code, items in found.items()}


def award_of(row: Any) -> Award:
    """As an event of a plan: the deed's points as its marks, a penalty's below zero, with the subject's share of them."""
    sign = 1 if row.kind == "bonus" else -1
    deed = Deed(
        id=str(row.deed_id), kind=row.category, on=row.occurred_on, level=row.level, cause=row.cause,
        share=Fraction(row.part, row.parts), marks=sign * Fraction(row.deed_points), reason=row.reason,
        evidence=1 if row.document_number else 0,
    )  # fmt: skip
    return Award(row.kind, deed)


def _named(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}
