"""An appeal against what a plan has given: the change is a fact of the plan, and moves whomever the plan compares."""

from typing import Any

import pytest

from contracts.permissions import Role
from contracts.scoring import EntryKind
from contracts.submissions import SubmissionStatus
from kernel.testing.people import grant
from services.scoring.actions.settling import settle_due
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.planned import binding
from tests.services.scoring.test_entry_appeals import APPEALS, change, refused
from tests.services.scoring.test_plan_scoring import score


@pytest.fixture
async def desk(desk: Desk) -> Desk:
    """Bo has done all of his target of ten, an eight of it: 13 and 10 points, the first and the second place among them."""
    city = desk.bureau.units["CITY"]
    desk.bureau.scheme = later(desk.bureau.scheme, plan=binding())
    for name in ("judge", "other_judge"):
        desk.bureau.join(name, "CITY", grant(Role.ADJUDICATOR, city.id, city.path))
    assert await desk.hear(desk.bureau.scheme, *desk.bureau.postings.values()) == []
    for name, cases in (("an", "8"), ("bo", "10")):
        goal = desk.bureau.target(name, desk.bureau.completion)
        work = desk.bureau.work(name, goal, cases)
        assert await desk.hear(goal, work, later(work, status=SubmissionStatus.UPHELD)) == []
    await score(desk)
    assert await totals(desk) == [10000, 13000]
    return desk


async def totals(desk: Desk) -> list[int | None]:
    return [await desk.total(name) for name in ("an", "bo")]


async def appealed(desk: Desk) -> dict[str, Any]:
    """An says that his eight of ten should have been more."""
    entries = (await desk["an"].get(f"{API}/entries"))["items"]
    done = next(entry for entry in entries if entry["points_milli"] == 8000)
    filed: dict[str, Any] = await desk["an"].post(
        f"{API}/entries/{done['id']}/appeals", {"grounds": "目标应为六件"}
    )
    return filed


async def decided(desk: Desk, appeal: dict[str, Any], points: str, judge: str = "judge") -> None:
    await desk[judge].post(f"{APPEALS}/{appeal['id']}/decide", change(points))
    await score(desk)


async def test_everybody_whom_it_moves_moves_and_is_shown(desk: Desk):
    appeal = await appealed(desk)
    await decided(desk, appeal, "12")
    assert await totals(desk) == [15000, 12000]
    found = await desk["office"].get(
        f"{API}/plan-runs", period_id=str(desk.bureau.period.id), cause_id=appeal["id"]
    )
    (run,) = found["items"]
    movers = (await desk["office"].get(f"{API}/plan-runs/{run['id']}"))["movers"]
    moved = {mover["subject_id"]: (mover["before_milli"], mover["moved_milli"]) for mover in movers}
    an, bo = (str(desk.bureau.subject(name)[1]) for name in ("an", "bo"))
    assert moved == {an: (10000, 5000), bo: (13000, -1000)}


async def test_the_appellants_entries_are_of_the_appeal_and_the_others_adjusted(desk: Desk):
    await decided(desk, await appealed(desk), "12")
    kinds = {}
    for name in ("an", "bo"):
        entries = (await desk[name].get(f"{API}/entries"))["items"]
        kinds[name] = entries[-1]["kind"]
    assert kinds == {"an": EntryKind.APPEAL, "bo": EntryKind.ADJUSTMENT}
    entries = (await desk["an"].get(f"{API}/entries"))["items"]
    assert any("复议更正 +4:12" in entry["reason_zh"] for entry in entries)


async def test_the_standing_follows(desk: Desk):
    async def places() -> list[int]:
        async with desk.db.transaction() as tx:
            assert await settle_due(tx) is not None
        found = []
        for name in ("an", "bo"):
            about = {"period_id": str(desk.bureau.period.id), "subject_id": str(desk.bureau.subject(name)[1])}
            (one,) = (await desk["office"].get(f"{API}/standings", **about))["items"]
            found.append(one["total"])
        return found

    assert await places() == ["10", "13"]
    await decided(desk, await appealed(desk), "12")
    assert await places() == ["15", "12"]


async def test_facts_that_come_later_leave_the_correction_alone(desk: Desk):
    await decided(desk, await appealed(desk), "12")
    goal = desk.bureau.target("an")
    assert await desk.hear(goal, desk.bureau.work("an", goal, "2")) == []
    await score(desk)
    assert await totals(desk) == [16000, 12000]
    assert (await desk.verified()).holds


async def test_the_second_instance_adds_to_the_first(desk: Desk):
    appeal = await appealed(desk)
    await decided(desk, appeal, "9")
    assert await totals(desk) == [11000, 13000]
    await desk["an"].post(f"{APPEALS}/{appeal['id']}/second", {"grounds": "仍不服"})
    assert (
        await refused(desk, "other_judge", f"{APPEALS}/{appeal['id']}/decide", change("8.5"))
        == "entry-appeal-worse"
    )
    await decided(desk, appeal, "12", "other_judge")
    assert await totals(desk) == [15000, 12000]
    assert (await desk.verified()).holds


async def test_an_appeal_that_is_turned_down_moves_nobody(desk: Desk):
    appeal = await appealed(desk)
    await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", {"outcome": "upheld", "reason": "无新证据"})
    assert await score(desk) == 0
    assert await totals(desk) == [10000, 13000]
