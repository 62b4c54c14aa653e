"""Changed copies of a module of the arithmetic, one change each: comparisons, operators, roundings, limits."""

import ast
import copy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
_CALLS = {
    "floor": "ceil",
    "ceil": "floor",
    "max": "min",
    "min": "max",
    "half_up": "_half_down",
    "all": "any",
    "any": "all",
}
#: What a mutant of rounding calls instead: halves go towards zero.
HALF_DOWN = """
def _half_down(value, decimals):
    scaled = abs(value) * 10**decimals
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * rest > scaled.denominator
    from decimal import Decimal
    return Decimal(-whole if value < 0 else whole).scaleb(-decimals)
"""
#: Functions that say something and count nothing; whom a change touches is tested by following changes.
_WORDS = {
    "describe",
    "touched",
    "_shown",
    "added",
    "_stands",
    "_weight",
    "doubts",
    "words",
    "_said",
    "say",
    "refused",
    "steps",
    "plain",
    "points_text",
    "_kind_words",
    "rounding_words",
}
#: Functions that read parameters: what they refuse is tested with the reading of plans.
_READING = (
    "read",
    "_read",
    "_check",
    "to_data",
    "_times",
    "_segments",
    "_excess",
    "_parts",
    "_numbers",
    "_rows",
    "_raters",
    "condition",
)


@dataclass(frozen=True)
class Mutant:
    """`source` is the line that was changed, as it was."""

    module: str
    source: str
    change: str
    tree: ast.Module


def mutants(module: str) -> list[Mutant]:
    """Every mutant of the functions that evaluate; reading, checking and telling are tested elsewhere."""
    text = _source(module)
    tree, lines = ast.parse(text), text.splitlines()
    found = []
    for index, node in enumerate(_mutable(tree)):
        for change in _changes(node):
            changed = copy.deepcopy(tree)
            target = list(_mutable(changed))[index]
            said = change(target)
            if "_half_down" in said:
                changed.body[1:1] = ast.parse(HALF_DOWN).body
            found.append(
                Mutant(module, lines[target.lineno - 1].strip(), said, ast.fix_missing_locations(changed))
            )
    return found


def unchanged(module: str) -> Mutant:
    """The control: a copy that is as it was, through the same machinery."""
    return Mutant(module, "", "none", ast.parse(_source(module)))


def _source(module: str) -> str:
    spec = PathFinder.find_spec(module, import_module(module.rpartition(".")[0]).__path__)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text(encoding="utf-8")


def _mutable(tree: ast.Module) -> Iterator[Any]:
    for function in _functions(tree):
        telling = {id(part) for node in ast.walk(function) for part in _telling(node)}
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Compare | ast.BinOp | ast.Call | ast.AugAssign)
                and id(node) not in telling
            ):
                yield node


def _telling(node: ast.AST) -> Iterator[ast.AST]:
    """What only makes a text, or chooses between texts."""
    match node:
        case ast.JoinedStr():
            yield from ast.walk(node)
        case ast.FunctionDef(name=name) if name in _WORDS:
            yield from ast.walk(node)
        case ast.IfExp(body=one, orelse=other) if _is_text(one) or _is_text(other):
            yield from ast.walk(node)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _functions(tree: ast.AST) -> Iterator[ast.AST]:
    """Functions that count, and the tables of operators."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            if node.name not in _WORDS and not node.name.startswith(_READING):
                yield node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield from (part for part in ast.walk(node.value) if isinstance(part, ast.Lambda))


def _changes(node: ast.AST) -> list[Any]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARE:
            return [_compare]
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _ARITHMETIC:
            return [_arithmetic]
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            return [_call]
    return []


def _compare(node: Any) -> str:
    before = type(node.ops[0])
    node.ops = [_COMPARE[before]()]
    return f"{before.__name__} -> {_COMPARE[before].__name__}"


def _arithmetic(node: Any) -> str:
    before = type(node.op)
    node.op = _ARITHMETIC[before]()
    return f"{before.__name__} -> {_ARITHMETIC[before].__name__}"


def _call(node: Any) -> str:
    before = node.func.id
    node.func = ast.Name(_CALLS[before], ast.Load())
    return f"{before} -> {_CALLS[before]}"


class _Loader:
    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        del path, target
        return spec_from_loader(name, self) if name == self.mutant.module else None

    def create_module(self, spec: ModuleSpec) -> None:
        del spec

    def exec_module(self, module: ModuleType) -> None:
        code = compile(self.mutant.tree, f"<mutant of {self.mutant.module}>", "exec")
        exec(code, module.__dict__)  # noqa: S102 -- our own source with one operator changed


@contextmanager
def living(mutant: Mutant) -> Iterator[ModuleType]:
    """`rules.plan` with the mutant in it, imported afresh; afterwards everything is as it was."""
    before = {name: module for name, module in sys.modules.items() if _touched(name, mutant.module)}
    loader = _Loader(mutant)
    for name in before:
        del sys.modules[name]
    sys.meta_path.insert(0, loader)  # type: ignore[arg-type]
    try:
        yield import_module("rules.plan")
    finally:
        sys.meta_path.remove(loader)  # type: ignore[arg-type]
        for name in [name for name in sys.modules if _touched(name, mutant.module)]:
            del sys.modules[name]
        sys.modules.update(before)
        for name, module in before.items():
            parent, _, last = name.rpartition(".")
            setattr(sys.modules[parent], last, module)


def _touched(name: str, mutated: str) -> bool:
    """Whether the module is the mutant, or may have something of it."""
    families = ["rules.plan"]
    if not mutated.startswith("rules.plan"):
        families += ["rules.nodes", "rules.language", mutated]
    return any(name == family or name.startswith(f"{family}.") for family in families)
