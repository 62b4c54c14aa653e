"""Who sees what; the events that the others get; what the database itself refuses."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contracts.submissions import Submission
from kernel.audit.chaining import chain_batch
from kernel.db.migrations import differences
from services.submissions.tables import APPEND_ONLY, Base
from tests.services.submissions.conftest import API, Desk


async def listed(desk: Desk, who: str, **query: Any) -> set[str]:
    items: set[str] = set()
    after = None
    while True:
        page = await desk[who].get(f"{API}/submissions", after=after, limit=3, **query)
        items |= {item["id"] for item in page["items"]}
        after = page["next"]
        if after is None:
            return items


async def published(desk: Desk, submission_id: str) -> list[Submission]:
    async with desk.platform.runtimes["submissions"].db.reading() as session:
        rows = await session.execute(
            text(
                "SELECT body, seq, type FROM (SELECT id AS seq, body, aggregate_id, type FROM bus.outbox "
                "UNION ALL SELECT seq, body, aggregate_id, type FROM bus.event_log) AS every "
                "WHERE aggregate_id = :id ORDER BY (body::jsonb ->> 'version')::int"
            ),
            {"id": submission_id},
        )
        return [Submission.model_validate(json.loads(row.body)) for row in rows]


async def test_sent_work_is_seen_by_those_concerned_and_those_above(desk: Desk) -> None:
    sent = (await desk.submitted())["id"]
    seeing = {"author", "leader", "county_leader", "assessor", "other_assessor", "office", "adjudicator"}
    seeing.add("wrong_line")  # of the competent unit, though of another line: sees, does not review
    blind = {"stranger", "colleague", "squad_member"}
    for who in seeing:
        assert sent in await listed(desk, who), who
        assert (await desk[who].get(f"{API}/submissions/{sent}"))["id"] == sent
    for who in blind:
        assert sent not in await listed(desk, who), who
        for tail in ("", "/timeline", "/notice"):
            assert (await desk[who].problem("GET", f"{API}/submissions/{sent}{tail}"))["status"] == 404


async def test_a_draft_is_seen_by_its_author_and_the_leaders_only(desk: Desk) -> None:
    draft = (await desk.draft())["id"]
    assert draft in await listed(desk, "author")
    assert draft in await listed(desk, "leader")
    for who in ("assessor", "office", "adjudicator"):
        assert draft not in await listed(desk, who)


async def test_lists_are_narrowed_by_every_filter(desk: Desk) -> None:
    sent = await desk.submitted()
    right = {
        "status": "submitted",
        "period_id": sent["period_id"],
        "indicator_id": sent["indicator_id"],
        "target_id": sent["target_id"],
        "subject_id": sent["subject_id"],
        "unit_id": sent["unit_id"],
        "under": str(desk.bureau.units["XZ01"].id),
        "number": sent["number"],
    }
    for name, value in right.items():
        assert sent["id"] in await listed(desk, "office", **{name: value}), name
        wrong = "accepted" if name == "status" else str(uuid4())
        assert sent["id"] not in await listed(desk, "office", **{name: wrong}), name
    assert sent["id"] in await listed(desk, "author", mine=True)
    assert sent["id"] not in await listed(desk, "office", mine=True)


async def test_pages_neither_repeat_nor_leave_out(desk: Desk) -> None:
    made = [(await desk.submitted())["id"] for _ in range(5)]
    first = await desk["office"].get(f"{API}/submissions", limit=2)
    second = await desk["office"].get(f"{API}/submissions", limit=2, after=first["next"])
    ids = [item["id"] for item in (*first["items"], *second["items"])]
    assert ids == sorted(made, reverse=True)[:4]
    told = await desk["office"].problem("GET", f"{API}/submissions", params={"after": "nonsense"})
    assert told["status"] == 422


async def test_the_queue_is_narrowed_and_told_from_what_is_claimed(desk: Desk) -> None:
    free, held = await desk.submitted(), await desk.claimed()
    queue = f"{API}/reviews/queue"

    async def ids(**query: Any) -> set[str]:
        page = await desk["assessor"].get(queue, limit=200, **query)
        return {item["id"] for item in page["items"]}

    assert {free["id"], held["id"]} <= await ids()
    mine, nobodys = await ids(claimed=True), await ids(claimed=False)
    assert held["id"] in mine
    assert held["id"] not in nobodys
    assert free["id"] in nobodys
    assert free["id"] not in mine
    assert await ids(line="traffic") == set()
    assert free["id"] in await ids(unit_id=free["unit_id"], indicator_id=free["indicator_id"])


async def test_every_step_is_published_with_the_next_version(desk: Desk) -> None:
    done = await desk.refused()
    events = await published(desk, done["id"])
    assert [event.status for event in events] == ["draft", "submitted", "in_review", "refused"]
    assert [event.version for event in events] == [1, 2, 3, 4]
    assert events[-1].accepted_quantity == 0
    assert events[-1].notice_number == done["notice_number"]
    assert events[-1].event_date == date(2026, 11, 10)


async def test_the_tables_are_what_the_rows_say(desk: Desk) -> None:
    url = desk.platform.owner_urls["submissions"]
    assert await differences(Base.metadata, url) == []


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
async def test_history_and_notices_are_never_rewritten(desk: Desk, table: str, statement: str) -> None:
    await desk.refused()
    with pytest.raises(DBAPIError):
        async with desk.platform.runtimes["submissions"].db.engine.begin() as connection:
            await connection.execute(text(statement.format(table)))


async def test_identifiers_and_filters_that_are_none_are_told(desk: Desk) -> None:
    paths = (
        f"{API}/submissions/x",
        f"{API}/submissions?status=open",
        f"{API}/submissions?limit=0",
        f"{API}/submissions?limit=1e9",
        f"{API}/submissions?number=a%00b",
        f"{API}/submissions/{uuid4()}/evidence/x",
        f"{API}/reviews/queue?claimed=perhaps",
        f"{API}/appeals?status=x",
    )
    for path in paths:
        assert (await desk["office"].problem("GET", path))["status"] == 422, path


async def test_each_step_has_a_link_of_its_own_and_stands_in_the_audit_log(desk: Desk) -> None:
    filed = await desk.appealed()
    path = f"{API}/submissions/{filed['submission_id']}/timeline"
    await chain_batch(desk.platform.runtimes["submissions"].db.engine, "submissions")
    steps = (await desk["author"].get(path))["items"]
    assert {step["appeal_id"] for step in steps} == {None, filed["id"]}
    for step in steps:
        assert await desk["author"].get(f"{path}/{step['id']}") == step
        assert (step["audit_seq"] > 0, len(step["audit_hash"])) == (True, 64)
    hidden = await desk["stranger"].problem("GET", f"{path}/{steps[0]['id']}")
    assert (hidden["status"], hidden["code"]) == (404, "submission-not-found")
    other = await desk.submitted()
    elsewhere = f"{API}/submissions/{other['id']}/timeline/{steps[0]['id']}"
    assert (await desk["author"].problem("GET", elsewhere))["code"] == "step-not-found"
