"""Trial, seal and receipts of a whole city: `python -m bench.closing [facts]`.

A database is filled as event logs and ledger would have left it. Then a fresh process closes the period through the same
actions as the service; its seconds, on the wall and of the processors (its own and the database's together), and its peak memory
are what is measured. Beside them: the same as multiples of the least that a trial can do, reading every event body once.
"""

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from bench import record
from bench.city import CITY, CUTOFF, OFFICERS, PERIOD, fill
from bench.server import running, say, used_s
from contracts.permissions import Role
from kernel.clock import ManualClock
from kernel.db.engine import make_engine
from kernel.db.migrations import upgrade
from kernel.db.patience import take_time
from kernel.delivery.transaction import Database
from kernel.identity import GrantClaim, Principal
from kernel.local.postgres import PostgresServer
from kernel.local.provisioning import Credentials, database_name, provision
from sealing.keys import ED25519, Signer
from sealing.profile import decode
from sealing.receipt import Place, build
from sealing.verify import verify
from services.scoring.actions import closing, sealing, trying
from services.scoring.actions.closing_out import close_out
from services.scoring.queries import sealed
from services.scoring.queries.told import sources

FACTS = 100_000
#: Seconds that the measured process may take.
LONGEST_S = 420
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
SIGNER = Signer("bench.example.cn/seal", ED25519, KEY)


async def prepare(server: PostgresServer, facts: int) -> str:
    """The owner's address of a filled database."""
    await provision(server.url(), {"scoring": Credentials("owner", "app")})
    url = server.url(database_name("scoring"), user=f"{database_name('scoring')}_owner", password="owner")  # noqa: S106 -- lives as long as the run
    await upgrade("scoring", url)
    db = Database(make_engine(url, name="bench", pool_size=4))
    await fill(db, facts)
    await db.engine.dispose()
    return url


class Watch:
    """Seconds by step: on the wall, and of the processors."""

    def __init__(self, server: int) -> None:
        self._server = server
        self.found: dict[str, float] = {}

    @asynccontextmanager
    async def __call__(self, name: str) -> AsyncIterator[None]:
        say(f"{name} …")
        began, used = time.perf_counter(), used_s(self._server)
        yield
        self.found |= {
            f"{name}_s": time.perf_counter() - began,
            f"{name}_processor_s": used_s(self._server) - used,
        }


async def work(url: str, server: int) -> dict[str, float]:
    """What the measured process does."""
    clock = ManualClock(CUTOFF + timedelta(hours=1))
    db = Database(make_engine(url, name="bench", pool_size=4), clock)
    grant = GrantClaim(Role.ASSESSMENT_OFFICE, CITY, "C/")
    office, second = (Principal(UUID(int=n), UUID(int=n), f"office {n}", grants=(grant,)) for n in (101, 102))
    sealer = sealing.Sealer(SIGNER, "bench", "bench")
    watch = Watch(server)
    async with watch("bodies_read_once"):
        await _least(db)
    async with db.transaction() as tx:
        await close_out(tx)
    async with db.transaction() as tx:
        await closing.begin(tx, PERIOD, by=office)
        # The files of this city are names only; reading and hashing them is the store's time, not the seal's.
        checked = text("UPDATE closing_file SET state = 'sound', checked_at = :now")
        await tx.session.execute(checked, {"now": await tx.now()})
    async with watch("trial"), db.transaction() as tx:
        trial = await trying.try_out(tx, PERIOD, by=office)
    if trial.different:
        raise AssertionError(trial.differences)
    until = clock.now() + timedelta(days=2)
    async with db.transaction() as tx:
        await closing.make_public(tx, PERIOD, until=until, by=office)
    clock.move_to(until)
    async with watch("first_signature"), db.snapshot() as beside, db.transaction() as tx:
        await sealing.approve(tx, beside, PERIOD, sealer=sealer, by=office)
    async with watch("seal"), db.snapshot() as beside, db.transaction() as tx:
        await sealing.approve(tx, beside, PERIOD, sealer=sealer, by=second)
    found = watch.found | {
        f"{name}_to_bodies_read_once": watch.found[f"{name}_processor_s"]
        / watch.found["bodies_read_once_processor_s"]
        for name in ("trial", "seal")
    }
    found |= await _receipts(db)
    found["peak_memory_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    await db.engine.dispose()
    return found


async def _least(db: Database) -> None:
    """Everything that the rules need, out of every event body, by one processor, and nothing made of it."""
    async with db.reading() as session:
        await take_time(session)
        await session.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
        await session.execute(text(f"SELECT count(w.accepted_quantity) FROM ({sources().work}) AS w"))  # noqa: S608 -- constants


async def _receipts(db: Database) -> dict[str, float]:
    trust = f"quorum 0\nsystem {SIGNER.key.vkey}\n".encode()
    times = []
    async with db.reading() as session:
        row = await sealed.main_seal(session, PERIOD)
        subjects = (
            (await session.execute(text("SELECT subject FROM seal_leaf WHERE kind = 'officer' LIMIT 20")))
            .scalars()
            .all()
        )
        made = []
        for subject in subjects:
            began = time.perf_counter()
            leaf = await sealed.leaf(session, row.number, "officer", subject)
            tree = await sealed.stored_tree(session, row, leaf)
            note, log = await sealed.note(session, row), await sealed.log(session, SIGNER.name)
            place = Place(tree, leaf.idx, decode(row.statement.encode()))
            made.append(build(place, log, note, [SIGNER.key]))
            times.append(time.perf_counter() - began)
    began = time.perf_counter()
    good = all(verify(receipt, trust=trust).outcome == "verified" for receipt in made)
    each = (time.perf_counter() - began) / len(made)
    if not good:
        raise AssertionError("a receipt does not verify")
    return {"receipt_made_ms": min(times) * 1000, "receipt_verified_ms": each * 1000}


def main(facts: int) -> None:
    with running(durable=False) as server:
        began = time.perf_counter()
        url = asyncio.run(prepare(server, facts))
        say(f"{facts:,} facts of {OFFICERS:,} officers in {time.perf_counter() - began:.0f} s")
        command = [sys.executable, "-m", "bench.closing", "--work", url, str(server.pid)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=LONGEST_S)  # noqa: S603 -- this very program
    found = json.loads(done.stdout)
    record("closing", {"facts": facts, "officers": OFFICERS, **{k: round(v, 1) for k, v in found.items()}})
    for name, value in found.items():
        print(f"{name}: {value:.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        print(json.dumps(asyncio.run(work(sys.argv[2], int(sys.argv[3])))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else FACTS)
