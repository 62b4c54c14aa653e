"""The tree of units and who serves where."""

import asyncio
import io
from uuid import uuid4

import openpyxl
import pytest

from contracts.permissions import Role
from kernel.db.migrations import differences
from kernel.testing.people import grant, person
from services.org.tables import Base
from tests.services.org.conftest import ORG, Org


async def test_the_database_is_what_the_rows_say(org: Org):
    assert await differences(Base.metadata, org.platform.owner_urls["org"]) == []


async def test_a_unit_stands_one_level_below_its_parent_and_its_path_says_so(org: Org):
    detachment = await org.unit("ZD01")
    brigade = await org.unit("DD01", "brigade", detachment["id"])
    assert (brigade["level"], brigade["path"]) == (3, "JZ/ZD01/DD01/")
    under = await org.roster.get(f"{ORG}/units", under="JZ/ZD01/")
    assert [unit["code"] for unit in under["items"]] == ["ZD01", "DD01"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [("county_bureau", None), ("squadron", "unit-level-wrong"), ("city_bureau", "unit-level-wrong")],
)
async def test_kinds_have_their_levels(org: Org, kind: str, code: str | None):
    body = {
        "code": "X1",
        "name": "某单位",
        "kind": kind,
        "parent_id": org.root["id"],
        "valid_from": "2026-01-01",
    }
    answer = await org.roster.send("POST", f"{ORG}/units", json=body)
    assert answer.json().get("code") == (code or "X1")


async def test_a_code_is_given_once(org: Org):
    await org.unit("ZD01")
    body = {
        "code": "ZD01",
        "name": "又一个",
        "kind": "detachment",
        "parent_id": org.root["id"],
        "valid_from": "2026-01-01",
    }
    assert (await org.roster.problem("POST", f"{ORG}/units", json=body))["code"] == "unit-code-taken"


async def test_there_is_one_root(org: Org):
    body = {"code": "ZZ", "name": "另一个市局", "kind": "city_bureau", "valid_from": "2026-01-01"}
    assert (await org.roster.problem("POST", f"{ORG}/units", json=body))["code"] == "root-exists"


async def test_a_unit_with_people_cannot_be_closed(org: Org):
    unit = await org.unit("ZD01")
    officer = await org.officer("100001")
    posting = {
        "officer_id": officer["id"],
        "unit_id": unit["id"],
        "post": "民警",
        "is_primary": True,
        "valid_from": "2026-02-01",
    }
    made = await org.roster.post(f"{ORG}/postings", posting)
    close = f"{ORG}/units/{unit['id']}/close"
    assert (await org.roster.problem("POST", close, json={"on": "2026-06-30"}))["code"] == "unit-in-use"
    await org.roster.post(f"{ORG}/postings/{made['id']}/end", {"on": "2026-06-30"})
    assert (await org.roster.post(close, {"on": "2026-06-30"}))["valid_to"] == "2026-06-30"


async def test_two_primary_postings_do_not_overlap_even_when_entered_at_once(org: Org):
    unit, officer = await org.unit("ZD01"), await org.officer("100001")
    body = {
        "officer_id": officer["id"],
        "unit_id": unit["id"],
        "post": "民警",
        "is_primary": True,
        "valid_from": "2026-02-01",
    }
    answers = await asyncio.gather(*(org.roster.send("POST", f"{ORG}/postings", json=body) for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]


async def test_a_change_on_an_old_version_is_refused(org: Org):
    unit = await org.unit("ZD01")
    path = f"{ORG}/units/{unit['id']}"
    await org.roster.patch(path, {"version": unit["version"], "name": "新名"})
    problem = await org.roster.problem("PATCH", path, json={"version": unit["version"], "name": "别名"})
    assert (problem["status"], problem["code"]) == (409, "stale-version")


async def test_an_officer_may_read_and_not_change(org: Org):
    from uuid import uuid4

    reader = org.caller(person(grant(Role.CHIEF, uuid4(), "JZ/"), officer_id=uuid4()))
    assert (await reader.get(f"{ORG}/units"))["items"]
    problem = await reader.problem(
        "POST", f"{ORG}/series", json={"code": "S", "name": "x", "subject_kind": "unit"}
    )
    assert (problem["status"], problem["code"]) == (403, "permission-denied")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "长" * 10_000},
        {"name": "空\x00字"},
        {"code": "有中文"},
        {"kind": "nonsense"},
        {"parent_id": "x"},
        {"valid_from": "2026-13-01"},
        {"extra": 1},
    ],
)
async def test_bad_input_names_its_place(org: Org, change: dict):
    body = {
        "code": "ZD01",
        "name": "某支队",
        "kind": "detachment",
        "parent_id": org.root["id"],
        "valid_from": "2026-01-01",
    }
    problem = await org.roster.problem("POST", f"{ORG}/units", json=body | change)
    assert (problem["status"], problem["code"]) == (422, "validation")
    assert next(iter(change)) in problem["errors"][0]["place"]


