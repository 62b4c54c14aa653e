from typing import Any
from uuid import uuid4

import pytest

from contracts.permissions import Role
from tests.services.targets.bureau import API, CALENDAR, SCHEME, Bureau


async def test_the_calendar_makes_the_periods_of_the_whole_year(bureau: Bureau):
    scheme = await bureau.draft()
    body = {key: value for key, value in CALENDAR.items() if key != "months"}
    periods = (await bureau.office().post(f"{API}/schemes/{scheme['id']}/calendar", body))["items"]
    assert [p["code"] for p in periods] == [f"2026-{month:02d}" for month in range(1, 13)]
    assert (periods[10]["starts_on"], periods[10]["ends_on"]) == ("2026-10-26", "2026-11-25")
    assert periods[10]["cutoff_at"] == "2026-11-25T10:00:00Z"


async def test_a_draft_is_seen_by_those_who_draft_and_by_nobody_else(bureau: Bureau):
    scheme = await bureau.draft()
    problem = await bureau.leader("XZ01").problem("GET", f"{API}/schemes/{scheme['id']}")
    assert problem["status"] == 404
    assert (await bureau.leader("XZ01").get(f"{API}/schemes"))["items"] == []
    assert len((await bureau.office().get(f"{API}/schemes"))["items"]) == 1


async def test_a_published_scheme_is_seen_by_every_officer_of_its_scope(bureau: Bureau):
    published = await bureau.published()
    assert (await bureau.officer("ZD01").get(f"{API}/schemes/{published.scheme}"))["status"] == "published"
    assert len((await bureau.officer("ZD01").get(f"{API}/periods", open="true"))["items"]) == 1


async def test_an_office_drafts_only_inside_its_scope(bureau: Bureau):
    body = SCHEME | {"scope_unit_id": str(bureau.unit("CITY"))}
    problem = await bureau.office("XZ01").problem("POST", f"{API}/schemes", json=body)
    assert (problem["status"], problem["code"]) == (403, "outside-scope")


async def test_drafting_needs_the_permission(bureau: Bureau):
    caller = bureau.in_role(Role.ASSESSOR, "CITY")
    problem = await caller.problem("POST", f"{API}/schemes", json=SCHEME | {"scope_unit_id": str(uuid4())})
    assert (problem["status"], problem["code"]) == (403, "permission-denied")


async def test_a_change_of_a_version_that_is_gone_is_refused(bureau: Bureau):
    scheme = await bureau.draft()
    path = f"{API}/schemes/{scheme['id']}"
    changed = await bureau.office().patch(path, {"version": scheme["version"], "name": "新名称"})
    assert (changed["name"], changed["version"]) == ("新名称", scheme["version"] + 1)
    problem = await bureau.office().problem(
        "PATCH", path, json={"version": scheme["version"], "name": "再改"}
    )
    assert (problem["status"], problem["code"]) == (409, "stale-version")


async def test_the_same_key_drafts_one_scheme(bureau: Bureau):
    office, body = bureau.office(), SCHEME | {"scope_unit_id": str(bureau.unit("CITY"))}
    first = await office.send("POST", f"{API}/schemes", json=body, key="k-1")
    again = await office.send("POST", f"{API}/schemes", json=body, key="k-1")
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert again.headers["Idempotent-Replay"] == "true"
    assert len((await office.get(f"{API}/schemes"))["items"]) == 1


async def test_an_unfinished_scheme_is_refused_with_every_finding(bureau: Bureau):
    scheme = await bureau.draft()
    problem = await bureau.office().problem("POST", f"{API}/schemes/{scheme['id']}/publish")
    assert (problem["status"], problem["code"]) == (422, "scheme-not-ready")
    assert {e["code"] for e in problem["errors"]} == {
        "periods-missing",
        "indicators-missing",
        "marks-do-not-add-up",
    }
    found = await bureau.office().get(f"{API}/schemes/{scheme['id']}/check")
    assert not found["ready"]


@pytest.mark.parametrize(
    "different",
    [
        {"name": "名" * 10_000},
        {"name": "a\x00b"},
        {"year": 10**30},
        {"roll_up": {"own_weight": "NaN", "members_weight": "1"}},
        {"roll_up": {"own_weight": "0.5", "members_weight": "0.6"}},
        {"bonus_cap": "1E+400"},
        {"modules": [SCHEME["modules"][0], SCHEME["modules"][0]]},  # type: ignore[index]
        {"scope_unit_id": str(uuid4())},
        {"nobody": "knows this"},
    ],
)
async def test_bad_input_is_answered_precisely(bureau: Bureau, different: dict[str, Any]):
    body = SCHEME | {"scope_unit_id": str(bureau.unit("CITY"))} | different
    assert (await bureau.office().problem("POST", f"{API}/schemes", json=body))["status"] == 422


async def test_the_timeline_tells_who_did_what(bureau: Bureau):
    published = await bureau.published()
    steps = (await bureau.office().get(f"{API}/schemes/{published.scheme}/timeline"))["items"]
    assert [step["action"] for step in steps] == ["draft", "calendar"]
    assert steps[1]["after"]["start_day"] == 26
