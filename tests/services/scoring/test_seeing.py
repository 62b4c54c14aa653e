from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from contracts import org
from contracts.permissions import Role
from kernel.ids import new_id
from kernel.testing.people import grant
from services.scoring.domain.ledger import GENESIS
from tests.services.scoring.conftest import API, Desk


async def _work(desk: Desk, *names: str) -> None:
    for name in names:
        goal = desk.bureau.target(name)
        assert await desk.hear(goal, desk.bureau.work(name, goal, "6")) == []
    await desk.roll_up()


def _of(desk: Desk, *names: str) -> set[str]:
    return {str(desk.bureau.subject(name)[1]) for name in names}


async def _subjects(desk: Desk, name: str, what: str = "entries") -> set[str]:
    return {item["subject_id"] for item in (await desk[name].get(f"{API}/{what}"))["items"]}


async def test_an_officer_sees_own_entries_and_not_those_of_colleagues(desk: Desk):
    await _work(desk, "an", "bo")
    assert await _subjects(desk, "an") == _of(desk, "an")


async def test_a_role_shows_its_subtree_and_nothing_beside_it(desk: Desk):
    await _work(desk, "an", "chen", "ding")
    assert await _subjects(desk, "leader") == _of(desk, "an", "chen")
    assert await _subjects(desk, "office") == _of(desk, "an", "chen", "ding")


async def test_an_entry_and_a_statement_that_are_not_visible_are_not_found(desk: Desk):
    await _work(desk, "ding")
    entry = (await desk["ding"].get(f"{API}/entries"))["items"][0]
    where = f"{entry['subject_id']}/{entry['period_id']}"
    for path in (f"entries/{entry['id']}", f"statements/{where}"):
        assert (await desk["ding"].send("GET", f"{API}/{path}")).status_code == 200
        assert (await desk["leader"].problem("GET", f"{API}/{path}"))["status"] == 404


async def test_a_role_for_a_business_line_shows_entries_of_that_line_only(desk: Desk):
    await _work(desk, "an")
    city = desk.bureau.units["CITY"]
    desk.bureau.join("traffic", "CITY", grant(Role.ASSESSOR, city.id, city.path, "traffic"))
    desk.bureau.join("order", "CITY", grant(Role.ASSESSOR, city.id, city.path, "public_order"))
    assert (await _subjects(desk, "traffic"), await _subjects(desk, "order")) == (set(), _of(desk, "an"))


async def test_an_underscore_in_a_unit_code_is_no_wildcard(desk: Desk):
    city = desk.bureau.units["CITY"]
    for code in ("A_1", "AB1"):
        unit = desk.bureau.units["ZD1"].model_copy(
            update={"id": new_id(), "code": code, "parent_id": city.id, "path": f"CITY/{code}/"}
        )
        desk.bureau.units[code] = unit
    desk.bureau.join("worker", "A_1")
    desk.bureau.join("neighbour", "AB1")
    said: list[org.Unit] = [desk.bureau.units["A_1"], desk.bureau.units["AB1"]]
    await desk.hear(*said, desk.bureau.postings["worker"], desk.bureau.postings["neighbour"])
    await _work(desk, "worker", "A_1")
    assert _of(desk, "A_1").isdisjoint(await _subjects(desk, "neighbour"))
    assert _of(desk, "A_1").isdisjoint(await _subjects(desk, "neighbour", "statements"))


async def test_a_statement_opens_down_to_the_entries_and_the_rule_as_a_sentence(desk: Desk):
    await _work(desk, "an")
    _, subject_id, _ = desk.bureau.subject("an")
    found = await desk["an"].get(f"{API}/statements/{subject_id}/{desk.bureau.period.id}")
    part = found["parts"][0]["indicators"][0]
    assert (found["total_milli"], part["points_milli"], part["rule_zh"]) == (3000, 3000, "每件0.5分,上限5分")
    assert part["entries"][0]["reason_zh"] == "3.00 = 6件 × 0.5,上限5"


async def test_pages_join_without_gap_or_overlap(desk: Desk):
    await _work(desk, "an", "bo", "chen", "ding")
    seen, after = [], None
    while True:
        page = await desk["office"].get(f"{API}/entries", limit=1, after=after)
        seen += [item["seq"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "after=%00",
        "after=x",
        "period_id=1",
        "kind=gift",
        "under=%00",
        "under=" + "x" * 3000,
    ],
)
async def test_bad_queries_are_answered_precisely(desk: Desk, query: str):
    assert (await desk["office"].problem("GET", f"{API}/entries?{query}"))["status"] == 422


async def test_a_rule_is_tried_on_test_values(desk: Desk):
    body = {"rule": {"type": "events", "each": "0.5", "cap": "5"}, "facts": {"quantities": ["6"]}}
    found = await desk["an"].post(f"{API}/rules/evaluate", body)
    assert (found["points"], found["steps_zh"]) == ("3.000", ["3.00 = 6件 × 0.5,上限5"])


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"type": "x"},
        {"type": "step", "step": "1", "above": "1", "threshold": []},
        {"type": "ratio", "full": 1e300},
    ],
)
async def test_what_is_no_rule_is_told_with_all_its_errors(desk: Desk, rule: Any):
    found = await desk["an"].problem("POST", f"{API}/rules/evaluate", json={"rule": rule, "facts": {}})
    assert found["status"] == 422
    assert found["errors"]


async def test_verification_holds_and_needs_the_auditor(desk: Desk):
    await _work(desk, "an", "bo", "ding")
    found = await desk["auditor"].post(f"{API}/verification")
    assert (found["holds"], found["submissions"], found["scored"], found["entries"]) == (True, 3, 3, 3)
    assert (await desk["office"].problem("POST", f"{API}/verification"))["status"] == 403


@pytest.mark.parametrize(
    ("forgery", "check"),
    [
        ("UPDATE ledger_entry SET points_milli = points_milli + 1 WHERE seq = 1", "ledger"),
        ("UPDATE statement SET total_milli = total_milli + 1", "statement"),
    ],
)
async def test_verification_finds_what_somebody_with_the_database_has_altered(
    desk: Desk, forgery: str, check: str
):
    await _work(desk, "an", "bo")
    await _as_owner(desk, "ALTER TABLE ledger_entry DISABLE TRIGGER append_only", forgery)
    found = await desk["auditor"].post(f"{API}/verification")
    assert not found["holds"]
    assert check in {item["check"] for item in found["differences"]}


async def test_verification_finds_a_broken_chain(desk: Desk):
    await _work(desk, "an", "bo")
    forged = f"UPDATE ledger_entry SET prev_hash = '{GENESIS}' WHERE seq = 2"  # noqa: S608 -- a constant
    await _as_owner(desk, "ALTER TABLE ledger_entry DISABLE TRIGGER append_only", forged)
    assert (await desk["auditor"].post(f"{API}/verification"))["chain_broken_at"] == 2


async def test_an_unknown_entry_is_not_found(desk: Desk):
    assert (await desk["office"].problem("GET", f"{API}/entries/{uuid4()}"))["status"] == 404


async def _as_owner(desk: Desk, *statements: str) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine

    from kernel.db.engine import async_url

    engine = create_async_engine(async_url(desk.platform.owner_urls["scoring"]))
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()
