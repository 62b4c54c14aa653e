"""The auditor's window on the audit log, on the service org."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from contracts.permissions import Role
from kernel.audit.chaining import chain_batch
from kernel.audit.exporting import SIGNATURE_TAG
from kernel.testing.people import Caller, grant, person
from tests.kernel.web.conftest import ORG, Edge

AUDIT = f"{ORG}/audit"


def auditor(edge: Edge) -> Caller:
    return edge.caller(person(grant(Role.AUDITOR, UUID(edge.root_id), "JZ/")))


async def chained(edge: Edge) -> None:
    while await chain_batch(edge.runtime.db.engine, "org"):
        pass


async def new_unit(edge: Edge, **more: object) -> tuple[dict[str, Any], Caller]:
    admin = edge.caller(edge.admin())
    return await admin.post(f"{ORG}/units", edge.unit(**more)), admin


async def test_each_change_of_a_thing_is_one_record_with_who_what_and_the_request(edge: Edge):
    unit, admin = await new_unit(edge)
    answer = await admin.send(
        "PATCH", f"{ORG}/units/{unit['id']}", json={"version": unit["version"], "name": "新名"}
    )
    await chained(edge)
    page = await auditor(edge).get(f"{AUDIT}/records", object=unit["id"])
    renamed, created = page["items"]
    assert (created["action"], renamed["action"]) == ("created", "changed")
    assert renamed["before"]["name"] == "单位"
    assert renamed["after"]["name"] == "新名"
    assert renamed["request"] == answer.headers["x-request-id"]
    assert renamed["actor"]["account"] == str(admin.principal.account_id)  # type: ignore[union-attr]
    assert renamed["actor"]["kind"] == "person"
    assert created["seq"] < renamed["seq"]
    assert await auditor(edge).get(f"{AUDIT}/records/{renamed['id']}") == renamed


async def test_records_are_found_by_any_of_their_marks_page_by_page(edge: Edge):
    ids = []
    for _ in range(3):
        edge.clock.advance(timedelta(milliseconds=1))
        ids.append((await new_unit(edge))[0]["id"])
    await chained(edge)
    reader = auditor(edge)
    newest = (await reader.get(f"{AUDIT}/records", object=ids[-1]))["items"][0]
    found, after = [], None
    while True:
        page = await reader.get(f"{AUDIT}/records", kind="unit", action="created", limit=1, after=after)
        found += [item["object"]["id"] for item in page["items"]]
        after = page["next"]
        if len(found) == 3:
            break
    assert found == ids[::-1]
    of_one = await reader.get(f"{AUDIT}/records", account=newest["actor"]["account"])
    assert [item["id"] for item in of_one["items"]] == [newest["id"]]
    assert (await reader.get(f"{AUDIT}/records", since=newest["at"], kind="unit"))["items"] == [newest]
    earlier = await reader.get(f"{AUDIT}/records", until=newest["at"], kind="unit", limit=1)
    assert earlier["items"][0]["object"]["id"] == ids[1]


async def test_only_the_auditor_reads_the_log_and_an_unknown_record_is_not_found(edge: Edge):
    for path in ("records", f"records/{uuid4()}", "export"):
        problem = await edge.caller(edge.admin()).problem("GET", f"{AUDIT}/{path}")
        assert problem["code"] == "permission-denied"
    problem = await auditor(edge).problem("GET", f"{AUDIT}/records/{uuid4()}")
    assert problem["code"] == "audit-record-not-found"


async def test_the_log_can_be_verified_by_the_auditor(edge: Edge):
    await new_unit(edge)
    await chained(edge)
    found = await auditor(edge).post(f"{AUDIT}/verify")
    assert found["holds"]
    assert found["records"] > 0


async def test_an_export_is_signed_as_a_whole_and_is_itself_written_down(edge: Edge):
    unit, _ = await new_unit(edge)
    await chained(edge)
    reader = auditor(edge)
    answer = await reader.send("GET", f"{AUDIT}/export", params={"object": unit["id"]})
    *lines, last = answer.content.splitlines(keepends=True)
    end = json.loads(last)
    (only,) = map(json.loads, lines)
    body = json.dumps(only["record"], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    hashed = b"\x13" + bytes.fromhex(only["prev_hash"]) + only["seq"].to_bytes(8, "big") + body.encode()
    assert only["hash"] == hashlib.sha256(hashed).hexdigest()
    key = load_pem_private_key(
        edge.runtime.settings.service_key.get_secret_value().encode(), None
    ).public_key()
    digest = hashlib.sha256(b"".join(lines)).digest()
    assert end["end"]["sha256"] == digest.hex()
    key.verify(base64.b64decode(end["signature"]), SIGNATURE_TAG + digest)  # type: ignore[call-arg, union-attr]
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(end["signature"]), SIGNATURE_TAG + hashlib.sha256(b"cut").digest())  # type: ignore[call-arg, union-attr]
    noted = (await reader.get(f"{AUDIT}/records", kind="file", object=f"{AUDIT}/export"))["items"][0]
    assert noted["actor"]["account"] == str(reader.principal.account_id)  # type: ignore[union-attr]
    assert unit["id"] in noted["after"]["query"]


async def test_a_spreadsheet_takes_no_cell_of_the_export_for_a_formula(edge: Edge):
    name = "=cmd|' /C calc'!A0"
    async with edge.runtime.db.transaction() as tx:
        tx.act("named", "thing", "formula", by=person(name=name))
    await chained(edge)
    answer = await auditor(edge).send("GET", f"{AUDIT}/export", params={"object": "formula", "format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert f"'{name}" in answer.content.decode("utf-8-sig")


async def test_signing_in_and_being_refused_are_written_down(edge: Edge):
    slip = next(iter(edge.slips.values()))
    name = slip["username"]
    nobody = edge.caller()
    wrong = {"username": name, "password": "not-the-password-1A"}
    await nobody.problem("POST", f"{ORG}/session", json=wrong)
    signed = await nobody.send(
        "POST", f"{ORG}/session", json={"username": name, "password": slip["password"]}
    )
    assert signed.status_code == 200, signed.text
    reader = auditor(edge)
    refused = (await reader.get(f"{AUDIT}/records", action="sign-in-refused", object=name))["items"][0]
    assert refused["actor"] == {
        "kind": "unknown",
        "name": name,
        "account": None,
        "officer": None,
        "session": None,
    }
    assert refused["after"] == {"why": "wrong-credentials"}
    entered = (await reader.get(f"{AUDIT}/records", action="signed-in", kind="session"))["items"][0]
    assert entered["actor"]["account"] == signed.json()["account"]["id"]


@pytest.fixture
def another_day(edge: Edge) -> Iterator[datetime]:
    """Midnight (UTC) of a day on which nobody else does anything; afterwards it is again what it was."""
    before = edge.clock.now()
    yield (before + timedelta(days=30)).replace(hour=0, minute=0, second=0, microsecond=0)
    edge.clock.move_to(before)


async def test_the_summary_counts_what_people_did_by_kind_and_what_they_did_by_night(
    edge: Edge, another_day: datetime
):
    edge.clock.move_to(another_day + timedelta(hours=2))  # ten in the morning there
    await new_unit(edge)
    edge.clock.move_to(another_day + timedelta(hours=14, minutes=30))  # half past ten in the evening
    unit, _ = await new_unit(edge)
    found = await auditor(edge).get(f"{AUDIT}/summary", days=1)
    [units] = [one for one in found["tallies"] if one["kind"] == "unit"]
    assert (units["action"], units["count"], units["by_night"]) == ("created", 2, 1)
    newest = (await auditor(edge).get(f"{AUDIT}/records", object=unit["id"]))["items"][0]
    assert datetime.fromisoformat(units["last_at"]) == datetime.fromisoformat(newest["at"])
    edge.clock.advance(timedelta(days=3))
    assert (await auditor(edge).get(f"{AUDIT}/summary", days=1))["tallies"] == []
