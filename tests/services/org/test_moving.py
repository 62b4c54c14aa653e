"""Who moved, is lent, is away or left: one list of changes, and departures that end everything on one day."""

from tests.services.org.conftest import ORG, Org
from tests.services.org.test_reorganising import day, serves


async def listed(org: Org, change: str) -> list[tuple[str, str | None]]:
    found = await org.roster.get(f"{ORG}/postings", change=change)
    return [(one["police_number"], one["from_unit_id"]) for one in found["items"]]


async def test_a_move_is_listed_with_where_somebody_came_from_and_a_first_posting_is_none(org: Org):
    old, new = await org.unit("A"), await org.unit("B")
    officer = await serves(org, "100001", old)
    await serves(org, "100002", old)
    assert await listed(org, "moved") == []
    body = {"officer_ids": [officer["id"]], "unit_id": new["id"], "on": day(org)}
    await org.roster.post(f"{ORG}/postings/transfer", body)
    assert await listed(org, "moved") == [("100001", old["id"])]


async def test_who_is_lent_or_away_is_listed_apart(org: Org):
    home, host = await org.unit("A"), await org.unit("B")
    officer = await serves(org, "100001", home)
    body = {"officer_id": officer["id"], "post": "民警", "is_primary": False, "valid_from": day(org)}
    await org.roster.post(f"{ORG}/postings", body | {"unit_id": host["id"], "kind": "loan"})
    await org.roster.post(f"{ORG}/postings", body | {"unit_id": home["id"], "kind": "leave"})
    assert [n for n, _ in await listed(org, "lent")] == ["100001"]
    assert [n for n, _ in await listed(org, "away")] == ["100001"]
    assert await listed(org, "departed") == []


async def test_who_retires_serves_nowhere_after_the_last_day_and_is_not_retired_twice(org: Org):
    home, host = await org.unit("A"), await org.unit("B")
    officer = await serves(org, "100001", home)
    body = {"officer_id": officer["id"], "unit_id": host["id"], "post": "民警", "is_primary": False}
    await org.roster.post(f"{ORG}/postings", body | {"kind": "loan", "valid_from": "2026-02-01"})
    path = f"{ORG}/officers/{officer['id']}/departure"
    ahead = await org.roster.problem("POST", path, json={"status": "retired", "on": day(org, 1)})
    assert ahead["code"] == "departure-ahead"
    gone = await org.roster.post(path, {"status": "retired", "on": day(org)})
    assert gone["status"] == "retired"
    kept = (await org.roster.get(f"{ORG}/officers/{officer['id']}"))["postings"]
    assert {one["valid_to"] for one in kept} == {day(org)}
    assert [n for n, _ in await listed(org, "departed")] == ["100001"]
    twice = await org.roster.problem("POST", path, json={"status": "left", "on": day(org)})
    assert twice["code"] == "officer-departed"


async def test_a_departure_before_a_posting_began_changes_nothing(org: Org):
    home, host = await org.unit("A"), await org.unit("B")
    officer = await serves(org, "100001", home)
    body = {"officer_id": officer["id"], "unit_id": host["id"], "post": "民警", "is_primary": False}
    await org.roster.post(f"{ORG}/postings", body | {"kind": "loan", "valid_from": day(org)})
    path = f"{ORG}/officers/{officer['id']}/departure"
    refused = await org.roster.problem("POST", path, json={"status": "left", "on": day(org, -1)})
    assert refused["code"] == "dates-reversed"
    kept = await org.roster.get(f"{ORG}/officers/{officer['id']}")
    assert kept["status"] == "in_service"
    assert {one["valid_to"] for one in kept["postings"]} == {None}


async def test_only_the_roster_administrator_lists_and_enters_changes(org: Org):
    officer = await serves(org, "100001", await org.unit("A"))
    assert (await org.security.problem("GET", f"{ORG}/postings"))["code"] == "permission-denied"
    path = f"{ORG}/officers/{officer['id']}/departure"
    refused = await org.security.problem("POST", path, json={"status": "left", "on": day(org)})
    assert refused["code"] == "permission-denied"
