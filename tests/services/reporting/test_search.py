"""One box: found by name, number and initials of the pinyin, under the rule by which each thing is seen elsewhere."""

from datetime import date
from decimal import Decimal

from contracts import org
from contracts.permissions import Role
from kernel.ids import new_id
from kernel.testing.people import Caller, grant, person
from services.reporting.domain.search import grams, words
from tests.services.reporting.conftest import REPORTING, Bureau


def test_words_are_cut_into_pieces_of_two_letters():
    assert words("  A 城关 P1所 x") == ["城关", "p1所"]
    assert grams("矛盾纠纷 mdjf 矛盾") == ["dj", "jf", "md", "盾纠", "矛盾", "纠纷"]


async def found(caller: Caller, q: str) -> dict[str, list[str]]:
    groups = (await caller.get(f"{REPORTING}/search", q=q))["groups"]
    return {group["kind"]: [hit["title"] for hit in group["items"]] for group in groups}


async def named(bureau: Bureau, name: str, unit: str) -> org.Officer:
    officer = bureau.officers["an"].model_copy(
        update={"id": new_id(), "police_number": "200001", "name": name}
    )
    posting = org.Posting(
        id=new_id(), version=1, officer_id=officer.id, unit_id=bureau.units[unit].id, post="民警", kind=org.PostingKind.REGULAR,
        role_coefficient=Decimal(1), is_primary=True, valid_from=date(2020, 1, 1), valid_to=None, deleted=False,
    )  # fmt: skip
    await bureau.tell(officer, posting)
    return officer


async def test_units_people_and_indicators_are_found_by_initials(bureau: Bureau):
    await named(bureau, "张三丰", "P1")
    leader = bureau.leader("P1")
    assert await found(leader, "zsf") == {"officer": ["张三丰"]}
    assert await found(leader, "zf") == {"indicator": ["走访"]}
    assert await found(leader, "p1") == {"unit": ["P1所"]}
    assert await found(leader, "200001") == {"officer": ["张三丰"]}
    assert await found(leader, "z") == {}


async def test_whoever_is_outside_of_ones_scope_is_not_found_and_not_counted(bureau: Bureau):
    officer = await named(bureau, "张三丰", "P1")
    assert await found(bureau.leader("P2"), "zsf") == {}
    assert await found(bureau.officer("bo"), "zsf") == {}
    himself = bureau.platform.caller("reporting", person(officer_id=officer.id))
    assert await found(himself, "zsf") == {"officer": ["张三丰"]}


async def test_a_new_name_takes_the_place_of_the_old_one(bureau: Bureau):
    officer = await named(bureau, "张三丰", "P1")
    await bureau.tell(officer.model_copy(update={"version": 2, "name": "李四光"}), officer)
    leader = bureau.leader("P1")
    assert (await found(leader, "zsf"), await found(leader, "lsg")) == ({}, {"officer": ["李四光"]})


async def test_work_is_found_by_number_and_summary_by_whoever_may_see_it(bureau: Bureau):
    await bureau.entry("an", 1000, summary="走访群众二十户", case_number="A2026")
    for q in ("000001", "群众", "a2026 走访"):
        assert (await found(bureau.officer("an"), q))["submission"] == ["走访群众二十户"]
    assert await found(bureau.officer("bo"), "群众") == {}
    city = bureau.units["CITY"]
    line = bureau.platform.caller("reporting", person(grant(Role.ASSESSOR, city.id, city.path, "publicity")))
    assert await found(line, "群众") == {}


async def test_an_issued_bulletin_is_found_by_the_initials_of_its_title(bureau: Bureau):
    city = bureau.units["CITY"]
    await bureau.score("P1", 1000)
    office = bureau.platform.caller("reporting", person(grant(Role.ASSESSMENT_OFFICE, city.id, city.path)))
    body = {"kind": "month", "figures": "live", **{k: str(v) for k, v in bureau.board().items()}}
    await office.post(f"{REPORTING}/bulletins", body)
    assert "bulletin" in await found(office, "mbzrkh")
    assert "bulletin" not in await found(bureau.officer("an"), "mbzrkh")
