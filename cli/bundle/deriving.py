"""From the rules and facts of a bundle to points: the same arithmetic as the platform's, fed from the file alone."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

import rules
from rules import half_up
from rules.totals import MILLI, Module, Scheme, members_figure, module_points, own_total, unit_total
from sealing.bundle import BundleDamaged, Entry


@dataclass
class Regulation:
    """The scheme and its indicators as they were sealed. With a plan, entries are not derived from single rules."""

    scheme: Scheme
    by_plan: bool
    codes: dict[str, str] = field(default_factory=dict)  # id → code
    modules: dict[str, str] = field(default_factory=dict)  # code → module
    parsed: dict[str, rules.Rule] = field(default_factory=dict)  # id → rule
    plan: Any = None

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Regulation":
        first, *others = entries
        try:
            told = json.loads(first.text)
            regulation = cls(_scheme(told), told.get("plan") is not None, plan=told.get("plan"))
            for entry in others:
                indicator = json.loads(entry.text)
                regulation.codes[indicator["id"]] = indicator["code"]
                regulation.modules[indicator["code"]] = indicator["module"]
                regulation.parsed[indicator["id"]] = rules.parse(indicator["rule"])
        except (ValueError, KeyError, TypeError, ArithmeticError, rules.RuleError) as error:
            raise BundleDamaged(
                first.place, "方案或规则无法读取", "scheme or rules cannot be read"
            ) from error
        return regulation


@dataclass
class Facts:
    """What counts for each subject: points by indicator as its rule makes them, the modules of other entries."""

    regulation: Regulation
    points: dict[str, dict[str, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # subject → code → thousandths
    modules: dict[str, str] = field(default_factory=dict)  # entry → module
    for_plan: dict[str, dict[str, list[list[str]]]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # subject → code → facts, which only a whole plan makes points of
    closed: bool = False
    count: int = 0
    _known: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def take(self, entries: Iterable[Entry]) -> None:
        """Facts come by subject and indicator. Raises BundleDamaged for what is no fact."""
        for key, found in groupby(
            self._told(entries), key=lambda fact: fact[1:3] if fact[0] in {"work", "target"} else None
        ):
            if key is not None:
                self._case(key[0], key[1], list(found))
                continue
            for fact in found:
                if fact[0] == "entry":
                    self.modules[fact[2]] = fact[3]
                else:
                    self.closed = True

    def _told(self, entries: Iterable[Entry]) -> Iterable[list[str]]:
        for entry in entries:
            self.count += 1
            fact = _fact(entry.text)
            if fact is None:
                raise BundleDamaged(entry.place, "不是事实", "not a fact")
            yield fact

    def _case(self, subject: str, indicator: str, found: list[list[str]]) -> None:
        if indicator not in self.regulation.parsed:
            return
        if self.regulation.by_plan:
            self.for_plan[subject][self.regulation.codes[indicator]] = found
            return
        target = next((fact[3] for fact in found if fact[0] == "target"), None)
        quantities = tuple(fact[3] for fact in found if fact[0] == "work")
        if quantities or (self.closed and target is not None):
            self.points[subject][self.regulation.codes[indicator]] = self._evaluated(
                indicator, target, quantities
            )

    def _evaluated(self, indicator: str, target: str | None, quantities: tuple[str, ...]) -> int:
        case = (indicator, target, quantities)
        if case not in self._known:
            events = tuple(
                rules.Event(str(n), Decimal(quantity), "") for n, quantity in enumerate(quantities)
            )
            facts = rules.Facts(Decimal(target) if target else None, None, events, closed=self.closed)
            points = rules.points(self.regulation.parsed[indicator], facts)
            self._known[case] = int(half_up(points * MILLI, 0)) if isinstance(points, Fraction) else 0
        return self._known[case]


_LENGTHS = {"work": 7, "target": 6, "entry": 5, "closed": 2}


def _fact(text: str) -> list[str] | None:
    try:
        fact = json.loads(text)
        fits = len(fact) == _LENGTHS[fact[0]] and all(isinstance(part, str) for part in fact)
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return list(fact) if fits else None


def officer_total(scheme: Scheme, modules: dict[str, int]) -> int:
    return own_total(scheme, module_points(scheme, modules))


def total_of_unit(scheme: Scheme, modules: dict[str, int] | None, members: list[int]) -> int:
    own = None if modules is None else officer_total(scheme, modules)
    return unit_total(scheme, own, members_figure(scheme, members))


def _scheme(told: dict[str, Any]) -> Scheme:
    roll_up = told["roll_up"]
    return Scheme(
        modules=tuple(
            Module(str(m["code"]), Decimal(str(m["weight"])), _number(m["cap"]), _number(m["floor"]))
            for m in told["modules"]
        ),
        combination=told["module_combination"],
        total_decimals=int(told["total_decimals"]),
        bonus_cap=_number(told["bonus_cap"]),
        deduction_cap=_number(told["deduction_cap"]),
        own_weight=Decimal(str(roll_up["own_weight"])),
        members_weight=Decimal(str(roll_up["members_weight"])),
        members=roll_up["members"],
        roll_up_decimals=int(roll_up["decimals"]),
    )


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
