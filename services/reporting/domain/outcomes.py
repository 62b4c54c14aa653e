"""Consequences of sealed figures: settled stretch by stretch, so that runs and ladders know what went before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from kernel.errors import Conflict, Invalid, NotFound
from rules.calendars.spans import Span
from rules.standing import Context, Record, Service, Settlement, Standing, Subject, Total


class Decision(StrEnum):
    """`lifted`: confirmed once, and taken back, as when it was made good within the cure period."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    LIFTED = "lifted"


class OutcomeState(StrEnum):
    """`waiting`: appeals are open that could change it; `curing`: confirmed, and it can still be made good; `expired`:
    confirmed, and its time is over.
    """

    PROPOSED = "proposed"
    WAITING = "waiting"
    CURING = "curing"
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


class OutcomeDates(Invalid):
    code = "outcome-dates"
    zh = "整改期限和有效期只在确认时填写,均不早于今天,有效期不早于整改期限"
    en = "Cure period and expiry go with a confirmation, are not before today, and the expiry not before the end of the cure period"


#: The group of `rules.standing` in which everybody of a stage is: boards and outcomes never mix series.
SERIES = "series"


@dataclass(frozen=True, slots=True)
class Stage:
    """One settled stretch of a series: everybody's total, from sealed versions alone, and by what equals are parted.

    Thousandths.
    """

    span: Span
    year: str
    totals: Mapping[str, int]
    figures: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def settle_stages(
    standing: Standing,
    stages: Sequence[Stage],
    heads: Mapping[str, Sequence[Service]],
    served: Mapping[str, Service] | None = None,
) -> Settlement:
    """What follows from the last stage, the earlier ones being its history.

    `heads`: who answered for each unit, and when. `served`: from when to when an officer was there, if not all the time.
    """
    history: dict[str, tuple[Record, ...]] = {}
    settled: Settlement | None = None
    for stage in stages:
        subjects = {
            name: Subject(
                groups={SERIES: SERIES}, persons=tuple(heads.get(name, ())), service=(served or {}).get(name)
            )
            for name in stage.totals
        }
        totals = {
            name: Total(Fraction(milli, 1000), figures=_figures(stage, name))
            for name, milli in stage.totals.items()
        }
        context = Context(
            stage.span, stage.year, subjects, history={k: v for k, v in history.items() if k in totals}
        )
        settled = standing.settle(totals, context)
        for name, record in settled.records(context).items():
            history[name] = (*history.get(name, ()), record)
    if settled is None:
        raise ValueError("no stage")
    return settled


def _figures(stage: Stage, name: str) -> dict[str, Fraction]:
    return {key: Fraction(milli, 1000) for key, milli in stage.figures.get(name, {}).items()}


def merged(terms: Iterable[Service]) -> list[Service]:
    """Terms of one person that overlap, or follow each other without a day between, as one; by their first days."""
    found: list[Service] = []
    for term in sorted(terms, key=lambda each: each.since):
        last = found[-1] if found else None
        if last is None or (last.until is not None and term.since > last.until + timedelta(days=1)):
            found.append(term)
        elif last.until is not None:
            until = None if term.until is None else max(last.until, term.until)
            found[-1] = Service(last.who, last.since, until)
    return found


def check_dates(decision: Decision, cure_until: date | None, expires_on: date | None, today: date) -> None:
    """Raises OutcomeDates."""
    dates = [day for day in (cure_until, expires_on) if day is not None]
    if dates and (decision is not Decision.CONFIRMED or min(dates) < today or dates != sorted(dates)):
        raise OutcomeDates


def state_of(
    decision: str | None, cure_until: date | None, expires_on: date | None, today: date, *, open_appeals: int
) -> OutcomeState:
    """The last day of a cure period, and of the time for which it holds, are in it."""
    if decision is None:
        return OutcomeState.WAITING if open_appeals else OutcomeState.PROPOSED
    if decision == Decision.CONFIRMED:
        if expires_on is not None and expires_on < today:
            return OutcomeState.EXPIRED
        if cure_until is not None and today <= cure_until:
            return OutcomeState.CURING
    return OutcomeState(decision)


def check_move(before: OutcomeState, decision: Decision) -> None:
    """What is in force can be lifted; what nobody decided yet, confirmed or dismissed. Raises OutcomeDecided."""
    in_force = before in {OutcomeState.CURING, OutcomeState.CONFIRMED}
    undecided = before in {OutcomeState.PROPOSED, OutcomeState.WAITING}
    if not (in_force if decision is Decision.LIFTED else undecided):
        raise OutcomeDecided(state=before)
