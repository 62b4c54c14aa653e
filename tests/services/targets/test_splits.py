"""Ways of splitting, many cells in one request, proposals, undoing."""

from datetime import date
from decimal import Decimal
from typing import Any

from contracts import org
from tests.services.targets.bureau import API, CALENDAR, Bureau
from tests.services.targets.test_supervision import submitted

BATCH = f"{API}/targets/split-batch"


async def stations(bureau: Bureau, n: int, quantity: object = 16) -> tuple[Any, list[dict[str, Any]]]:
    """A scheme of n indicators, and a target of the station ZD01 for each."""
    published = await bureau.published(indicators=n)
    wanted = [published.wanted(bureau.unit("ZD01"), quantity, indicator=i) for i in range(n)]
    made = await bureau.office().post(f"{API}/targets/batch", published.batch(*wanted))
    return published, made["targets"]


def cell(bureau: Bureau, n: int, quantity: object) -> dict[str, object]:
    return {
        "subject_kind": "officer",
        "subject_id": str(bureau.officers["ZD01"][n]),
        "quantity": str(quantity),
    }


async def test_twelve_indicators_over_eight_people_go_out_in_one_request(bureau: Bureau):
    _, targets = await stations(bureau, 12)
    splits = [
        {"target_id": t["id"], "method": "hand", "parts": [cell(bureau, n, 2) for n in range(8)]}
        for t in targets
    ]
    done = await bureau.leader("ZD01").post(BATCH, {"splits": splits})
    assert len(done["targets"]) == 96
    assert {(s["handed_down"], s["uncovered"]) for s in done["sums"]} == {("16", "0")}


async def test_every_cell_that_cannot_be_is_named_and_nothing_is_issued(bureau: Bureau):
    _, targets = await stations(bureau, 3)
    stranger = {"subject_kind": "officer", "subject_id": str(bureau.officers["ZD02"][0]), "quantity": "1"}
    splits = [
        {"target_id": targets[0]["id"], "method": "hand", "parts": [cell(bureau, 0, 1), stranger]},
        {"target_id": targets[1]["id"], "method": "hand", "parts": [cell(bureau, 0, 10), cell(bureau, 1, 7)]},
        {"target_id": targets[2]["id"], "method": "hand", "parts": [cell(bureau, 0, 1), cell(bureau, 0, 1)]},
    ]
    leader = bureau.leader("ZD01")
    problem = await leader.problem("POST", BATCH, json={"splits": splits})
    assert [(e["place"], e["code"]) for e in problem["errors"]] == [
        ("splits[0].parts[1]", "not-a-part"),
        ("splits[1]", "split-above-parent"),
        ("splits[2].parts[1]", "target-exists"),
    ]
    assert (await leader.get(f"{API}/targets", parent_id=targets[0]["id"]))["items"] == []


async def test_a_split_by_coefficient_is_exact_and_by_the_largest_remainder(bureau: Bureau):
    _, (target,) = await stations(bureau, 1, 10)
    for n, coefficient in enumerate(("1.35", "1.2", "0.9")):
        officer = bureau.officers["ZD01"][n]
        await bureau.platform.tell(
            "targets",
            bureau.posting(officer, "ZD01", role_coefficient=Decimal(coefficient), is_primary=False),
        )
    parts = [cell(bureau, n, 0) | {"quantity": None} for n in range(3)]
    body = {"method": "coefficient", "parts": parts}
    done = await bureau.leader("ZD01").post(f"{API}/targets/{target['id']}/split", body)
    # 1.35, 1.2 and 1 (the highest of two postings) of 3.55: 3.80, 3.38, 2.81
    assert [t["quantity"] for t in done["targets"]] == ["4", "3", "3"]


async def test_last_month_s_division_is_proposed_adjusted_and_issued(bureau: Bureau):
    published, (old,) = await stations(bureau, 1, 8)
    leader = bureau.leader("ZD01")
    parts = [cell(bureau, 0, 6), cell(bureau, 1, 2)]
    await leader.post(f"{API}/targets/{old['id']}/split", {"method": "hand", "parts": parts})
    later = CALENDAR | {"months": ["2026-12"]}
    periods = (await bureau.office().post(f"{API}/schemes/{published.scheme}/calendar", later))["items"]
    wanted = published.wanted(bureau.unit("ZD01"), 12) | {"period_id": periods[1]["id"]}
    new = (await bureau.office().post(f"{API}/targets/batch", published.batch(wanted)))["targets"][0]
    ask = {"splits": [{"target_id": new["id"], "method": "last_month"}]}
    proposed = await leader.post(f"{API}/targets/split-preview", ask)
    assert sorted(p["quantity"] for p in proposed["parts"]) == ["3", "9"]
    assert (await leader.get(f"{API}/targets", parent_id=new["id"]))["items"] == []
    adjusted = [
        {"subject_kind": p["subject_kind"], "subject_id": p["subject_id"], "quantity": "6"}
        for p in proposed["parts"]
    ]
    done = await leader.post(f"{API}/targets/{new['id']}/split", {"method": "hand", "parts": adjusted})
    assert done["sums"][0]["uncovered"] == "0"
    first = await leader.problem(
        "POST",
        f"{API}/targets/split-preview",
        json={"splits": [{"target_id": old["id"], "method": "last_month"}]},
    )
    assert first["code"] == "nothing-to-split"


