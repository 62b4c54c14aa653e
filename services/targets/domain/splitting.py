"""Splitting a quantity over parts without losing or inventing a remainder (largest remainder, Hare quota)."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from kernel.errors import Conflict, Finding, Invalid
from services.targets.domain.quantity import decimals_in, trimmed


class SplitAboveParent(Invalid):
    code = "split-above-parent"
    zh = "分解合计 {handed_down} 超过上级目标 {parent}"
    en = "The parts add up to {handed_down}, more than the target of {parent}"


class NothingToSplit(Conflict):
    code = "nothing-to-split"
    zh = "该目标已全部分解,没有剩余可分"
    en = "The target is already handed down in full"


class NoParts(Invalid):
    code = "no-parts"
    zh = "没有可以承接的下级单位或人员"
    en = "There is no sub-unit or officer to take a part"


def split_by_weight(quantity: Decimal, weights: Sequence[int | Decimal], *, decimals: int) -> list[Decimal]:
    """Parts in proportion to the weights that add up to exactly `quantity`.

    Each is rounded down to `decimals` (more if the quantity itself has more); what remains goes, one smallest unit
    each, to the largest remainders, the earlier part first when they tie. All weights zero: even shares.
    """
    if not weights:
        raise NoParts
    shares = [Fraction(weight) for weight in weights] if any(weights) else [Fraction(1)] * len(weights)
    total = sum(shares, Fraction(0))
    scale = 10 ** max(decimals, decimals_in(quantity))
    units = int(quantity * scale)
    exact = [units * share / total for share in shares]
    parts = [value.numerator // value.denominator for value in exact]
    left = units - sum(parts)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[:left]:
        parts[i] += 1
    return [trimmed(Decimal(part) / scale) for part in parts]


def split_evenly(quantity: Decimal, parts: int, *, decimals: int) -> list[Decimal]:
    """Equal parts; the first ones are a smallest unit larger where it does not divide."""
    return split_by_weight(quantity, [1] * parts, decimals=decimals)


def remainder_to_split(parent: Decimal, handed_down: Decimal) -> Decimal:
    """What a further even or head-count split has to hand down; raises NothingToSplit."""
    if handed_down >= parent:
        raise NothingToSplit
    return parent - handed_down


def above_parent(place: str, parent: Decimal, handed_down: Decimal) -> Finding:
    """The same as SplitAboveParent, as one finding among many."""
    problem = SplitAboveParent(parent=str(trimmed(parent)), handed_down=str(trimmed(handed_down)))
    return Finding(place, problem.code, problem.text("zh"), problem.text("en"))


def ensure_within(parent: Decimal, handed_down: Decimal, *, blocking: bool) -> None:
    """The parts may exceed the parent only in a scheme whose sum check warns instead of blocking."""
    if blocking and handed_down > parent:
        raise SplitAboveParent(parent=str(trimmed(parent)), handed_down=str(trimmed(handed_down)))
