"""Appeals against any ledger entry: who files, who decides, what is posted, what is never worse."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.permissions import Role
from contracts.scoring import EntryKind
from contracts.submissions import SubmissionStatus
from contracts.targets import PeriodStatus
from kernel.testing.people import grant, person
from services.scoring.queries import closing as queries
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.test_awards import award
from tests.services.scoring.test_closing import closing, until
from tests.services.scoring.test_shortfalls import SHORT

APPEALS = f"{API}/entry-appeals"


@pytest.fixture
async def desk(desk: Desk) -> Desk:
    """A penalty of 1.5 for one officer; two adjudicators of the city, and one of the officer's own station."""
    city, county = desk.bureau.units["CITY"], desk.bureau.units["XZ01"]
    for name in ("judge", "other_judge"):
        desk.bureau.join(name, "CITY", grant(Role.ADJUDICATOR, city.id, city.path))
    desk.bureau.join("near_judge", "ZD1", grant(Role.ADJUDICATOR, county.id, county.path))
    assert await desk.hear(*desk.bureau.postings.values()) == []
    await desk["office"].post(f"{API}/awards", award(desk, kind="penalty"))
    return desk


async def entry(desk: Desk, name: str = "an") -> str:
    found = await desk["office"].get(f"{API}/entries", subject_id=str(desk.bureau.subject(name)[1]))
    return str(found["items"][0]["id"])


async def filed(desk: Desk) -> Any:
    return await desk["an"].post(f"{API}/entries/{await entry(desk)}/appeals", {"grounds": "当日系公差"})


async def refused(desk: Desk, who: str, path: str, body: Any) -> str:
    return str((await desk[who].problem("POST", path, json=body))["code"])


def change(points: str) -> dict[str, Any]:
    return {"outcome": "changed", "points": points, "reason": "情况属实"}


STANDS = {"outcome": "upheld", "reason": "证据不足"}


async def test_a_change_is_an_entry_of_its_own(desk: Desk):
    appeal = await filed(desk)
    decided = await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", change("-0.5"))
    assert (decided["status"], decided["wanted_milli"]) == ("changed", -500)
    assert await desk.posted("an") == [-1500, 1000]
    found = (await desk["an"].get(f"{API}/entries"))["items"]
    assert (found[-1]["kind"], found[-1]["module"]) == (EntryKind.APPEAL, found[0]["module"])
    assert found[-1]["reason_zh"].endswith("情况属实")
    await desk.roll_up()
    assert (await desk.verified()).holds


async def test_a_decision_that_stands_posts_nothing(desk: Desk):
    appeal = await filed(desk)
    decided = await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", STANDS)
    assert (decided["status"], await desk.posted("an")) == ("upheld", [-1500])


@pytest.mark.parametrize(("points", "code"), [("-1.5", "entry-appeal-same"), ("-2", "entry-appeal-worse")])
async def test_nobody_is_worse_off_for_having_appealed(desk: Desk, points: str, code: str):
    appeal = await filed(desk)
    assert await refused(desk, "judge", f"{APPEALS}/{appeal['id']}/decide", change(points)) == code


async def test_neither_a_stranger_nor_a_colleague_appeals_for_somebody(desk: Desk):
    path = f"{API}/entries/{await entry(desk)}/appeals"
    assert await refused(desk, "bo", path, {"grounds": "不服"}) == "not-found"
    assert await refused(desk, "auditor", path, {"grounds": "不服"}) == "permission-denied"


async def test_who_is_close_does_not_decide(desk: Desk):
    appeal = await filed(desk)
    path = f"{APPEALS}/{appeal['id']}/decide"
    assert await refused(desk, "near_judge", path, STANDS) == "entry-appeal-not-impartial"
    assert await refused(desk, "an", path, STANDS) == "permission-denied"


async def test_who_entered_the_points_does_not_decide(desk: Desk):
    city = desk.bureau.units["CITY"]
    office = desk.bureau.people["office"]
    desk.bureau.people["office"] = type(office)(
        office.account_id, office.session_id, office.name, office.officer_id, office.unit_id, "CITY/elsewhere/",
        (*office.grants, grant(Role.ADJUDICATOR, city.id, city.path)),
    )  # fmt: skip
    appeal = await filed(desk)
    path = f"{APPEALS}/{appeal['id']}/decide"
    assert await refused(desk, "office", path, STANDS) == "entry-appeal-not-impartial"


async def test_the_second_instance_is_somebody_else_and_final(desk: Desk):
    appeal = await filed(desk)
    path = f"{APPEALS}/{appeal['id']}"
    await desk["judge"].post(f"{path}/decide", change("-1"))
    await desk["an"].post(f"{path}/second", {"grounds": "仍不服"})
    assert await refused(desk, "judge", f"{path}/decide", STANDS) == "entry-appeal-not-impartial"
    final = await desk["other_judge"].post(f"{path}/decide", change("0"))
    assert final["status"] == "final_changed"
    assert await desk.posted("an") == [-1500, 500, 1000]
    assert await refused(desk, "an", f"{path}/second", {"grounds": "再"}) == "entry-appeal-state"
    await desk.roll_up()
    assert (await desk.verified()).holds