async def test_without_a_month_before_no_division_is_made_up(bureau: Bureau):
    _, (target,) = await stations(bureau, 1)
    body = {"splits": [{"target_id": target["id"], "method": "last_month"}]}
    problem = await bureau.leader("ZD01").problem("POST", BATCH, json=body)
    assert [(e["place"], e["code"]) for e in problem["errors"]] == [("splits[0].method", "no-last-month")]


async def test_a_split_is_undone_while_nobody_has_acknowledged_it(bureau: Bureau):
    _, (target,) = await stations(bureau, 1)
    leader, path = bureau.leader("ZD01"), f"{API}/targets/{target['id']}"
    assert (await leader.problem("POST", f"{path}/undo-split", json={}))["code"] == "nothing-split"
    await leader.post(f"{path}/split", {"method": "even"})
    assert len((await leader.post(f"{path}/undo-split", {"reason": "分错了"}))["targets"]) == 8
    again = await leader.post(f"{path}/split", {"method": "even"})
    await bureau.officer("ZD01").post(f"{API}/targets/{again['targets'][0]['id']}/acknowledge")
    await submitted(bureau, again["targets"][1], at=bureau.clock.now())
    problem = await leader.problem("POST", f"{path}/undo-split", json={})
    assert (problem["code"], problem["parts"]) == ("split-acknowledged", 2)


async def test_the_sheet_of_a_leader_has_targets_people_and_parts(bureau: Bureau):
    published, targets = await stations(bureau, 2)
    leader = bureau.leader("ZD01")
    await leader.post(
        f"{API}/targets/{targets[0]['id']}/split", {"method": "hand", "parts": [cell(bureau, 0, 5)]}
    )
    where = {"unit_id": str(bureau.unit("ZD01")), "period_id": published.period}
    sheet = await leader.get(f"{API}/cascade/sheet", **where)
    assert [(row["state"], row["uncovered"]) for row in sheet["targets"]] == [
        ("partly", "11"),
        ("not_handed_down", "16"),
    ]
    assert [s["code"] for s in sheet["subjects"]] == [f"ZD01{n:03d}" for n in range(8)]
    assert [p["quantity"] for p in sheet["parts"]] == ["5"]
    above = await bureau.leader("XZ01").get(
        f"{API}/cascade/sheet", **where | {"unit_id": str(bureau.unit("XZ01"))}
    )
    assert [(s["code"], s["heads"]) for s in above["subjects"]] == [("ZD01", 8), ("ZD02", 2)]
    assert (await bureau.leader("ZD02").problem("GET", f"{API}/cascade/sheet", params=where))["status"] == 404


