"""An appeal against what a plan has given: the change is a fact of the plan, and moves whomever the plan compares."""

from typing import Any
from uuid import UUID

import pytest

from contracts.permissions import Role
from contracts.scoring import EntryKind
from contracts.submissions import SubmissionStatus
from kernel.testing.people import grant
from services.scoring.actions.adding_up import add_up
from services.scoring.actions.planning import everybody_due
from services.scoring.actions.posting import Draft, post
from services.scoring.actions.settling import settle_due
from services.scoring.models import EntryAppealRow, EntryRow
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.planned import binding
from tests.services.scoring.test_awards import award
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


async def moved(desk: Desk, appeal: dict[str, Any], reader: str = "office") -> dict[str, tuple[int, int]]:
    """Whom the appeal moved, by name: before and after."""
    names = {str(desk.bureau.subject(name)[1]): name for name in ("an", "bo")}
    found = (await desk[reader].get(f"{APPEALS}/{appeal['id']}"))["moved"]
    return {names[each["subject_id"]]: (each["before_milli"], each["after_milli"]) for each in found}


async def test_the_appeal_itself_names_them_once_they_are_scored(desk: Desk):
    appeal = await appealed(desk)
    await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", change("12"))
    assert (await desk["office"].get(f"{APPEALS}/{appeal['id']}"))["waiting"] is True
    await score(desk)
    assert await moved(desk, appeal) == {"an": (10000, 15000), "bo": (13000, 12000)}
    found = await desk["office"].get(f"{APPEALS}/{appeal['id']}")
    assert (found["moved_subjects"], found["waiting"], found["shared"]) == (2, False, False)


async def test_who_reads_the_appeal_sees_the_figures_that_are_his_to_see(desk: Desk):
    appeal = await appealed(desk)
    await decided(desk, appeal, "12")
    assert await moved(desk, appeal, "an") == {"an": (10000, 15000)}
    assert (await desk["an"].get(f"{APPEALS}/{appeal['id']}"))["moved_subjects"] == 2
    assert set(await moved(desk, appeal, "judge")) == {"an", "bo"}


async def test_what_the_ranks_gave_may_be_appealed_too(desk: Desk):
    entries = (await desk["an"].get(f"{API}/entries"))["items"]
    rest = next(entry for entry in entries if entry["points_milli"] == 2000)
    appeal = await desk["an"].post(f"{API}/entries/{rest['id']}/appeals", {"grounds": "名次有误"})
    await decided(desk, appeal, "2.5")
    assert await totals(desk) == [10500, 13000]
    assert await moved(desk, appeal) == {"an": (10000, 10500)}
    assert (await desk.verified()).holds


async def test_the_adjustment_of_who_was_overtaken_may_be_appealed(desk: Desk):
    await decided(desk, await appealed(desk), "12")
    entries = (await desk["bo"].get(f"{API}/entries"))["items"]
    lost = next(entry for entry in entries if entry["points_milli"] == -1000)
    appeal = await desk["bo"].post(f"{API}/entries/{lost['id']}/appeals", {"grounds": "不应受影响"})
    await decided(desk, appeal, "0")
    assert await totals(desk) == [15000, 13000]
    assert await moved(desk, appeal) == {"bo": (12000, 13000)}


async def test_a_penalty_beside_the_plan_is_corrected_by_an_entry_of_its_own(desk: Desk):
    await desk["office"].post(f"{API}/awards", award(desk, "bo", kind="penalty"))
    entries = (await desk["bo"].get(f"{API}/entries"))["items"]
    appeal = await desk["bo"].post(f"{API}/entries/{entries[-1]['id']}/appeals", {"grounds": "当日系公差"})
    await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", change("-0.5"))
    assert await score(desk) == 0
    assert await moved(desk, appeal) == {"bo": (-1500, -500)}
    assert await totals(desk) == [10000, 12500]
    assert (await desk.verified()).holds


async def test_what_an_earlier_version_posted_beside_the_plan_counts_once(desk: Desk):
    appeal = await appealed(desk)
    async with desk.db.transaction() as tx:
        row = await tx.session.get_one(EntryAppealRow, UUID(appeal["id"]), with_for_update=True)
        entry = await tx.session.get_one(EntryRow, row.entry_id)
        draft = Draft(
            **{name: getattr(entry, name) for name in Draft.__slots__} | {
                "kind": EntryKind.APPEAL, "points_milli": 1000, "rule_key": "appeal:first", "source_event_id": row.id,
                "indicator_id": None, "submission_id": None,
            }
        )  # fmt: skip
        await post(tx, [draft])
        await add_up(tx, row.subject_kind, row.subject_id, entry.unit_id, row.scheme_id, row.period_id)
        row.status, row.wanted_milli = "changed", 9000
        await everybody_due(tx, row.scheme_id, row.id)
    await score(desk)
    assert await totals(desk) == [11000, 13000]
    assert (await desk.verified()).holds