async def test_the_outcome_goes_to_the_second_instance_not_to_another_appeal(desk: Desk):
    appeal = await filed(desk)
    await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", change("-0.5"))
    outcome = (await desk["an"].get(f"{API}/entries"))["items"][-1]
    assert outcome["kind"] == EntryKind.APPEAL
    against = f"{API}/entries/{outcome['id']}/appeals"
    assert await refused(desk, "an", against, {"grounds": "仍不服"}) == "entry-appeal-decided"


async def test_the_second_instance_is_asked_for_in_time(desk: Desk):
    appeal = await filed(desk)
    path = f"{APPEALS}/{appeal['id']}"
    await desk["judge"].post(f"{path}/decide", STANDS)
    desk.clock.advance(timedelta(days=5))
    assert await refused(desk, "an", f"{path}/second", {"grounds": "不服"}) == "entry-appeal-second-over"


async def test_one_appeal_an_entry_unless_it_was_withdrawn(desk: Desk):
    appeal, against = await filed(desk), f"{API}/entries/{await entry(desk)}/appeals"
    assert await refused(desk, "an", against, {"grounds": "又"}) == "entry-appeal-running"
    await desk["an"].post(f"{APPEALS}/{appeal['id']}/withdraw")
    again = await desk["an"].post(against, {"grounds": "又"})
    await desk["judge"].post(f"{APPEALS}/{again['id']}/decide", STANDS)
    assert await refused(desk, "an", against, {"grounds": "再"}) == "entry-appeal-decided"


async def test_what_a_reviewer_decided_is_appealed_at_the_work(desk: Desk):
    goal = desk.bureau.target("bo")
    work = desk.bureau.work("bo", goal, "2")
    assert await desk.hear(goal, work) == []
    against = f"{API}/entries/{await entry(desk, 'bo')}/appeals"
    assert await refused(desk, "bo", against, {"grounds": "少计"}) == "entry-appeal-the-work"
    assert await desk.hear(later(work, status=SubmissionStatus.UPHELD)) == []
    assert (await desk["bo"].post(against, {"grounds": "少计"}))["status"] == "filed"


async def test_an_open_appeal_keeps_the_period_from_being_closed(desk: Desk):
    await filed(desk)
    async with desk.db.reading() as session:
        found = {c.code: (c.count, c.blocks) for c in await queries.checks(session, desk.bureau.period.id)}
    assert found["entry-appeals"] == (1, True)


async def test_behind_the_seal_there_is_no_appeal(desk: Desk):
    appeal = await filed(desk)
    assert await desk.hear(later(desk.bureau.period, status=PeriodStatus.SEALED)) == []
    assert await refused(desk, "judge", f"{APPEALS}/{appeal['id']}/decide", STANDS) == "period-closed"
    against = f"{API}/entries/{await entry(desk)}/appeals"
    assert await refused(desk, "an", against, {"grounds": "又"}) == "period-closed"


async def test_scoring_the_facts_again_leaves_the_outcome_alone(desk: Desk):
    goal = desk.bureau.target("an")
    work = desk.bureau.work("an", goal, "2")
    assert await desk.hear(goal, work, later(work, status=SubmissionStatus.UPHELD)) == []
    found = (await desk["an"].get(f"{API}/entries"))["items"]
    own = next(item for item in found if item["kind"] == EntryKind.TASK)
    appeal = await desk["an"].post(f"{API}/entries/{own['id']}/appeals", {"grounds": "漏计一件"})
    await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", change("1.5"))
    again = later(desk.bureau.half_each, rule={"type": "events", "each": "1"}, revision=2)
    assert await desk.hear(again) == []
    assert await desk.posted("an") == [-1500, 1000, 500, 1000]
    await desk.roll_up()
    assert (await desk.verified()).holds


async def test_appeals_are_listed_for_those_who_may_see_them(desk: Desk):
    await filed(desk)
    period = str(desk.bureau.period.id)
    for name, count in (("an", 1), ("judge", 1), ("office", 1)):
        assert len((await desk[name].get(APPEALS, period_id=period, open="true"))["items"]) == count
    assert (await desk["bo"].get(APPEALS))["items"] == []
    assert (await desk["an"].get(APPEALS, open="false"))["items"] == []
    mine = (await desk["an"].get(APPEALS, mine="true"))["items"]
    assert [(one["entry_kind"], one["entry_milli"]) for one in mine] == [("penalty", -1500)]
    assert [(one["unit_name"], bool(one["reason_zh"])) for one in mine] == [("单位ZD1", True)]
    assert (await desk["judge"].get(APPEALS, mine="true"))["items"] == []


