"""Second signatures, objections and appeals against entries wait for whoever may, never for who had a part in it."""

from dataclasses import replace
from uuid import UUID

from contracts import deciding, org, scoring
from contracts.deciding import AwardStatus, CorrectionStatus, EntryAppealStatus, ObjectionStatus
from contracts.org import GrantStatus, SubjectKind
from contracts.permissions import Role
from contracts.scoring import ClosingStatus
from kernel.ids import new_id
from kernel.testing.people import Caller, grant, person
from tests.services.reporting.conftest import NOON, REPORTING, Bureau
from tests.services.reporting.test_outcomes import office, sealed
from tests.services.reporting.test_waiting import LATER, TODOS, actions


def holder(bureau: Bureau, role: Role, account_id: UUID, unit: str = "CITY") -> Caller:
    here = bureau.units[unit]
    who = person(grant(role, here.id, here.path), officer_id=new_id())
    return bureau.platform.caller("reporting", replace(who, account_id=account_id))


def pending(bureau: Bureau, entered_by: UUID, *names: str) -> deciding.Award:
    shares = tuple(
        deciding.AwardShare(
            award_id=new_id(), subject_kind=SubjectKind.OFFICER, subject_id=bureau.officers[name].id,
            unit_id=bureau.units["P1"].id, points_milli=3000,
        )
        for name in names or ("an",)
    )  # fmt: skip
    return deciding.Award(
        id=new_id(), version=1, scheme_id=bureau.scheme_id, period_id=bureau.periods["2026-11"].id, kind="bonus",
        status=AwardStatus.PENDING, points_milli=3000 * len(shares), category="表彰", level="市级", document_number="1号",
        reason="破案", shares=shares, entered_by=entered_by, entered_for=None, entered_at=NOON, confirmed_by=None,
        confirmed_at=None,
    )  # fmt: skip


async def test_a_large_award_waits_for_another_than_who_entered_it_and_says_who_signed(bureau: Bureau):
    first, second = new_id(), new_id()
    entering, signing = (holder(bureau, Role.ASSESSMENT_OFFICE, who) for who in (first, second))
    award, city = pending(bureau, first), bureau.units["CITY"]
    await bureau.tell(award)
    assert (await actions(entering), await actions(signing)) == ([], ["confirm_award"])
    await bureau.tell(
        org.Grant(
            id=new_id(), version=1, account_id=second, officer_id=bureau.officers["chen"].id, role=Role.ASSESSMENT_OFFICE,
            scope_unit_id=city.id, lines=(), status=GrantStatus.APPROVED, valid_from=NOON.date(), valid_to=None,
        )
    )  # fmt: skip
    signed = {"version": 2, "status": AwardStatus.POSTED, "confirmed_by": second, "confirmed_at": LATER}
    await bureau.tell(award.model_copy(update=signed))
    assert await actions(signing) == []
    [done] = (await signing.get(TODOS, tab="done"))["items"]
    assert (done["action"], done["closed_by"]) == ("confirm_award", "chen")


async def test_nobody_signs_for_himself(bureau: Bureau):
    city = bureau.units["CITY"]
    own = person(grant(Role.ASSESSMENT_OFFICE, city.id, city.path), officer_id=bureau.officers["bo"].id)
    await bureau.tell(pending(bureau, new_id(), "an", "bo"))
    assert await actions(bureau.platform.caller("reporting", own)) == []


async def test_an_objection_waits_for_who_closes_the_period_in_the_scope_of_the_scheme(bureau: Bureau):
    raised = deciding.Objection(
        id=new_id(), version=1, scope_unit_id=bureau.units["CITY"].id, period_id=bureau.periods["2026-11"].id,
        subject_kind=SubjectKind.OFFICER, subject_id=bureau.officers["an"].id, unit_id=bureau.units["P1"].id, text="漏计",
        raised_by=new_id(), raised_at=NOON, status=ObjectionStatus.OPEN, decided_by=None, decided_at=None,
    )  # fmt: skip
    await bureau.tell(raised)
    city = holder(bureau, Role.ASSESSMENT_OFFICE, new_id())
    part = holder(bureau, Role.ASSESSMENT_OFFICE, new_id(), "P1")
    assert (await actions(city), await actions(part)) == (["answer_objection"], [])
    answered = {"version": 2, "status": ObjectionStatus.REFUSED, "decided_at": LATER}
    await bureau.tell(raised.model_copy(update=answered))
    assert await actions(city) == []


