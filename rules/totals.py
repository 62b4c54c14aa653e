"""From ledger entries to a subject's score: module limits, combination, rounding, roll-up of units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.rounding import half_up

MILLI = 1000
BONUS, DEDUCTION = "mod_bonus", "mod_deduction"


@dataclass(frozen=True, slots=True)
class Module:
    code: str
    weight: Decimal
    cap: Decimal | None
    floor: Decimal | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a scheme says about adding up."""

    modules: tuple[Module, ...]
    combination: str
    total_decimals: int
    bonus_cap: Decimal | None
    deduction_cap: Decimal | None
    own_weight: Decimal
    members_weight: Decimal
    members: str
    roll_up_decimals: int


def module_points(scheme: Scheme, entries: Mapping[str, int]) -> dict[str, int]:
    """Sums of entries by module, within each module's cap and floor; thousandths in, thousandths out."""
    limits = {module.code: (module.cap, module.floor) for module in scheme.modules}
    found = {}
    for code, total in entries.items():
        cap, floor = limits.get(code, (None, None))
        value = total
        if code == BONUS and scheme.bonus_cap is not None:
            value = min(value, _milli(scheme.bonus_cap))
        if code == DEDUCTION and scheme.deduction_cap is not None:
            value = max(value, -_milli(scheme.deduction_cap))
        if cap is not None:
            value = min(value, _milli(cap))
        if floor is not None:
            value = max(value, _milli(floor))
        found[code] = value
    return found


def own_total(scheme: Scheme, modules: Mapping[str, int]) -> int:
    """Sum or weighted sum of the modules, rounded half up to the scheme's decimals; thousandths.

    Bonus and deduction modules are added in full: they lie outside the weighted marks (R12).
    """
    weights = {module.code: module.weight for module in scheme.modules}
    total = Fraction(0)
    for code, value in modules.items():
        weighted = scheme.combination == "weighted_sum" and code not in {BONUS, DEDUCTION}
        total += Fraction(value) * (Fraction(weights.get(code, Decimal(1))) if weighted else 1)
    return _rounded(total, scheme.total_decimals)


def members_figure(scheme: Scheme, totals: Sequence[int]) -> int | None:
    """The members' totals as one figure, exact to a thousandth; None without members."""
    if not totals:
        return None
    match scheme.members:
        case "sum":
            return sum(totals)
        case "min":
            return min(totals)
        case "max":
            return max(totals)
        case _:
            return int(half_up(Fraction(sum(totals), len(totals)), 0))


def unit_total(scheme: Scheme, own: int | None, members: int | None) -> int:
    """Own × own_weight + members × members_weight; whichever is missing leaves the other in full. Missing is not zero."""
    if own is None or members is None:
        found = members if own is None else own
        return _rounded(Fraction(found or 0), scheme.roll_up_decimals)
    total = Fraction(scheme.own_weight) * own + Fraction(scheme.members_weight) * members
    return _rounded(total, scheme.roll_up_decimals)


def _rounded(thousandths: Fraction, decimals: int) -> int:
    return _milli(half_up(thousandths / MILLI, decimals))


def _milli(points: Decimal) -> int:
    return int(half_up(Fraction(points) * MILLI, 0))
