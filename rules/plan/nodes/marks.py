"""What one event is worth: by its kind, level, size, place in a sequence, or at discretion."""

from dataclasses import dataclass
from fractions import Fraction

from rules.fields import optional_name, some, switch
from rules.nodes.band import OPERATORS, compared
from rules.plan.facts import Deed
from rules.plan.naming import named
from rules.reading import Reader
from rules.rounding import plain
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Band:
    op: str
    bound: Fraction
    to: Fraction | None  # the last size that is in it
    marks: Fraction | None
    as_kind: str | None  # counts as another kind instead


@dataclass(frozen=True, slots=True)
class Turn:
    """The marks of the first, second, … event of a kind; or counting as another kind from there on."""

    marks: Fraction | None
    as_kind: str | None


@dataclass(frozen=True, slots=True)
class Kind:
    """How events of one kind are marked. Exactly one of the ways is given.

    `each` times the quantity; `levels` by the event's level; `bands` by its quantity (the first that holds); `sequence`
    by its place among the events of the kind, by date, the last one for all that follow, or from the first again with `repeats`
    (C10: every fifth time late counts as half a day's absence); `low` to `high` at discretion,
    with a reason (A4: -1 to -10). `each_cap` and `each_floor` hold for one event, `cap` and `floor` for all of the kind.
    """

    name: str
    each: Fraction | None
    levels: tuple[tuple[str, Fraction], ...]
    bands: tuple[Band, ...]
    sequence: tuple[Turn, ...]
    repeats: bool
    low: Fraction | None
    high: Fraction | None
    by_quantity: bool
    cap: Fraction | None
    floor: Fraction | None
    each_cap: Fraction | None
    each_floor: Fraction | None
    same_cause: str
    evidence: bool

    @classmethod
    def read(cls, reader: Reader, kind: str) -> "Kind":
        found = cls(
            kind,
            _fraction(reader, "each"),
            tuple((label, Fraction(marks)) for label, marks in sorted(reader.table("levels").items())),
            tuple(_band(item) for item in some(reader, "bands")),
            tuple(_turn(item) for item in some(reader, "sequence")),
            switch(reader, "repeats", default=False),
            _fraction(reader, "low"),
            _fraction(reader, "high"),
            switch(reader, "by_quantity", default=True),
            _fraction(reader, "cap"),
            _fraction(reader, "floor"),
            _fraction(reader, "each_cap"),
            _fraction(reader, "each_floor"),
            reader.choice("same_cause", ("all", "highest"), "all"),
            switch(reader, "evidence", default=False),
        )
        ways = [
            found.each is not None,
            bool(found.levels),
            bool(found.bands),
            bool(found.sequence),
            found.low is not None,
        ]
        if sum(ways) != 1:
            zh = "应写明 each、levels、bands、sequence、low/high 中的一种"
            reader.refuse(
                "", "marks-unclear", zh, "exactly one of each, levels, bands, sequence, low/high is needed"
            )
        if (found.low is None) != (found.high is None) or (
            found.low is not None and found.high is not None and found.low > found.high
        ):
            reader.refuse(
                "low", "range-empty", "自由裁量应写明 low 不大于 high", "low and high, low not above high"
            )
        reader.close()
        return found

    @property
    def mentioned(self) -> tuple[str, ...]:
        """Kinds that events of this one may count as."""
        named = [*(band.as_kind for band in self.bands), *(turn.as_kind for turn in self.sequence)]
        return tuple(kind for kind in named if kind is not None)

    def worth(self, deed: Deed, place: int) -> "Worth":
        """Of the event that is number `place`, from 1, among those of its kind."""
        if self.sequence:
            turn = self.sequence[self._turn(place)]
            return _worth(turn.marks, turn.as_kind, Sentence(f"第 {place} 次", f"number {place} of its kind"))
        if self.bands:
            return self._by_band(deed)
        if self.levels:
            marks = dict(self.levels).get(deed.level or "")
            level = named(deed.level) if deed.level else None
            return _worth(marks, None, Sentence(level or "未定级", level or "no level"))
        if self.low is not None and self.high is not None:
            return _at_discretion(deed, self.low, self.high)
        each = self.each or Fraction(0)
        times = deed.quantity if self.by_quantity else Fraction(1)
        text = f"{plain(times)} × {plain(each)}"
        return Worth(each * times, None, text, text)

    def words(self, *, zh: bool) -> str:
        if self.each is not None:
            return (
                f"{named(self.name)}每件{plain(self.each)}"
                if zh
                else f"{named(self.name)} {plain(self.each)} each"
            )
        if self.levels:
            return f"{named(self.name)}:" + "、".join(
                f"{label}{plain(marks)}" for label, marks in self.levels
            )
        if self.bands:
            return f"{named(self.name)}:" + "、".join(
                f"{b.op}{plain(b.bound)} {plain(b.marks) if b.marks is not None else b.as_kind}"
                for b in self.bands
            )
        if self.sequence:
            return f"{named(self.name)}:" + "、".join(
                plain(t.marks) if t.marks is not None else str(t.as_kind) for t in self.sequence
            )
        return f"{named(self.name)}:{plain(self.low or Fraction(0))}~{plain(self.high or Fraction(0))}"

    def _turn(self, place: int) -> int:
        """Which of the sequence, from 0."""
        if self.repeats:
            return (place - 1) % len(self.sequence)
        return min(place, len(self.sequence)) - 1

    def _by_band(self, deed: Deed) -> "Worth":
        for band in self.bands:
            if OPERATORS[band.op](deed.quantity, band.bound) and (
                band.to is None or deed.quantity <= band.to
            ):
                size, than = plain(deed.quantity), compared(band.op, plain(band.bound))
                return _worth(
                    band.marks, band.as_kind, Sentence(f"{size},属“{than.zh}”", f"{size} is {than.en}")
                )
        return Worth(None, None, "不在任何一档", "in no band")


