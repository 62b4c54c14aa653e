"""Consequences of sealed figures: settled stretch by stretch, so that runs and ladders know what went before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from kernel.errors import Conflict, NotFound
from rules.calendars.spans import Span
from rules.standing import Context, Record, Service, Settlement, Standing, Subject, Total


class Decision(StrEnum):
    """`lifted`: confirmed once, and taken back, as when it was made good within the cure period."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    LIFTED = "lifted"


class OutcomeState(StrEnum):
    """`waiting`: appeals are open that could change it; `expired`: confirmed, and its time is over."""

    PROPOSED = "proposed"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    LIFTED = "lifted"
    EXPIRED = "expired"


class OutcomeMissing(NotFound):
    code = "outcome-not-found"
    zh = "没有这项结果应用建议;数据封存或规则变化后请重新查看"
    en = "There is no such outcome; look again after figures were sealed or rules changed"


class OutcomeWaits(Conflict):
    code = "outcome-waits"
    zh = "尚有 {open} 件复议未决,待办结后再确认"
    en = "{open} appeals are open: it can be confirmed when they are decided"


class OutcomeDecided(Conflict):
    code = "outcome-decided"
    zh = "此项已作决定({state})"
    en = "This was decided already ({state})"


@dataclass(frozen=True, slots=True)
class Stage:
    """One settled stretch of a series: everybody's total, from sealed versions alone. Thousandths."""

    span: Span
    year: str
    totals: Mapping[str, int]


def settle_stages(
    standing: Standing, stages: Sequence[Stage], heads: Mapping[str, Sequence[Service]]
) -> Settlement:
    """What follows from the last stage, the earlier ones being its history. `heads`: who answered for each unit, and when."""
    history: dict[str, tuple[Record, ...]] = {}
    settled: Settlement | None = None
    for stage in stages:
        subjects = {name: Subject(persons=tuple(heads.get(name, ()))) for name in stage.totals}
        totals = {name: Total(Fraction(milli, 1000)) for name, milli in stage.totals.items()}
        context = Context(
            stage.span, stage.year, subjects, history={k: v for k, v in history.items() if k in totals}
        )
        settled = standing.settle(totals, context)
        for name, record in settled.records(context).items():
            history[name] = (*history.get(name, ()), record)
    if settled is None:
        raise ValueError("no stage")
    return settled


def state_of(
    decision: str | None, expires_on: date | None, today: date, *, open_appeals: int
) -> OutcomeState:
    if decision is None:
        return OutcomeState.WAITING if open_appeals else OutcomeState.PROPOSED
    if decision == Decision.CONFIRMED and expires_on is not None and expires_on < today:
        return OutcomeState.EXPIRED
    return OutcomeState(decision)
