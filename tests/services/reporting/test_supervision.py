"""What waits and for how long, how near the deadline, who has nothing and why, who is below the line."""

from datetime import date, timedelta
from decimal import Decimal

from contracts import org, supervision
from contracts.org import PostingKind
from contracts.permissions import Role
from contracts.submissions import SubmissionStatus
from kernel.ids import new_id
from kernel.testing.people import grant, person
from tests.services.reporting.conftest import NOON, REPORTING, Bureau


async def posted(bureau: Bureau, name: str, kind: PostingKind = PostingKind.REGULAR) -> None:
    await bureau.tell(
        org.Posting(
            id=new_id(), version=1, officer_id=bureau.officers[name].id, unit_id=bureau.units["P1"].id, post="民警", kind=kind,
            role_coefficient=Decimal(1), is_primary=kind is PostingKind.REGULAR, valid_from=date(2026, 1, 1), valid_to=None,
        )
    )  # fmt: skip


async def test_the_zero_drive_says_why_somebody_has_nothing(bureau: Bureau):
    for name in ("an", "bo", "chen"):
        await posted(bureau, name)
        await bureau.target(name, 4)
    await posted(bureau, "chen", PostingKind.LEAVE)
    await bureau.entry("bo", 0, status=SubmissionStatus.REFUSED, accepted_quantity=Decimal(0))
    query = bureau.board(unit_id=bureau.units["CITY"].id, since="2026-11-09", days=7)
    found = await bureau.leader("CITY").get(f"{REPORTING}/zero", **query)
    assert {o["name"]: o["reason"] for o in found["officers"]} == {
        "an": "not_submitted",
        "bo": "rejected",
        "chen": "leave",
    }
    assert [(u["name"], u["zero_officers"], u["exempt_officers"]) for u in found["units"]] == [
        ("P1所", 2, 1),
        ("P2所", 0, 0),
    ]
    assert found["officers_in_all"] == 3
    outside = bureau.leader("P2")
    assert (await outside.problem("GET", f"{REPORTING}/zero", params=query))["code"] == "unit-out-of-scope"


async def test_work_that_counts_in_the_week_is_not_zero(bureau: Bureau):
    await posted(bureau, "an")
    await bureau.target("an", 4)
    await bureau.entry("an", 1000)
    query = bureau.board(unit_id=bureau.units["CITY"].id, since="2026-11-09", days=7)
    assert (await bureau.leader("CITY").get(f"{REPORTING}/zero", **query))["officers"] == []


async def test_what_waits_is_sorted_by_age_at_the_unit_where_it_waits(bureau: Bureau):
    await bureau.entry("an", 0, status=SubmissionStatus.SUBMITTED, authority_unit_id=bureau.units["P2"].id)
    found = await bureau.leader("CITY").get(f"{REPORTING}/overdue", unit_id=bureau.units["CITY"].id)
    reviews = [item for item in found["items"] if item["action"] == "review"]
    assert [(item["unit_name"], sum(item["ages"])) for item in reviews] in ([("P2所", 1)], [])
    assert found["bounds"] == [1, 3, 7, 14]


async def test_timing_counts_days_before_the_last_day_in_the_bureaus_zone(bureau: Bureau):
    await bureau.entry("an", 0, submitted_at=NOON - timedelta(days=2))
    await bureau.entry("bo", 0, submitted_at=NOON - timedelta(hours=1))
    found = await bureau.officer("an").get(
        f"{REPORTING}/timing", **bureau.board(unit_id=bureau.units["CITY"].id)
    )
    assert [(i["days_before"], i["submissions"], i["last_hours"]) for i in found["items"]] == [
        (2, 1, 0),
        (0, 1, 1),
    ]


async def test_below_the_red_line_an_explanation_is_owed_and_it_is_seen_when_it_came(bureau: Bureau):
    await bureau.score("P1", 90_000)
    await bureau.score("P2", 60_000)
    city = bureau.units["CITY"]
    office = bureau.platform.caller("reporting", person(grant(Role.ASSESSMENT_OFFICE, city.id, city.path)))
    lines = {"data": {}, "red_lines": {str(bureau.series["STATIONS"]): "70"}, "reason": "红线"}
    await office.put(f"{REPORTING}/schemes/{bureau.scheme_id}/standing", lines)
    note = supervision.SupervisionNote(
        id=new_id(), version=1, number="DB-1", issuer_unit_id=city.id, issued_by=None, issued_at=NOON,
        addressee_unit_id=bureau.units["P2"].id, about_kind="period", about_id=bureau.periods["2026-11"].id, subject="低于红线",
        text="请说明", answer_due=NOON, status=supervision.NoteStatus.ANSWERED, answer="说明", answered_by=None,
        answered_at=NOON + timedelta(days=1), answered_late=True, decided_at=None, decision_reason=None, escalation=0,
        escalated_to=(), signal=supervision.Signal.RED, worst_signal=supervision.Signal.RED,
    )  # fmt: skip
    await bureau.tell(note)
    found = await bureau.officer("an").get(f"{REPORTING}/red-line", **bureau.board(subject_kind="unit"))
    assert [(b["name"], b["total"], b["note_number"], b["late"]) for b in found["items"]] == [
        ("P2所", "60.000", "DB-1", True)
    ]
