"""Whoever runs the platform sees what waits for a person, without contents, and can have it tried again, under a name."""

from uuid import uuid4

from sqlalchemy import text

from contracts.permissions import Role
from kernel.testing.people import Caller
from tests.services.targets.bureau import API, Bureau

WORK = f"{API}/work"


def operator(bureau: Bureau) -> Caller:
    return bureau.in_role(Role.ROSTER_ADMIN, "CITY")


async def park_one(bureau: Bureau) -> str:
    """As the applier leaves an event that it could not apply."""
    event_id = uuid4()
    async with bureau.platform.runtimes["targets"].db.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, "
                "body, headers, created_at, state, attempts, last_error) VALUES ('targets', 'org', :id, 1, 1, '', '', "
                "'org.unit.v1', 'org.unit.v1:1', '{}', '{}', clock_timestamp(), 'parked', 5, 'cannot be')"
            ),
            {"id": event_id},
        )
    return str(event_id)


async def test_what_was_put_aside_is_shown_with_its_reason_and_without_its_contents(bureau: Bureau):
    event_id = await park_one(bureau)
    found = await operator(bureau).get(WORK)
    [parked] = found["parked"]
    assert (parked["event_id"], parked["last_error"], parked["attempts"]) == (event_id, "cannot be", 5)
    assert "body" not in parked
    assert found["dependencies"]["database"] is True
    assert found["database_bytes"] > 0


async def test_a_retry_puts_it_back_in_line_once_and_is_logged_under_a_name(bureau: Bureau):
    event_id = await park_one(bureau)
    await operator(bureau).post(f"{WORK}/parked/{event_id}/retry")
    assert (await operator(bureau).get(WORK))["parked"] == []
    records = (await bureau.in_role(Role.AUDITOR, "CITY").get(f"{API}/audit/records", action="retried"))[
        "items"
    ]
    assert [one["object"]["id"] for one in records] == [event_id]
    again = await operator(bureau).problem("POST", f"{WORK}/parked/{event_id}/retry")
    assert again["code"] == "event-not-parked"


async def test_nobody_else_looks_behind_the_platform(bureau: Bureau):
    for role in (Role.SECURITY_ADMIN, Role.ASSESSMENT_OFFICE, Role.OFFICER):
        refused = await bureau.in_role(role, "CITY").problem("GET", WORK)
        assert refused["code"] == "permission-denied"
