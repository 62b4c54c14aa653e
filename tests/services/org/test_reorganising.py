"""The organisation changes by date: effects before, undone until the day, the past stays as it was."""

from datetime import timedelta
from uuid import UUID, uuid4

from services.org.jobs import reorganise
from tests.services.org.conftest import ORG, Org

PLANS = f"{ORG}/reorganisations"


def day(org: Org, ahead: int = 0) -> str:
    runtime = org.platform.runtimes["org"]
    return (runtime.clock.now().astimezone(runtime.zone).date() + timedelta(days=ahead)).isoformat()


async def serves(org: Org, number: str, unit: dict, **more: object) -> dict:
    officer = await org.officer(number)
    body = {"officer_id": officer["id"], "unit_id": unit["id"], "post": "民警", "is_primary": True}
    await org.roster.post(f"{ORG}/postings", body | {"valid_from": "2026-01-01"} | more)
    return officer


async def plan(org: Org, unit: dict, ahead: int = 0, **change: object) -> dict:
    body = {"unit_id": unit["id"], "change": change, "effective_on": day(org, ahead), "reason": "机构改革"}
    return await org.roster.post(PLANS, body)


async def test_a_merged_units_people_go_on_in_the_other_from_the_day(org: Org):
    gone, stays = await org.unit("A", name="甲支队"), await org.unit("B", name="乙支队")
    child = await org.unit("A1", kind="brigade", parent=gone["id"])
    officer = await serves(org, "100001", gone)
    effects = (await org.roster.get(f"{ORG}/units/{gone['id']}/effects"))["effects"]
    assert effects == {"units": 1, "people": 1, "authorities": 0, "offices": 0, "grants": 0}
    done = await plan(org, gone, kind="merge", into_unit_id=stays["id"])
    assert done["status"] == "effective"
    closed = await org.roster.get(f"{ORG}/units/{gone['id']}")
    assert (closed["valid_to"], closed["merged_into"]) == (day(org, -1), stays["id"])
    assert (await org.roster.get(f"{ORG}/units/{child['id']}"))["path"] == "JZ/B/A1/"
    postings = (await org.roster.get(f"{ORG}/officers/{officer['id']}"))["postings"]
    assert [(p["unit_id"], p["valid_from"], p["valid_to"]) for p in postings] == [
        (gone["id"], "2026-01-01", day(org, -1)), (stays["id"], day(org), None),
    ]  # fmt: skip


async def test_a_planned_change_waits_for_its_day_and_can_be_undone_until_then(org: Org):
    unit = await org.unit("A", name="甲支队")
    planned = await plan(org, unit, 3, kind="rename", name="甲支队(新)")
    await reorganise(org.platform.runtimes["org"])
    assert (await org.roster.get(f"{ORG}/units/{unit['id']}"))["name"] == "甲支队"
    undone = await org.roster.post(f"{PLANS}/{planned['id']}/undo")
    assert undone["status"] == "undone"
    assert (await org.roster.problem("POST", f"{PLANS}/{planned['id']}/undo"))[
        "code"
    ] == "reorganisation-state"
    body = {"unit_id": unit["id"], "change": {"kind": "close"}, "reason": "x", "effective_on": day(org, -1)}
    assert (await org.roster.problem("POST", PLANS, json=body))["code"] == "reorganisation-past"


async def test_a_moved_unit_takes_everything_below_along_and_never_into_itself(org: Org):
    one, other = await org.unit("A", kind="county_bureau"), await org.unit("B", kind="county_bureau")
    station = await org.unit("A1", kind="police_station", parent=one["id"])
    post = await org.unit("A2", kind="police_post", parent=station["id"])
    body = {"unit_id": one["id"], "change": {"kind": "move", "into_unit_id": post["id"]}, "reason": "x"}
    problem = await org.roster.problem("POST", PLANS, json=body | {"effective_on": day(org)})
    assert problem["code"] == "reorganisation-into-itself"
    await plan(org, station, kind="move", into_unit_id=other["id"])
    below = await org.roster.get(f"{ORG}/units/{post['id']}")
    assert (below["path"], below["level"]) == ("JZ/B/A1/A2/", 4)


async def test_a_split_off_part_takes_the_named_officers(org: Org):
    unit = await org.unit("A", name="甲支队")
    goes, stays = await serves(org, "100001", unit), await serves(org, "100002", unit)
    parts = [{"code": "AX", "name": "甲支队二部", "officer_ids": [goes["id"]]}]
    await plan(org, unit, kind="split", parts=parts)
    people = {o["id"]: o for o in (await org.roster.get(f"{ORG}/officers"))["items"]}
    [part] = (await org.roster.get(f"{ORG}/units", q="二部"))["items"]
    assert (part["split_from"], people[goes["id"]]["unit_id"]) == (unit["id"], part["id"])
    assert people[stays["id"]]["unit_id"] == unit["id"]


