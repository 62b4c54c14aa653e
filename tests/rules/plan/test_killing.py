"""What stands around the plan: every change of a comparison, an operator, a limit or a rounding must break a test of its package."""

from pathlib import Path

import pytest

from tests.rules.plan.killing import dies
from tests.rules.plan.mutants import mutants, unchanged

_ROOT = Path(__file__).parents[3]


def _names(folder: str, pattern: str) -> tuple[str, ...]:
    found = sorted((_ROOT / folder).rglob(pattern))
    return tuple(".".join(path.relative_to(_ROOT).with_suffix("").parts) for path in found)


#: Package → the tests that must notice.
_TESTS = {
    "rules/binding": (*_names("tests/rules/binding", "test_*.py"), "tests.rules.test_findings"),
    "rules/standing": _names("tests/rules/standing", "test_*.py"),
    "rules/calendars": _names("tests/rules/calendars", "test_*.py"),
}
_KILLERS = {module: tests for package, tests in _TESTS.items() for module in _names(package, "[!_]*.py")} | {
    "rules.totals": ("tests.rules.test_totals",),
    "rules.plan.upward": ("tests.rules.plan.test_checks",),
}


@pytest.mark.parametrize("module", _KILLERS)
def test_no_mutant_survives_the_tests_of_its_package(module):
    assert not [(m.source, m.change) for m in mutants(module) if not dies(m, _KILLERS[module])]


@pytest.mark.parametrize("module", _KILLERS)
def test_a_copy_without_a_change_lives(module):
    assert not dies(unchanged(module), _KILLERS[module])
