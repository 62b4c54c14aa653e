"""How assessors decide, and what became of appeals: from copies of work and appeals alone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.identity import Principal
from services.reporting.domain.mirror import Decided, Figures, figures
from services.reporting.queries import drill
from services.reporting.replicas import (
    AppealReplica,
    IndicatorReplica,
    OfficerReplica,
    SubmissionReplica,
    UnitReplica,
)

_PASSED, _FAILED = {"accepted", "sealed"}, {"returned", "refused"}
_OVERTURNED, _STOOD = {"changed", "partly"}, {"upheld"}
_work = SubmissionReplica


@dataclass(frozen=True, slots=True)
class Assessor:
    """`peers`: everybody else who decided such work, together."""

    officer_id: UUID
    name: str
    own: Figures
    peers: Figures


async def assessors(session: AsyncSession, period_ids: Sequence[UUID], line: str | None) -> list[Assessor]:
    """Who decided first, in these periods and this line; most cases first."""
    last = (
        select(AppealReplica.submission_id, AppealReplica.status)
        .where(AppealReplica.status.in_([*_OVERTURNED, *_STOOD]))
        .ext(distinct_on(AppealReplica.submission_id))
        .order_by(AppealReplica.submission_id, AppealReplica.level.desc(), AppealReplica.decided_at.desc())
        .subquery("last")
    )
    query = (
        select(
            _work.first_decided_by, OfficerReplica.name, _work.status, _work.accepted_quantity, _work.quantity,
            _work.submitted_at, _work.decided_at, last.c.status,
        )
        .join(OfficerReplica, OfficerReplica.id == _work.first_decided_by)
        .outerjoin(last, last.c.submission_id == _work.id)
        .where(_work.period_id.in_(period_ids), _work.first_decided_by.is_not(None))
    )  # fmt: skip
    if line is not None:
        query = query.join(IndicatorReplica, IndicatorReplica.id == _work.indicator_id)
        query = query.where(IndicatorReplica.line == line)
    found: dict[UUID, list[Decided]] = defaultdict(list)
    names: dict[UUID, str] = {}
    for row in await session.execute(query):
        found[row[0]].append(_decided(row))
        names[row[0]] = row[1]
    everything = [(officer, one) for officer, some in found.items() for one in some]
    listed = [
        Assessor(
            officer,
            names[officer],
            figures(some),
            figures([one for who, one in everything if who != officer]),
        )
        for officer, some in found.items()
    ]
    return sorted(listed, key=lambda a: (-a.own.decided, a.name, a.officer_id))


def _decided(row: Any) -> Decided:
    _, _, status, accepted, claimed, sent, decided, appeal = row
    overturned = None if appeal is None else appeal in _OVERTURNED
    if status not in _PASSED | _FAILED:
        return Decided(None, None, None, overturned)
    passed = status in _PASSED and bool(accepted)
    minutes = int((decided - sent).total_seconds() // 60) if decided and sent and decided >= sent else None
    share = Fraction(accepted) / Fraction(claimed) if passed and claimed else None
    return Decided(passed, minutes, share, overturned)


@dataclass(frozen=True, slots=True)
class Appealed:
    """Appeals about one thing, such as an indicator; `waiting` are those not decided yet. `days`: mean, to the decision."""

    key: str
    name: str
    filed: int
    overturned: int
    upheld: int
    not_admitted: int
    withdrawn: int
    waiting: int
    clause_wrong: int
    work: int
    mean_days: float | None


async def appeals_by_indicator(
    session: AsyncSession, period_ids: Sequence[UUID], me: Principal
) -> list[Appealed]:
    """Of what the reader sees. `work`: all that was decided for the indicator, to set the appeals against."""
    query = select(_work.indicator_id, IndicatorReplica.code, IndicatorReplica.name, *_counts())
    rows = await session.execute(
        _appeals(query, period_ids, me).group_by(
            _work.indicator_id, IndicatorReplica.code, IndicatorReplica.name
        )
    )
    found = [_appealed(str(row[0]), f"{row[1]} {row[2]}", row[3:]) for row in rows]
    counted = (
        select(_work.indicator_id, func.count())
        .join(UnitReplica, UnitReplica.id == _work.unit_id)
        .where(
            _work.period_id.in_(period_ids), _work.first_decided_by.is_not(None), drill.visible_to(me, _work)
        )
        .group_by(_work.indicator_id)
    )
    work = {str(row[0]): row[1] for row in await session.execute(counted)}
    full = [replace(one, work=work.get(one.key, 0)) for one in found]
    return sorted(full, key=lambda a: (-a.overturned, -a.filed, a.name))


async def appeals_by_clause(
    session: AsyncSession, period_ids: Sequence[UUID], me: Principal
) -> list[Appealed]:
    """By the clause that the decision was founded on: those that fail most come first."""
    clause = func.coalesce(AppealReplica.clause, "")
    query = select(clause, *_counts())
    rows = await session.execute(_appeals(query, period_ids, me).group_by(clause))
    found = [_appealed(row[0], row[0], row[1:]) for row in rows]
    return sorted(found, key=lambda a: (-a.overturned, -a.filed, a.name))


def _counts() -> list[Any]:
    status, wrong = AppealReplica.status, AppealReplica.clause_wrong
    days = func.extract("epoch", AppealReplica.decided_at - AppealReplica.filed_at) / 86400
    return [
        func.count(),
        func.count().filter(status.in_(_OVERTURNED)),
        func.count().filter(status.in_(_STOOD)),
        func.count().filter(status == "not_admitted"),
        func.count().filter(status == "withdrawn"),
        func.count().filter(status.in_(["filed", "admitted", "waiting"])),
        func.count().filter(wrong),
        func.avg(days).filter(status.in_([*_OVERTURNED, *_STOOD])),
    ]


def _appeals(
    query: Select[*tuple[Any, ...]], period_ids: Sequence[UUID], me: Principal
) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(AppealReplica)
        .join(_work, _work.id == AppealReplica.submission_id)
        .join(UnitReplica, UnitReplica.id == _work.unit_id)
        .join(IndicatorReplica, IndicatorReplica.id == _work.indicator_id)
        .where(_work.period_id.in_(period_ids), drill.visible_to(me, _work))
    )


def _appealed(key: str, name: str, counts: Sequence[Any]) -> Appealed:
    filed, overturned, upheld, refused, withdrawn, waiting, wrong, days = counts
    mean = None if days is None else round(float(days), 1)
    return Appealed(key, name, filed, overturned, upheld, refused, withdrawn, waiting, wrong, 0, mean)
