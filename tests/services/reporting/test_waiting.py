"""What waits for whom: one per object and action, closed by whoever did it, told once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from contracts import org, submissions, supervision
from contracts.org import GrantStatus
from contracts.permissions import Role
from contracts.scoring import ClosingStatus
from contracts.submissions import AppealStatus, SubmissionStatus
from contracts.targets import TargetStatus
from kernel.identity import GrantClaim
from kernel.ids import new_id
from kernel.testing.people import Caller, grant, person
from tests.services.reporting.conftest import NOON, REPORTING, Bureau

TODOS, MESSAGES = f"{REPORTING}/todos", f"{REPORTING}/messages"
LATER = NOON + timedelta(hours=1)


async def actions(caller: Caller, tab: str = "open") -> list[str]:
    return [todo["action"] for todo in (await caller.get(TODOS, tab=tab))["items"]]


def assessor(bureau: Bureau, unit: str, scope: str = "CITY", *lines: str) -> Caller:
    here, home = bureau.units[scope], bureau.units[unit]
    who = person(
        grant(Role.ASSESSOR, here.id, here.path, *lines),
        officer_id=new_id(),
        unit_id=home.id,
        unit_path=home.path,
    )
    return bureau.platform.caller("reporting", who)


async def work(bureau: Bureau, name: str, status: SubmissionStatus, **more: object) -> UUID:
    """A submission of the officer in P1, routed to P2."""
    sent = {"status": status, "authority_unit_id": bureau.units["P2"].id} | more
    _, submission_id = await bureau.entry(name, 0, **sent)
    return submission_id


async def test_a_target_is_to_be_acknowledged_and_worked_for_until_somebody_did(bureau: Bureau):
    target = await bureau.target("an", 4)
    an = bureau.officer("an")
    assert sorted(await actions(an)) == ["acknowledge", "submit"]
    taken = {"version": 2, "status": TargetStatus.ACKNOWLEDGED, "acknowledged_at": LATER}
    await bureau.tell(target.model_copy(update=taken | {"acknowledged_by": bureau.officers["an"].id}))
    assert await actions(an) == ["submit"]
    by = bureau.officers["bo"].id
    await work(bureau, "an", SubmissionStatus.SUBMITTED, target_id=target.id, submitted_by=by)
    assert await actions(an) == []
    done = (await an.get(TODOS, tab="done"))["items"]
    assert [(d["action"], d["closed_by"]) for d in done] == [("acknowledge", "an"), ("submit", "bo")]


async def test_work_that_came_before_its_target_leaves_nothing_to_do(bureau: Bureau):
    target_id = new_id()
    await work(bureau, "an", SubmissionStatus.SUBMITTED, target_id=target_id)
    await bureau.target("an", 4, id=target_id, status=TargetStatus.ACKNOWLEDGED, acknowledged_at=NOON)
    assert await actions(bureau.officer("an")) == []


async def test_nothing_is_to_be_decided_by_whoever_is_recused(bureau: Bureau):
    await work(bureau, "an", SubmissionStatus.SUBMITTED)
    reviewer, day = assessor(bureau, "P2"), NOON.date()
    me = reviewer.principal
    assert me is not None
    assert me.officer_id is not None
    barred = org.Recusal(
        id=new_id(), version=1, officer_id=me.officer_id, subject_kind=org.SubjectKind.OFFICER,
        subject_id=bureau.officers["an"].id, ground=org.RecusalGround.DECLARED, valid_from=day, valid_to=None, in_force=True,
    )  # fmt: skip
    await bureau.tell(barred)
    assert (await actions(reviewer), await actions(assessor(bureau, "P2"))) == ([], ["review"])
    later = {"version": 2, "valid_from": day + timedelta(days=3650)}
    await bureau.tell(barred.model_copy(update=later))
    assert await actions(reviewer) == ["review"]
    unit = {"subject_kind": org.SubjectKind.UNIT, "subject_id": bureau.units["P1"].id, "version": 3}
    await bureau.tell(barred.model_copy(update=unit))
    assert await actions(reviewer) == []


async def test_a_review_waits_for_the_line_it_was_routed_to_and_for_nobody_else(bureau: Bureau):
    await work(bureau, "an", SubmissionStatus.SUBMITTED)
    assert await actions(assessor(bureau, "P2")) == ["review"]
    assert await actions(assessor(bureau, "P2", "CITY", "security")) == ["review"]
    assert await actions(assessor(bureau, "P2", "CITY", "traffic")) == []
    assert await actions(assessor(bureau, "P1")) == []
    assert await actions(bureau.officer("an")) == []
    assert await actions(bureau.officer("an"), "mine") == ["review"]


async def test_a_review_waits_for_the_substitute_of_whoever_serves_where_it_was_routed_to(bureau: Bureau):
    await work(bureau, "an", SubmissionStatus.SUBMITTED)
    city, absent = bureau.units["CITY"], {"P2": new_id(), "P1": new_id()}
    for home, name in (("P2", "bo"), ("P1", "chen")):
        officer = bureau.officers[name].id
        await bureau.tell(
            org.Grant(
                id=new_id(), version=1, account_id=absent[home], officer_id=officer, role=Role.ASSESSOR,
                scope_unit_id=city.id, lines=(), status=GrantStatus.APPROVED, valid_from=NOON.date(), valid_to=None,
            ),
            org.Posting(
                id=new_id(), version=1, officer_id=officer, unit_id=bureau.units[home].id, post="审核", is_primary=True,
                kind=org.PostingKind.REGULAR, role_coefficient=Decimal(1), valid_from=date(2020, 1, 1), valid_to=None,
            ),
        )  # fmt: skip

    def substitute(of: str) -> Caller:
        held = GrantClaim(Role.ASSESSOR, city.id, city.path, (), absent[of])
        who = person(held, officer_id=new_id(), unit_id=city.id, unit_path="CITY/P3/")
        return bureau.platform.caller("reporting", who)

    assert (await actions(substitute("P2")), await actions(substitute("P1"))) == (["review"], [])


async def test_that_a_grant_ends_is_told_to_its_holder_and_both_administrators_once(bureau: Bureau):
    city, holder = bureau.units["CITY"], bureau.officers["an"].id
    ending = org.Grant(
        id=new_id(), version=3, account_id=new_id(), officer_id=holder, role=Role.ASSESSOR, scope_unit_id=city.id, lines=(),
        status=GrantStatus.APPROVED, valid_from=date(2026, 1, 1), valid_to=date(2026, 11, 30), noticed_at=NOON,
    )  # fmt: skip
    await bureau.tell(ending)
    await bureau.tell(ending.model_copy(update={"version": 4}))
    admins = [
        bureau.platform.caller("reporting", person(grant(role, city.id, city.path)))
        for role in (Role.ROSTER_ADMIN, Role.SECURITY_ADMIN)
    ]
    for told in (bureau.officer("an"), *admins):
        [message] = (await told.get(MESSAGES))["items"]
        assert (message["news"], message["facts"]["valid_to"]) == ("grant_ends", "2026-11-30")
    assert (await bureau.officer("bo").get(MESSAGES))["items"] == []


async def test_a_returned_item_is_repaired_and_told_and_whoever_decided_is_named(bureau: Bureau):
    decided = {"decided_by": bureau.officers["chen"].id, "decided_at": LATER, "decision_reason": "照片不清"}
    submission_id = await work(bureau, "an", SubmissionStatus.SUBMITTED)
    await work(bureau, "an", SubmissionStatus.RETURNED, id=submission_id, version=2, **decided)
    an, reviewer = bureau.officer("an"), assessor(bureau, "P2")
    assert await actions(an) == ["repair"]
    [closed] = (await reviewer.get(TODOS, tab="done"))["items"]
    assert (closed["action"], closed["closed_by"]) == ("review", "chen")
    [told] = (await an.get(MESSAGES))["items"]
    assert (told["news"], told["facts"]["reason"], told["obligatory"]) == ("returned", "照片不清", True)
    again = {"submitted_by": bureau.officers["an"].id, "submitted_at": LATER + timedelta(hours=1)}
    await work(bureau, "an", SubmissionStatus.SUBMITTED, id=submission_id, version=3, **again)
    assert (await actions(an), await actions(reviewer)) == ([], ["review"])


async def test_an_event_that_comes_again_opens_and_tells_nothing_anew(bureau: Bureau):
    decided = {"decided_by": bureau.officers["chen"].id, "decided_at": LATER}
    submission_id = await work(bureau, "an", SubmissionStatus.SUBMITTED)
    for _ in range(2):
        await work(bureau, "an", SubmissionStatus.REFUSED, id=submission_id, version=2, **decided)
    await work(bureau, "an", SubmissionStatus.SUBMITTED, id=submission_id, version=1)
    assert await actions(assessor(bureau, "P2")) == []
    assert len((await bureau.officer("an").get(MESSAGES))["items"]) == 1


async def test_an_appeal_waits_for_an_adjudicator_who_did_not_decide_before(bureau: Bureau):
    first = bureau.officers["chen"].id
    submission_id = await work(
        bureau, "an", SubmissionStatus.UNDER_APPEAL, first_decided_by=first, decided_by=first
    )
    await bureau.tell(
        submissions.Appeal(
            id=new_id(), version=1, number="FY-1", submission_id=submission_id, appellant_id=bureau.officers["an"].id,
            grounds="理由", status=AppealStatus.FILED, filed_at=NOON, file_until=LATER, decide_until=LATER, decided_by=None,
            decided_at=None, decision_reason=None, accepted_quantity=None,
        )
    )  # fmt: skip
    city = bureau.units["CITY"]
    role = grant(Role.ADJUDICATOR, city.id, city.path)
    judges = [person(role, officer_id=who) for who in (new_id(), first, bureau.officers["an"].id)]
    assert [await actions(bureau.platform.caller("reporting", judge)) for judge in judges] == [
        ["decide_appeal"],
        [],
        [],
    ]


async def test_a_proposed_grant_waits_for_the_security_administrator(bureau: Bureau):
    city = bureau.units["CITY"]
    proposed = org.Grant(
        id=new_id(), version=1, account_id=uuid4(), officer_id=bureau.officers["an"].id, role=Role.ASSESSOR,
        scope_unit_id=city.id, lines=(), status=GrantStatus.PROPOSED, valid_from=NOON.date(), valid_to=None,
    )  # fmt: skip
    await bureau.tell(proposed)
    security = bureau.platform.caller("reporting", person(grant(Role.SECURITY_ADMIN, city.id, city.path)))
    assert await actions(security) == ["approve_grant"]
    await bureau.tell(proposed.model_copy(update={"version": 2, "status": GrantStatus.APPROVED}))
    assert await actions(security) == []


async def test_a_supervision_note_is_answered_by_its_addressee(bureau: Bureau):
    note = supervision.SupervisionNote(
        id=new_id(), version=1, number="DB-1", issuer_unit_id=bureau.units["CITY"].id, issued_by=None, issued_at=NOON,
        addressee_unit_id=bureau.units["P1"].id, about_kind=None, about_id=None, subject="迟交", text="说明",
        answer_due=LATER, status=supervision.NoteStatus.ISSUED, answer=None, answered_by=None, answered_at=None,
        answered_late=False, decided_at=None, decision_reason=None, escalation=0, escalated_to=(),
        signal=supervision.Signal.NONE, worst_signal=supervision.Signal.NONE,
    )  # fmt: skip
    await bureau.tell(note)
    assert (await actions(bureau.leader("P1")), await actions(bureau.leader("P2"))) == (["answer_note"], [])
    assert [m["news"] for m in (await bureau.leader("P1").get(MESSAGES))["items"]] == ["supervision"]


async def test_a_public_notice_is_told_to_everybody_once_and_cannot_be_muted(bureau: Bureau):
    for version in (1, 2):
        await bureau.close(ClosingStatus.PUBLIC, version)
    an = bureau.officer("an")
    assert [m["news"] for m in (await an.get(MESSAGES))["items"]] == ["public"]
    problem = await an.problem("PUT", f"{MESSAGES}/preferences", json={"muted": ["public"]})
    assert problem["code"] == "message-kind-obligatory"


async def test_reading_muting_and_counting(bureau: Bureau):
    decided = {"decided_by": bureau.officers["chen"].id, "decided_at": LATER}
    await work(bureau, "an", SubmissionStatus.ACCEPTED, **decided)
    await bureau.close(ClosingStatus.PUBLIC, 1)
    an = bureau.officer("an")
    assert (await an.get(f"{TODOS}/summary"))["unread"] == 2
    await an.put(f"{MESSAGES}/preferences", {"muted": ["accepted"]})
    [left] = (await an.get(MESSAGES, unread=True))["items"]
    assert left["news"] == "public"
    await an.post(f"{MESSAGES}/read", {"ids": [left["id"]]})
    assert (await an.get(f"{TODOS}/summary"))["unread"] == 0
    await an.put(f"{MESSAGES}/preferences", {"muted": []})
    await an.post(f"{MESSAGES}/read-all")
    assert (await an.get(f"{TODOS}/summary"))["unread"] == 0


async def test_what_is_put_off_is_out_of_sight_for_oneself_alone(bureau: Bureau):
    await bureau.target("P1", 4)
    leaders = bureau.leader("P1"), bureau.leader("P1")
    [todo] = (await leaders[0].get(TODOS))["items"]
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    strangers = await bureau.leader("P2").post(f"{TODOS}/snooze", {"ids": [todo["id"]], "until": until})
    mine = await leaders[0].post(f"{TODOS}/snooze", {"ids": [todo["id"]], "until": until})
    assert (strangers["count"], mine["count"]) == (0, 1)
    assert [await actions(leader) for leader in leaders] == [[], ["acknowledge"]]
    assert await actions(leaders[0], "snoozed") == ["acknowledge"]
    past = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    problem = await leaders[0].problem("POST", f"{TODOS}/snooze", json={"ids": [todo["id"]], "until": past})
    assert problem["code"] == "snooze-out-of-range"


async def test_the_bell_counts_by_action_and_what_is_overdue(bureau: Bureau):
    await bureau.target("an", 4)
    found = await bureau.officer("an").get(f"{TODOS}/summary")
    overdue = int(datetime.now(UTC) > NOON)  # only the submission has a date, the period's cut-off
    assert (found["todos"], found["overdue"]) == ({"acknowledge": 1, "submit": 1}, overdue)
