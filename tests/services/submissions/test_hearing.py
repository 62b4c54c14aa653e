"""Clocks that stop, two instances, silence, opinions, precedents, like work; the published clocks of law and bureau."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.permissions import Role
from kernel.testing.people import grant
from rules.calendars import published
from services.submissions.domain.clocks import Days
from services.submissions.domain.decision import WorseThanBefore, appealed_quantity
from services.submissions.domain.submission import State
from services.submissions.jobs import answer_silence
from tests.services.submissions.conftest import API, PDF, Desk

SHANGHAI = ZoneInfo("Asia/Shanghai")
GROUNDS = {"grounds": "事实清楚"}


@pytest.fixture(scope="module")
async def benches(running: Desk) -> Desk:
    """With a second adjudicator."""
    city = running.bureau.units["CITY"]
    before = len(running.bureau.events)
    running.bureau.join("second", "KHB", grant(Role.ADJUDICATOR, city.id, city.path))
    await running.platform.tell("submissions", *running.bureau.events[before:])
    return running


async def act(desk: Desk, who: str, appeal: Mapping[str, Any], step: str, **body: Any) -> dict[str, Any]:
    done: dict[str, Any] = await desk[who].post(f"{API}/appeals/{appeal['id']}/{step}", body)
    return done


async def code(desk: Desk, who: str, appeal: Mapping[str, Any], step: str, **body: Any) -> str:
    told = await desk[who].problem("POST", f"{API}/appeals/{appeal['id']}/{step}", json=body)
    return str(told["code"])


@asynccontextmanager
async def silence(desk: Desk, rule: str) -> AsyncIterator[None]:
    runtime = desk.platform.runtimes["submissions"]
    before = runtime.settings
    runtime.settings = before.model_copy(update={"appeal_silence": rule})
    yield
    runtime.settings = before


def at(day: int, hour: int = 4) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


async def test_the_clock_stands_while_material_is_awaited(benches: Desk, desk: Desk) -> None:
    filed = await desk.appealed()  # Thursday the twelfth: ten working days are over on the 26th
    assert filed["decide_until"] == "2026-11-26T15:59:59Z"
    await act(desk, "adjudicator", filed, "admit")
    desk.clock.move_to(at(17))
    asked = await act(desk, "adjudicator", filed, "ask-material", what="请补充接警单", days=5)
    assert (asked["status"], asked["days_left"]) == ("waiting", 7)
    assert asked["material_until"] == "2026-11-24T15:59:59Z"
    assert await code(desk, "adjudicator", filed, "decide", outcome="upheld", reason="x") == "wrong-state"
    assert await code(desk, "leader", filed, "material", text="x") == "not-the-appellant"
    file = (await desk["author"].send("POST", f"{API}/library", files={"file": ("接警单.pdf", PDF)})).json()
    desk.clock.move_to(at(20))
    given = await act(desk, "author", filed, "material", text="见附件", evidence=[file["sha256"]])
    assert (given["status"], given["decide_until"]) == ("admitted", "2026-12-01T15:59:59Z")
    path = f"{API}/appeals/{filed['id']}/evidence/{file['sha256']}"
    assert (await desk["adjudicator"].send("GET", path)).content == PDF
    assert (await desk["stranger"].send("GET", path)).status_code == 404


async def test_material_that_does_not_come_starts_the_clock_again_by_itself(
    benches: Desk, desk: Desk
) -> None:
    filed = await desk.appealed()
    await act(desk, "adjudicator", filed, "admit")
    await act(desk, "adjudicator", filed, "ask-material", what="请补充", days=1)
    desk.clock.move_to(at(14))
    await answer_silence(desk.platform.runtimes["submissions"])
    seen = await desk["author"].get(f"{API}/appeals/{filed['id']}")
    assert (seen["status"], seen["stopped_at"]) == ("admitted", None)


async def test_the_time_to_decide_is_extended_once_and_with_a_reason(benches: Desk, desk: Desk) -> None:
    filed = await desk.appealed()
    assert await code(desk, "adjudicator", filed, "extend", days=11, reason="案情复杂") == "extended-already"
    longer = await act(desk, "adjudicator", filed, "extend", days=3, reason="案情复杂")
    assert longer["decide_until"] == "2026-12-01T15:59:59Z"
    assert await code(desk, "adjudicator", filed, "extend", days=1, reason="x") == "extended-already"


async def test_the_second_instance_is_another_judge_and_the_last(benches: Desk, desk: Desk) -> None:
    filed = await desk.appealed()
    await act(desk, "adjudicator", filed, "admit")
    partly = await act(
        desk, "adjudicator", filed, "decide", outcome="changed", quantity="1", reason="部分成立"
    )
    assert (partly["status"], partly["counts_now"]) == ("partly", "1")
    assert partly["again_until"] == "2026-11-19T15:59:59Z"
    again = await act(desk, "author", filed, "again", **GROUNDS)
    assert (again["level"], again["first_id"], again["submission_status"]) == (2, filed["id"], "under_appeal")
    assert again["counts_now"] == "1"  # what counts stays in force meanwhile
    assert await code(desk, "adjudicator", again, "admit") == "first-decider"
    await act(desk, "second", again, "admit")
    worse = {"outcome": "changed", "quantity": "0", "reason": "x"}
    assert await code(desk, "second", again, "decide", **worse) == "worse-than-before"
    final = await act(desk, "second", again, "decide", outcome="changed", quantity="3", reason="全部成立")
    assert (final["status"], final["counts_now"]) == ("changed", "3")
    assert await code(desk, "author", again, "again", **GROUNDS) == "appeal-final"


async def test_after_its_window_the_second_instance_is_closed(benches: Desk, desk: Desk) -> None:
    filed = await desk.appealed()
    await act(desk, "adjudicator", filed, "not-admit", reason="超出范围")
    desk.clock.move_to(at(19, 16))
    assert await code(desk, "author", filed, "again", **GROUNDS) == "appeal-window-closed"


@pytest.mark.parametrize(
    ("rule", "status", "level", "counts"),
    [("up", "filed", 2, "0"), ("granted", "changed", 1, "3"), ("stands", "upheld", 1, "0")],
)
async def test_silence_is_answered_by_the_rule(
    benches: Desk, desk: Desk, rule: str, status: str, level: int, counts: str
) -> None:
    filed = await desk.appealed()
    runtime = desk.platform.runtimes["submissions"]
    async with silence(desk, rule):
        desk.clock.move_to(datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC))
        await answer_silence(runtime)
        assert (await desk["author"].get(f"{API}/appeals/{filed['id']}"))["status"] == "filed"
        desk.clock.advance(timedelta(seconds=1))
        for _ in range(2):
            await answer_silence(runtime)
    seen = await desk["author"].get(f"{API}/appeals/{filed['id']}")
    assert (seen["status"], seen["level"], seen["counts_now"]) == (status, level, counts)
    steps = (await desk["author"].get(f"{API}/submissions/{filed['submission_id']}/timeline"))["items"]
    assert [s["actor"] for s in steps if s["action"].startswith("appeal_silence")] == ["系统"] * (
        1 if rule == "up" else 2
    )


async def test_who_admitted_it_does_not_decide_what_silence_took_up(benches: Desk, desk: Desk) -> None:
    filed = await desk.appealed()
    await act(desk, "adjudicator", filed, "admit")
    async with silence(desk, "up"):
        desk.clock.move_to(datetime(2026, 11, 26, 16, tzinfo=UTC))
        await answer_silence(desk.platform.runtimes["submissions"])
    mine = {"queue": True, "limit": 50}
    ruling = {"outcome": "changed", "quantity": "3", "reason": "成立"}
    for who, decides in (("adjudicator", False), ("second", True)):
        listed = [item["id"] for item in (await desk[who].get(f"{API}/appeals", **mine))["items"]]
        assert (filed["id"] in listed) is decides, who
    assert await code(desk, "adjudicator", filed, "decide", **ruling) == "first-decider"
    assert (await act(desk, "second", filed, "decide", **ruling))["status"] == "changed"


async def test_members_opinions_are_for_members(benches: Desk, desk: Desk) -> None:
    filed = await desk.appealed()
    await act(desk, "second", filed, "opinions", outcome="upheld", text="维持")
    await act(desk, "second", filed, "opinions", outcome="changed", quantity="2", text="改判两件")
    seen = (await desk["adjudicator"].get(f"{API}/appeals/{filed['id']}/opinions"))["items"]
    assert [(o["name"], o["outcome"], o["quantity"]) for o in seen] == [("second", "changed", "2.0000")]
    assert (await desk["author"].problem("GET", f"{API}/appeals/{filed['id']}/opinions"))["status"] == 403


async def test_like_appeals_under_the_same_clause_are_shown_without_names(benches: Desk, desk: Desk) -> None:
    first = await desk.appealed()
    await act(desk, "adjudicator", first, "admit")
    await act(desk, "adjudicator", first, "decide", outcome="changed", quantity="3", reason="条款理解有误")
    filed = await desk.appealed()
    told = await desk["author"].get(f"{API}/appeals/{filed['id']}/precedents")
    assert told["clause"] == "第三条"
    like = next(item for item in told["items"] if item["number"] == first["number"])
    assert (like["outcome"], like["reason"]) == ("changed", "条款理解有误")
    assert "author" not in str(told["items"])


async def test_when_a_clause_was_wrong_like_work_is_looked_at_again(benches: Desk, desk: Desk) -> None:
    like, filed = await desk.refused(), await desk.appealed()
    await act(desk, "adjudicator", filed, "admit")
    ruling = {"outcome": "changed", "quantity": "3", "reason": "条款不适用", "clause_wrong": True}
    await act(desk, "adjudicator", filed, "decide", **ruling)
    desk.clock.advance(timedelta(days=3))  # longer than a decision can be reopened
    waiting = (await desk["assessor"].get(f"{API}/rechecks"))["items"]
    mine = next(r for r in waiting if r["submission_id"] == like["id"])
    body = {"again": True, "reason": "按复议意见复查"}
    assert (await desk["author"].problem("POST", f"{API}/rechecks/{mine['id']}", json=body))["status"] == 403
    await desk["assessor"].post(f"{API}/rechecks/{mine['id']}", body)
    seen = await desk["author"].get(f"{API}/submissions/{like['id']}")
    assert (seen["status"], seen["accepted_quantity"]) == ("in_review", None)
    again = await desk["assessor"].problem("POST", f"{API}/rechecks/{mine['id']}", json=body)
    assert again["code"] == "recheck-settled"


# The Civil Servants Law (2018) arts. 95-97, the inspection regulation (2011) art. 14 and a detective brigade's published
# rule (art. 6), over the Spring Festival of 2025: three windows that end on rest days roll to the fifth of February.
FESTIVAL = {date(2025, 1, day): False for day in (28, 29, 30, 31)}
FESTIVAL |= {
    date(2025, 2, 3): False,
    date(2025, 2, 4): False,
    date(2025, 1, 26): True,
    date(2025, 2, 8): True,
}


@pytest.mark.parametrize(
    ("procedure", "start", "extended", "last"),
    [
        ("review", date(2025, 1, 2), 0, date(2025, 2, 5)),
        ("direct_appeal", date(2025, 1, 2), 0, date(2025, 2, 5)),
        ("appeal_after_review", date(2025, 3, 3), 0, date(2025, 3, 18)),
        ("appeal_decision", date(2025, 3, 20), 0, date(2025, 5, 19)),
        ("appeal_decision", date(2025, 3, 20), 30, date(2025, 6, 18)),
        ("bureau_objection", date(2025, 1, 25), 0, date(2025, 2, 5)),
    ],
)
def test_the_published_clocks_end_on_their_days(
    procedure: str, start: date, extended: int, last: date
) -> None:
    days = Days.of(FESTIVAL, since=start, zone=SHANGHAI)
    noon = datetime(start.year, start.month, start.day, 12, tzinfo=SHANGHAI)
    until = days.until(noon, published().named(procedure), extended=extended)
    assert until.astimezone(SHANGHAI) == datetime(
        last.year, last.month, last.day, 23, 59, 59, tzinfo=SHANGHAI
    )


def test_hours_run_through_the_night_and_only_the_lowest_grade_is_open_to_review() -> None:
    confinement = published().named("confinement_decision")
    received = datetime(2025, 5, 1, 9, 30, tzinfo=SHANGHAI)
    assert confinement.moment(received) == datetime(2025, 5, 2, 9, 30, tzinfo=SHANGHAI)
    review = published().named("review")
    grades = ("优秀", "称职", "基本称职", "不称职")
    assert [review.open_to(grade) for grade in grades] == [False, False, False, True]


def test_a_lower_figure_found_in_an_appeal_does_not_lower_what_counts() -> None:
    facts = {"claimed": Decimal(100), "accepted": Decimal(82)}
    with pytest.raises(WorseThanBefore):
        appealed_quantity(State.CHANGED, wanted=Decimal(79), **facts)
    assert appealed_quantity(State.UPHELD, wanted=None, **facts) == Decimal(82)
