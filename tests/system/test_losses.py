"""A producer comes back from a backup; two administrators take back what was lost, or refuse it, over the API."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from cli.manifests import load_all
from contracts.permissions import Role
from kernel.db.engine import async_url
from kernel.delivery.digests import digest_of_published, digest_of_replica
from kernel.testing.people import Caller, grant, person
from kernel.testing.platform import Platform
from services.org.actions.bootstrap import bootstrap

ORG = "/api/org/v1"
READERS = ("targets", "submissions", "scoring", "reporting")


class Administrators:
    """The people of the three offices, and what they see."""

    def __init__(self, whole: Platform, root: Any) -> None:
        self.whole = whole
        self.roster = self._caller(Role.ROSTER_ADMIN, root)
        self.security = self._caller(Role.SECURITY_ADMIN, root)
        self._root = root

    def _caller(self, role: Role, root: Any, service: str = "org") -> Caller:
        return self.whole.caller(service, person(grant(role, root.id, root.path), name=role.value))

    def auditor(self, service: str) -> Caller:
        return self._caller(Role.AUDITOR, self._root, service)

    async def decide(self, key: str, decision: str) -> None:
        body = {"order_key": key, "decision": decision}
        early = await self.security.problem("POST", f"{ORG}/integrity/offers/approval", json=body)
        assert early["code"] == "not-proposed"
        await self.roster.post(f"{ORG}/integrity/offers/proposal", body | {"reason": "数据库自备份恢复"})
        await self.security.post(f"{ORG}/integrity/offers/approval", body)


@pytest.fixture
async def people(whole: Platform) -> Administrators:
    await bootstrap(whole.runtimes["org"], root_code="JZ", root_name="江州市公安局")
    async with whole.runtimes["org"].db.reading() as session:
        root = (await session.execute(text("SELECT id, path FROM unit WHERE level = 1"))).one()
    return Administrators(whole, root)


async def _lose(whole: Platform, officer_id: str) -> None:
    """The officer and all events since are gone at org, as a backup from before would leave it."""
    engine = create_async_engine(async_url(whole.owner_urls["org"]))
    async with engine.begin() as connection:
        first = await connection.scalar(
            text("SELECT min(seq) FROM bus.event_log WHERE aggregate_id = :id"), {"id": officer_id}
        )
        await connection.execute(text("ALTER TABLE bus.event_log DISABLE TRIGGER append_only"))
        await connection.execute(text("DELETE FROM bus.event_log WHERE seq >= :n"), {"n": first})
        await connection.execute(text("ALTER TABLE bus.event_log ENABLE TRIGGER append_only"))
        await connection.execute(
            text("UPDATE bus.stream_state SET epoch = epoch + 1, last_seq = :n, "
                 "last_hash = (SELECT hash FROM bus.event_log WHERE seq = :n)"),
            {"n": first - 1},
        )  # fmt: skip
        await connection.execute(
            text("UPDATE bus.relay_cursor SET published_seq = least(published_seq, :n)"), {"n": first - 1}
        )
        await connection.execute(text("DELETE FROM officer WHERE id = :id"), {"id": officer_id})
    await engine.dispose()


async def _lost_officer(whole: Platform, people: Administrators, number: str) -> dict[str, Any]:
    made: dict[str, Any] = await people.roster.post(
        f"{ORG}/officers", {"police_number": number, "name": "遗失"}
    )
    await whole.until_quiet()
    await _lose(whole, made["id"])
    await people.roster.post(f"{ORG}/officers", {"police_number": f"{number}9", "name": "其后"})
    await whole.until_quiet()
    for reader in READERS:
        ghosts = await people.auditor(reader).get(f"/api/{reader}/v1/integrity/ghosts")
        assert [(g["type"], g["state"]) for g in ghosts["items"]] == [("org.officer.v1", "open")]
    return made


async def _same_everywhere(whole: Platform) -> None:
    async with whole.runtimes["org"].db.reading() as session:
        published = await digest_of_published(session, "org.officer.v1")
    for service in load_all():
        for replica in service.replicas:
            if replica.event.type == "org.officer.v1":
                async with whole.runtimes[service.name].db.reading() as session:
                    assert await digest_of_replica(session, replica) == published, service.name


async def _settled(whole: Platform, people: Administrators, state: str) -> None:
    for reader in READERS:
        whole.runtimes[reader].db.ring()
    await people.roster.post(f"{ORG}/series", {"code": f"S-{state}", "name": "序列", "subject_kind": "unit"})
    await whole.until_quiet()
    for reader in READERS:
        auditor = people.auditor(reader)
        assert (await auditor.get(f"/api/{reader}/v1/integrity/ghosts"))["items"] == []
        every = await auditor.get(f"/api/{reader}/v1/integrity/ghosts", settled=True)
        assert state in {ghost["state"] for ghost in every["items"]}


async def test_what_is_taken_back_is_there_again_everywhere(whole: Platform, people: Administrators):
    made = await _lost_officer(whole, people, "L001")
    offered = (await people.auditor("org").get(f"{ORG}/integrity/offers"))["items"]
    assert [(offer["restorable"], sorted(offer["offered_by"])) for offer in offered] == [
        (True, sorted(READERS))
    ]
    assert (await people.roster.problem("GET", f"{ORG}/officers/{made['id']}"))["status"] == 404
    await people.decide(offered[0]["order_key"], "accepted")
    await _settled(whole, people, "returned")
    back = await people.roster.get(f"{ORG}/officers/{made['id']}")
    assert {name: back[name] for name in made} == made
    await _same_everywhere(whole)


async def test_what_is_refused_is_gone_everywhere(whole: Platform, people: Administrators):
    made = await _lost_officer(whole, people, "L002")
    await people.decide(f"org.officer.v1:{made['id']}", "refused")
    await _settled(whole, people, "reversed")
    await _same_everywhere(whole)


async def test_an_auditor_looks_and_does_not_decide(whole: Platform, people: Administrators):
    body = {"order_key": "x", "decision": "refused", "reason": "x"}
    for step in ("proposal", "approval"):
        told = await people.auditor("org").problem("POST", f"{ORG}/integrity/offers/{step}", json=body)
        assert told["code"] == "permission-denied"
    missing = await people.security.problem("POST", f"{ORG}/integrity/offers/approval", json=body)
    assert missing["code"] == "offer-missing"
