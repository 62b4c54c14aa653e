"""Who is recused decides nothing about the subject, nor does anybody in his place; and lists offer what may be done."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts import org
from contracts.org import SubjectKind
from contracts.permissions import Role
from kernel.identity import GrantClaim, Principal
from kernel.ids import new_id
from kernel.testing.people import grant
from services.submissions.jobs import make_decisions_effective, pass_on_deserted
from tests.services.submissions.bureau import LINE
from tests.services.submissions.conftest import API, Desk

REFUSAL = {"reason": "与口径不符", "clause": "第三条"}
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


async def bar(
    desk: Desk,
    who: str,
    subject: str,
    *,
    since: date = FIRST,
    until: date | None = None,
    known: org.Recusal | None = None,
    in_force: bool = True,
) -> org.Recusal:
    """`who` decides nothing about an officer (by name) or a unit (by code)."""
    officer = desk.bureau.people.get(subject)
    subject_id = officer.officer_id if officer else desk.bureau.units[subject].id
    told = org.Recusal(
        id=known.id if known else new_id(), version=known.version + 1 if known else 1,
        officer_id=_officer(desk, who), subject_kind=SubjectKind.OFFICER if officer else SubjectKind.UNIT,
        subject_id=subject_id, ground=org.RecusalGround.DECLARED, valid_from=since, valid_to=until, in_force=in_force,
    )  # fmt: skip
    await desk.platform.tell("submissions", told)
    return told


def _officer(desk: Desk, who: str) -> UUID:
    found = desk.bureau.people[who].officer_id
    assert found is not None
    return found


async def stand_in(desk: Desk, name: str, unit: str, role: Role, *absent: str) -> Principal:
    """A new officer without a right of his own, who acts for these in the whole city."""
    city = desk.bureau.units["CITY"]
    claims = [
        GrantClaim(
            role,
            city.id,
            city.path,
            (LINE,) if role is Role.ASSESSOR else (),
            desk.bureau.people[who].account_id,
        )
        for who in absent
    ]
    before = len(desk.bureau.events)
    me = desk.bureau.join(name, unit, *claims)
    await desk.platform.tell("submissions", *desk.bureau.events[before:])
    for who in absent:
        giver = desk.bureau.people[who]
        await desk.platform.tell(
            "submissions",
            org.Delegation(
                id=new_id(), version=1, grant_id=new_id(), role=role, scope_unit_id=city.id, lines=(),
                from_account_id=giver.account_id, from_officer_id=giver.officer_id, to_account_id=me.account_id,
                to_officer_id=me.officer_id, valid_from=FIRST, valid_to=LAST, ended=False,
            ),
        )  # fmt: skip
    return me


async def told(desk: Desk, who: str, path: str, **body: Any) -> tuple[int, str]:
    answer = await desk[who].problem("POST", f"{API}{path}", json=body)
    return answer["status"], answer["code"]


async def queue(desk: Desk, who: str, **query: Any) -> set[str]:
    return {item["id"] for item in (await desk[who].get(f"{API}/reviews/queue", limit=200, **query))["items"]}


RECUSED = (403, "recused")


async def test_a_relative_neither_sees_it_offered_nor_claims_it(desk: Desk) -> None:
    desk.bureau.join("cousin", "ZD1")
    await desk.platform.tell("submissions", *desk.bureau.events[-2:])
    sent = await desk.submitted("cousin")
    assert sent["id"] in await queue(desk, "assessor")
    known = await bar(desk, "assessor", "cousin")
    assert sent["id"] not in await queue(desk, "assessor")
    assert await told(desk, "assessor", f"/submissions/{sent['id']}/claim") == RECUSED
    assert sent["id"] in await queue(desk, "other_assessor")
    await bar(desk, "assessor", "cousin", known=known, in_force=False)
    assert sent["id"] in await queue(desk, "assessor")
    assert (await desk["assessor"].post(f"{API}/submissions/{sent['id']}/claim"))["status"] == "in_review"


async def test_the_refusal_does_not_say_what_the_relation_is(desk: Desk) -> None:
    sent = await desk.submitted("colleague")
    known = await bar(desk, "assessor", "colleague")
    answer = await desk["assessor"].problem("POST", f"{API}/submissions/{sent['id']}/claim")
    assert set(answer) <= {"type", "title", "status", "code", "detail", "instance", "request_id"}
    assert known.ground.value not in str(answer["detail"])
    await bar(desk, "assessor", "colleague", known=known, in_force=False)


@pytest.mark.parametrize(
    ("since", "until", "barred"),
    [
        (date(2026, 11, 12), date(2026, 11, 12), True),
        (date(2026, 11, 13), None, False),
        (FIRST, date(2026, 11, 11), False),
    ],
)
async def test_a_recusal_holds_on_its_days(
    desk: Desk, since: date, until: date | None, *, barred: bool
) -> None:
    sent = await desk.submitted("author")
    known = await bar(desk, "assessor", "author", since=since, until=until)
    answer = await desk["assessor"].send("POST", f"{API}/submissions/{sent['id']}/claim")
    assert answer.status_code == (403 if barred else 200)
    assert (sent["id"] in await queue(desk, "assessor")) is not barred
    await bar(desk, "assessor", "author", known=known, in_force=False)


async def test_a_recusal_from_a_unit_covers_the_work_of_its_people(desk: Desk) -> None:
    sent = await desk.submitted("stranger")
    known = await bar(desk, "assessor", "XZ02")
    assert await told(desk, "assessor", f"/submissions/{sent['id']}/claim") == RECUSED
    assert sent["id"] not in await queue(desk, "assessor")
    await bar(desk, "assessor", "XZ02", known=known, in_force=False)


@pytest.mark.parametrize("act", ["accept", "return", "refuse", "reroute"])
async def test_what_was_claimed_before_is_not_decided_after(desk: Desk, act: str) -> None:
    held = await desk.claimed()
    known = await bar(desk, "assessor", "author")
    body = {"accept": {}, "return": {"reason": "不清"}, "refuse": REFUSAL}.get(
        act, {"unit_id": str(desk.bureau.units["KHB"].id), "reason": "转交"}
    )
    assert await told(desk, "assessor", f"/submissions/{held['id']}/{act}", **body) == RECUSED
    await bar(desk, "assessor", "author", known=known, in_force=False)


async def test_a_batch_tells_it_of_the_one_item(desk: Desk) -> None:
    one, other = await desk.submitted("author"), await desk.submitted("colleague")
    known = await bar(desk, "assessor", "colleague")
    done = await desk["assessor"].post(f"{API}/reviews/accept-batch", {"ids": [one["id"], other["id"]]})
    found = {item["id"]: item["code"] for item in done["items"]}
    assert found == {one["id"]: None, other["id"]: "recused"}
    await bar(desk, "assessor", "colleague", known=known, in_force=False)


async def test_a_decision_is_not_reopened_by_whoever_is_recused(desk: Desk) -> None:
    done = await desk.refused()
    known = await bar(desk, "assessor", "author")
    assert await told(desk, "assessor", f"/submissions/{done['id']}/reopen", reason="重审") == RECUSED
    await bar(desk, "assessor", "author", known=known, in_force=False)


async def test_a_recused_adjudicator_has_no_part_in_the_appeal(desk: Desk) -> None:
    filed = await desk.appealed()
    listed = f"{API}/appeals"
    assert filed["id"] in {
        i["id"] for i in (await desk["adjudicator"].get(listed, queue=True, limit=200))["items"]
    }
    known = await bar(desk, "adjudicator", "author")
    assert filed["id"] not in {
        i["id"] for i in (await desk["adjudicator"].get(listed, queue=True, limit=200))["items"]
    }
    path = f"/appeals/{filed['id']}"
    opinion = {"outcome": "upheld", "text": "维持为宜"}
    assert await told(desk, "adjudicator", f"{path}/admit") == RECUSED
    assert await told(desk, "adjudicator", f"{path}/opinions", **opinion) == RECUSED
    assert await told(desk, "adjudicator", f"{path}/decide", outcome="upheld", reason="维持") == RECUSED
    await bar(desk, "adjudicator", "author", known=known, in_force=False)


async def test_what_nobody_of_the_line_may_review_goes_to_the_office(desk: Desk) -> None:
    people = ("assessor", "other_assessor", "judge_and_assessor")
    await desk.platform.tell("submissions", *(_grant(desk, name) for name in people))
    sent, other = await desk.submitted("author"), await desk.submitted("colleague")
    known = [await bar(desk, name, "author") for name in people[:2]]
    runtime = desk.platform.runtimes["submissions"]
    await pass_on_deserted(runtime)
    assert sent["id"] not in await queue(desk, "office")
    known.append(await bar(desk, people[2], "author"))
    await pass_on_deserted(runtime)
    await pass_on_deserted(runtime)  # what is there stays there
    offered = await queue(desk, "office")
    assert sent["id"] in offered
    assert other["id"] not in offered
    steps = (await desk["author"].get(f"{API}/submissions/{sent['id']}/timeline"))["items"]
    assert [step["action"] for step in steps].count("reroute") == 1
    done = await desk["office"].post(f"{API}/submissions/{sent['id']}/claim")
    assert (done["authority_unit_id"], done["status"]) == (str(desk.bureau.units["KHB"].id), "in_review")
    for name, each in zip(people, known, strict=True):
        await bar(desk, name, "author", known=each, in_force=False)


def _grant(desk: Desk, name: str) -> org.Grant:
    me, city = desk.bureau.people[name], desk.bureau.units["CITY"]
    return org.Grant(
        id=new_id(), version=1, account_id=me.account_id, officer_id=me.officer_id, role=Role.ASSESSOR,
        scope_unit_id=city.id, lines=(LINE,), status=org.GrantStatus.APPROVED, valid_from=FIRST, valid_to=None,
    )  # fmt: skip


async def test_a_substitute_decides_and_the_timeline_names_both(desk: Desk) -> None:
    me = await stand_in(desk, "substitute", "XJ", Role.ASSESSOR, "assessor")
    absent = desk.bureau.people["assessor"]
    held = await desk.claimed("substitute")
    await desk["substitute"].post(f"{API}/submissions/{held['id']}/refuse", REFUSAL)
    steps = (await desk["author"].get(f"{API}/submissions/{held['id']}/timeline"))["items"]
    told = {step["action"]: (step["account_id"], step["acts_for"], step["acts_for_name"]) for step in steps}
    assert told["submit"][1:] == (None, None)
    assert told["claim"] == told["refuse"] == (str(me.account_id), str(absent.account_id), absent.name)


async def test_nobody_acts_for_somebody_who_is_recused_or_concerned(desk: Desk) -> None:
    await stand_in(desk, "agent", "XJ", Role.ASSESSOR, "other_assessor")
    sent = await desk.submitted("author")
    known = await bar(desk, "other_assessor", "author")
    assert sent["id"] not in await queue(desk, "agent")
    assert await told(desk, "agent", f"/submissions/{sent['id']}/claim") == RECUSED
    await bar(desk, "other_assessor", "author", known=known, in_force=False)
    assert sent["id"] in await queue(desk, "agent")
    own = await desk.submitted("other_assessor")
    assert own["id"] not in await queue(desk, "agent")
    assert (await told(desk, "agent", f"/submissions/{own['id']}/claim"))[0] == 403


async def test_a_substitute_acts_for_the_one_of_two_who_may(desk: Desk) -> None:
    await stand_in(desk, "deputy", "XJ", Role.ASSESSOR, "other_assessor", "assessor")
    known = await bar(desk, "other_assessor", "author")
    held = await desk.claimed("deputy")
    steps = (await desk["author"].get(f"{API}/submissions/{held['id']}/timeline"))["items"]
    assert steps[-1]["acts_for_name"] == "assessor"
    await bar(desk, "other_assessor", "author", known=known, in_force=False)


async def test_an_appeal_is_decided_for_an_absent_adjudicator(desk: Desk) -> None:
    await stand_in(desk, "vice", "KHB", Role.ADJUDICATOR, "adjudicator")
    filed = await desk.appealed()
    path = f"{API}/appeals/{filed['id']}"
    await desk["vice"].post(f"{path}/admit")
    await desk["vice"].post(f"{path}/decide", {"outcome": "upheld", "reason": "维持"})
    steps = (await desk["author"].get(f"{API}/submissions/{filed['submission_id']}/timeline"))["items"]
    told = {step["action"]: step["acts_for_name"] for step in steps}
    assert (told["appeal_admitted"], told["appeal_upheld"]) == ("adjudicator", "adjudicator")


async def test_whoever_was_acted_for_does_not_hear_the_appeal(desk: Desk) -> None:
    await stand_in(desk, "locum", "XJ", Role.ASSESSOR, "judge_and_assessor")
    held = await desk.claimed("locum")
    await desk["locum"].post(f"{API}/submissions/{held['id']}/refuse", REFUSAL)
    filed = await desk["author"].post(f"{API}/submissions/{held['id']}/appeals", {"grounds": "事实清楚"})
    listed = (await desk["judge_and_assessor"].get(f"{API}/appeals", queue=True, limit=200))["items"]
    assert filed["id"] not in {item["id"] for item in listed}
    path = f"/appeals/{filed['id']}/admit"
    assert await told(desk, "judge_and_assessor", path) == (403, "first-decider")
    assert (await desk["adjudicator"].post(f"{API}{path}"))["status"] == "admitted"


async def test_a_substitute_reviews_from_outside_of_the_competent_unit(desk: Desk) -> None:
    await stand_in(desk, "outsider", "KHB", Role.ASSESSOR, "assessor")
    sent = await desk.submitted("author")
    assert sent["id"] in await queue(desk, "outsider")
    held = await desk["outsider"].post(f"{API}/submissions/{sent['id']}/claim")
    done = await desk["outsider"].post(f"{API}/submissions/{held['id']}/accept", {})
    assert done["status"] == "accepted"


async def test_nobody_gains_a_place_in_the_competent_unit_by_lending_a_right_to_its_people(
    desk: Desk,
) -> None:
    """The absent serves elsewhere and could not review it; his substitute, who serves there, cannot either."""
    city = desk.bureau.units["CITY"]
    before = len(desk.bureau.events)
    desk.bureau.join("elsewhere", "KHB", grant(Role.ASSESSOR, city.id, city.path, LINE))
    await desk.platform.tell("submissions", *desk.bureau.events[before:])
    await stand_in(desk, "borrower", "XJ", Role.ASSESSOR, "elsewhere")
    sent = await desk.submitted("author")
    assert sent["id"] not in await queue(desk, "borrower")
    assert await told(desk, "borrower", f"/submissions/{sent['id']}/claim") == (403, "not-competent")


async def test_a_recusal_within_the_time_of_grace_voids_the_decision(grace: Desk) -> None:
    barred = await grace.claimed("other_assessor", by="colleague")
    await grace["other_assessor"].post(f"{_path(barred)}/refuse", REFUSAL)
    free = await grace.claimed("other_assessor")
    await grace["other_assessor"].post(f"{_path(free)}/accept", {})
    known = await bar(grace, "other_assessor", "colleague")
    grace.clock.advance(timedelta(seconds=9))
    await make_decisions_effective(grace.platform.runtimes["submissions"])
    found = await grace["colleague"].get(_path(barred))
    assert (found["status"], found["reviewer_id"], found["notice_number"]) == ("submitted", None, None)
    last = (await grace["colleague"].get(f"{_path(barred)}/timeline"))["items"][-1]
    assert (last["action"], last["actor"]) == ("decision_void", "系统")
    assert "回避" in last["reason"]
    assert (await grace["author"].get(_path(free)))["status"] == "accepted"
    assert (await grace["assessor"].post(f"{_path(barred)}/claim"))["status"] == "in_review"
    await bar(grace, "other_assessor", "colleague", known=known, in_force=False)


async def test_a_decision_for_somebody_absent_who_is_recused_meanwhile_is_void_too(grace: Desk) -> None:
    await stand_in(grace, "proxy", "KHB", Role.ASSESSOR, "other_assessor")
    held = await grace.claimed("proxy", by="colleague")
    await grace["proxy"].post(f"{_path(held)}/accept", {})
    known = await bar(grace, "other_assessor", "colleague")
    grace.clock.advance(timedelta(seconds=9))
    await make_decisions_effective(grace.platform.runtimes["submissions"])
    assert (await grace["colleague"].get(_path(held)))["status"] == "submitted"
    await bar(grace, "other_assessor", "colleague", known=known, in_force=False)


def _path(item: dict[str, Any]) -> str:
    return f"{API}/submissions/{item['id']}"