async def test_a_file_says_what_its_reader_may_do(desk: Desk):
    appeal = await filed(desk)
    path = f"{APPEALS}/{appeal['id']}"

    async def may(name: str) -> tuple[bool, bool]:
        found = await desk[name].get(path)
        return found["may_decide"], found["may_ask_again"]

    assert [await may(name) for name in ("judge", "an")] == [(True, False), (False, False)]
    await desk["judge"].post(f"{path}/decide", STANDS)
    assert [await may(name) for name in ("judge", "an")] == [(False, False), (False, True)]
    desk.clock.advance(timedelta(days=5))
    assert await may("an") == (False, False)


async def test_an_appeal_that_is_not_decided_blocks_the_closing(desk: Desk):
    appeal = await filed(desk)
    await desk.roll_up()
    await desk.close_out()
    await desk["office"].post(closing(desk, "/begin"))
    await desk["office"].post(closing(desk, "/trials"))

    async def check() -> Any:
        checks = (await desk["office"].get(closing(desk)))["checks"]
        return next(each for each in checks if each["code"] == "entry-appeals")

    assert ((await check())["count"], (await check())["blocks"]) == (1, True)
    assert "entry-appeals" in (await check())["link"]
    assert await refused(desk, "office", closing(desk, "/publish"), until(3)) == "closing-blocked"
    await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", STANDS)
    assert (await check())["count"] == 0
    await desk["office"].post(closing(desk, "/publish"), until(3))


async def own(desk: Desk, name: str, kind: EntryKind) -> str:
    """The officer's only entry of the kind."""
    items = (await desk[name].get(f"{API}/entries"))["items"]
    (found,) = [item["id"] for item in items if item["kind"] == kind]
    return str(found)


async def corrected(desk: Desk, name: str, kind: EntryKind, points: str) -> None:
    path = f"{API}/entries/{await own(desk, name, kind)}/appeals"
    appeal = await desk[name].post(path, {"grounds": "情况不符"})
    await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", change(points))
    await desk.roll_up()
    assert (await desk.verified()).holds


async def test_a_shortfall_may_be_appealed(desk: Desk):
    short = later(desk.bureau.half_each, rule=SHORT, revision=2)
    assert await desk.hear(short, desk.bureau.target("bo", quantity="4")) == []
    await desk.close_out()
    await corrected(desk, "bo", EntryKind.SHORTFALL, "-1")
    assert await desk.posted("bo") == [-2000, 1000]


async def test_a_bonus_may_be_appealed(desk: Desk):
    await desk["office"].post(f"{API}/awards", award(desk, "bo"))
    await corrected(desk, "bo", EntryKind.BONUS, "2")
    assert await desk.posted("bo") == [1500, 500]


async def test_an_adjustment_may_be_appealed(desk: Desk):
    goal = desk.bureau.target("bo")
    work = desk.bureau.work("bo", goal, "2")
    lower = later(desk.bureau.half_each, rule={"type": "events", "each": "0.25"}, revision=2)
    assert await desk.hear(goal, work, later(work, status=SubmissionStatus.UPHELD), lower) == []
    await corrected(desk, "bo", EntryKind.ADJUSTMENT, "0")
    assert await desk.posted("bo") == [1000, -500, 500]


async def test_the_queue_has_what_its_reader_may_decide_and_nothing_else(desk: Desk):
    """Each judge is asked both ways: worse points are refused only to whoever may decide."""
    city, office = desk.bureau.units["CITY"], desk.bureau.people["office"]
    desk.bureau.people["office"] = type(office)(
        office.account_id, office.session_id, office.name, office.officer_id, office.unit_id, "CITY/elsewhere/",
        (*office.grants, grant(Role.ADJUDICATOR, city.id, city.path)),
    )  # fmt: skip
    appeal = await filed(desk)
    path = f"{APPEALS}/{appeal['id']}"

    async def deciders() -> set[str]:
        found = set()
        for name in ("judge", "other_judge", "near_judge", "office", "an"):
            listed = [item["id"] for item in (await desk[name].get(APPEALS, queue="true"))["items"]]
            told = await desk[name].problem("POST", f"{path}/decide", json=change("-9"))
            may = told["code"] == "entry-appeal-worse"
            assert (appeal["id"] in listed) is may, (name, told["code"])
            found |= {name} if may else set()
        return found

    assert await deciders() == {"judge", "other_judge"}
    desk.bureau.people["homeless"] = person(grant(Role.ADJUDICATOR, city.id, city.path))
    assert [item["id"] for item in (await desk["homeless"].get(APPEALS, queue="true"))["items"]] == [
        appeal["id"]
    ]
    await desk["judge"].post(f"{path}/decide", STANDS)
    assert (await desk["other_judge"].get(APPEALS, queue="true"))["items"] == []
    await desk["an"].post(f"{path}/second", {"grounds": "仍不服"})
    assert await deciders() == {"other_judge"}
