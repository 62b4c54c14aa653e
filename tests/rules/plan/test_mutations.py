"""Every comparison, operator, limit and rounding of the arithmetic, changed in turn, must break a worked figure or a sentence."""

import sys

import pytest

import rules.plan
from tests.rules.plan.killing import dies
from tests.rules.plan.mutants import living, mutants, unchanged
from tests.rules.plan.test_worked import ALL
from tests.rules.plan.worked.example import canonical, found

MODULES = [
    "rules.rounding",
    *(f"rules.nodes.{name}" for name in ("ratio", "step", "band", "node")),
    *(
        f"rules.plan.nodes.{name}"
        for name in (
            "taking", "tables", "deeds", "marks", "balloting", "combining", "gating", "grouping", "statistics", "normalising", "rolling", "weighing",
        )
    ),
    "rules.plan.conditions",
]  # fmt: skip
#: Who notices a change that is of words alone.
_SAYING = ("tests.rules.plan.test_saying",)
_WANTED = [canonical(example) for example in ALL]
#: Changes that change no figure: at the bound both ways give the bound, and zero is zero above and below.
_SAME = {
    ("rules.rounding", "return Decimal(-whole if value < 0 else whole).scaleb(-decimals)", "Lt -> LtE"),
    ("rules.nodes.step", 'side = ("高于", "above") if found.gap > 0 else ("低于", "below")', "Gt -> GtE"),
    ("rules.nodes.step", "marks = self._marks(steps, above=gap > 0)", "Gt -> GtE"),
    ("rules.nodes.node", "if high is not None and value > high:", "Gt -> GtE"),
    ("rules.nodes.node", "return low if low is not None and value < low else value", "Lt -> LtE"),
    ("rules.plan.nodes.deeds", "if self.cap is not None and value > self.cap:", "Gt -> GtE"),
    ("rules.plan.nodes.deeds", "if self.floor is not None and value < self.floor:", "Lt -> LtE"),
    ("rules.plan.nodes.deeds", "if limits.cap is not None and marks > limits.cap:", "Gt -> GtE"),
    ("rules.plan.nodes.deeds", "return limits.floor if limits.floor is not None and marks < limits.floor else marks", "Lt -> LtE"),
    ("rules.plan.nodes.grouping", "if self.floor is not None and value < self.floor:", "Lt -> LtE"),
}  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_no_mutant_of_the_arithmetic_survives(module):
    found_ = mutants(module)
    assert found_
    tried = [m for m in found_ if (m.module, m.source, m.change) not in _SAME]
    assert not [(m.module, m.source, m.change) for m in tried if not (_killed(m) or dies(m, _SAYING))]


def _killed(mutant):
    with living(mutant) as plans:
        for example, wanted in zip(ALL, _WANTED, strict=True):
            try:
                if found(example, plans) != wanted:
                    return True
            except Exception:  # noqa: BLE001 -- a mutant that cannot go on is dead too
                return True
    return False


@pytest.mark.parametrize("module", MODULES)
def test_a_copy_without_a_change_lives(module):
    assert not _killed(unchanged(module))


def test_the_package_is_whole_again_after_a_mutant():
    before = rules.plan.evaluate
    with living(mutants("rules.rounding")[0]) as plans:
        assert plans.evaluate is not before
    assert sys.modules["rules.plan"].evaluate is before


def test_no_excuse_outlives_its_line():
    known = {(m.module, m.source, m.change) for module in MODULES for m in mutants(module)}
    assert not _SAME - known
