"""复议: by those concerned, in time, before somebody else, never for the worse."""

from datetime import UTC, date, datetime
from typing import Any

from contracts.deadlines import ExceptionalDay, WorkingDays
from contracts.permissions import Role
from kernel.ids import new_id
from kernel.testing.people import grant
from tests.services.submissions.conftest import API, Desk, together

GROUNDS = {"grounds": "事实清楚,佐证齐全"}


async def rule(desk: Desk, who: str, appeal: dict[str, Any], act: str, **body: Any) -> dict[str, Any]:
    done: dict[str, Any] = await desk[who].post(f"{API}/appeals/{appeal['id']}/{act}", body)
    return done


async def problem(desk: Desk, who: str, appeal: dict[str, Any], act: str, **body: Any) -> tuple[int, str]:
    told = await desk[who].problem("POST", f"{API}/appeals/{appeal['id']}/{act}", json=body)
    return told["status"], told["code"]


async def test_an_appeal_changes_the_outcome_in_favour(desk: Desk) -> None:
    filed = await desk.appealed()
    assert (filed["status"], filed["submission_status"]) == ("filed", "under_appeal")
    assert (await rule(desk, "adjudicator", filed, "admit"))["status"] == "admitted"
    ruled = await rule(
        desk, "adjudicator", filed, "decide", outcome="changed", quantity="2", reason="部分成立"
    )
    assert (ruled["status"], ruled["accepted_quantity"]) == ("partly", "2")
    row = await desk["author"].get(f"{API}/submissions/{filed['submission_id']}")
    assert (row["status"], row["accepted_quantity"]) == ("changed", "2")
    assert row["first_decided_by"] == str(desk.bureau.people["assessor"].officer_id)
    assert row["decided_by"] == str(desk.bureau.people["adjudicator"].officer_id)


async def test_an_upheld_decision_stands(desk: Desk) -> None:
    filed = await desk.appealed()
    await rule(desk, "adjudicator", filed, "admit")
    ruled = await rule(desk, "adjudicator", filed, "decide", outcome="upheld", reason="原认定正确")
    row = await desk["author"].get(f"{API}/submissions/{filed['submission_id']}")
    assert (ruled["status"], row["status"], row["accepted_quantity"]) == ("upheld", "upheld", "0")
    told = await desk["author"].problem(
        "POST", f"{API}/submissions/{filed['submission_id']}/appeals", json=GROUNDS
    )
    assert told["code"] == "wrong-state"


async def test_an_appeal_never_makes_it_worse_nor_gives_more_than_was_claimed(desk: Desk) -> None:
    held = await desk.claimed()
    body = {"quantity": "2", "reason": "一件重复", "clause": "第五条"}
    await desk["assessor"].post(f"{API}/submissions/{held['id']}/accept", body)
    filed = await desk["author"].post(f"{API}/submissions/{held['id']}/appeals", GROUNDS)
    early = {"outcome": "upheld", "reason": "x"}
    assert await problem(desk, "adjudicator", filed, "decide", **early) == (409, "wrong-state")
    await rule(desk, "adjudicator", filed, "admit")
    for quantity, code in (("1", "worse-than-before"), ("4", "accept-above-claim"), ("2", "no-change")):
        change = {"outcome": "changed", "quantity": quantity, "reason": "x"}
        assert await problem(desk, "adjudicator", filed, "decide", **change) == (422, code)


async def test_strangers_do_not_appeal(desk: Desk) -> None:
    done = await desk.refused()
    path = f"{API}/submissions/{done['id']}/appeals"
    for who, status in (("stranger", 404), ("colleague", 404), ("leader", 403), ("office", 403)):
        assert (await desk[who].problem("POST", path, json=GROUNDS))["status"] == status


async def test_the_leader_of_the_unit_concerned_appeals_for_it(desk: Desk) -> None:
    held = await desk.claimed(by="leader", subject="ZD1")
    body = {"reason": "与口径不符", "clause": "第三条"}
    await desk["assessor"].post(f"{API}/submissions/{held['id']}/refuse", body)
    path = f"{API}/submissions/{held['id']}/appeals"
    assert (await desk["adjudicator"].problem("POST", path, json=GROUNDS))["code"] == "not-yours-to-appeal"
    filed = await desk["county_leader"].post(path, GROUNDS)
    assert filed["appellant_id"] == str(desk.bureau.people["county_leader"].officer_id)


async def test_what_was_accepted_in_full_is_not_appealed(desk: Desk) -> None:
    held = await desk.claimed()
    await desk["assessor"].post(f"{API}/submissions/{held['id']}/accept")
    told = await desk["author"].problem("POST", f"{API}/submissions/{held['id']}/appeals", json=GROUNDS)
    assert (told["status"], told["code"]) == (409, "nothing-to-appeal")


