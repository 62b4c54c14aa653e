"""Every code of a finding of the rules is asserted in a test of the rules: what nobody has seen come may never come."""

import ast
from collections.abc import Iterator

from tests.architecture.test_rules import modules, tree

_MAKE = {"Finding", "refuse"}


def test_every_code_of_a_finding_is_in_a_test():
    tested = {text for _, path in modules("tests/rules") for text in _texts(tree(path))}
    found = {(name, code) for name, path in modules("rules") for code in _codes(tree(path))}
    assert len(found) > 100
    assert not [(name, code) for name, code in sorted(found) if code not in tested]


def _codes(module: ast.Module) -> Iterator[str]:
    """The second argument of what makes a finding, where it is written out; the others pass on what they were given."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and len(node.args) == 4 and _name(node.func) in _MAKE:
            yield from _texts(node.args[1])


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