async def test_several_officers_move_together_or_not_at_all(org: Org):
    one, other = await org.unit("A"), await org.unit("B")
    officers = [await serves(org, f"10000{n}", one) for n in range(3)]
    body = {
        "officer_ids": [o["id"] for o in officers],
        "unit_id": other["id"],
        "on": day(org),
        "post": "中队长",
    }
    stranger = body | {"officer_ids": [*body["officer_ids"], str(uuid4())]}
    problem = await org.roster.problem("POST", f"{ORG}/postings/transfer", json=stranger)
    assert (problem["code"], problem["count"]) == ("posting-main-missing", 1)
    moved = await org.roster.post(f"{ORG}/postings/transfer", body)
    assert {(p["unit_id"], p["post"]) for p in moved["items"]} == {(other["id"], "中队长")}


async def test_other_postings_need_a_main_one_and_one_leave_is_enough(org: Org):
    unit = await org.unit("A")
    nobody = await org.officer("100009")
    lent = {
        "unit_id": unit["id"],
        "post": "借调",
        "kind": "secondment",
        "is_primary": False,
        "valid_from": "2026-02-01",
    }
    problem = await org.roster.problem("POST", f"{ORG}/postings", json=lent | {"officer_id": nobody["id"]})
    assert problem["code"] == "posting-needs-main"
    officer = await serves(org, "100001", unit)
    mine = lent | {"officer_id": officer["id"]}
    await org.roster.post(f"{ORG}/postings", mine)
    for kind, code in (("loan", "posting-clashes"), ("leave", None), ("probation", None)):
        answer = await org.roster.send("POST", f"{ORG}/postings", json=mine | {"kind": kind})
        assert (answer.status_code, answer.json().get("code")) == ((409, code) if code else (201, None))


async def test_a_condition_is_told_with_its_bound_and_ends_by_date(org: Org):
    officer = await org.officer("100001")
    body = {
        "kind": "investigation",
        "held": True,
        "basis": "立案决定书〔2026〕1号",
        "valid_from": "2026-03-01",
    }
    stated = await org.roster.post(f"{ORG}/officers/{officer['id']}/conditions", body)
    ended = await org.roster.post(f"{ORG}/conditions/{stated['id']}/end", {"on": "2026-05-01"})
    assert (ended["held"], ended["valid_to"]) == (True, "2026-05-01")


async def test_what_nobody_answers_for_is_listed(org: Org):
    unit = await org.unit("A")
    authority = {
        "scope_unit_id": org.root["id"],
        "line": "theft",
        "unit_id": unit["id"],
        "valid_from": "2026-01-01",
    }
    made = await org.roster.post(f"{ORG}/line-authorities", authority)
    await org.officer("100001")
    counts = (await org.security.get(f"{ORG}/orphans"))["effects"]
    assert counts == {
        "authority-without-assessor": 1, "office-without-staff": 0, "unit-without-leader": 1, "grant-of-who-left": 0,
        "grant-in-closed-unit": 0, "officer-without-posting": 1,
    }  # fmt: skip
    [found] = (await org.security.get(f"{ORG}/orphans/authority-without-assessor"))["items"]
    assert UUID(found["id"]) == UUID(made["id"])


async def test_an_authority_has_its_assessors_in_the_unit_or_below_it_for_its_own_line(org: Org):
    async def without() -> int:
        counts = (await org.security.get(f"{ORG}/orphans"))["effects"]
        return counts["authority-without-assessor"]

    async def assesses(slip: dict, *lines: str) -> str:
        wish = {
            "account_id": slip["account_id"],
            "role": "assessor",
            "scope_unit_id": org.root["id"],
            "lines": lines,
        }
        proposed = await org.roster.post(f"{ORG}/grants", wish | {"valid_from": "2026-01-01"})
        await org.security.post(f"{ORG}/grants/{proposed['id']}/approve")
        return proposed["id"]

    unit = await org.unit("A")
    brigade = await org.unit("B", "brigade", unit["id"])
    body = {
        "scope_unit_id": org.root["id"],
        "line": "theft",
        "unit_id": unit["id"],
        "valid_from": "2026-01-01",
    }
    await org.roster.post(f"{ORG}/line-authorities", body)
    slips = []
    for number, home in (("100001", unit), ("100002", brigade)):
        officer = await serves(org, number, home)
        slips.append(await org.roster.post(f"{ORG}/accounts", {"officer_id": officer["id"]}))
    await assesses(slips[0], "traffic")
    assert await without() == 1
    granted = await assesses(slips[1], "theft", "fraud")
    assert await without() == 0
    await org.security.post(f"{ORG}/grants/{granted}/revoke")
    assert await without() == 1