async def test_the_window_counts_working_days_of_the_calendar(desk: Desk) -> None:
    days = (
        ExceptionalDay(day=date(2026, 11, 13), working=False, name="放假"),
        ExceptionalDay(day=date(2026, 11, 14), working=True, name="调休上班"),
    )
    arranged = WorkingDays(id=new_id(), version=1, year=2026, days=days, source="国办发明电")
    await desk.platform.tell("submissions", arranged)
    done = await desk.refused()
    notice = await desk["author"].get(f"{API}/submissions/{done['id']}/notice")
    assert notice["appeal_last_day"] == "2026-11-17"  # Saturday, Monday, Tuesday
    await desk.platform.tell("submissions", arranged.model_copy(update={"version": 2, "days": ()}))
    desk.clock.move_to(datetime(2026, 11, 17, 15, 59, 59, tzinfo=UTC))
    in_time = await desk["author"].post(f"{API}/submissions/{done['id']}/appeals", GROUNDS)
    assert in_time["status"] == "filed"


async def test_after_the_last_day_nothing_is_appealed(desk: Desk) -> None:
    done = await desk.refused()
    desk.clock.move_to(datetime(2026, 11, 17, 16, 0, tzinfo=UTC))
    told = await desk["author"].problem("POST", f"{API}/submissions/{done['id']}/appeals", json=GROUNDS)
    assert (told["code"], told["deadline"]) == ("appeal-window-closed", "2026-11-17 23:59")


async def test_one_item_has_one_live_appeal(desk: Desk) -> None:
    done = await desk.refused()
    path = f"{API}/submissions/{done['id']}/appeals"
    answers = await together(*(desk["author"].send("POST", path, json=GROUNDS) for _ in range(2)))
    assert sorted(a.status_code for a in answers) == [201, 409]
    assert next(a for a in answers if a.status_code == 409).json()["code"] == "appeal-exists"


async def test_who_decided_first_does_not_decide_the_appeal(desk: Desk) -> None:
    done = await desk.refused("judge_and_assessor")
    filed = await desk["author"].post(f"{API}/submissions/{done['id']}/appeals", GROUNDS)
    assert await problem(desk, "judge_and_assessor", filed, "admit") == (403, "first-decider")
    assert (await rule(desk, "adjudicator", filed, "admit"))["status"] == "admitted"


async def test_neither_the_appellant_nor_the_appellants_unit_decides(desk: Desk) -> None:
    city = desk.bureau.units["CITY"]
    desk.bureau.join("near_judge", "ZD1", grant(Role.ADJUDICATOR, city.id, city.path))
    await desk.platform.tell("submissions", *desk.bureau.events)
    filed = await desk.appealed()
    assert await problem(desk, "near_judge", filed, "admit") == (403, "own-units-work")
    assert await problem(desk, "author", filed, "admit") == (403, "permission-denied")
    queue = await desk["near_judge"].get(f"{API}/appeals", queue=True)
    assert filed["id"] not in {item["id"] for item in queue["items"]}
    queue = await desk["adjudicator"].get(f"{API}/appeals", queue=True)
    assert filed["id"] in {item["id"] for item in queue["items"]}


async def test_what_is_not_admitted_stands(desk: Desk) -> None:
    filed = await desk.appealed()
    ended = await rule(desk, "adjudicator", filed, "not-admit", reason="超出受理范围")
    assert (ended["status"], ended["submission_status"]) == ("not_admitted", "upheld")


async def test_the_appellant_may_give_up(desk: Desk) -> None:
    filed = await desk.appealed()
    assert (await problem(desk, "leader", filed, "withdraw"))[0] == 403
    ended = await rule(desk, "author", filed, "withdraw")
    assert (ended["status"], ended["submission_status"]) == ("withdrawn", "upheld")


async def test_an_appeal_is_seen_by_whoever_sees_the_submission(desk: Desk) -> None:
    filed = await desk.appealed()
    assert (await desk["author"].get(f"{API}/appeals/{filed['id']}"))["grounds"] == "事实清楚"
    told = await desk["stranger"].problem("GET", f"{API}/appeals/{filed['id']}")
    assert (told["status"], told["code"]) == (404, "appeal-not-found")
    mine = await desk["author"].get(f"{API}/appeals", mine=True, status="filed")
    assert filed["id"] in {item["id"] for item in mine["items"]}
    assert (await desk["stranger"].get(f"{API}/appeals"))["items"] == []


async def test_two_decisions_at_once_are_one(desk: Desk) -> None:
    city = desk.bureau.units["CITY"]
    desk.bureau.join("second_judge", "KHB", grant(Role.ADJUDICATOR, city.id, city.path))
    filed = await desk.appealed()
    await rule(desk, "adjudicator", filed, "admit")
    body = {"outcome": "changed", "quantity": "3", "reason": "成立"}
    answers = await together(
        *(
            desk[who].send("POST", f"{API}/appeals/{filed['id']}/decide", json=body)
            for who in ("adjudicator", "second_judge")
        )
    )
    assert answers[0].status_code + answers[1].status_code in {609, 603}
    assert 200 in {a.status_code for a in answers}
