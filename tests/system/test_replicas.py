"""What every consumer knows is what the owner says; and a reader that lost everything knows it again."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from cli.manifests import load_all
from contracts.catalog import SUBSCRIPTIONS
from contracts.permissions import Role
from kernel.bus.canonical import plain
from kernel.db.engine import async_url
from kernel.delivery.digests import digest_of_published, digest_of_replica
from kernel.testing.people import Caller, grant, person
from kernel.testing.platform import Platform
from services.org.actions.bootstrap import bootstrap

ORG = "/api/org/v1"
#: What a reader's own database says of a copy, not its source: the transaction that wrote it last.
OWN = {"changed_in"}


async def _bureau(whole: Platform, prefix: str) -> Caller:
    await bootstrap(whole.runtimes["org"], root_code="JZ", root_name="江州市公安局")
    async with whole.runtimes["org"].db.reading() as session:
        root = (await session.execute(text("SELECT id, path FROM unit WHERE level = 1"))).one()
    roster = whole.caller("org", person(grant(Role.ROSTER_ADMIN, root.id, root.path)))
    unit = await roster.post(
        f"{ORG}/units",
        {
            "code": f"{prefix}1",
            "name": "某支队",
            "kind": "detachment",
            "parent_id": str(root.id),
            "valid_from": "2026-01-01",
        },
    )
    for number in range(5):
        officer = await roster.post(f"{ORG}/officers", {"police_number": f"{prefix}{number}", "name": "某某"})
        await roster.post(
            f"{ORG}/postings",
            {
                "officer_id": officer["id"],
                "unit_id": unit["id"],
                "post": "民警",
                "is_primary": True,
                "valid_from": "2026-01-02",
            },
        )
    await roster.patch(f"{ORG}/units/{unit['id']}", {"version": unit["version"], "name": "某支队(更名)"})
    return roster


async def _rows(whole: Platform, service: str, row: Any) -> dict[Any, dict[str, Any]]:
    async with whole.runtimes[service].db.reading() as session:
        found = (await session.execute(text(f"SELECT * FROM {row.__table__.fullname}"))).mappings().all()  # noqa: S608
    return {r["id"]: {n: value for n, value in r.items() if n not in OWN} for r in found}


async def test_every_replica_equals_its_source_field_by_field(whole: Platform):
    await _bureau(whole, "A")
    await whole.until_quiet()
    services = {service.name: service for service in load_all()}
    sources = {event.type: (s.name, row) for s in services.values() for event, row in s.owned}
    compared = 0
    for service in services.values():
        for replica in service.replicas:
            owner, source = sources[replica.event.type]
            async with whole.runtimes[owner].db.reading() as session:
                published = await digest_of_published(session, replica.event.type)
            async with whole.runtimes[service.name].db.reading() as session:
                assert await digest_of_replica(session, replica) == published, (
                    service.name,
                    replica.event.type,
                )
            mine, theirs = await _rows(whole, service.name, replica), await _rows(whole, owner, source)
            shared = {c.name for c in replica.__table__.c} & {c.name for c in source.__table__.c}  # type: ignore[attr-defined]
            for key, copy in mine.items():
                assert {n: plain(copy[n]) for n in shared} == {n: plain(theirs[key][n]) for n in shared}
                compared += 1
    assert compared > len(SUBSCRIPTIONS)


async def test_a_reader_that_lost_everything_pulls_it_again(whole: Platform):
    roster = await _bureau(whole, "B")
    await whole.until_quiet()
    replicas = next(s for s in load_all() if s.name == "reporting").replicas
    before = {row: await _rows(whole, "reporting", row) for row in replicas}
    engine = create_async_engine(async_url(whole.owner_urls["reporting"]))
    async with engine.begin() as connection:
        tables = ", ".join(row.__table__.fullname for row in replicas)  # type: ignore[attr-defined]
        await connection.execute(text(f"TRUNCATE {tables}, bus.inbox, bus.cursor"))
    await engine.dispose()
    await roster.post(
        f"{ORG}/series", {"code": "S1", "name": "序列", "subject_kind": "unit"}
    )  # rings the bell
    await whole.until_quiet()
    after = {row: await _rows(whole, "reporting", row) for row in replicas}
    for row, rows in before.items():
        assert {key: rows[key] for key in rows} == {key: after[row][key] for key in rows}
