"""What a plan is applied to: subjects with figures, in groups, in one period. Read from data, every error with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from rules.calendars.spans import Span
from rules.calendars.workdays import WorkCalendar
from rules.facts import State
from rules.fields import as_day, inner, name, names, optional_name, parsed, switch
from rules.plan.clocks import Clock, read_calendar, read_clocks
from rules.reading import Reader, as_decimal
from rules.standing.reading_subjects import read_subject
from rules.standing.records import Record
from rules.standing.subjects import Context, Subject
from rules.suggesting import meant

FORMAT = "kaohe/facts/1"
MOST_SUBJECTS = 200_000
MOST_EVENTS = 100_000


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of a record, by identity: the same id is the same event.

    `quantity` is how many or how much (minutes late, persons), `share` the subject's part of it, `cause` what several
    events have in common, `marks` what somebody gave at discretion, with a `reason`; `reverses` takes another one back.
    """

    id: str
    kind: str
    on: date | None = None
    level: str | None = None
    quantity: Fraction = Fraction(1)
    share: Fraction = Fraction(1)
    cause: str | None = None
    marks: Fraction | None = None
    reason: str = ""
    flags: frozenset[str] = frozenset()
    evidence: int = 0
    reverses: str | None = None


Figure = Fraction | bool | str | frozenset[str] | Mapping[str, Fraction] | tuple[Deed, ...] | State


@dataclass(frozen=True, slots=True)
class PlanSubject:
    """`parent` is the unit it belongs to, `kind` what sort of subject it is, such as "unit" or "officer".

    `shares`: who belongs to several units in the period, with how much to each, such as by days; `parent` is then one of them.
    `corrected`: node → what an appeal that succeeded adds to its value; whatever reads the node sees the corrected one.
    """

    id: str
    name: str
    figures: Mapping[str, Figure]
    about: Subject = field(default_factory=Subject)
    parent: str | None = None
    kind: str = ""
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    corrected: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def groups(self) -> Mapping[str, str]:
        return self.about.groups


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """`context` has what standing needs: period, earlier periods, announced counts."""

    context: Context
    subjects: tuple[PlanSubject, ...]
    clocks: tuple[Clock, ...] = ()
    calendar: WorkCalendar | None = None

    @property
    def period(self) -> Span:
        return self.context.period


def parse_facts(data: Any, history: Mapping[str, tuple[Record, ...]] | None = None) -> PlanFacts:
    """`history`: the standing of earlier periods, oldest first. Raises RuleError with every error that is in the data."""
    facts = parsed(_read, data)
    return facts if not history else replace(facts, context=replace(facts.context, history=history))


def _read(reader: Reader) -> PlanFacts:
    if reader.raw("format") != FORMAT:
        reader.refuse("format", "format-unknown", f"应为 {FORMAT}", f"must be {FORMAT}")
    period = _period(reader)
    announced, complete = _counts(reader, "announced"), _counts(reader, "complete_to")
    value = reader.raw("subjects")
    if not isinstance(value, list) or not value or len(value) > MOST_SUBJECTS:
        reader.refuse("subjects", "not-a-list", "应为非空的对象列表", "must be a list of subjects, not empty")
        value = []
    found = [
        _subject(Reader(item, f"subjects.{index}", reader.findings, 1))
        for index, item in enumerate(value)
        if _is_object(reader, f"subjects.{index}", item)
    ]
    seen: set[str] = set()
    for index, subject in enumerate(found):
        if subject.id in seen:
            zh, en = f"对象 {subject.id} 重复", f"the subject {subject.id} comes twice"
            reader.refuse(f"subjects.{index}.id", "subject-twice", zh, en)
        seen.add(subject.id)
    for index, subject in enumerate(found):
        for unit in dict.fromkeys([subject.parent, *subject.shares]):
            if unit is not None and unit not in seen:
                near = meant(unit, seen)
                zh, en = f"没有对象 {unit}{near.zh}", f"there is no subject {unit}{near.en}"
                reader.refuse(f"subjects.{index}.parent", "parent-unknown", zh, en)
    clocks, calendar = read_clocks(reader), read_calendar(reader)
    reader.close()
    subjects = {subject.id: subject.about for subject in found}
    context = Context(period, str(period.end.year), subjects, announced, complete)
    return PlanFacts(context, tuple(found), clocks, calendar)


