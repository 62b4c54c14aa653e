"""How many of a group may have a grade, as settings.

"Not more than 20 % of the members": 37 people × 20 % = 7.4, so 7 (C9 of the published schemes). No public rule says how
small units share a quota: pooling is a setting.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from rules.fields import inner, name, optional_name, optional_whole, whole
from rules.reading import Reader, text
from rules.rounding import half_up, plain
from rules.sentences import Sentence
from rules.standing.order import Key, read_ties
from rules.standing.ranking import OVERALL

FLOOR, HALF_UP, CEIL = "floor", "half_up", "ceil"
ALL, ELIGIBLE, AT_LEAST = "all", "eligible", "at_least"
DECIDE, EXCLUDE, INCLUDE = "needs_decision", "exclude_all", "include_all"
PLACED_COUNT, PLACED_OUTSIDE = "count", "outside"
_ROUNDED = {
    FLOOR: Sentence("只舍不入", "rounded down"),
    HALF_UP: Sentence("四舍五入", "rounded half up"),
    CEIL: Sentence("进一取整", "rounded up"),
}
_TIE = {
    DECIDE: Sentence("边界同分的报请决定", "ties at the border need a decision"),
    EXCLUDE: Sentence("边界同分的都不列入", "ties at the border are left out"),
    INCLUDE: Sentence("边界同分的都列入", "ties at the border are all taken in"),
}
_BASE = {ALL: Sentence("总数", "all"), ELIGIBLE: Sentence("参加定等次的", "those who are graded")}


@dataclass(frozen=True, slots=True)
class Quota:
    """`share` of the base, or a fixed `number`. `scope` says inside which kind of group; `pool_below` puts groups with a
    smaller base together. `base`: everybody listed, those with a grade, or those with at least the grade `least`.

    The ranking's tie-breaks come first, then the quota's own; `at_tie` is for what they leave equal. Those directly placed or held up by a bound
    are not moved down; they take places (`count`) or not (`outside`).
    """

    grade: str
    share: Decimal | None
    number: int
    rounding: str
    minimum: int
    scope: str
    base: str
    least: str | None
    at_tie: str
    placed: str
    pool_below: int
    falls_to: str | None
    ties: tuple[Key, ...]

    @classmethod
    def read(cls, reader: Reader) -> "Quota":
        share, number = reader.optional_number("share", least=0), optional_whole(reader, "number")
        if (share is None) == (number is None):
            zh, en = "应写明比例或名额之一", "give either a share or a number"
            reader.refuse("share", "share-or-number", zh, en)
        if share is not None and share > 1:
            reader.refuse("share", "too-large", "比例不应大于 1", "a share is not above 1")
        base = reader.choice("base", (ALL, ELIGIBLE, AT_LEAST), ALL)
        pool = inner(reader, "pool")
        quota = cls(
            name(reader, "grade"),
            share,
            number or 0,
            reader.choice("rounding", (FLOOR, HALF_UP, CEIL), FLOOR),
            whole(reader, "minimum", 0),
            name(reader, "scope", OVERALL),
            base,
            name(reader, "least") if base == AT_LEAST else None,
            reader.choice("at_tie", (DECIDE, EXCLUDE, INCLUDE), DECIDE),
            reader.choice("placed", (PLACED_COUNT, PLACED_OUTSIDE), PLACED_COUNT),
            0 if pool is None else whole(pool, "below", least=1),
            optional_name(reader, "falls_to"),
            read_ties(reader),
        )
        if pool is not None:
            pool.close()
        reader.close()
        return quota

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"grade": self.grade}
        data |= {"number": self.number} if self.share is None else {"share": text(self.share)}
        data |= {"rounding": self.rounding, "minimum": self.minimum, "scope": self.scope, "base": self.base}
        data |= {"least": self.least} if self.least else {}
        data |= {"at_tie": self.at_tie, "placed": self.placed}
        data |= {"pool": {"below": self.pool_below}} if self.pool_below else {}
        data |= {"falls_to": self.falls_to} if self.falls_to else {}
        return data | ({"tie_breaks": [key.to_data() for key in self.ties]} if self.ties else {})

    def exact(self, base: int) -> Fraction:
        return Fraction(self.number) if self.share is None else base * Fraction(self.share)

    def places(self, base: int) -> int:
        exact = self.exact(base)
        rounded = {FLOOR: floor(exact), HALF_UP: int(half_up(exact, 0)), CEIL: ceil(exact)}[self.rounding]
        return max(rounded, self.minimum)

    def arithmetic(self, base: int) -> Sentence:
        places = self.places(base)
        if self.share is None:
            return Sentence(f"{self.grade}名额 {places}", f"{places} places for {self.grade}")
        sum_ = f"{base} × {plain(self.share * 100)}% = {plain(self.exact(base))}"
        rounded = _ROUNDED[self.rounding]
        least = Sentence("", "")
        if places == self.minimum and places > self.exact(base):
            least = Sentence(f",至少 {places}", f", at least {places}")
        return Sentence(
            f"{self.grade}名额:{sum_},{rounded.zh}{least.zh},{places} 个",
            f"places for {self.grade}: {sum_}, {rounded.en}{least.en}: {places}",
        )

    def describe(self, language: str) -> str:
        zh = language == "zh"
        if self.share is None:
            size = f"{self.number} 个" if zh else f"{self.number}"
        elif self.base == AT_LEAST:
            percent = f"{plain(self.share * 100)}%"
            size = f"{self.least}以上的 {percent}" if zh else f"{percent} of those with at least {self.least}"
        else:
            percent, of = f"{plain(self.share * 100)}%", _BASE[self.base].say(language)
            size = f"{of}的 {percent}" if zh else f"{percent} of {of}"
        parts = [f"{self.grade}不超过{size}" if zh else f"{self.grade}: not more than {size}"]
        if self.share is not None:
            parts.append(_ROUNDED[self.rounding].say(language))
        if self.minimum:
            parts.append(f"至少 {self.minimum} 个" if zh else f"at least {self.minimum}")
        if self.scope != OVERALL:
            parts.append(f"按“{self.scope}”分别计算" if zh else f"for each “{self.scope}”")
        if self.pool_below:
            small = f"不足 {self.pool_below} 个的合并计算"
            parts.append(small if zh else f"groups of fewer than {self.pool_below} are pooled")
        if self.ties:
            keys = (",再按" if zh else ", then ").join(key.words().say(language) for key in self.ties)
            parts.append(f"同分先按{keys}" if zh else f"equal totals are parted by {keys}")
        parts.append(_TIE[self.at_tie].say(language))
        return (",".join(parts)) if zh else ", ".join(parts)