@dataclass(frozen=True, slots=True)
class Worth:
    """`marks` None and no `as_kind`: it cannot be marked, and why is in the words."""

    marks: Fraction | None
    as_kind: str | None
    zh: str
    en: str


def _at_discretion(deed: Deed, low: Fraction, high: Fraction) -> Worth:
    """Within the range and with a reason, or not at all."""
    if deed.marks is None or not low <= deed.marks <= high or not deed.reason:
        return Worth(None, None, "裁量分缺失、越界或没有理由", "no marks, out of range, or no reason")
    return _worth(deed.marks, None, Sentence(deed.reason, deed.reason))


def _worth(marks: Fraction | None, as_kind: str | None, why: Sentence) -> Worth:
    """The marks with the reason behind them, as they stand in a line of arithmetic."""
    if marks is None:
        return Worth(None, as_kind, why.zh, why.en)
    return Worth(marks, as_kind, f"{plain(marks)}({why.zh})", f"{plain(marks)} ({why.en})")


Kinds = dict[str, Kind]


def read_kinds(reader: Reader) -> Kinds:
    """Under `kinds`: name → how events of that kind are marked."""
    value = reader.raw("kinds")
    if not isinstance(value, dict) or not value:
        reader.refuse("kinds", "not-a-table", "应写明各类事件的分值", "the marks of each kind are needed")
        return {}
    found: Kinds = {}
    for label, item in value.items():
        if isinstance(item, dict):
            place = f"{reader.at('kinds')}.{label}"
            found[str(label)] = Kind.read(Reader(item, place, reader.findings, reader.depth + 1), str(label))
        else:
            reader.refuse(f"kinds.{label}", "not-an-object", "应为对象", "must be an object")
    for kind in found.values():
        for other in kind.mentioned:
            if other not in found:
                zh, en = f"没有类别 {other}", f"there is no kind {other}"
                reader.refuse(f"kinds.{kind.name}", "kind-unknown", zh, en)
    return found


def _band(reader: Reader) -> Band:
    as_kind = optional_name(reader, "as")
    marks = None if as_kind else Fraction(reader.number("marks"))
    op, bound, to = (
        reader.choice("op", tuple(OPERATORS)),
        Fraction(reader.number("bound")),
        _fraction(reader, "to"),
    )
    found = Band(op, bound, to, marks, as_kind)
    reader.close()
    return found


def _turn(reader: Reader) -> Turn:
    as_kind = optional_name(reader, "as")
    found = Turn(None if as_kind else Fraction(reader.number("marks")), as_kind)
    reader.close()
    return found


def _fraction(reader: Reader, key: str) -> Fraction | None:
    value = reader.optional_number(key)
    return None if value is None else Fraction(value)
