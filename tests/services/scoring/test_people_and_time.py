"""People and time in the live path: postings and units as `org` tells of them, decisions, and the standing that follows."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text

from contracts import org
from contracts.org import OfficerCategory, OfficerStatus, PostingKind
from contracts.submissions import SubmissionStatus
from kernel.ids import new_id
from services.scoring.actions.settling import settle_due
from services.scoring.models import EntryRow
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.test_carrying_over import month_after
from tests.services.scoring.test_plan_scoring import score

GRADES = {
    "grades": [{"name": "优秀", "op": ">=", "bound": "9"}, {"name": "称职", "op": ">=", "bound": "5"}],
    "otherwise": "不称职",
}


def plan(nodes: dict[str, Any] | None = None, total: str = "cases", **more: Any) -> dict[str, Any]:
    """One point a case, graded; nothing submitted is nothing."""
    cases = {"type": "take", "of": "done", "missing": "0"}
    standing = {"grades": GRADES} | more.pop("standing", {})
    body = {
        "format": "kaohe/plan/1",
        "name": "办法",
        "nodes": {"cases": cases} | (nodes or {}),
        "total": total,
    }
    sources = {"done": {"indicator": "A2"}} | more.pop("sources", {})
    plan = body | {"standing": standing} | more.pop("plan", {})
    return {"plan": plan, "sources": sources, "rest": "mod_business"} | more


async def use(desk: Desk, *events: Any, **more: Any) -> None:
    desk.bureau.scheme = later(desk.bureau.scheme, plan=plan(**more))
    assert await desk.hear(desk.bureau.scheme, *events) == []


async def work(
    desk: Desk, name: str, amount: str, day: int = 10, unit: str | None = None, **more: Any
) -> None:
    goal = desk.bureau.target(name, desk.bureau.completion)
    done = desk.bureau.work(name, goal, amount)
    changes: dict[str, Any] = {"event_date": date(2026, 11, day)} | more
    if unit is not None:
        changes["unit_id"] = desk.bureau.units[unit].id
    assert await desk.hear(goal, done.model_copy(update=changes)) == []
    await score(desk)


async def stand(desk: Desk) -> None:
    await score(desk)
    for _ in range(20):
        async with desk.db.transaction() as tx:
            if await settle_due(tx) is None:
                return


async def standing(desk: Desk, name: str, by: str = "office", period: Any = None) -> dict[str, Any]:
    await stand(desk)
    subject = str(desk.bureau.subject(name)[1])
    period_id = str((period or desk.bureau.period).id)
    (found,) = (await desk[by].get(f"{API}/standings", period_id=period_id, subject_id=subject))["items"]
    return dict(found)


def moved(desk: Desk, name: str, to: str, day: date, **more: Any) -> list[org.Posting]:
    """The old posting ends the day before, a new one begins."""
    old = desk.bureau.postings[name]
    new = old.model_copy(
        update={"id": new_id(), "unit_id": desk.bureau.units[to].id, "valid_from": day} | more
    )
    return [later(old, valid_to=day - timedelta(days=1)), new]


def second(desk: Desk, name: str, unit: str, kind: PostingKind, **more: Any) -> org.Posting:
    """Beside the main one."""
    return desk.bureau.postings[name].model_copy(
        update={"id": new_id(), "unit_id": desk.bureau.units[unit].id, "kind": kind, "is_primary": False}
        | more
    )


def officer(desk: Desk, name: str, status: OfficerStatus) -> org.Officer:
    return org.Officer(
        id=desk.bureau.subject(name)[1], version=1, police_number=name, name=name, category=OfficerCategory.OFFICER,
        status=status, series_id=None,
    )  # fmt: skip


async def units_of(desk: Desk, name: str) -> list[str]:
    codes = {unit.id: code for code, unit in desk.bureau.units.items()}
    async with desk.db.reading() as session:
        query = select(EntryRow.unit_id).where(EntryRow.subject_id == desk.bureau.subject(name)[1])
        return [codes[unit] for unit in await session.scalars(query.order_by(EntryRow.seq))]


async def home_of(desk: Desk, name: str) -> str:
    codes = {unit.id: code for code, unit in desk.bureau.units.items()}
    found = await desk.statement(name)
    assert found is not None
    return codes[found.unit_id]


async def test_a_transfer_what_was_done_stays_with_the_old_unit_and_the_last_days_unit_has_the_statement(
    desk: Desk,
):
    await use(desk, *moved(desk, "an", "ZD2", date(2026, 11, 16)))
    await work(desk, "an", "4", day=10, unit="ZD1")
    await work(desk, "an", "3", day=20, unit="ZD2")
    assert (await units_of(desk, "an"), await home_of(desk, "an")) == (["ZD1", "ZD2"], "ZD2")
    await desk.roll_up()
    assert await desk.total("ZD2") == 7000
    assert (await desk.verified()).holds


async def test_a_plan_may_count_a_transferred_officer_where_he_was_longest(desk: Desk):
    await use(desk, *moved(desk, "an", "ZD2", date(2026, 11, 26)), people={"counted": "longest"})
    await work(desk, "an", "4")
    assert await home_of(desk, "an") == "ZD1"
    await desk.roll_up()
    assert (await desk.total("ZD1"), (await desk.verified()).holds) == (4000, True)


async def test_a_loan_counts_with_the_host_and_a_secondment_stays_at_home(desk: Desk):
    lent = second(desk, "an", "ZD3", PostingKind.LOAN, valid_from=date(2026, 11, 1))
    seconded = second(desk, "bo", "ZD3", PostingKind.SECONDMENT, valid_from=date(2026, 11, 1))
    await use(desk, lent, seconded, people={"away": {"loan": "host"}})
    await work(desk, "an", "4", unit="ZD3")
    await work(desk, "bo", "6", unit="ZD3")
    assert [await home_of(desk, name) for name in ("an", "bo")] == ["ZD3", "ZD1"]
    assert await units_of(desk, "bo") == ["ZD3"]  # the host's records, the own unit's statement
    assert (await desk.verified()).holds


async def test_days_of_a_loan_are_shared_out_between_the_units(desk: Desk):
    team = {"type": "members", "of": "cases", "kind": "officer", "method": "sum"}
    nodes = {
        "team": team,
        "all": {"type": "combine", "parts": ["cases", "team"], "not_applicable": "zero"},
    }
    lent = second(desk, "an", "ZD3", PostingKind.LOAN, valid_from=date(2026, 11, 21))
    await use(desk, lent, nodes=nodes, total="all", people={"away": {"loan": "split"}})
    for unit in ("ZD1", "ZD3"):
        await work(desk, unit, "0", status=SubmissionStatus.REFUSED)
    await work(desk, "an", "9")
    assert (await standing(desk, "ZD1"))["total"] == "6"
    assert (await standing(desk, "ZD3"))["total"] == "3"


async def test_of_concurrent_posts_the_highest_coefficient(desk: Desk):
    expert = second(
        desk, "an", "ZD1", PostingKind.CONCURRENT, post="岗位能手", role_coefficient=Decimal("1.35")
    )
    nodes = {"weighted": {"type": "arithmetic", "op": "multiply", "left": "cases", "right": "coefficient"}}
    sources = {"coefficient": {"person": "highest_coefficient"}}
    await use(desk, expert, nodes=nodes, total="weighted", sources=sources)
    await work(desk, "an", "4")
    assert await desk.total("an") == 5400
    await desk.hear(later(expert, valid_to=date(2026, 11, 15)))
    await score(desk)
    assert await desk.total("an") == 4000
    assert (await desk.verified()).holds


async def test_probation_part_year_and_leavers_by_the_rule_of_the_plan(desk: Desk):
    more = {
        "ungraded": [{"when": {"of": "status", "has": "probation"}, "reason": "试用期"}],
        "outside": [
            {"when": {"of": "status", "has": "retired"}, "state": "not_assessed", "reason": "退休"},
            {
                "when": {"of": "months", "op": "<", "than": "6"},
                "state": "not_assessed",
                "reason": "不满六个月",
            },
        ],
    }
    sources = {"status": {"person": "status"}, "months": {"person": "service_months"}}
    joined = later(desk.bureau.postings["chen"], valid_from=date(2026, 8, 1))
    people = [officer(desk, "an", OfficerStatus.PROBATION), officer(desk, "bo", OfficerStatus.RETIRED)]
    await use(
        desk, joined, *people, officer(desk, "chen", OfficerStatus.IN_SERVICE), plan=more, sources=sources
    )
    for name in ("an", "bo", "chen", "ding"):
        await work(desk, name, "9")
    found = {name: await standing(desk, name) for name in ("an", "bo", "chen", "ding")}
    assert [found[name]["grade_state"] for name in found] == [
        "comment_only",
        "not_assessed",
        "not_assessed",
        "graded",
    ]
    assert "overall" in found["an"]["positions"]
    assert found["chen"]["outside"] == "not_assessed"
    await desk.hear(later(people[0], status=OfficerStatus.IN_SERVICE))
    assert (await standing(desk, "an"))["grade"] == "优秀"


EFFECTS = {
    "警告": {"not_above": "称职"}, "立案审查": {"ungraded": "held"}, "监督单位": {"outside": "oversight"},
    "全市第一": {"placed": "优秀"},
}  # fmt: skip


def decision(desk: Desk, name: str, what: str, since: str = "2026-11-05", **more: Any) -> dict[str, Any]:
    kind, subject_id, _ = desk.bureau.subject(name)
    body = {
        "subject_kind": kind.value,
        "subject_id": str(subject_id),
        "name": what,
        "document_number": "〔2026〕5号",
    }
    return body | {"since": since} | more


async def test_a_sanction_an_exemption_and_a_direct_placement(desk: Desk):
    await use(desk, circumstances=EFFECTS)
    for name in ("an", "bo"):
        await work(desk, name, "9")
    await work(desk, "ZD1", "9")
    await work(desk, "ZD2", "5")
    for name, what in (("an", "警告"), ("ZD1", "监督单位"), ("ZD2", "全市第一")):
        await desk["office"].post(f"{API}/circumstances", decision(desk, name, what))
    found = {name: await standing(desk, name) for name in ("an", "bo", "ZD1", "ZD2")}
    assert [found[name]["grade"] for name in found] == ["称职", "优秀", "优秀", "优秀"]
    assert ("overall" in found["ZD1"]["positions"], found["ZD1"]["outside"]) == (False, "oversight")
    assert "〔2026〕5号" in found["an"]["lines"][-1]["zh"]
    assert await desk.total("an") == 9000  # the points are what they were


async def test_an_investigation_holds_the_grade_and_is_filled_in_when_it_found_nothing(desk: Desk):
    await use(desk, circumstances=EFFECTS, standing={"quotas": [{"grade": "优秀", "number": 1}]})
    for name, amount in (("an", "10"), ("bo", "9")):
        await work(desk, name, amount)
    entered = await desk["office"].post(f"{API}/circumstances", decision(desk, "an", "立案审查"))
    assert (await standing(desk, "an"))["grade_state"] == "held"
    assert (await standing(desk, "bo"))["grade"] == "优秀"
    end = {"until": "2026-11-28", "document_number": "结案〔2026〕9号", "lifted": True}
    await desk["office"].post(f"{API}/circumstances/{entered['id']}/end", end)
    found = await standing(desk, "an")
    assert (found["grade"], "结案〔2026〕9号" in found["lines"][-1]["zh"]) == ("优秀", True)
    assert (await standing(desk, "bo"))["grade"] == "优秀"  # the quota is not reopened
    told = await desk["office"].problem("POST", f"{API}/circumstances/{entered['id']}/end", json=end)
    assert told["code"] == "circumstance-ended"


async def test_who_may_enter_and_see_a_decision(desk: Desk):
    await use(desk, circumstances=EFFECTS)
    path = f"{API}/circumstances"
    assert (await desk["office"].problem("POST", path, json=decision(desk, "office", "警告")))[
        "code"
    ] == "circumstance-own"
    told = await desk["office"].problem("POST", path, json=decision(desk, "an", "警 告"))
    assert (told["code"], "警告" in str(told)) == ("circumstance-unknown", True)
    wrong = decision(desk, "an", "警告", until="2026-11-01")
    assert (await desk["office"].problem("POST", path, json=wrong))["code"] == "circumstance-days"
    assert (await desk["leader"].problem("POST", path, json=decision(desk, "an", "警告")))["status"] == 403
    await desk["office"].post(path, decision(desk, "an", "警告"))
    seen = [len((await desk[name].get(path))["items"]) for name in ("office", "an", "bo", "leader")]
    assert seen == [1, 1, 0, 0]
    async with desk.db.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM circumstance")) == 1


async def test_two_months_running_and_a_head_who_has_just_come(desk: Desk):
    last = {"type": "last", "n": 1}
    twice = {"type": "run", "when": last, "periods": 2, "gives": ["调整"], "persons": {"served": "whole"}}
    once = {"type": "once", "when": last, "gives": ["约谈"], "persons": {"served": "any_day"}}
    chief = {"post": "所长"}
    bureau = desk.bureau
    old = later(bureau.postings["bo"], **chief)
    new = moved(desk, "ding", "ZD1", date(2026, 12, 10), post="所长")
    names = [officer(desk, name, OfficerStatus.IN_SERVICE) for name in ("bo", "ding")]
    await use(desk, old, *new, *names, standing={"consequences": [twice, once]}, people={"heads": ["所长"]})
    december = month_after(bureau.period)
    assert await desk.hear(december) == []
    november = bureau.period
    for unit, amount in (("ZD1", "1"), ("ZD3", "7")):
        await work(desk, unit, amount)
    bureau.period = december
    for unit, amount in (("ZD1", "1"), ("ZD3", "7")):
        goal = bureau.target(unit, bureau.completion)
        done = bureau.work(unit, goal, amount).model_copy(update={"event_date": date(2026, 12, 12)})
        assert await desk.hear(goal, done) == []
    found = await standing(desk, "ZD1", period=december)
    assert [(g["to"], g["gives"]) for g in found["given"]] == [
        ("bo", ["调整"]),
        ("bo", ["约谈"]),
        ("ding", ["约谈"]),
    ]
    earlier = await standing(desk, "ZD1", period=november)
    assert [(g["to"], g["gives"]) for g in earlier["given"]] == [("bo", ["约谈"])]


async def test_why_somebody_has_nothing(desk: Desk):
    await use(desk)
    refused = {"status": SubmissionStatus.REFUSED, "accepted_quantity": None}
    await work(desk, "an", "3", **refused)
    assert await desk.hear(desk.bureau.target("bo", desk.bureau.completion)) == []
    await work(desk, "chen", "3")
    assert [(await standing(desk, name))["zero"] for name in ("an", "bo", "chen")] == [
        "rejected",
        "not_submitted",
        None,
    ]


async def test_items_without_a_duty_alone_or_with_the_parent(desk: Desk):
    """A unit without the duty has the full marks of the item; a sub-unit takes an item from its parent."""
    nodes = {
        "own": {"type": "take", "of": "done"},
        "item": {"type": "combine", "parts": [{"of": "own", "full": "10"}], "not_applicable": "full_marks", "missing": "zero"},
        "shared": {"type": "inherit", "of": "second"},
        "second": {"type": "take", "of": "deeds"},
        "joint": {"type": "gate", "of": "second", "effect": "replace", "amount": "shared", "when": {"of": "second", "is": "not_applicable"}},
        "all": {"type": "combine", "parts": ["item", "joint"], "not_applicable": "zero"},
    }  # fmt: skip
    del nodes["own"]
    nodes["own"] = {"type": "take", "of": "done"}
    sources = {"deeds": {"indicator": "A1"}}
    await use(desk, nodes=nodes, total="all", sources=sources)
    bureau = desk.bureau
    goals = [bureau.target("XZ01", bureau.half_each), bureau.target("ZD1", bureau.completion)]
    works = [bureau.work("XZ01", goals[0], "4"), bureau.work("ZD1", goals[1], "6")]
    assert await desk.hear(*goals, *works) == []
    assert (await standing(desk, "XZ01"))["total"] == "14"  # 10 without the duty, 4 of its own
    assert (await standing(desk, "ZD1"))["total"] == "10"  # 6 of its own, 4 with the parent


async def test_votes_of_below_are_entered_and_what_is_newly_set_up_is_not_assessed(desk: Desk):
    nodes = {
        "vote": {"type": "ballot", "votes": "votes", "options": {"好": "10", "差": "0"}},
        "all": {"type": "combine", "parts": ["cases", "vote"], "missing": "zero"},
    }
    outside = [
        {"when": {"of": "months", "op": "<", "than": "9"}, "state": "not_assessed", "reason": "新建单位"}
    ]
    sources = {"votes": {"votes": {"好": "good", "差": "bad"}}, "months": {"person": "service_months"}}
    young = later(desk.bureau.units["ZD2"], valid_from=date(2026, 6, 1))
    await use(desk, young, nodes=nodes, total="all", sources=sources, plan={"outside": outside})
    await work(desk, "ZD1", "1")
    await work(desk, "ZD2", "2")
    subject = {"subject_kind": "unit", "subject_id": str(desk.bureau.units["ZD1"].id)}
    items = [subject | {"name": "good", "value": "3"}, subject | {"name": "bad", "value": "1"}]
    body = {"period_id": str(desk.bureau.period.id), "source": "乡镇评议", "items": items}
    await desk["office"].post(f"{API}/readings", body)
    assert (await standing(desk, "ZD1"))["total"] == "8.5"
    assert (await standing(desk, "ZD2"))["outside"] == "not_assessed"
    run = await desk["office"].get(f"{API}/standing-runs/{desk.bureau.period.id}")
    assert run["findings"] == []
    seen = await desk["an"].get(f"{API}/standings", period_id=str(desk.bureau.period.id))
    assert [item["subject_id"] for item in seen["items"]] == [str(desk.bureau.units["ZD1"].id)]


async def test_a_unit_that_was_merged_has_no_rank_where_the_plan_says_so(desk: Desk):
    bureau = desk.bureau
    gone = later(bureau.units["ZD2"], valid_to=date(2026, 11, 29), merged_into=bureau.units["ZD1"].id)
    await use(desk, gone, people={"merged": "excluded"})
    await work(desk, "ZD1", "9")
    await work(desk, "ZD2", "5")
    found = await standing(desk, "ZD2")
    assert (found["outside"], found["total"], found["positions"]) == ("not_assessed", "5", {})
    assert (await standing(desk, "ZD1"))["total"] == "9"
