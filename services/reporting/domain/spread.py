"""How figures lie: five numbers of a box, the mean, and steps of shading."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.rounding import half_up

#: Below this many, a distribution says more about single people than about the unit.
SMALL = 5
_STEPS = (Fraction(1, 2), Fraction(4, 5), Fraction(1), Fraction(6, 5))


@dataclass(frozen=True, slots=True)
class Box:
    """Thousandths, rounded half up. Quartiles lie linearly between the two nearest figures (inclusive method)."""

    count: int
    least: int
    lower: int
    median: int
    upper: int
    most: int
    mean: int

    @property
    def small(self) -> bool:
        return self.count < SMALL


def box(values: Sequence[int]) -> Box:
    """Of at least one figure."""
    ordered = sorted(values)
    return Box(
        len(ordered),
        ordered[0],
        quantile(ordered, Fraction(1, 4)),
        quantile(ordered, Fraction(1, 2)),
        quantile(ordered, Fraction(3, 4)),
        ordered[-1],
        _whole(Fraction(sum(ordered), len(ordered))),
    )


def quantile(ordered: Sequence[int], share: Fraction) -> int:
    """Of figures in order."""
    place = share * (len(ordered) - 1)
    below = place.numerator // place.denominator
    above = min(below + 1, len(ordered) - 1)
    return _whole(ordered[below] + (place - below) * (ordered[above] - ordered[below]))


def share(done: Decimal, wanted: Decimal) -> Decimal | None:
    """Done of wanted in per cent, one decimal; None where nothing was wanted: not applicable is not zero."""
    return half_up(Fraction(done) * 100 / Fraction(wanted), 1) if wanted > 0 else None


def step(done: Decimal, wanted: Decimal) -> int | None:
    """Five steps of a heat matrix, 0 to 4: under half, under four fifths, under all, up to a fifth more, beyond."""
    if wanted <= 0:
        return None
    ratio = Fraction(done) / Fraction(wanted)
    return sum(ratio >= bound for bound in _STEPS)


def _whole(value: Fraction) -> int:
    return int(half_up(value, 0))
