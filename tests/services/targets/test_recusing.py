"""What becomes of one target is decided by nobody whom it concerns or who is recused from its subject."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts import org
from contracts.permissions import Role
from kernel.testing.people import Caller, grant, person
from tests.services.targets.bureau import API, Bureau, Published
from tests.services.targets.test_deadlines import AFTER

RECUSED = (403, "recused")


def office(bureau: Bureau, officer: UUID, home: str = "ZD01") -> Caller:
    """One of the city's assessment office, with a police number."""
    city, unit = bureau.units["CITY"], bureau.units[home]
    who = grant(Role.ASSESSMENT_OFFICE, city.id, city.path)
    return bureau.caller(person(who, officer_id=officer, unit_id=unit.id, unit_path=unit.path))


async def bar(bureau: Bureau, who: UUID, kind: org.SubjectKind, subject: UUID) -> None:
    told = org.Recusal(
        id=uuid4(), version=1, officer_id=who, subject_kind=kind, subject_id=subject, ground=org.RecusalGround.DECLARED,
        valid_from=date(2026, 11, 1), valid_to=None, in_force=True,
    )  # fmt: skip
    await bureau.platform.tell("targets", told)


async def told(who: Caller, path: str, **body: Any) -> tuple[int, str]:
    answer = await who.problem("POST", f"{API}{path}", json=body)
    return answer["status"], answer["code"]


async def of_officer(bureau: Bureau, published: Published, officer: UUID) -> Any:
    wanted = published.wanted(officer, 3, kind="officer")
    return (await bureau.office().post(f"{API}/targets/batch", published.batch(wanted)))["targets"][0]


async def test_a_refusal_is_not_answered_by_a_relative_of_whoever_refused(bureau: Bureau):
    published = await bureau.published()
    cousin, me = bureau.officers["ZD01"][0], bureau.officers["ZD02"][0]
    made = await of_officer(bureau, published, cousin)
    await bureau.officer("ZD01").post(f"{API}/targets/{made['id']}/refuse", {"reason": "任务过重"})
    await bar(bureau, me, org.SubjectKind.OFFICER, cousin)
    clerk, path = office(bureau, me, "CITY"), f"/targets/{made['id']}"
    assert await told(clerk, f"{path}/let-stand", answer="维持") == RECUSED
    revised = {"quantity": "1", "reason": "减量", "version": made["version"] + 1}
    assert await told(clerk, f"{path}/revise", **revised) == RECUSED
    assert await told(clerk, f"{path}/withdraw", reason="撤回") == RECUSED
    answered = await office(bureau, uuid4(), "CITY").post(f"{API}{path}/let-stand", {"answer": "维持"})
    assert answered["refusal_answer"] == "维持"


async def test_nobody_decides_his_own_late_application_nor_that_of_a_unit_he_is_recused_from(bureau: Bureau):
    published = await bureau.published()
    me = bureau.officers["ZD01"][0]
    mine, county = await of_officer(bureau, published, me), await published.issue("XZ01")
    bureau.clock.move_to(AFTER)
    ask = {"reason": "住院", "until": "2026-11-30T10:00:00Z"}
    own = await bureau.officer("ZD01").post(f"{API}/targets/{mine['id']}/late-applications", ask)
    theirs = await bureau.leader("XZ01").post(f"{API}/targets/{county['id']}/late-applications", ask)
    clerk = office(bureau, me)
    yes = {"granted": True, "reason": "属实"}
    assert await told(clerk, f"/late-applications/{own['id']}/decide", **yes) == RECUSED
    await bar(bureau, me, org.SubjectKind.UNIT, bureau.unit("XZ01"))
    assert await told(clerk, f"/late-applications/{theirs['id']}/decide", **yes) == RECUSED
    for each in (own, theirs):
        done = await bureau.office().post(f"{API}/late-applications/{each['id']}/decide", yes)
        assert done["status"] == "granted"


async def test_more_time_for_one_unit_is_not_given_by_whoever_is_recused_from_it(bureau: Bureau):
    published = await bureau.published()
    me = bureau.officers["ZD02"][0]
    await bar(bureau, me, org.SubjectKind.UNIT, bureau.unit("XZ02"))
    clerk, path = office(bureau, me, "CITY"), f"/schemes/{published.scheme}/extensions"
    body = {"period_id": published.period, "until": "2026-11-28T10:00:00Z", "reason": "停电"}
    one = body | {"unit_id": str(bureau.unit("XZ02"))}
    assert await told(clerk, path, **one) == RECUSED
    granted = await bureau.office().post(f"{API}{path}", one)
    assert await told(clerk, f"/extensions/{granted['id']}/revoke", reason="撤销") == RECUSED
    assert (await clerk.post(f"{API}{path}", body))["unit_id"] is None