async def test_a_seal_that_was_signed_once_waits_for_the_second_person(bureau: Bureau):
    first = new_id()
    public = scoring.Closing(
        id=new_id(), version=1, scheme_id=bureau.scheme_id, period_id=bureau.periods["2026-11"].id,
        status=ClosingStatus.PUBLIC, trial_number=1, public_from=NOON, objections_until=LATER, sealed_at=None,
        seal_number=None, root_sha256=None, scope_unit_id=bureau.units["CITY"].id,
    )  # fmt: skip
    await bureau.tell(public)
    signer, other = holder(bureau, Role.CHIEF, first), holder(bureau, Role.CHIEF, new_id())
    assert await actions(other) == []
    await bureau.tell(public.model_copy(update={"version": 2, "approved_by": first, "approved_at": LATER}))
    assert (await actions(signer), await actions(other)) == ([], ["sign_seal"])
    void = {"version": 3, "status": ClosingStatus.CHECKING, "trial_number": None}
    await bureau.tell(public.model_copy(update=void))
    assert await actions(other) == []


async def test_a_correction_waits_for_the_second_person(bureau: Bureau):
    first = new_id()
    proposed = deciding.Correction(
        id=new_id(), version=1, scope_unit_id=bureau.units["CITY"].id, period_id=bureau.periods["2026-11"].id,
        status=CorrectionStatus.PROPOSED, reason="重复计分", document_number=None, lines=1, proposed_by=first,
        proposed_at=NOON, decided_by=None, decided_at=None,
    )  # fmt: skip
    await bureau.tell(proposed)
    mine, other = holder(bureau, Role.CHIEF, first), holder(bureau, Role.CHIEF, new_id())
    assert (await actions(mine), await actions(other)) == ([], ["sign_correction"])
    done = {"version": 2, "status": CorrectionStatus.SEALED, "decided_at": LATER}
    await bureau.tell(proposed.model_copy(update=done))
    assert await actions(other) == []


def appealed(bureau: Bureau, **more: object) -> deciding.EntryAppeal:
    return deciding.EntryAppeal(
        id=new_id(), version=1, entry_id=new_id(), period_id=bureau.periods["2026-11"].id, subject_kind=SubjectKind.OFFICER,
        subject_id=bureau.officers["an"].id, unit_id=bureau.units["P1"].id, indicator_id=None, entry_milli=-1500,
        grounds="公差", status=EntryAppealStatus.FILED, filed_by=new_id(), filed_at=NOON, scorers=(), decided_by=None,
        decided_for=None, decided_at=None, second_filed_at=None, final_by=None, final_at=None,
    ).model_copy(update=more)  # fmt: skip


async def test_an_appeal_against_an_entry_waits_for_a_judge_without_a_part_in_it(bureau: Bureau):
    scorer, first, second = new_id(), new_id(), new_id()
    judges = [holder(bureau, Role.ADJUDICATOR, who) for who in (scorer, first, second)]
    appeal, waits = appealed(bureau, scorers=(scorer,)), ["decide_entry_appeal"]
    await bureau.tell(appeal)
    assert [await actions(judge) for judge in judges] == [[], waits, waits]
    decided = {"decided_by": first, "decided_at": LATER}
    await bureau.tell(appeal.model_copy(update={"version": 2, "status": EntryAppealStatus.UPHELD} | decided))
    assert [await actions(judge) for judge in judges] == [[], [], []]
    again = {"version": 3, "status": EntryAppealStatus.SECOND, "second_filed_at": LATER} | decided
    await bureau.tell(appeal.model_copy(update=again))
    assert [await actions(judge) for judge in judges] == [[], [], waits]


async def test_outcomes_wait_for_appeals_against_entries_and_boards_count_them(bureau: Bureau):
    where = await sealed(bureau, P1=90_000, P2=60_000)
    await bureau.score("an", 1000)
    await bureau.tell(appealed(bureau))
    found = await office(bureau).get(f"{REPORTING}/outcomes", **where)
    assert (found["open_appeals"], found["items"][0]["state"]) == (1, "waiting")
    board = bureau.board(series_id=bureau.series["OFFICERS"], subject_kind="officer", include_disputes=True)
    shown = await office(bureau).get(f"{REPORTING}/boards", **{k: str(v) for k, v in board.items()})
    assert (shown["disputes"]["open"], shown["disputes"]["exact"]) == (1, False)
