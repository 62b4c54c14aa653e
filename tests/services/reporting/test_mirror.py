"""Assessors beside their peers with caution for few cases; appeals by indicator and clause; an officer's record."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pypdfium2

from contracts import org, scoring, submissions
from contracts.permissions import Role
from contracts.scoring import ClosingStatus, EntryKind
from contracts.submissions import AppealStatus, SubmissionStatus
from kernel.ids import new_id
from kernel.testing.people import Caller, grant, person
from services.reporting.domain.mirror import Decided, Rate, figures
from tests.services.reporting.conftest import NOON, REPORTING, Bureau


def test_a_rate_has_bounds_and_is_compared_only_with_enough_cases():
    few, many, peers = Rate(3, 3, small=True), Rate(100, 98, small=False), Rate(400, 280, small=False)
    assert (few.percent, few.apart(peers)) == (Decimal("100.0"), False)
    assert (many.bounds, many.apart(peers)) == ((Decimal("93.0"), Decimal("99.4")), True)
    assert Rate(0, 0, small=True).percent is None


def test_work_that_was_appealed_tells_only_what_became_of_the_appeal():
    plain, appealed = Decided(True, 90, Fraction(1, 2), None), Decided(None, None, None, True)
    found = figures([plain, appealed])
    assert (found.decided, found.passed.of, found.overturned.hits) == (2, 1, 1)
    assert (found.hours, found.shares) == ((Decimal("1.5"),) * 3, (Decimal("50.0"),) * 3)


def office(bureau: Bureau) -> Caller:
    city = bureau.units["CITY"]
    return bureau.platform.caller("reporting", person(grant(Role.ASSESSMENT_OFFICE, city.id, city.path)))


async def decided(bureau: Bureau, by: str, status: SubmissionStatus = SubmissionStatus.ACCEPTED) -> UUID:
    who = bureau.officers[by].id
    later = NOON + timedelta(hours=6)
    more = {"status": status, "first_decided_by": who, "decided_by": who, "decided_at": later}
    _, work = await bureau.entry("chen", 0, **more)
    return work


async def appeal(bureau: Bureau, work: UUID, status: AppealStatus, clause: str) -> None:
    await bureau.tell(
        submissions.Appeal(
            id=new_id(), version=1, number="FY-1", submission_id=work, appellant_id=bureau.officers["chen"].id, grounds="g",
            status=status, filed_at=NOON, file_until=NOON, decide_until=NOON, decided_by=None,
            decided_at=NOON + timedelta(days=2), decision_reason=None, accepted_quantity=None, clause=clause,
        )
    )  # fmt: skip


async def test_each_assessor_stands_beside_his_peers_and_others_see_only_themselves(bureau: Bureau):
    for status in (SubmissionStatus.ACCEPTED, SubmissionStatus.RETURNED, SubmissionStatus.CHANGED):
        last = await decided(bureau, "an", status)
    await appeal(bureau, last, AppealStatus.CHANGED, "第三条")
    await decided(bureau, "bo")
    where = {"scheme_id": bureau.scheme_id, "period_id": bureau.periods["2026-11"].id}
    found = (await office(bureau).get(f"{REPORTING}/assessors", **where))["items"]
    assert [(a["name"], a["own"]["decided"], a["peers"]["decided"]) for a in found] == [
        ("an", 3, 1),
        ("bo", 1, 3),
    ]
    own = found[0]["own"]
    assert (own["passed"]["percent"], own["overturned"]["hits"], own["hours"]) == ("50.0", 1, ["6.0"] * 3)
    assert own["passed"]["small"] is True
    mine = (await bureau.officer("bo").get(f"{REPORTING}/assessors", **where))["items"]
    assert [a["name"] for a in mine] == ["bo"]


async def test_appeals_are_counted_by_indicator_and_by_the_clause_that_failed(bureau: Bureau):
    first, second = await decided(bureau, "an"), await decided(bureau, "an")
    await appeal(bureau, first, AppealStatus.CHANGED, "第三条")
    await appeal(bureau, second, AppealStatus.UPHELD, "第五条")
    period = bureau.periods["2026-11"].id
    found = await office(bureau).get(f"{REPORTING}/appeals/statistics", period_id=period)
    [indicator] = found["indicators"]
    assert (indicator["filed"], indicator["work"], indicator["rate"]["percent"]) == (2, 2, "50.0")
    assert [(c["name"], c["overturned"], c["mean_days"]) for c in found["clauses"]] == [
        ("第三条", 1, 2.0),
        ("第五条", 0, 2.0),
    ]
    elsewhere = await bureau.leader("P2").get(f"{REPORTING}/appeals/statistics", period_id=period)
    assert elsewhere == {"indicators": [], "clauses": []}


async def test_a_record_has_years_honours_and_penalties_for_himself_and_his_superiors(bureau: Bureau):
    officer = bureau.officers["an"]
    for name, milli in (("an", 90_000), ("bo", 95_000)):
        await bureau.score(name, milli, "2026-10")
    await bureau.close(ClosingStatus.SEALED, 1, "2026-10")
    await bureau.score("an", 80_000)
    posting = org.Posting(
        id=new_id(), version=1, officer_id=officer.id, unit_id=bureau.units["P1"].id, post="民警",
        kind=org.PostingKind.REGULAR, role_coefficient=Decimal(1), is_primary=True, valid_from=date(2020, 1, 1),
        valid_to=None, deleted=False,
    )  # fmt: skip
    award = scoring.Entry(
        id=new_id(), version=1, seq=9, scheme_id=bureau.scheme_id, period_id=bureau.periods["2026-11"].id,
        subject_kind=org.SubjectKind.OFFICER, subject_id=officer.id, unit_id=bureau.units["P1"].id, module="mod_business",
        indicator_id=None, kind=EntryKind.BONUS, points_milli=2000, rule_revision=None, source_event_id=new_id(),
        submission_id=None, award_id=new_id(), reason_zh="个人嘉奖", reason_en="commendation", actor_id=None,
        occurred_on=date(2026, 11, 2),
    )  # fmt: skip
    await bureau.tell(posting, award)
    path = f"{REPORTING}/records/{officer.id}"
    found = await bureau.officer("an").get(path)
    [year] = found["years"]
    assert [(m["period_code"], m["total"], m["state"], m["rank"], m["peers"]) for m in year["months"]] == [
        ("2026-10", "90.000", "sealed", 2, 2),
        ("2026-11", "80.000", "live", None, None),
    ]
    assert (year["mean"], year["months"][0]["receipt"] is not None, year["months"][1]["receipt"]) == (
        "85.000",
        True,
        None,
    )
    assert [(m["kind"], m["points"], m["reason_zh"]) for m in found["marks"]] == [
        ("bonus", "2.000", "个人嘉奖")
    ]
    assert (await bureau.leader("P1").get(path))["unit_name"] == "P1所"
    assert (await bureau.leader("P2").problem("GET", path))["status"] == 404
    paper = (await bureau.officer("an").send("GET", f"{path}/paper")).content
    text = pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_bounded()
    assert all(said in text for said in ("考 核 档 案", "2026-10", "2/2", "个人嘉奖"))


async def test_a_record_has_grades_of_sealed_months_and_of_a_year_that_is_sealed_whole(bureau: Bureau):
    grades = {"grades": [{"name": "优秀", "op": ">=", "bound": "90"}], "otherwise": "称职"}
    path = f"{REPORTING}/records/{bureau.officers['an'].id}"

    async def set_rules(data: dict[str, object]) -> None:
        await office(bureau).put(
            f"{REPORTING}/schemes/{bureau.scheme_id}/standing", {"data": data, "reason": "办法"}
        )

    async def found() -> tuple[str | None, list[str | None]]:
        [year] = (await bureau.officer("an").get(path))["years"]
        return year["grade"], [month["grade"] for month in year["months"]]

    await set_rules({"grades": grades})
    for period, an, bo in (("2026-10", 95_000, 99_000), ("2026-11", 87_000, 99_000)):
        assert period == "2026-10" or await found() == (None, ["优秀"])
        for name, milli in (("an", an), ("bo", bo)):
            await bureau.score(name, milli, period)
        await bureau.close(ClosingStatus.SEALED, 1, period)
    assert await found() == ("优秀", ["优秀", "称职"])
    paper = (await bureau.officer("an").send("GET", f"{path}/paper")).content
    assert "年度等次:优秀" in pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_bounded().replace(
        "\r\n", ""
    )
    await set_rules({"grades": grades, "quotas": [{"grade": "优秀", "number": 1}]})
    assert await found() == ("称职", [None, None])
