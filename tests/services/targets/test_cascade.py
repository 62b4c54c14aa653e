import asyncio
from datetime import date
from uuid import uuid4

from contracts import org
from tests.services.targets.bureau import API, Bureau


async def test_a_target_goes_from_the_city_to_the_officer_and_is_acknowledged(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01", 20)
    leader = bureau.leader("XZ01")
    assert (await leader.post(f"{API}/targets/{county['id']}/acknowledge"))["status"] == "acknowledged"
    split = await leader.post(f"{API}/targets/{county['id']}/split", {"method": "head_count"})
    assert {t["subject_id"]: t["quantity"] for t in split["targets"]} == {
        str(bureau.unit("ZD01")): "16",
        str(bureau.unit("ZD02")): "4",
    }
    station = next(t for t in split["targets"] if t["subject_id"] == str(bureau.unit("ZD01")))
    officers = await bureau.leader("ZD01").post(f"{API}/targets/{station['id']}/split", {"method": "even"})
    assert [t["quantity"] for t in officers["targets"]] == ["2"] * 8
    mine = (await bureau.officer("ZD01").get(f"{API}/targets", mine="true"))["items"]
    assert [t["unit_id"] for t in mine] == [str(bureau.unit("ZD01"))]
    signed = await bureau.officer("ZD01").post(f"{API}/targets/acknowledge-batch", {"ids": [mine[0]["id"]]})
    assert signed["targets"][0]["acknowledged_by"] == str(bureau.officers["ZD01"][0])


async def test_coverage_tells_what_has_not_come_down(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01", 20)
    part = {"subject_kind": "unit", "subject_id": str(bureau.unit("ZD01")), "quantity": "8"}
    leader = bureau.leader("XZ01")
    split = await leader.post(f"{API}/targets/{county['id']}/split", {"method": "hand", "parts": [part]})
    await bureau.leader("ZD01").post(f"{API}/targets/{split['targets'][0]['id']}/split", {"method": "even"})
    found = await leader.get(
        f"{API}/coverage",
        scheme_id=published.scheme,
        period_id=published.period,
        unit_id=str(bureau.unit("XZ01")),
    )
    levels = {row["level"]: row for row in found["levels"]}
    assert (levels[2]["handed_down"], levels[2]["uncovered"], levels[2]["not_acknowledged"]) == (
        "8",
        "12",
        1,
    )
    assert levels[3]["uncovered"] == "0"
    assert levels[5]["targets"] == 8
    assert (found["officers_without_target"], len(found["unreached"])) == (2, 2)


async def test_a_split_above_the_parent_is_refused(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01", 5)
    part = {"subject_kind": "unit", "subject_id": str(bureau.unit("ZD01")), "quantity": "6"}
    problem = await bureau.leader("XZ01").problem(
        "POST", f"{API}/targets/{county['id']}/split", json={"method": "hand", "parts": [part]}
    )
    assert (problem["status"], problem["code"]) == (422, "split-above-parent")


async def test_a_warning_scheme_reports_what_is_above_the_parent(bureau: Bureau):
    published = await bureau.published(split_check="warning")
    county = await published.issue("XZ01", 5)
    part = {"subject_kind": "unit", "subject_id": str(bureau.unit("ZD01")), "quantity": "6"}
    split = await bureau.leader("XZ01").post(
        f"{API}/targets/{county['id']}/split", {"method": "hand", "parts": [part]}
    )
    assert split["sums"][0]["above"] == "1"


async def test_two_splits_at_once_never_exceed_the_parent(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01", 10)
    path = f"{API}/targets/{county['id']}/split"

    def hand(code: str) -> dict[str, object]:
        return {
            "method": "hand",
            "parts": [{"subject_kind": "unit", "subject_id": str(bureau.unit(code)), "quantity": "6"}],
        }

    leader = bureau.leader("XZ01")
    answers = await asyncio.gather(*(leader.send("POST", path, json=hand(code)) for code in ("ZD01", "ZD02")))
    assert sorted(a.status_code for a in answers) == [201, 422]
    detail = await leader.get(f"{API}/targets/{county['id']}")
    assert (detail["children"], detail["handed_down"], detail["uncovered"]) == (1, "6", "4")


async def test_only_those_directly_below_take_a_part(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01")
    parts = [
        {"subject_kind": "unit", "subject_id": str(bureau.unit("XZ02")), "quantity": "1"},
        {"subject_kind": "officer", "subject_id": str(bureau.officers["ZD01"][0]), "quantity": "1"},
    ]
    problem = await bureau.leader("XZ01").problem(
        "POST", f"{API}/targets/{county['id']}/split", json={"method": "hand", "parts": parts}
    )
    assert [(e["place"], e["code"]) for e in problem["errors"]] == [
        ("splits[0].parts[0]", "not-a-part"),
        ("splits[0].parts[1]", "not-a-part"),
    ]


async def test_who_joined_within_the_period_takes_a_part_for_the_unit_of_its_first_day(bureau: Bureau):
    published = await bureau.published()
    station = await published.issue("ZD02", 3)
    mover = bureau.officers["ZD01"][0]
    loan = bureau.posting(
        mover, "ZD02", kind=org.PostingKind.LOAN, is_primary=False, valid_from=date(2026, 11, 20)
    )
    await bureau.platform.tell("targets", loan)
    part = {"subject_kind": "officer", "subject_id": str(mover), "quantity": "1"}
    split = await bureau.leader("ZD02").post(
        f"{API}/targets/{station['id']}/split", {"method": "hand", "parts": [part]}
    )
    assert split["targets"][0]["unit_id"] == str(bureau.unit("ZD01"))


async def test_a_leader_of_another_unit_neither_sees_nor_splits(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01")
    stranger = bureau.leader("XZ02")
    assert (await stranger.problem("GET", f"{API}/targets/{county['id']}"))["status"] == 404
    split = await stranger.problem("POST", f"{API}/targets/{county['id']}/split", json={"method": "even"})
    assert split["status"] == 404
    assert (await stranger.get(f"{API}/targets"))["items"] == []


async def test_a_split_target_is_withdrawn_only_with_its_parts(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01")
    await bureau.leader("XZ01").post(f"{API}/targets/{county['id']}/split", {"method": "even"})
    path = f"{API}/targets/{county['id']}/withdraw"
    problem = await bureau.office().problem("POST", path, json={"reason": "调整"})
    assert (problem["code"], problem["children"]) == ("target-has-children", 2)
    gone = await bureau.office().post(path, {"reason": "调整", "cascade": True})
    assert [t["status"] for t in gone["targets"]] == ["withdrawn"] * 3
    assert gone["targets"][0]["id"] == county["id"]


async def test_a_revised_target_is_acknowledged_again(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01", 5)
    leader = bureau.leader("XZ01")
    signed = await leader.post(f"{API}/targets/{county['id']}/acknowledge")
    body = {"quantity": "7", "reason": "任务调整", "version": signed["version"]}
    revised = await bureau.office().post(f"{API}/targets/{county['id']}/revise", body)
    assert (revised["status"], revised["quantity"], revised["acknowledged_at"]) == ("revised", "7", None)
    steps = (await leader.get(f"{API}/targets/{county['id']}/timeline"))["items"]
    assert [step["action"] for step in steps] == ["issue", "acknowledge", "revise"]
    assert steps[2]["reason"] == "任务调整"


async def test_a_batch_names_every_target_that_cannot_be(bureau: Bureau):
    published = await bureau.published()
    await published.issue("XZ01")
    bad = published.batch(
        published.wanted(bureau.unit("XZ01")),
        published.wanted(uuid4()),
        published.wanted(bureau.unit("XZ02")) | {"period_id": str(uuid4())},
    )
    problem = await bureau.office().problem("POST", f"{API}/targets/batch", json=bad)
    assert [(e["place"], e["code"]) for e in problem["errors"]] == [
        ("targets[0]", "target-exists"),
        ("targets[1]", "subject-unknown"),
        ("targets[2]", "period-unknown"),
    ]


async def test_a_draft_is_unseen_below_until_it_is_issued(bureau: Bureau):
    published = await bureau.published()
    batch = published.batch(published.wanted(bureau.unit("XZ01")), issue=False)
    draft = (await bureau.office().post(f"{API}/targets/batch", batch))["targets"][0]
    leader = bureau.leader("XZ01")
    assert (await leader.problem("GET", f"{API}/targets/{draft['id']}"))["status"] == 404
    issued = await bureau.office().post(f"{API}/targets/issue", {"ids": [draft["id"]]})
    assert issued["targets"][0]["status"] == "issued"
    assert (await leader.get(f"{API}/targets/{draft['id']}"))["version"] == draft["version"] + 1
