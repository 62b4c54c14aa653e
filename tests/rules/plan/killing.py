"""Tests as killers: the plain tests of a package, run in this process while one of its modules is a mutant.

The code of the module's functions is swapped for the mutant's and put back: nothing is imported again, so that it is quick.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from inspect import signature
from itertools import product
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from tests.rules.plan.mutants import HALF_DOWN, Mutant


def dies(mutant: Mutant, tests: tuple[str, ...]) -> bool:
    """Whether any of the tests breaks, or can no longer go on."""
    listed = [case for name in tests for case in _cases(name)]
    with _living(mutant):
        for test, arguments in listed:
            try:
                test(**arguments)
            except (Exception, pytest.fail.Exception):  # noqa: BLE001 -- whatever stops it, it is noticed
                return True
    return False


@cache
def _cases(name: str) -> list[tuple[FunctionType, dict[str, Any]]]:
    """Tests that need no fixture, once for each of their parameters. Properties are left out: they take long, and find by chance."""
    found = []
    for test in vars(import_module(name)).values():
        if not isinstance(test, FunctionType) or not test.__name__.startswith("test_"):
            continue
        marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
        for rows in product(*(_rows(*mark.args) for mark in marks)):
            arguments = {key: value for row in rows for key, value in row.items()}
            if not hasattr(test, "hypothesis") and arguments.keys() == signature(test).parameters.keys():
                found.append((test, arguments))
    return found


def _rows(names: Any, rows: Any) -> list[dict[str, Any]]:
    names = [each.strip() for each in names.split(",")] if isinstance(names, str) else list(names)
    found = [ParameterSet.extract_from(row, force_tuple=len(names) == 1).values for row in rows]
    return [dict(zip(names, values, strict=True)) for values in found]


@contextmanager
def _living(mutant: Mutant) -> Iterator[None]:
    module = import_module(mutant.module)
    changed = [code for code in _codes(compile(mutant.tree, "", "exec")) if code.co_name != "_half_down"]
    new = dict(zip(_places(module), changed, strict=True))
    before = {function: function.__code__ for function in _functions(module)}
    names = vars(module).copy()
    exec(HALF_DOWN, vars(module))  # noqa: S102 -- our own rounding, for mutants that call it
    _forget()
    try:
        for function, code in before.items():
            function.__code__ = new[_place(code)]
        yield
    finally:
        for function, code in before.items():
            function.__code__ = code
        for name in vars(module).keys() - names:
            delattr(module, name)
        _forget()


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Of every function of the module, wherever it stands in it."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _place(code: CodeType) -> tuple[Any, ...]:
    """Where it stands in the source."""
    return (
        code.co_qualname,
        code.co_firstlineno,
        next((each for each in code.co_positions() if each[2]), None),
    )


@cache
def _places(module: ModuleType) -> list[tuple[Any, ...]]:
    """In the order in which they stand, which is a mutant's too."""
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    return [_place(code) for code in _codes(compile(text, "", "exec"))]


@cache
def _functions(module: ModuleType) -> list[FunctionType]:
    """Those that live, with methods, lambdas of tables, and what decorators hide."""
    known, name = set(_places(module)), module.__name__
    living = (each for each in gc.get_objects() if isinstance(each, FunctionType) and each.__module__ == name)
    return [each for each in living if _place(each.__code__) in known]


def _forget() -> None:
    """What was worked out by a mutant is not remembered."""
    for name, module in sys.modules.items():
        if name.startswith("rules."):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()
