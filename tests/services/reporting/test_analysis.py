"""Work by its sides: counted once, seen as in lists; views are definitions; exports name people only for a reason."""

import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from python_calamine import load_workbook
from sqlalchemy import text

from contracts.permissions import Role
from contracts.submissions import SubmissionStatus
from kernel.ids import new_id
from kernel.testing.people import Caller, grant, person
from services.reporting.actions.exporting import write
from services.reporting.domain.analysis import Content, Form, Measure, Part, Side, View
from services.reporting.queries import analysis
from tests.services.reporting.conftest import REPORTING, Bureau

QUERY, VIEWS = f"{REPORTING}/analysis/query", f"{REPORTING}/analysis/views"
ZONE = ZoneInfo("Asia/Shanghai")


async def work(bureau: Bureau) -> None:
    await bureau.entry("an", 1000)
    await bureau.entry("an", 500, status=SubmissionStatus.RETURNED, accepted_quantity=None)
    await bureau.entry("bo", 250, unit_id=bureau.units["P2"].id)


def asked(bureau: Bureau, **more: Any) -> dict[str, Any]:
    return {
        "period_id": bureau.periods["2026-11"].id,
        "measure": ["submissions", "accepted", "points"],
        **more,
    }


async def test_work_is_counted_by_its_sides_with_the_points_it_was_given(bureau: Bureau):
    await work(bureau)
    found = await bureau.leader("CITY").get(QUERY, **asked(bureau, rows="branch", column="state"))
    assert [c["label"] for c in found["columns"]] == ["accepted", "returned"]
    rows = {
        row["labels"][0]["label"]: {c["column"]: c["values"] for c in row["cells"]} for row in found["rows"]
    }
    assert {name: {k: [float(v) for v in vs] for k, vs in cells.items()} for name, cells in rows.items()} == {
        "P1所": {"accepted": [1, 2, 1], "returned": [1, 0, 0.5]},
        "P2所": {"accepted": [1, 2, 0.25]},
    }


async def test_everybody_counts_what_he_sees(bureau: Bureau):
    await work(bureau)

    async def people(caller: Caller) -> list[str]:
        found = await caller.get(QUERY, **asked(bureau, rows="officer"))
        return [row["labels"][0]["label"] for row in found["rows"]]

    assert await people(bureau.leader("CITY")) == ["an", "bo"]
    assert await people(bureau.leader("P2")) == ["bo"]
    assert await people(bureau.officer("an")) == ["an"]


async def test_a_side_is_used_once(bureau: Bureau):
    problem = await bureau.leader("CITY").problem(
        "GET", QUERY, params=asked(bureau, rows="unit", column="unit")
    )
    assert problem["code"] == "analysis-sides-repeated"


async def test_a_shared_view_is_a_definition_that_only_its_owner_changes(bureau: Bureau):
    mine, other = bureau.leader("P1"), bureau.leader("P2")
    body = {
        "name": "按单位",
        "question": {"period_id": [str(bureau.periods["2026-11"].id)], "rows": ["unit"]},
    }
    made = await mine.post(VIEWS, body)
    assert await other.get(VIEWS) == []
    await mine.put(f"{VIEWS}/{made['id']}", body | {"shared": True})
    assert [(v["name"], v["mine"]) for v in await other.get(VIEWS)] == [("按单位", False)]
    assert (await other.problem("DELETE", f"{VIEWS}/{made['id']}"))["code"] == "analysis-view-not-found"
    assert (await mine.send("DELETE", f"{VIEWS}/{made['id']}")).status_code == 204
    assert await mine.get(VIEWS) == []


