"""R3 band table: points by the band that a value falls into."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from rules.facts import Result, State, scored, without
from rules.nodes.measured import Measurable
from rules.nodes.node import rounded, rounded_value, rounding_words
from rules.reading import Reader, text
from rules.rounding import exact, plain, points_text
from rules.sentences import Sentence

ACTUAL, RATE = "actual", "percent_of_target"
#: "以上/以下/以内" include the number, "超过/不满" exclude it (Civil Code art. 1259): the operator is explicit.
OPERATORS = {
    ">=": lambda value, bound: value >= bound,
    ">": lambda value, bound: value > bound,
    "<=": lambda value, bound: value <= bound,
    "<": lambda value, bound: value < bound,
}
_IN_WORDS = {
    ">=": Sentence("{} 以上", "at least {}"),
    ">": Sentence("超过 {}", "more than {}"),
    "<=": Sentence("{} 以下", "at most {}"),
    "<": Sentence("不满 {}", "less than {}"),
    "==": Sentence("等于 {}", "equal to {}"),
    "!=": Sentence("不等于 {}", "other than {}"),
}


def compared(op: str, bound: str) -> Sentence:
    """The operator with its bound, as a regulation words it."""
    words = _IN_WORDS[op]
    return Sentence(words.zh.format(bound), words.en.format(bound))


@dataclass(frozen=True, slots=True)
class Band:
    op: str
    bound: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class BandTable:
    """The first band that holds counts; need not be monotonic (D3, B3, B7, A13, D7 of the published schemes).

    All bands look the same way, so that a value lies in exactly one; what is below the last falls to `otherwise`.
    """

    of: str
    bands: tuple[Band, ...]
    otherwise: Decimal | None
    decimals: int | None

    @classmethod
    def read(cls, reader: Reader) -> "BandTable":
        bands = []
        for item in reader.objects("bands"):
            bands.append(
                Band(item.choice("op", tuple(OPERATORS)), item.number("bound"), item.number("points"))
            )
            item.close()
        node = cls(
            reader.choice("of", (ACTUAL, RATE), ACTUAL),
            tuple(bands),
            reader.optional_number("otherwise"),
            reader.decimals(),
        )
        if bands:
            node._check(reader)
        return node

    def _check(self, reader: Reader) -> None:
        """Uncovered and doubly covered values are found before anybody is scored by them."""
        ways = {band.op[0] for band in self.bands}
        if len(ways) > 1:
            reader.refuse(
                "bands",
                "bands-mixed",
                "各档应同为“以上”或同为“以下”",
                "bands must all look up or all look down",
            )
            return
        for index, (one, other) in enumerate(pairwise(self.bands), start=1):
            falling = one.bound > other.bound if ways == {">"} else one.bound < other.bound
            if not falling and not (one.bound == other.bound and len(one.op) < len(other.op)):
                zh, en = "该档已被前一档覆盖", "this band is covered by the one before it"
                reader.refuse(f"bands.{index}", "band-doubly-covered", zh, en)
        if self.otherwise is None:
            last = self.bands[-1]
            side = ("低于", "below") if last.op.startswith(">") else ("高于", "above")
            zh, en = (
                f"{side[0]} {plain(last.bound)} 的值没有规定得分(其余)",
                f"values {side[1]} {plain(last.bound)} have no points (otherwise)",
            )
            reader.refuse("otherwise", "band-uncovered", zh, en)

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "type": "band",
            "of": self.of,
            "bands": [{"op": b.op, "bound": text(b.bound), "points": text(b.points)} for b in self.bands],
        }
        if self.otherwise is not None:
            data["otherwise"] = text(self.otherwise)
        return data | ({"decimals": self.decimals} if self.decimals is not None else {})

    def points(self, facts: Measurable) -> Fraction | State:
        value = self._value(facts)
        if isinstance(value, State):
            return value
        band = self._band(value)
        return rounded_value(exact((band.points if band else self.otherwise) or 0), self.decimals)

    def evaluate(self, facts: Measurable) -> Result:
        value = self._value(facts)
        if isinstance(value, State):
            return without(value)
        unit = "%" if self.of == RATE else ""
        band = self._band(value)
        points = exact((band.points if band else self.otherwise) or 0)
        where = compared(band.op, f"{plain(band.bound)}{unit}") if band else None
        zh = f"{points_text(points)}:{plain(value)}{unit} {f'属于“{where.zh}”档' if where else '不在以上各档,按其余计'}"
        en = f"{points_text(points)}: {plain(value)}{unit} is {where.en if where else 'in no band'}"
        return rounded(scored(points, zh, en), self.decimals)

    def _value(self, facts: Measurable) -> Fraction | State:
        """What is looked up: the actual figure, or its percentage of the target."""
        if facts.missing:
            return State.NOT_SUBMITTED
        if self.of == ACTUAL:
            return facts.actual
        if facts.target is None or facts.target <= 0:
            return State.NOT_APPLICABLE
        return facts.actual * 100 / exact(facts.target)

    def _band(self, value: Fraction) -> Band | None:
        """The first band that holds; None: `otherwise`."""
        return next((band for band in self.bands if OPERATORS[band.op](value, exact(band.bound))), None)

    def describe(self, language: str) -> str:
        unit = "%" if self.of == RATE else ""
        rows = [f"{b.op}{plain(b.bound)}{unit}: {plain(b.points)}" for b in self.bands]
        end = rounding_words(self.decimals, language)
        if language == "zh":
            of = "完成率" if self.of == RATE else "实际值"
            rows += [f"其余: {plain(self.otherwise)}"] if self.otherwise is not None else []
            return f"按{of}分档得分:" + ";".join(rows) + end
        of = "completion" if self.of == RATE else "the actual figure"
        rows += [f"otherwise: {plain(self.otherwise)}"] if self.otherwise is not None else []
        return f"points by band of {of}: " + "; ".join(rows) + end
