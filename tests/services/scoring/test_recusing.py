"""Who is recused decides nothing about the subject's points, nor does anybody in his place; the audit log names both."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from contracts import org
from contracts.permissions import Role
from kernel.db.migrations import apply_again
from kernel.identity import GrantClaim
from kernel.ids import new_id
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.test_awards import award
from tests.services.scoring.test_closing import closing, worked
from tests.services.scoring.test_corrections import correction
from tests.services.scoring.test_entry_appeals import APPEALS, STANDS, desk, entry
from tests.services.scoring.test_sealing import public, sealed

__all__ = ["desk", "public", "sealed", "worked"]
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
RECUSED = (403, "recused")


async def bar(
    desk: Desk, who: str, subject: str, *, since: date = FIRST, until: date | None = None
) -> org.Recusal:
    """`who` decides nothing about an officer (by name) or a unit (by code)."""
    kind, subject_id, _ = desk.bureau.subject(subject)
    officer_id = desk.bureau.people[who].officer_id
    assert officer_id is not None
    told = org.Recusal(
        id=new_id(), version=1, officer_id=officer_id, subject_kind=kind, subject_id=subject_id,
        ground=org.RecusalGround.DECLARED, valid_from=since, valid_to=until, in_force=True,
    )  # fmt: skip
    assert await desk.hear(told) == []
    return told


async def stand_in(desk: Desk, name: str, role: Role, absent: str) -> None:
    """A new officer of the city without a right of his own, who acts for somebody absent."""
    city, giver = desk.bureau.units["CITY"], desk.bureau.people[absent]
    desk.bureau.join(name, "CITY", GrantClaim(role, city.id, city.path, (), giver.account_id))
    me = desk.bureau.people[name]
    told = org.Delegation(
        id=new_id(), version=1, grant_id=new_id(), role=role, scope_unit_id=city.id, lines=(),
        from_account_id=giver.account_id, from_officer_id=giver.officer_id, to_account_id=me.account_id,
        to_officer_id=me.officer_id, valid_from=FIRST, valid_to=LAST, ended=False,
    )  # fmt: skip
    assert await desk.hear(desk.bureau.postings[name], told) == []


async def told(desk: Desk, who: str, path: str, body: Any = None) -> tuple[int, str]:
    answer = await desk[who].problem("POST", path, json=body if body is not None else {})
    return answer["status"], answer["code"]


async def acted(desk: Desk, action: str) -> dict[str, Any]:
    """The last record of the action in the audit log."""
    query = text("SELECT body FROM audit.record WHERE action = :action ORDER BY id DESC LIMIT 1")
    async with desk.db.reading() as session:
        return dict(json.loads(await session.scalar(query, {"action": action})))


@pytest.mark.parametrize("subject", ["an", "ZD1", "XZ01"])
async def test_a_recusal_bars_points_for_an_officer_and_for_all_of_a_unit(desk: Desk, subject: str):
    before = await desk.posted("an")
    await bar(desk, "office", subject)
    assert await told(desk, "office", f"{API}/awards", award(desk)) == RECUSED
    await desk["second"].post(f"{API}/awards", award(desk, document_number="2号"))
    assert await desk.posted("an") == [*before, 1500]


@pytest.mark.parametrize(
    ("since", "until", "barred"),
    [
        (date(2026, 11, 12), date(2026, 11, 12), True),
        (date(2026, 11, 13), None, False),
        (FIRST, date(2026, 11, 11), False),
    ],
)
async def test_a_recusal_holds_on_its_days(desk: Desk, since: date, until: date | None, *, barred: bool):
    await bar(desk, "office", "an", since=since, until=until)
    answer = await desk["office"].send("POST", f"{API}/awards", json=award(desk))
    assert answer.status_code == (403 if barred else 201)


async def test_what_was_said_before_there_were_copies_is_applied_once_more(desk: Desk):
    """As after an upgrade: the event was heard and left alone, the copy came later."""
    await bar(desk, "office", "an")
    async with desk.db.engine.begin() as connection:
        await connection.execute(text("DELETE FROM recusal"))
        await connection.run_sync(_apply_recusals_again)
    assert await desk.settle() == []
    assert await told(desk, "office", f"{API}/awards", award(desk)) == RECUSED


def _apply_recusals_again(connection: Connection) -> None:
    apply_again(Operations(MigrationContext.configure(connection)), "org.recusal.v1")


async def test_one_relative_among_several_bars_the_deed(desk: Desk):
    await bar(desk, "office", "chen")
    one = award(desk)
    people = [
        {"subject_kind": "officer", "subject_id": str(desk.bureau.subject(n)[1])} for n in ("an", "chen")
    ]
    body = {k: v for k, v in one.items() if not k.startswith("subject")} | {"participants": people}
    assert await told(desk, "office", f"{API}/awards/shared", body) == RECUSED


async def test_neither_second_signature_nor_refusal_nor_reversal(desk: Desk):
    made = await desk["office"].post(f"{API}/awards", award(desk, points="2.5"))
    path = f"{API}/awards/{made['id']}"
    await bar(desk, "second", "an")
    assert await told(desk, "second", f"{path}/confirm") == RECUSED
    assert await told(desk, "second", f"{path}/refuse", {"reason": "不实"}) == RECUSED
    assert await told(desk, "second", f"{path}/reverse", {"reason": "不实"}) == RECUSED


async def test_a_recused_adjudicator_decides_in_no_instance(desk: Desk):
    appeal = await desk["an"].post(f"{API}/entries/{await entry(desk)}/appeals", {"grounds": "当日系公差"})
    path = f"{APPEALS}/{appeal['id']}"
    await bar(desk, "judge", "an")
    assert await told(desk, "judge", f"{path}/decide", STANDS) == RECUSED
    await desk["other_judge"].post(f"{path}/decide", STANDS)
    await desk["an"].post(f"{path}/second", {"grounds": "仍不服"})
    assert await told(desk, "judge", f"{path}/decide", STANDS) == RECUSED


async def test_no_sanction_is_entered_by_anybody_recused(desk: Desk):
    await bar(desk, "office", "an")
    body = {
        "subject_kind": "officer", "subject_id": str(desk.bureau.subject("an")[1]), "name": "sanction",
        "document_number": "1号", "reason": "处分", "since": "2026-11-02",
    }  # fmt: skip
    assert await told(desk, "office", f"{API}/circumstances", body) == RECUSED


async def test_an_objection_is_answered_by_nobody_recused(public: Desk):
    public.clock.advance(timedelta(days=-1))
    _, subject_id, _ = public.bureau.subject("an")
    mine = {"subject_kind": "officer", "subject_id": str(subject_id), "text": "少计一件"}
    raised = await public["an"].post(closing(public, "/objections"), mine)
    path = f"{API}/closings/objections/{raised['id']}/answer"
    await bar(public, "office", "an")
    assert await told(public, "office", path, {"upheld": False, "answer": "无误"}) == RECUSED
    assert (await public["second"].post(path, {"upheld": False, "answer": "无误"}))["state"] == "refused"


async def test_a_correction_is_neither_proposed_nor_signed_by_anybody_recused(sealed: Desk):
    await bar(sealed, "office", "an")
    path = closing(sealed, "/corrections")
    assert await told(sealed, "office", path, correction(sealed)) == RECUSED
    made = await sealed["second"].post(path, correction(sealed))
    assert await told(sealed, "office", f"{API}/corrections/{made['id']}/approve") == RECUSED


async def test_a_substitute_decides_an_appeal_and_both_are_named(desk: Desk):
    await stand_in(desk, "vice", Role.ADJUDICATOR, "judge")
    appeal = await desk["an"].post(f"{API}/entries/{await entry(desk)}/appeals", {"grounds": "当日系公差"})
    await desk["vice"].post(f"{APPEALS}/{appeal['id']}/decide", STANDS)
    record = await acted(desk, "entry_appeal_upheld")
    vice, judge = desk.bureau.people["vice"], desk.bureau.people["judge"]
    assert record["actor"]["account"] == str(vice.account_id)
    assert record["on_behalf_of"] == str(judge.account_id)


async def test_an_absent_judge_decided_by_his_substitute_and_decides_not_again(desk: Desk):
    await stand_in(desk, "vice", Role.ADJUDICATOR, "judge")
    appeal = await desk["an"].post(f"{API}/entries/{await entry(desk)}/appeals", {"grounds": "当日系公差"})
    path = f"{APPEALS}/{appeal['id']}"
    assert [item["id"] for item in (await desk["vice"].get(APPEALS, queue="true"))["items"]] == [appeal["id"]]
    done = await desk["vice"].post(f"{path}/decide", STANDS)
    assert done["decided_for"] == str(desk.bureau.people["judge"].account_id)
    await desk["an"].post(f"{path}/second", {"grounds": "仍不服"})
    assert (await told(desk, "judge", f"{path}/decide", STANDS))[1] == "entry-appeal-not-impartial"
    await stand_in(desk, "third", Role.ADJUDICATOR, "judge")
    assert (await told(desk, "third", f"{path}/decide", STANDS))[1] == "entry-appeal-not-impartial"
    queues = {
        name: (await desk[name].get(APPEALS, queue="true"))["items"] for name in ("vice", "judge", "third")
    }
    assert queues == {"vice": [], "judge": [], "third": []}
    assert (await desk["other_judge"].post(f"{path}/decide", STANDS))["status"] == "final_upheld"


async def test_who_acts_by_his_own_right_acts_for_nobody(desk: Desk):
    await desk["office"].post(f"{API}/awards", award(desk))
    assert (await acted(desk, "award_entered"))["on_behalf_of"] is None


async def test_nobody_acts_for_somebody_who_is_recused_or_concerned(desk: Desk):
    desk.bureau.join("giver", "ZD2")
    assert await desk.hear(desk.bureau.postings["giver"]) == []
    await stand_in(desk, "agent", Role.ASSESSOR, "giver")
    assert await told(desk, "agent", f"{API}/awards", award(desk, "giver")) == RECUSED
    assert await told(desk, "agent", f"{API}/awards", award(desk, "ZD2")) == RECUSED
    await desk["agent"].post(f"{API}/awards", award(desk, "chen"))
    assert (await acted(desk, "award_entered"))["on_behalf_of"] == str(desk.bureau.people["giver"].account_id)
    await bar(desk, "giver", "chen")
    assert await told(desk, "agent", f"{API}/awards", award(desk, "chen", document_number="2号")) == RECUSED


async def test_who_is_not_known_to_be_absent_is_acted_for_by_nobody(desk: Desk):
    city = desk.bureau.units["CITY"]
    desk.bureau.join("early", "CITY", GrantClaim(Role.ASSESSOR, city.id, city.path, (), new_id()))
    assert await desk.hear(desk.bureau.postings["early"]) == []
    assert await told(desk, "early", f"{API}/awards", award(desk)) == RECUSED