async def test_lists_come_in_pages_that_join_without_gap(org: Org):
    for n in range(7):
        await org.officer(f"10000{n}")
    seen, after = [], None
    while True:
        page = await org.roster.get(f"{ORG}/officers", limit=3, after=after)
        seen += [officer["police_number"] for officer in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [f"10000{n}" for n in range(7)]


async def test_one_business_line_has_one_competent_unit(org: Org):
    unit = await org.unit("ZD01")
    body = {
        "scope_unit_id": org.root["id"],
        "line": "traffic",
        "unit_id": unit["id"],
        "valid_from": "2026-01-01",
    }
    await org.roster.post(f"{ORG}/line-authorities", body)
    assert (await org.roster.problem("POST", f"{ORG}/line-authorities", json=body))[
        "code"
    ] == "line-authority-twice"


async def test_an_export_holds_what_the_list_shows_under_the_same_filters_and_no_formula(org: Org):
    await org.unit("A", name="=甲支队")
    await org.unit("B", name="乙支队")
    listed = [u["code"] for u in (await org.roster.get(f"{ORG}/units", level=2, q="甲"))["items"]]
    asked = await org.roster.post(f"{ORG}/units/export", {"level": 2, "q": "甲"})
    assert await org.errand(asked["errand_id"]) == {"rows": len(listed)}
    file = await org.roster.send("GET", f"{ORG}/errands/{asked['errand_id']}/file")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    rows = [[cell.value for cell in row[:2]] for row in sheet.iter_rows(min_row=3)]
    assert rows == [["A", "=甲支队"]]
    assert sheet.cell(3, 2).data_type == "s"


async def test_the_auditor_takes_accounts_and_grants_away_as_the_lists_show_them(org: Org):
    async def sheet(what: str, filters: dict) -> list[list]:
        asked = await org.auditor.post(f"{ORG}/{what}/export", filters)
        await org.errand(asked["errand_id"], org.auditor)
        file = await org.auditor.send("GET", f"{ORG}/errands/{asked['errand_id']}/file")
        rows = openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows(min_row=3)
        return [[cell.value for cell in row] for row in rows]

    listed = (await org.auditor.get(f"{ORG}/accounts", status="open"))["items"]
    assert [row[0] for row in await sheet("accounts", {"status": "open"})] == [a["username"] for a in listed]
    grants = (await org.auditor.get(f"{ORG}/grants", role="auditor"))["items"]
    rows = await sheet("grants", {"role": "auditor"})
    assert [row[:7] for row in rows] == [
        [g["username"], g["account_name"], "auditor", "JZ", g["scope_name"], None, "approved"] for g in grants
    ]
    assert not any("argon2" in str(cell) for row in await sheet("accounts", {}) for cell in row)
    officer = org.caller(person(officer_id=uuid4()))
    for what in ("accounts", "grants"):
        refused = await officer.problem("POST", f"{ORG}/{what}/export", json={})
        assert refused["code"] == "permission-denied"