def _period(reader: Reader) -> Span:
    item = inner(reader, "period")
    if item is None:
        return Span("", date(1, 1, 1), date(9999, 12, 31))
    key = name(item, "key", "")
    start, end = as_day(item.raw("from")), as_day(item.raw("to"))
    if start is None or end is None or end < start:
        item.refuse("from", "not-a-span", "应写明起止日期", "the first and the last day are needed")
        start, end = date(1, 1, 1), date(9999, 12, 31)
    item.close()
    return Span(key, start, end)


def _counts(reader: Reader, key: str) -> dict[str, int]:
    return {label: int(count) for label, count in reader.table(key).items()}


def _is_object(reader: Reader, place: str, item: Any) -> bool:
    if isinstance(item, Mapping):
        return True
    reader.refuse(place, "not-an-object", "应为对象", "must be an object")
    return False


def _subject(reader: Reader) -> PlanSubject:
    identity = name(reader, "id")
    figures: dict[str, Figure] = {}
    table = inner(reader, "figures")
    if table is not None:
        for label in table.data:
            figures[str(label)] = _figure(table, str(label))
    shares = _shares(reader)
    parent = optional_name(reader, "parent") or max(shares, key=lambda unit: shares[unit], default=None)
    found = PlanSubject(
        identity,
        optional_name(reader, "name") or identity,
        figures,
        read_subject(reader),
        parent,
        optional_name(reader, "kind") or "",
        shares,
        {node: Fraction(more) for node, more in reader.table("corrected").items()},
    )
    reader.close()
    return found


def _shares(reader: Reader) -> dict[str, Fraction]:
    """Under `parents`: unit → days, months or any other measure; only their proportion counts."""
    found = {unit: Fraction(measure) for unit, measure in reader.table("parents").items()}
    if any(measure <= 0 for measure in found.values()):
        reader.refuse("parents", "share-not-positive", "应大于零", "must be above zero")
        return {}
    whole = sum(found.values(), Fraction(0))
    return {unit: measure / whole for unit, measure in found.items()}


def _figure(reader: Reader, key: str) -> Figure:
    """A number, true/false, a word, a list of words, a table of numbers, a list of events, or a state."""
    value = reader.raw(key)
    if isinstance(value, bool):
        return value
    if value is None:
        return State.NOT_SUBMITTED
    if isinstance(value, Mapping):
        state = inner(reader, key) if set(value) == {"state"} else None
        if state is not None:
            return State(state.choice("state", tuple(State)[1:]))
        return {label: Fraction(number) for label, number in reader.table(key).items()}
    if isinstance(value, list):
        events = not value or isinstance(value[0], Mapping)
        return _deeds(reader, key, value) if events else frozenset(names(reader, key))
    number = as_decimal(value)
    return name(reader, key) if number is None else Fraction(number)


def _deeds(reader: Reader, key: str, value: list[Any]) -> tuple[Deed, ...]:
    if len(value) > MOST_EVENTS:
        reader.refuse(key, "too-many", "事件过多", "too many events")
        return ()
    found = [
        _deed(Reader(item, f"{reader.at(key)}.{index}", reader.findings, reader.depth + 1), index)
        for index, item in enumerate(value)
        if _is_object(reader, f"{key}.{index}", item)
    ]
    if len({deed.id for deed in found}) < len(found):
        reader.refuse(key, "event-twice", "同一事件出现两次", "one event comes twice")
    return tuple(found)


def _deed(reader: Reader, index: int) -> Deed:
    day = reader.raw("on")
    moment = as_day(day) if day is not None else None
    if day is not None and moment is None:
        reader.refuse("on", "not-a-day", "应为 YYYY-MM-DD", "must be written YYYY-MM-DD")
    marks = reader.optional_number("marks")
    found = Deed(
        optional_name(reader, "id") or f"#{index + 1}",
        name(reader, "kind"),
        moment,
        optional_name(reader, "level"),
        Fraction(reader.number("quantity", "1")),
        Fraction(reader.number("share", "1", least=0)),
        optional_name(reader, "cause"),
        None if marks is None else Fraction(marks),
        optional_name(reader, "reason") or "",
        frozenset(names(reader, "flags")),
        1 if switch(reader, "evidence", default=False) else 0,
        optional_name(reader, "reverses"),
    )
    reader.close()
    return found
