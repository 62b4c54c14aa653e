"""Which values rows of a table leave out, and which they cover twice: exact intervals, open and closed ends told apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from rules.nodes.band import compared
from rules.rounding import plain
from rules.sentences import Sentence

#: Before a number (0) or after it (1): between the two cuts of a number lies the number alone.
Cut = tuple[Fraction, int]
_LEAST: Cut = (Fraction(-(10**30)), 0)
_MOST: Cut = (Fraction(10**30), 1)


@dataclass(frozen=True, slots=True)
class Interval:
    """From cut to cut. None: without end."""

    low: Cut | None
    high: Cut | None

    @property
    def span(self) -> tuple[Cut, Cut]:
        return self.low or _LEAST, self.high or _MOST

    def __contains__(self, value: Fraction) -> bool:
        low, high = self.span
        return low <= (value, 0) and (value, 1) <= high

    @property
    def whole(self) -> bool:
        """Whether a whole number lies in it."""
        low, high = self.span
        first = ceil(low[0]) + (1 if low[0].denominator == 1 and low[1] == 1 else 0)
        last = floor(high[0]) - (1 if high[0].denominator == 1 and high[1] == 0 else 0)
        return first <= last

    @property
    def text(self) -> str:
        if self.low is not None and self.high is not None and self.low[0] == self.high[0]:
            return plain(self.low[0])
        left = "(-∞" if self.low is None else f"{'(' if self.low[1] else '['}{plain(self.low[0])}"
        right = "+∞)" if self.high is None else f"{plain(self.high[0])}{']' if self.high[1] else ')'}"
        return f"{left}, {right}"

    def words(self) -> Sentence:
        """As a regulation words it: "80 以上、不满 90"."""
        if self.low is not None and self.high is not None and self.low[0] == self.high[0]:
            return compared("==", plain(self.low[0]))
        found = []
        if self.low is not None:
            found.append(compared(">" if self.low[1] else ">=", plain(self.low[0])))
        if self.high is not None:
            found.append(compared("<=" if self.high[1] else "<", plain(self.high[0])))
        if not found:
            return Sentence("任何值", "any value")
        return Sentence("、".join(each.zh for each in found), " and ".join(each.en for each in found))


def coverage(
    rows: Iterable[Interval], domain: Interval, *, whole: bool = False
) -> tuple[list[Interval], list[Interval]]:
    """What of the domain no row covers, and what two or more cover. `whole`: only whole numbers can occur."""
    spans = [row.span for row in rows if row.span[0] < row.span[1]]
    low, high = domain.span
    cuts = sorted({low, high, *(cut for span in spans for cut in span if low < cut < high)})
    uncovered: list[Interval] = []
    doubly: list[Interval] = []
    for one, other in pairwise(cuts):
        times = sum(span[0] <= one and other <= span[1] for span in spans)
        piece = Interval(None if one == _LEAST else one, None if other == _MOST else other)
        if whole and not piece.whole:
            continue
        if times == 0:
            _join(uncovered, piece)
        elif times > 1:
            _join(doubly, piece)
    return uncovered, doubly


def _join(found: list[Interval], piece: Interval) -> None:
    """One interval where two touch."""
    if found and found[-1].high == piece.low and piece.low is not None:
        piece = Interval(found.pop().low, piece.high)
    found.append(piece)
