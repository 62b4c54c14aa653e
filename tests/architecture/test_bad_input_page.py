"""docs/reference/bad-input.md tells what is: its codes are known problems, its tests exist, its rehearsed rows are rehearsed."""

import ast
import re

import pytest

from cli.documents import ROOT

ROW = re.compile(
    r"^\| [^|]+ \| [^|]+ \| [^|]+ \| (?P<code>[^|]+) \| (?P<rehearsed>yes)? ?\| `(?P<test>[^`|]+)` \|$"
)
PAGE = (ROOT / "docs/reference/bad-input.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "`" in line]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_names_a_known_problem_and_a_test_that_exists(row: str):
    found = ROW.match(row)
    assert found, row
    code, test = found["code"].strip("`"), found["test"]
    problems = (ROOT / "docs/reference/problems.md").read_text(encoding="utf-8")
    assert code == "as first" or f"| `{code}` |" in problems
    file, name = test.split("::")
    defined = ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    assert name in {node.name for node in defined if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    if found["rehearsed"] and code != "as first":
        assert f'"{code}")' in (ROOT / "cli/rehearsal/misbehaving.py").read_text(encoding="utf-8")


def test_the_page_has_every_kind_of_bad_input():
    assert len(ROWS) == 21
