"""Outcomes by tenure go by whose a grant is and when it was decided: what an earlier version left out is told again."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select, text

from contracts.org import Grant
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from services.org import messages
from services.org.jobs import retell_grants
from services.org.models import GrantRow
from tests.services.org.conftest import ORG, Org, begun
from tests.services.org.test_deciding import account, granted


@pytest.fixture
async def org(databases: Databases, objects: ObjectStore) -> AsyncIterator[Org]:
    async with begun(databases, objects) as made:
        yield made


def _as_before(row: GrantRow) -> Grant:
    return messages.grant(row).model_copy(update={"decided_at": None})


async def _told_as_before(org: Org, grant_id: str) -> None:
    """As the version did that knew neither field."""
    async with org.platform.runtimes["org"].db.transaction() as tx:
        row = (await tx.session.scalars(select(GrantRow).where(GrantRow.id == grant_id))).one()
        row.lines = [*row.lines, "fraud"]
        await tx.publish(_as_before, row)
    await org.platform.until_quiet()


async def _told(org: Org, grant_id: str) -> list[dict[str, Any]]:
    await org.platform.until_quiet()
    async with org.platform.runtimes["org"].db.reading() as session:
        bodies = await session.scalars(
            text(
                "SELECT body FROM bus.event_log WHERE type = 'org.grant.v1' AND aggregate_id = :id ORDER BY seq"
            ),
            {"id": grant_id},
        )
        return [json.loads(body) for body in bodies]


async def test_a_grant_told_without_officer_and_day_is_told_again_once(org: Org):
    zhang = await account(org, "100001", "张三")
    grant_id = await granted(org, zhang, "assessor")
    await _told_as_before(org, grant_id)
    before = await _told(org, grant_id)
    assert (before[-1]["officer_id"], before[-1].get("decided_at")) == (None, None)
    for _ in range(2):
        await retell_grants(org.platform.runtimes["org"])
        after = await _told(org, grant_id)
        assert len(after) == len(before) + 1
    assert after[-1]["officer_id"] == zhang["officer_id"]
    assert after[-1]["decided_at"] is not None
    assert after[-1]["version"] == before[-1]["version"] + 1
    same = before[-1].keys() - {"officer_id", "decided_at", "version"}
    assert {key: after[-1][key] for key in same} == {key: before[-1][key] for key in same}


async def test_a_revoked_grant_is_told_again_with_the_day_until_which_it_held(org: Org):
    grant_id = await granted(org, await account(org, "100001", "张三"), "assessor")
    await org.security.post(f"{ORG}/grants/{grant_id}/revoke")
    day = (await _told(org, grant_id))[-1]["decided_at"]
    await _told_as_before(org, grant_id)
    await retell_grants(org.platform.runtimes["org"])
    last = (await _told(org, grant_id))[-1]
    assert (last["status"], last["decided_at"]) == ("revoked", day)


async def test_what_was_told_completely_is_left_alone(org: Org):
    grant_id = await granted(org, await account(org, "100001", "张三"), "assessor")
    before = await _told(org, grant_id)
    await retell_grants(org.platform.runtimes["org"])
    assert await _told(org, grant_id) == before
