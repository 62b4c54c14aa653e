"""What one period leaves to the next: points beyond a cap, events that stay valid for longer than their period."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.targets import Period
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.planned import binding
from tests.services.scoring.test_awards import award
from tests.services.scoring.test_plan_scoring import score


def saving() -> dict[str, Any]:
    """Bonuses count up to 2 a month, with what the last month left over; the rest is left to the next month."""
    plan = {
        "format": "kaohe/plan/1",
        "name": "加分结转",
        "nodes": {
            "earned": {"type": "deeds", "events": "honours", "kinds": {"立功": {"low": "0", "high": "10"}}},
            "kept": {"type": "take", "of": "left"},
            "all": {"type": "combine", "method": "sum", "parts": [{"of": "earned"}, {"of": "kept"}]},
            "counted": {"type": "limit", "of": "all", "cap": "2"},
            "beyond": {"type": "limit", "of": "all", "cap": "2", "take": "beyond"},
        },
        "total": "counted",
    }
    sources = {"honours": {"awards": "bonus"}, "left": {"previous": "beyond", "otherwise": "0"}}
    return {"plan": plan, "sources": sources, "rest": "mod_business"}


def month_after(period: Period) -> Any:
    first = period.ends_on + timedelta(days=1)
    changes = {"code": "2026-12", "month": 12, "starts_on": first, "ends_on": first + timedelta(days=30)}
    return period.model_copy(update={"id": period.scheme_id} | changes)


async def use(desk: Desk, plan: dict[str, Any]) -> None:
    desk.bureau.scheme = later(desk.bureau.scheme, plan=plan, second_signature_above=None)
    assert await desk.hear(desk.bureau.scheme) == []
    await score(desk)


def honour(desk: Desk, points: str, **changes: Any) -> dict[str, Any]:
    return award(desk, category="立功", points=points, **changes)


async def in_period(desk: Desk, period: Period) -> list[int]:
    subject = str(desk.bureau.subject("an")[1])
    found = await desk["office"].get(f"{API}/entries", subject_id=subject, period_id=str(period.id))
    return [item["points_milli"] for item in found["items"]]


async def test_what_a_cap_cut_off_counts_in_the_next_period(desk: Desk):
    await use(desk, saving())
    await desk["office"].post(f"{API}/awards", honour(desk, "3.5"))
    await score(desk)
    assert await in_period(desk, desk.bureau.period) == [2000]
    december = month_after(desk.bureau.period)
    assert await desk.hear(december) == []
    await score(desk)
    assert await in_period(desk, december) == [1500]
    assert (await desk.verified()).holds


async def test_a_correction_goes_on_into_the_next_period(desk: Desk):
    await use(desk, saving())
    december = month_after(desk.bureau.period)
    assert await desk.hear(december) == []
    entered = await desk["office"].post(f"{API}/awards", honour(desk, "3.5"))
    await score(desk)
    assert await in_period(desk, december) == [1500]
    await desk["office"].post(f"{API}/awards/{entered['id']}/reverse", {"reason": "文件撤销"})
    await score(desk)
    assert await in_period(desk, desk.bureau.period) == [2000, -2000]
    assert await in_period(desk, december) == [1500, -1500]
    assert (await desk.verified()).holds


async def test_what_is_carried_otherwise_than_the_plan_says_is_found(desk: Desk):
    await use(desk, saving())
    await desk["office"].post(f"{API}/awards", honour(desk, "3.5"))
    await score(desk)
    async with desk.db.engine.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO carried (id, run_id, period_id, subject_kind, subject_id, unit_id, node, points_milli) "
            "SELECT gen_random_uuid(), run_id, period_id, subject_kind, subject_id, unit_id, node, 9000 FROM carried"
        )
    assert [d["check"] for d in (await desk.verified()).differences] == ["carried"]


@pytest.mark.parametrize(("days", "points"), [(10, []), (60, [4000])])
async def test_an_event_stays_valid_for_so_many_days(desk: Desk, days: int, points: list[int]):
    """A15: points expire. An award of 10 November counts in December only if it is valid for 52 days or more."""
    plan = saving()
    plan["plan"]["nodes"] = {
        "earned": plan["plan"]["nodes"]["earned"] | {"valid_days": days},
        "counted": {"type": "limit", "of": "earned", "cap": "9"},
    }
    del plan["sources"]["left"]
    await use(desk, plan)
    await desk["office"].post(f"{API}/awards", honour(desk, "4"))
    december = month_after(desk.bureau.period)
    assert await desk.hear(december) == []
    await score(desk)
    assert await in_period(desk, december) == points
    assert (await desk.verified()).holds


async def test_what_was_done_before_is_not_counted_as_a_quantity_again(desk: Desk):
    """Only events outlast their period: quantities and counts are those of the period."""
    plan = binding()
    plan["plan"]["nodes"]["deeds"]["valid_days"] = 90
    await use(desk, plan)
    goals = [desk.bureau.target("an", i) for i in (desk.bureau.half_each, desk.bureau.completion)]
    assert await desk.hear(*goals, *(desk.bureau.work("an", goal, "4") for goal in goals)) == []
    december = month_after(desk.bureau.period)
    assert await desk.hear(december) == []
    await score(desk)
    # Two marks for four deeds of November, three for the first place; nothing for November's completion.
    assert sum(await in_period(desk, december)) == 5000
    assert (await desk.verified()).holds
