"""R5 event ledger and R12 bonus and deduction: a sum over events by identity, after filters, multipliers and caps."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from rules.calendars.spans import Span
from rules.facts import State, Step
from rules.fields import name, optional_name, optional_whole, some, switch
from rules.nodes.node import clamp
from rules.plan.facts import Deed
from rules.plan.naming import named
from rules.plan.nodes.combining import added
from rules.plan.nodes.marks import Kinds, read_kinds
from rules.plan.outcomes import Outcome, scored, without
from rules.plan.view import Own, View
from rules.reading import Reader
from rules.rounding import plain, points_text
from rules.sentences import Sentence

MOST_TURNS = 5  # an event that counts as another kind, which counts as another, …


@dataclass(frozen=True, slots=True)
class Times:
    """A multiplier: for events with a flag (a special period), or from the n-th of its kind on (a repetition)."""

    flag: str | None
    nth: int
    times: Fraction


@dataclass(frozen=True, slots=True)
class Counted:
    """An event with what it brings."""

    deed: Deed
    kind: str
    marks: Fraction
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Deeds(Own):
    """Order of application: inside the period → not reversed → with the evidence asked for → marks of the kind →
    multipliers (the highest, or their product) → share → limits of one event → same cause, the highest in full and `others`
    of the rest → cap of the kind → sum → cap and floor.

    `valid_days`: an event counts from its day for so many days, instead of in the period (A15: points expire).
    No event at all is the `base`, not a missing figure: an empty record is a record (A8). Sources: A4 A8 A15 B2 B4 B5 C11 C12.
    """

    events: str
    base: Fraction
    kinds: Kinds
    multipliers: tuple[Times, ...]
    together: str
    unknown: str
    within_period: bool
    valid_days: int | None
    same_cause: str
    others: Fraction
    cap: Fraction | None
    floor: Fraction | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader, nodes: frozenset[str]) -> "Deeds":
        del nodes
        cap, floor = reader.optional_number("cap"), reader.optional_number("floor")
        return cls(
            name(reader, "events"),
            Fraction(reader.number("base", "0")),
            read_kinds(reader),
            tuple(_times(item) for item in some(reader, "multipliers")),
            reader.choice("together", ("highest", "product"), "highest"),
            reader.choice("unknown", ("refuse", "ignore"), "refuse"),
            switch(reader, "within_period", default=True),
            optional_whole(reader, "valid_days", least=1),
            reader.choice("same_cause", ("by_kind", "across_kinds"), "by_kind"),
            Fraction(reader.number("others", "0")),
            None if cap is None else Fraction(cap),
            None if floor is None else Fraction(floor),
            reader.decimals(),
        )

    @property
    def inputs(self) -> tuple[str, ...]:
        return ()

    @property
    def figures(self) -> tuple[str, ...]:
        return (self.events,)

    def evaluate(self, view: View) -> Outcome:
        figure = view.figure(self.events)
        if isinstance(figure, State):
            return without(figure)
        if figure is None:
            return without(State.NOT_SUBMITTED)
        if not isinstance(figure, tuple):
            return without(State.NOT_ASSESSED)
        counted = list(self.counted(figure, view))
        by_kind: dict[str, Fraction] = defaultdict(Fraction)
        for each in counted:
            by_kind[each.kind] += each.marks
        limited = {kind: self._of_kind(kind, marks) for kind, marks in by_kind.items()}
        total = self.base + sum(limited.values(), Fraction(0))
        value = total
        if self.cap is not None and value > self.cap:
            value = self.cap
        if self.floor is not None and value < self.floor:
            value = self.floor

        def say() -> Sentence:
            if not limited:
                return self._nothing(value)
            zh = added([*self._begun(), *(f"{plain(m)}({named(k)})" for k, m in sorted(limited.items()))])
            en = added([*self._begun(), *(f"{plain(m)} ({named(k)})" for k, m in sorted(limited.items()))])
            zh, en = f"{points_text(value)} = {zh}", f"{points_text(value)} = {en}"
            if value == total:
                return Sentence(zh, en)
            return Sentence(f"{zh},限 {plain(value)}", f"{en}, limited to {plain(value)}")

        return _with_steps(scored(value, say, self.decimals), counted)

    def _begun(self) -> list[str]:
        return [plain(self.base)] if self.base else []

    def _nothing(self, value: Fraction) -> Sentence:
        shown = points_text(value)
        if not self.base:
            return Sentence(f"{shown}:没有计分的事件", f"{shown}: no event counts")
        base = plain(self.base)
        return Sentence(
            f"{shown}:基础分 {base},没有加扣分的事件", f"{shown}: {base} to begin with, and no event counts"
        )

    def counted(self, deeds: tuple[Deed, ...], view: View) -> Iterator[Counted]:
        """The events that count, in the order of their days and ids, whatever the order they came in."""
        undone = {deed.reverses for deed in deeds if deed.reverses is not None}
        places: dict[str, int] = defaultdict(int)
        causes: dict[tuple[str, str], list[Counted]] = {}
        period = view.board.facts.period
        for deed in sorted(deeds, key=_by_day):
            if deed.reverses is not None or deed.id in undone:
                continue
            if deed.on is not None and not self._in_time(deed.on, period):
                continue
            found = self._marked(deed, places)
            if not isinstance(found, Counted):
                continue
            kept = self.kinds[found.kind].same_cause == "all" and self.same_cause == "by_kind"
            if kept or deed.cause is None:
                yield found
            else:
                kind = found.kind if self.same_cause == "by_kind" else ""
                causes.setdefault((kind, deed.cause), []).append(found)
        for together in causes.values():
            yield from self._of_one_cause(together)

    def _in_time(self, day: date, period: Span) -> bool:
        if self.valid_days is not None:
            return day <= period.end and (period.end - day).days < self.valid_days
        return not self.within_period or day in period

    def _of_one_cause(self, together: list[Counted]) -> Iterator[Counted]:
        """The highest in full; of the others what is set, which is nothing unless it is said."""
        highest = max(together, key=lambda each: abs(each.marks))
        yield highest
        if self.others:
            share = plain(self.others)
            for each in together:
                if each is not highest:
                    yield replace(
                        each, marks=each.marks * self.others,
                        zh=f"{each.zh} × {share}(同一事由)", en=f"{each.en} × {share} (same cause)",
                    )  # fmt: skip

    def _marked(self, deed: Deed, places: dict[str, int]) -> Counted | Sentence:
        """What it brings, or why nothing can be counted for it."""
        label, trail_zh, trail_en = deed.kind, "", ""
        for _ in range(MOST_TURNS):
            kind = self.kinds.get(label)
            if kind is None:
                return Sentence(f"类别不明:{named(label)}", f"of an unknown kind: {named(label)}")
            if kind.evidence and not deed.evidence:
                return Sentence("没有佐证", "without evidence")
            places[label] += 1
            worth = kind.worth(deed, places[label])
            if worth.as_kind is not None:
                here, there = named(label), named(worth.as_kind)
                trail_zh += f"{here} {worth.zh},计作{there}:"
                trail_en += f"{here}, {worth.en}, counts as {there}: "
                label = worth.as_kind
                continue
            if worth.marks is None:
                return Sentence(worth.zh, worth.en)
            times = self._multiplied(deed, places[label])
            marks = clamp(worth.marks * times * deed.share, kind.each_floor, kind.each_cap)
            more = f" × {plain(times)}" if times != 1 else ""
            more += f" × {plain(deed.share)}" if deed.share != 1 else ""
            return Counted(deed, label, marks, f"{trail_zh}{worth.zh}{more}", f"{trail_en}{worth.en}{more}")
        return Sentence("类别循环", "kinds that count as each other")

    def _multiplied(self, deed: Deed, place: int) -> Fraction:
        held = [
            each.times
            for each in self.multipliers
            if (each.flag is None or each.flag in deed.flags) and (each.nth == 0 or place >= each.nth)
        ]
        if not held:
            return Fraction(1)
        if self.together == "highest":
            return max(held)
        product = Fraction(1)
        for times in held:
            product *= times
        return product

    def _of_kind(self, kind: str, marks: Fraction) -> Fraction:
        limits = self.kinds[kind]
        if limits.cap is not None and marks > limits.cap:
            return limits.cap
        return limits.floor if limits.floor is not None and marks < limits.floor else marks

    def refused(self, deeds: tuple[Deed, ...]) -> list[tuple[Deed, Sentence]]:
        """Events that the plan cannot mark, each with the reason: to be looked at, never silently nothing."""
        if self.unknown == "ignore":
            deeds = tuple(deed for deed in deeds if deed.kind in self.kinds)
        places: dict[str, int] = defaultdict(int)
        live = [deed for deed in deeds if deed.reverses is None]
        found = [(deed, self._marked(deed, places)) for deed in sorted(live, key=_by_day)]
        return [(deed, why) for deed, why in found if isinstance(why, Sentence)]

    def describe(self, language: str) -> str:
        zh = language == "zh"
        parts = (
            [f"基础分{plain(self.base)}" if zh else f"{plain(self.base)} to begin with"] if self.base else []
        )
        parts += [kind.words(zh=zh) for kind in self.kinds.values()]
        for each in self.multipliers:
            what = each.flag or (f"同类第{each.nth}次起" if zh else f"from the {each.nth}. of a kind")
            parts.append(f"{what} × {plain(each.times)}")
        if self.cap is not None:
            parts.append(f"最多{plain(self.cap)}" if zh else f"at most {plain(self.cap)}")
        if self.floor is not None:
            parts.append(f"最低{plain(self.floor)}" if zh else f"not below {plain(self.floor)}")
        return (";".join if zh else "; ".join)(parts)


def _by_day(deed: Deed) -> tuple[date, str]:
    return deed.on or date.min, deed.id


def _times(reader: Reader) -> Times:
    nth = reader.raw("from_nth")
    if nth is not None and (isinstance(nth, bool) or not isinstance(nth, int) or nth < 1):
        reader.refuse("from_nth", "not-an-integer", "应为不小于 1 的整数", "must be an integer from 1")
        nth = 0
    found = Times(optional_name(reader, "flag"), nth or 0, Fraction(reader.number("times")))
    if found.flag is None and not found.nth:
        reader.refuse("", "multiplier-unclear", "应写明 flag 或 from_nth", "flag or from_nth is needed")
    reader.close()
    return found


def _line(marks: Fraction, words: str) -> str:
    """The marks are said once where the words are nothing but the marks and their reason."""
    shown = plain(marks)
    return (
        words
        if words.startswith((f"{shown}(", f"{shown} (")) and " × " not in words
        else f"{shown} = {words}"
    )


def _with_steps(outcome: Outcome, counted: list[Counted]) -> Outcome:
    def steps() -> tuple[Step, ...]:
        return tuple(
            Step(
                f"{each.deed.on or ''} {named(each.kind)}:{_line(each.marks, each.zh)}".strip(),
                f"{each.deed.on or ''} {named(each.kind)}: {_line(each.marks, each.en)}".strip(),
                each.marks,
            )
            for each in counted
        )

    return Outcome(outcome.value, outcome.state, outcome.say, steps)