async def test_what_names_people_is_exported_for_a_reason_that_is_written_down(bureau: Bureau):
    path, caller = f"{REPORTING}/analysis/exports", bureau.leader("CITY")
    body = {"question": {"period_id": [str(bureau.periods["2026-11"].id)]}, "personal": True}
    assert (await caller.problem("POST", path, json=body))["code"] == "export-reason-required"
    by_officer = {"question": body["question"] | {"rows": ["officer"]}, "content": "pivot"}
    assert (await caller.problem("POST", path, json=by_officer))["code"] == "export-reason-required"
    await caller.post(path, body | {"reason": "年度核查"})
    async with bureau.platform.runtimes["reporting"].db.reading() as session:
        acts = (
            await session.execute(
                text("SELECT action, CAST(body AS jsonb) ->> 'reason' FROM audit.record WHERE kind = 'work'")
            )
        ).all()
    assert [tuple(act) for act in acts] == [("asked_for_export", "年度核查")]
    assert (await bureau.officer("an").problem("POST", path, json=body | {"reason": "r"}))["status"] == 403


async def exported(bureau: Bureau, me: Any, form: Form, folder: Path, *, personal: bool) -> bytes:
    part = Part((bureau.periods["2026-11"].id,))
    path = folder / f"work.{form}"
    async with bureau.platform.runtimes["reporting"].db.snapshot() as session:
        pieces = analysis.rows(session, part, me, personal=personal, batch=2)
        head = (*analysis.ROWS, *(analysis.PERSONAL if personal else ()))
        assert await write(path, form, head, pieces, ZONE) == 3
    return path.read_bytes()


async def test_both_forms_have_the_same_rows_and_no_name_unless_asked(bureau: Bureau, tmp_path: Path):
    await work(bureau)
    await bureau.tell()
    city = bureau.units["CITY"]
    me = person(grant(Role.ASSESSMENT_OFFICE, city.id, city.path))
    book = load_workbook(io.BytesIO(await exported(bureau, me, Form.XLSX, tmp_path, personal=False)))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[9] for row in rows] == ["状态", "accepted", "returned", "accepted"]
    packed = zipfile.ZipFile(io.BytesIO(await exported(bureau, me, Form.CSV, tmp_path, personal=True)))
    lines = packed.read("work.csv").decode("utf-8-sig").splitlines()
    assert [len(line.split(",")) for line in lines] == [17] * 4
    assert "an" in lines[1]
    assert "an" not in str(rows)


async def test_a_text_never_becomes_a_formula(tmp_path: Path):
    async def pieces() -> AsyncIterator[Sequence[Sequence[Any]]]:
        yield [("=1+1", Decimal("-0.5"), None, datetime(2026, 11, 1, 16, tzinfo=UTC), date(2026, 11, 1))]

    for form in Form:
        await write(tmp_path / f"x.{form}", form, ("a", "b", "c", "d", "e"), pieces(), ZONE)
    found = load_workbook(io.BytesIO((tmp_path / "x.xlsx").read_bytes())).get_sheet_by_index(0).to_python()
    assert found[1] == ["=1+1", -0.5, "", "2026-11-02 00:00", "2026-11-01"]
    line = zipfile.ZipFile(tmp_path / "x.csv").read("x.csv").decode("utf-8-sig").splitlines()[1]
    assert line == "'=1+1,-0.5,,2026-11-02 00:00,2026-11-01"


def test_a_view_survives_being_asked_for_later():
    from services.reporting.actions.exporting import _VIEW, personal_in

    view = View(Part((new_id(),), since=date(2026, 1, 1)), (Side.UNIT,), Side.OFFICER, (Measure.POINTS,))
    assert _VIEW.validate_python(_VIEW.dump_python(view, mode="json")) == view
    assert personal_in(view, Content.PIVOT, personal=False)


async def test_figures_are_written_without_powers_of_ten(bureau: Bureau):
    await bureau.entry("an", 0)
    await bureau.entry("bo", 100_000)
    found = await bureau.leader("CITY").get(QUERY, **asked(bureau, rows="officer", measure=["points"]))
    assert sorted(row["cells"][0]["values"][0] for row in found["rows"]) == ["0", "100"]
