import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from examples import generate
from kernel.workbooks.streaming import open_streams
from services.org.domain.roster.headers import find_header
from services.org.domain.roster.reading import UnitLine, read_unit, rows_of
from services.targets.api.schemas import SchemeBody
from services.targets.domain.checks import CheckedIndicator, CheckedModule, SchemeFacts, check
from services.targets.domain.workbook.reading import Read, read_workbook

CITY = Path(generate.CITY)
SCHEMES: list[dict[str, Any]] = json.loads((CITY / "schemes.json").read_text(encoding="utf-8"))
BY_CODE = pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme["code"])


def indicators(scheme: dict[str, Any]) -> Read:
    book = load_workbook(CITY / scheme["workbook"])
    sheets = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names}
    return read_workbook(sheets, modules={m["code"]: m["name"] for m in scheme["modules"]})


def roster_units() -> list[UnitLine]:
    stream = open_streams((CITY / "roster.xlsx").read_bytes())[0]
    header = find_header(list(stream.rows())[:15])
    assert header is not None
    found = [read_unit(row) for row in rows_of(stream.name, stream.rows(), header, {})]
    return [line for line in found if isinstance(line, UnitLine)]


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path):
    generate.main(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {name: (CITY / name).read_bytes() for name in made}
    assert sum(map(len, made.values())) < 1_000_000


def test_the_bureau_has_the_shape_of_a_city():
    units = roster_units()
    second = Counter(unit.kind for unit in units if unit.parent == "江州市公安局")
    assert second == {"assessment_office": 2, "detachment": 28, "county_bureau": 12, "sub_bureau": 5}


@BY_CODE
def test_the_workbook_reads_without_an_error(scheme: dict[str, Any]):
    found = indicators(scheme)
    assert found.errors == []
    assert {row["line"] for row in found.rows} == set(scheme["lines"])


@BY_CODE
def test_every_indicator_says_its_source_evidence_and_worked_example(scheme: dict[str, Any]):
    for row in indicators(scheme).rows:
        assert row["basis"] == scheme["source"]
        assert row["clause"]
        assert row["evidence"] == "required"
        assert row["example"]


@BY_CODE
def test_nothing_stands_against_publishing(scheme: dict[str, Any]):
    modules = [
        CheckedModule(m["code"], m["name"], Decimal(m["full_marks"]), Decimal(m["weight"]))
        for m in scheme["modules"]
    ]
    rows = [
        CheckedIndicator(
            r["code"],
            r["name"],
            r["module"],
            r["line"],
            r["subject_kind"],
            Decimal(r["full_marks"]),
            r["rule"],
            r["example"],
        )
        for r in indicators(scheme).rows
    ]
    facts = SchemeFacts(modules, rows, weighted=False, periods=1, lines=scheme["lines"], office=True)
    assert check(facts) == []


@BY_CODE
def test_the_scheme_is_set_up_by_a_body_that_the_platform_accepts(scheme: dict[str, Any]):
    body = {k: v for k, v in scheme.items() if k not in {"workbook", "lines", "source", "targets", "plan"}}
    SchemeBody.model_validate(body | {"year": 2026, "scope_unit_id": "0192f0c0-0000-7000-8000-000000000000"})


def test_all_three_ways_of_scoring_are_there():
    modules = {row["module"] for scheme in SCHEMES for row in indicators(scheme).rows}
    assert modules == {"mod_business", "mod_bonus", "mod_deduction"}


def test_each_line_has_a_detachment_that_does_it():
    units = roster_units()
    done = {line for unit in units if unit.kind == "detachment" for line in unit.lines}
    assert {line for scheme in SCHEMES for line in scheme["lines"]} <= done
