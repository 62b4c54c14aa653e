"""Whatever a service published, exactly one record of its audit log says who did it."""

from sqlalchemy import text

from contracts.permissions import Role
from kernel.audit.chaining import chain_batch
from kernel.audit.verification import verify_audit
from kernel.testing.people import grant, person
from kernel.testing.platform import Platform
from services.org.actions.bootstrap import bootstrap

ORG = "/api/org/v1"
# By a person's request: one record with the thing and the request. Because of an event: one that names the event.
_UNTOLD = text(
    """
    SELECT e.type, e.aggregate_id, count(r.id) AS records
    FROM bus.event_log e LEFT JOIN audit.record r ON CASE
        WHEN e.headers ->> 'causation_id' IS NOT NULL
          THEN r.kind = 'event' AND r.object = e.headers ->> 'causation_id'
        ELSE r.object = e.aggregate_id AND r.request = e.headers ->> 'correlation_id' END
    WHERE e.headers ->> 'causation_id' IS NOT NULL OR e.headers ->> 'actor' IS NOT NULL
    GROUP BY e.event_id, e.type, e.aggregate_id HAVING count(r.id) <> 1
    """
)


async def test_every_published_state_has_exactly_one_record(whole: Platform):
    await bootstrap(whole.runtimes["org"], root_code="JZ", root_name="江州市公安局")
    async with whole.runtimes["org"].db.reading() as session:
        root = (await session.execute(text("SELECT id, path FROM unit WHERE level = 1"))).one()
    roster = whole.caller("org", person(grant(Role.ROSTER_ADMIN, root.id, root.path)))
    unit = await roster.post(
        f"{ORG}/units",
        {
            "code": "AUD1",
            "name": "某支队",
            "kind": "detachment",
            "parent_id": str(root.id),
            "valid_from": "2026-01-01",
        },
    )
    await roster.patch(f"{ORG}/units/{unit['id']}", {"version": unit["version"], "name": "某支队(更名)"})
    officer = await roster.post(f"{ORG}/officers", {"police_number": "AUD001", "name": "某某"})
    posting = {"officer_id": officer["id"], "unit_id": unit["id"], "post": "民警", "is_primary": True}
    await roster.post(f"{ORG}/postings", posting | {"valid_from": "2026-01-02"})
    await whole.until_quiet()
    published = 0
    for name, runtime in whole.runtimes.items():
        async with runtime.db.reading() as session:
            untold = (await session.execute(_UNTOLD)).all()
            published += await session.scalar(text("SELECT count(*) FROM bus.event_log")) or 0
        assert untold == [], name
    assert published >= 5


async def test_every_services_chain_holds(whole: Platform):
    for name, runtime in whole.runtimes.items():
        while await chain_batch(runtime.db.engine, name):
            pass
        async with runtime.db.snapshot() as session:
            assert (await verify_audit(session)).holds, name
