"""Awards of several, awards of one cause, awards as facts of a plan."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.awards import PointsNotPositive, shares
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.planned import binding
from tests.services.scoring.test_awards import award
from tests.services.scoring.test_plan_scoring import score


def shared(desk: Desk, *people: tuple[str, int], **changes: Any) -> dict[str, Any]:
    body = award(desk)
    del body["subject_kind"], body["subject_id"]
    named = [(desk.bureau.subject(name), part) for name, part in people]
    participants = [
        {"subject_kind": kind.value, "subject_id": str(key), "part": part} for (kind, key, _), part in named
    ]
    return body | {"participants": participants, "points": "1"} | changes


@given(
    st.decimals(min_value="0.1", max_value=1000, places=3),
    st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=8),
)
def test_parts_add_up_to_the_whole_and_none_is_a_thousandth_off(total: Decimal, parts: list[int]):
    found = shares(total, parts)
    assert sum(found) == total
    for part, got in zip(parts, found, strict=True):
        assert abs(got - total * part / sum(parts)) < Decimal("0.001")


def test_the_largest_remainder_gets_the_thousandth_left_over():
    assert shares(Decimal(1), [1, 1, 1]) == [Decimal("0.334"), Decimal("0.333"), Decimal("0.333")]
    # 1/6, 2/6, 3/6: 166.67, 333.33 and 500 thousandths.
    assert shares(Decimal(1), [1, 2, 3]) == [Decimal("0.167"), Decimal("0.333"), Decimal("0.500")]


def test_a_part_that_comes_to_nothing_is_refused():
    with pytest.raises(PointsNotPositive):
        shares(Decimal("0.001"), [1, 1])


async def test_a_deed_of_several_is_divided_signed_and_reversed_as_a_whole(desk: Desk):
    body = shared(desk, ("an", 3), ("bo", 2), ("chen", 1), points="3")
    rows = await desk["office"].post(f"{API}/awards/shared", body)
    assert [row["points"] for row in rows] == ["1.500", "1.000", "0.500"]
    assert {row["status"] for row in rows} == {
        "pending"
    }  # three points are above the threshold, each part is not
    assert await desk.entries() == 0
    await desk["second"].post(f"{API}/awards/{rows[1]['id']}/confirm")
    assert [await desk.posted(name) for name in ("an", "bo", "chen")] == [[1500], [1000], [500]]
    await desk["office"].post(f"{API}/awards/{rows[2]['id']}/reverse", {"reason": "文件撤销"})
    assert [await desk.posted(name) for name in ("an", "bo", "chen")] == [
        [1500, -1500],
        [1000, -1000],
        [500, -500],
    ]
    await desk.roll_up()
    assert (await desk.verified()).holds


async def test_nobody_shares_a_deed_twice(desk: Desk):
    told = await desk["office"].problem(
        "POST", f"{API}/awards/shared", json=shared(desk, ("an", 1), ("bo", 1), ("an", 1))
    )
    assert [(e["place"], e["code"]) for e in told["errors"]] == [
        ("participants.2.subject_id", "participant-twice")
    ]


async def test_a_participant_outside_the_scope_refuses_the_whole_deed(desk: Desk):
    body = shared(desk, ("bo", 1), ("office", 1))
    told = await desk["office"].problem("POST", f"{API}/awards/shared", json=body)
    assert (told["code"], await desk.entries()) == ("award-own", 0)


async def test_of_one_cause_the_highest_counts(desk: Desk):
    """A4, B5: the same matter is not counted twice; the higher level takes the place of the lower."""
    city = await desk["office"].post(f"{API}/awards", award(desk, points="0.5", cause="3·12专案"))
    province = await desk["office"].post(f"{API}/awards", award(desk, points="1.5", cause="3·12专案"))
    await desk["office"].post(f"{API}/awards", award(desk, points="1", cause="3·12专案"))
    await desk["office"].post(f"{API}/awards", award(desk, points="0.2", cause="4·08专案"))
    assert await desk.posted("an") == [500, 1500, -500, 200]
    assert await desk.total("an") == 1700
    await desk["office"].post(f"{API}/awards/{province['id']}/reverse", {"reason": "文件撤销"})
    assert await desk.total("an") == 1200  # the third, entered when it was worth nothing
    await desk.roll_up()
    assert (await desk.verified()).holds
    entries = await desk["office"].get(f"{API}/entries", subject_id=str(desk.bureau.subject("an")[1]))
    by_award = [item for item in entries["items"] if item["award_id"] == city["id"]]
    assert "同一事由取最高" in by_award[1]["reason_zh"]


async def test_bonus_and_penalty_of_one_cause_both_count(desk: Desk):
    await desk["office"].post(f"{API}/awards", award(desk, points="1", cause="A"))
    await desk["office"].post(f"{API}/awards", award(desk, points="2", cause="A", kind="penalty"))
    assert await desk.posted("an") == [1000, -2000]


def with_awards(**kind: Any) -> dict[str, Any]:
    """The regulation of the tests, with bonuses as facts: 立功 by level, or as `kind` says."""
    plan = binding()
    nodes = plan["plan"]["nodes"]
    nodes["honours"] = {
        "type": "deeds", "events": "honours", "cap": "6",
        "kinds": {"立功": {"levels": {"三等功": "2", "二等功": "4"}} | kind},
    }  # fmt: skip
    nodes["total"]["parts"].append({"of": "honours"})
    plan["sources"]["honours"] = {"awards": "bonus"}
    plan["lines"].append({"node": "honours", "module": "mod_bonus"})
    return plan


def honour(desk: Desk, level: str = "三等功", **changes: Any) -> dict[str, Any]:
    return award(desk, category="立功", level=level, points="1", **changes)


async def _planned(desk: Desk, plan: dict[str, Any]) -> None:
    desk.bureau.scheme = later(desk.bureau.scheme, plan=plan, bonus_cap=None)
    assert await desk.hear(desk.bureau.scheme) == []
    await score(desk)


async def test_a_plan_marks_an_award_by_its_own_table(desk: Desk):
    await _planned(desk, with_awards())
    entered = await desk["office"].post(f"{API}/awards", honour(desk, "二等功"))
    assert await desk.entries() == 0  # a fact, not points
    await score(desk)
    # 4 for the honour, 3 for the first place: the only one under the plan.
    assert await desk.total("an") == 7000
    assert (await desk.verified()).holds
    await desk["office"].post(f"{API}/awards/{entered['id']}/reverse", {"reason": "撤销"})
    await score(desk)
    assert await desk.total("an") == 0
    assert (await desk.verified()).holds


async def test_an_award_that_the_plan_cannot_mark_is_refused_with_the_reason(desk: Desk):
    await _planned(desk, with_awards())
    told = await desk["office"].problem("POST", f"{API}/awards", json=honour(desk, "四等功"))
    assert told["code"] == "award-not-in-plan"


async def test_a_shared_deed_is_divided_by_the_plan(desk: Desk):
    await _planned(desk, with_awards())
    body = shared(desk, ("an", 3), ("bo", 1), category="立功", level="二等功")
    await desk["office"].post(f"{API}/awards/shared", body)
    await score(desk)
    lines = {name: await _line(desk, name, "honours") for name in ("an", "bo")}
    assert lines == {"an": 3000, "bo": 1000}
    assert (await desk.verified()).holds


async def test_a_plan_that_takes_up_awards_later_takes_back_what_was_posted_beside_it(desk: Desk):
    await _planned(desk, binding())
    await desk["office"].post(f"{API}/awards", honour(desk))
    assert await desk.posted("an") == [1000]
    await _planned(desk, with_awards())
    assert await _line(desk, "an", "honours") == 2000
    assert (await desk.posted("an"))[:1] == [1000]
    assert -1000 in await desk.posted("an")
    assert (await desk.verified()).holds


async def _line(desk: Desk, name: str, node: str) -> int:
    subject = str(desk.bureau.subject(name)[1])
    found = (await desk["office"].get(f"{API}/entries", subject_id=subject))["items"]
    return sum(item["points_milli"] for item in found if item["node"] == node)


def in_sequence(source: str, *marks: str) -> dict[str, Any]:
    """The regulation of the tests, with deeds marked by their place among those of their kind."""
    plan = with_awards()
    plan["plan"]["nodes"]["honours"] = {
        "type": "deeds", "events": "honours", "kinds": {"立功": {"sequence": [{"marks": each} for each in marks]}},
    }  # fmt: skip
    plan["sources"]["honours"] = {"awards": source}
    return plan


async def test_the_first_and_each_next_deed_have_marks_of_their_own(desk: Desk):
    """By the day of the deed, not of its entry: one entered late with an earlier date is the first."""
    await _planned(desk, in_sequence("bonus", "5", "2"))
    await desk["office"].post(f"{API}/awards", honour(desk, occurred_on="2026-11-10"))
    await score(desk)
    assert await _line(desk, "an", "honours") == 5000
    earlier = await desk["office"].post(f"{API}/awards", honour(desk, occurred_on="2026-11-03"))
    await desk["office"].post(f"{API}/awards", honour(desk, occurred_on="2026-11-11"))
    await score(desk)
    assert await _line(desk, "an", "honours") == 9000
    await desk["office"].post(f"{API}/awards/{earlier['id']}/reverse", {"reason": "文件撤销"})
    await score(desk)
    assert await _line(desk, "an", "honours") == 7000
    assert (await desk.verified()).holds


async def test_penalties_grow_with_each_repetition(desk: Desk):
    await _planned(desk, in_sequence("penalty", "-1", "-2", "-5"))
    found = []
    for day in (3, 5, 7, 9):
        body = honour(desk, kind="penalty", occurred_on=f"2026-11-{day:02}")
        await desk["office"].post(f"{API}/awards", body)
        await score(desk)
        found.append(await _line(desk, "an", "honours"))
    assert found == [-1000, -3000, -8000, -13000]
    assert (await desk.verified()).holds