async def test_a_refusal_goes_to_the_issuer_who_decides(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01", 20)
    path, leader = f"{API}/targets/{county['id']}", bureau.leader("XZ01")
    refused = await leader.post(f"{path}/refuse", {"reason": "辖区无此业务"})
    assert (refused["status"], refused["refusal_reason"]) == (
        "issued",
        "辖区无此业务",
    )  # it binds until decided
    assert (await leader.problem("POST", f"{path}/refuse", json={"reason": "x"}))[
        "code"
    ] == "target-refused-already"
    waiting = (await bureau.office().get(f"{API}/targets", refused="true"))["items"]
    assert [t["id"] for t in waiting] == [county["id"]]
    assert (await leader.problem("POST", f"{path}/let-stand", json={"answer": "x"}))[
        "code"
    ] == "outside-scope"
    stands = await bureau.office().post(f"{path}/let-stand", {"answer": "有两起在办"})
    assert (stands["refused_at"], stands["refusal_answer"]) == (None, "有两起在办")
    assert (await leader.post(f"{path}/acknowledge"))["status"] == "acknowledged"
    assert (await leader.problem("POST", f"{path}/refuse", json={"reason": "x"}))[
        "code"
    ] == "target-move-refused"


async def test_a_revision_tells_what_was_before_and_why(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01", 5)
    await bureau.leader("XZ01").post(f"{API}/targets/{county['id']}/refuse", {"reason": "太多"})
    body = {"quantity": "3", "reason": "核减", "version": county["version"] + 1}
    revised = await bureau.office().post(f"{API}/targets/{county['id']}/revise", body)
    assert (revised["previous_quantity"], revised["reason"], revised["refused_at"]) == ("5", "核减", None)


async def test_a_transfer_leaves_targets_that_surface_at_once_and_can_be_given_on(bureau: Bureau):
    _, (target,) = await stations(bureau, 1)
    leader, mover = bureau.leader("ZD01"), bureau.officers["ZD01"][0]
    await leader.post(f"{API}/targets/{target['id']}/split", {"method": "even"})
    stays = bureau.posting(mover, "ZD01", id=bureau.postings[mover], version=2, valid_to=date(2026, 11, 9))
    await bureau.platform.tell("targets", stays, bureau.posting(mover, "ZD02", valid_from=date(2026, 11, 10)))
    (orphan,) = (await leader.get(f"{API}/targets", orphaned="true"))["items"]
    assert (orphan["subject_id"], orphan["orphaned_on"]) == (str(mover), "2026-11-10")
    path = f"{API}/targets/{orphan['id']}"
    nobody = {"subject_kind": "officer", "subject_id": str(bureau.officers["ZD02"][0]), "reason": "调动"}
    assert (await leader.problem("POST", f"{path}/reassign", json=nobody))["code"] == "nobody-to-take"
    other = nobody | {"subject_id": str(bureau.officers["ZD01"][1])}
    gone, taken = (await leader.post(f"{path}/reassign", other))["targets"]
    assert (gone["status"], taken["quantity"], taken["previous_quantity"], taken["status"]) == (
        "withdrawn",
        "4",
        "2",
        "revised",
    )
    assert (await leader.problem("POST", f"{path}/reassign", json=other))["code"] == "not-orphaned"


async def test_an_orphaned_target_may_go_with_its_officer_and_a_move_undone_finds_it_again(bureau: Bureau):
    _, (target,) = await stations(bureau, 1)
    leader, mover = bureau.leader("ZD01"), bureau.officers["ZD01"][0]
    split = await leader.post(f"{API}/targets/{target['id']}/split", {"method": "even"})
    mine = next(t for t in split["targets"] if t["subject_id"] == str(mover))
    first = bureau.posting(mover, "ZD01", id=bureau.postings[mover], version=2, valid_to=date(2026, 11, 9))
    await bureau.platform.tell("targets", first)
    assert (await leader.get(f"{API}/targets/{mine['id']}"))["orphaned_on"] == "2026-11-10"
    assert (await leader.problem("POST", f"{API}/targets/{mine['id']}/follow", json={"reason": "x"}))[
        "code"
    ] == "nobody-to-take"
    await bureau.platform.tell("targets", bureau.posting(mover, "ZD02", valid_from=date(2026, 11, 10)))
    moved = await leader.post(f"{API}/targets/{mine['id']}/follow", {"reason": "随人走"})
    assert (moved["unit_id"], moved["orphaned_on"]) == (str(bureau.unit("ZD02")), None)
    back = first.model_copy(update={"version": 3, "valid_to": None})
    other = bureau.officers["ZD01"][1]
    ended = bureau.posting(other, "ZD01", id=bureau.postings[other], version=2, valid_to=date(2026, 11, 1))
    await bureau.platform.tell(
        "targets", back, ended, ended.model_copy(update={"version": 3, "valid_to": None})
    )
    assert (await leader.get(f"{API}/targets", orphaned="true"))["items"] == []


async def test_a_unit_that_is_closed_and_an_officer_who_leaves_orphan_their_targets(bureau: Bureau):
    published, (target,) = await stations(bureau, 1)
    leaver = bureau.officers["ZD01"][2]
    await bureau.leader("ZD01").post(f"{API}/targets/{target['id']}/split", {"method": "even"})
    closed = bureau.units["ZD01"].model_copy(update={"version": 2, "valid_to": date(2026, 11, 20)})
    left = org.Officer(
        id=leaver, version=2, police_number="ZD01002", name="民警", category=org.OfficerCategory.OFFICER,
        status=org.OfficerStatus.RETIRED, series_id=None,
    )  # fmt: skip
    await bureau.platform.tell("targets", closed, left)
    found = (await bureau.office().get(f"{API}/targets", orphaned="true"))["items"]
    assert {t["subject_id"]: t["orphaned_on"] for t in found}[str(bureau.unit("ZD01"))] == "2026-11-21"
    assert str(leaver) in {t["subject_id"] for t in found}
    assert published.period == found[0]["period_id"]
