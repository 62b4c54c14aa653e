"""docs/reference/complaints.md tells what is: each test that it names exists, and no complaint is without one."""

import ast
import importlib
import re
from functools import cache

import pytest
from fastapi import FastAPI

from cli.documents import ROOT
from contracts.catalog import SERVICES

PAGE = (ROOT / "docs/reference/complaints.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "::" in line]
MOST = 200


@cache
def found_in(file: str) -> frozenset[str]:
    """Those that run: functions of the module, and no test is skipped here (a rule of the house)."""
    module = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in module.body if isinstance(node, functions))


@pytest.mark.parametrize("row", ROWS)
def test_a_complaint_is_answered_by_tests_that_exist(row: str):
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
    assert named
    assert row.count("::") == len(named)
    assert [f"{file}::{name}" for file, name in named if name not in found_in(file)] == []


def test_every_row_of_the_table_is_looked_at():
    table = [line for line in PAGE.splitlines() if line.startswith("| ")]
    assert len(ROWS) == len(table) - 2  # the heads and the line below them
    assert len(ROWS) > 15


@pytest.mark.parametrize("name", SERVICES)
def test_no_list_answers_with_more_than_a_page(name: str):
    service = importlib.import_module(f"services.{name}.manifest").service
    app = FastAPI()
    for router in service.routers:
        app.include_router(router)
    lists = 0
    for path, operations in app.openapi()["paths"].items():
        answer = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        shape = answer.get("application/json", {}).get("schema", {}).get("$ref", "")
        if not shape.rpartition("/")[2].startswith("Page"):
            continue
        limits = [p["schema"]["maximum"] for p in operations["get"]["parameters"] if p["name"] == "limit"]
        assert limits == [MOST], path
        lists += 1
    assert lists > 2
