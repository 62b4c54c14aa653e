"""The worst administrator: changes rows below the platform, and is found out each time (reliability.md D4.3)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from cli.rehearsal.client import Person
from cli.rehearsal.forging import forge
from cli.rehearsal.sealing import SCORING, SealedMonth
from cli.rehearsal.showing import Show
from cli.rehearsal.stage import Backstage
from kernel.db.engine import async_url
from sealing.keys import ED25519, Signer
from sealing.verify import verify

Find = Callable[[], Awaitable[str | None]]


@dataclass(frozen=True)
class Crime:
    """One change behind the platform's back, and what undoes it. SQL of the database owner, triggers switched off."""

    name: str
    service: str
    table: str
    change: str
    undo: str
    find: Find


async def tamper(show: Show, auditor: Person, month: SealedMonth, backstage: Backstage) -> bool:
    """Each crime is committed, must be detected, and is undone. True if all were, and the platform is whole again."""
    found_all = True
    facts = {"period": month.scheme.period["id"], "subject": month.subject}
    for crime in _crimes(auditor):
        async with _owner(backstage, crime.service) as owner:
            await _without_triggers(owner, crime.table, crime.change, facts)
        detected = await crime.find()
        async with _owner(backstage, crime.service) as owner:
            await _without_triggers(owner, crime.table, crime.undo, facts)
        found_all &= detected is not None
        show.check(f"detected: {crime.name}", holds=detected is not None, detail=detected or "nobody noticed")
    found_all &= await _whole_seal(show, month, backstage)
    clean = await _ledger(auditor)() is None
    show.check("undone, everything verifies again", holds=clean, detail="")
    return found_all and clean


_STATEMENT = "WHERE period_id = CAST(:period AS uuid) AND subject_id = CAST(:subject AS uuid)"
# One with points to its credit: a thousandth more or less never makes it the nothing that the table refuses.
_ENTRY = "WHERE seq = (SELECT min(seq) FROM ledger_entry WHERE period_id = CAST(:period AS uuid) AND points_milli > 0)"
_LEAF = "WHERE kind = 'officer' AND subject = :subject"


def _crimes(auditor: Person) -> list[Crime]:
    ledger = _ledger(auditor)
    return [
        Crime(
            "a score in the statements", "scoring", "statement",
            f"UPDATE statement SET total_milli = total_milli + 1000 {_STATEMENT}",  # noqa: S608 -- constants
            f"UPDATE statement SET total_milli = total_milli - 1000 {_STATEMENT}",  # noqa: S608 -- constants
            ledger,
        ),
        Crime(
            "an entry of the ledger", "scoring", "ledger_entry",
            f"UPDATE ledger_entry SET points_milli = points_milli + 1000 {_ENTRY}",  # noqa: S608 -- constants
            f"UPDATE ledger_entry SET points_milli = points_milli - 1000 {_ENTRY}",  # noqa: S608 -- constants
            ledger,
        ),
        Crime(
            "an event of the log", "submissions", "bus.event_log",
            "UPDATE bus.event_log SET body = replace(body, '\"quantity\":', '\"quantity\": ') WHERE seq = 1",
            "UPDATE bus.event_log SET body = replace(body, '\"quantity\": ', '\"quantity\":') WHERE seq = 1",
            _chain(auditor, "submissions"),
        ),
        Crime(
            "a leaf of the seal", "scoring", "seal_leaf",
            f"UPDATE seal_leaf SET leaf = replace(leaf, '\"unit\":', '\"unit\": ') {_LEAF}",  # noqa: S608 -- constants
            f"UPDATE seal_leaf SET leaf = replace(leaf, '\"unit\": ', '\"unit\":') {_LEAF}",  # noqa: S608 -- constants
            ledger,
        ),
    ]  # fmt: skip


def _ledger(auditor: Person) -> Find:
    async def find() -> str | None:
        result = await auditor.post(f"{SCORING}/verification")
        if result["holds"]:
            return None
        checks = sorted({difference["check"] for difference in result["differences"]})
        broken = result["chain_broken_at"]
        return ", ".join([*checks, *([f"chain broken at {broken}"] if broken is not None else [])])

    return find


def _chain(auditor: Person, service: str) -> Find:
    async def find() -> str | None:
        result = await auditor.post(f"/api/{service}/v1/integrity/verify")
        return None if result["holds"] else f"event log wrong from {result['first_wrong']}"

    return find


async def _whole_seal(show: Show, month: SealedMonth, backstage: Backstage) -> bool:
    """Everything recomputed and signed again with the platform's own stolen key: only the notice board tells."""
    stolen = _stolen_key(backstage)
    async with _owner(backstage, "scoring") as owner:
        leaves = (
            await owner.execute(
                text("SELECT leaf FROM seal_leaf WHERE seal_number = :n ORDER BY idx"), {"n": month.seal["number"]}
            )
        ).scalars()  # fmt: skip
        seals = (await owner.execute(text("SELECT statement FROM seal ORDER BY log_index"))).scalars()
        forged = forge(list(leaves), list(seals), month.seal["log_index"], month.subject, stolen)
    alone = verify(forged, trust=month.trust).outcome
    beside = verify(forged, trust=month.trust, board=month.board).outcome
    holds = alone == "verified" and beside == "not_verified"
    show.check(
        "detected: the whole seal recomputed and signed with the platform's stolen key",
        holds=holds,
        detail=f"by itself {alone}, beside the printed checkpoint {beside}",
    )
    return holds


def _stolen_key(backstage: Backstage) -> Signer:
    origin, pem = backstage.below.seal_key()
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(type(key))
    return Signer(origin, ED25519, key)


@asynccontextmanager
async def _owner(backstage: Backstage, service: str) -> AsyncIterator[AsyncConnection]:
    """The role that owns the tables of a service, on the platform's own PostgreSQL."""
    engine = create_async_engine(async_url(backstage.below.database(service)))
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _without_triggers(
    owner: AsyncConnection, table: str, statement: str, facts: dict[str, str]
) -> None:
    await owner.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    named = {name: value for name, value in facts.items() if f":{name}" in statement}
    changed: Any = await owner.execute(text(statement), named)
    await owner.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    if not changed.rowcount:
        raise LookupError(f"changed nothing: {statement}")
