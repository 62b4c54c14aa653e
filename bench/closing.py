"""Trial, seal and receipts of a whole city: `python -m bench.closing [facts]`.

A database is filled as event logs and ledger would have left it. Then a fresh process closes the period through the same
actions as the service; its seconds and its peak memory are what is measured, and printed with their goals.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from bench import record
from bench.city import CITY, CUTOFF, OFFICERS, PERIOD, fill
from contracts.permissions import Role
from kernel.clock import ManualClock
from kernel.db.engine import make_engine
from kernel.db.migrations import upgrade
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

FACTS = 100_000
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


async def work(url: str) -> dict[str, float]:
    """What the measured process does."""
    clock = ManualClock(CUTOFF + timedelta(hours=1))
    db = Database(make_engine(url, name="bench", pool_size=4), clock)
    grant = GrantClaim(Role.ASSESSMENT_OFFICE, CITY, "C/")
    office, second = (Principal(UUID(int=n), UUID(int=n), f"office {n}", grants=(grant,)) for n in (101, 102))
    sealer = sealing.Sealer(SIGNER, "bench", "bench")
    seconds: dict[str, float] = {}
    async with db.transaction() as tx:
        await close_out(tx)
    async with db.transaction() as tx:
        await closing.begin(tx, PERIOD, by=office)
    began = time.perf_counter()
    async with db.transaction() as tx:
        trial = await trying.try_out(tx, PERIOD, by=office)
    seconds["trial_s"] = time.perf_counter() - began
    if trial.different:
        raise AssertionError(trial.differences)
    until = clock.now() + timedelta(days=2)
    async with db.transaction() as tx:
        await closing.make_public(tx, PERIOD, until=until, by=office)
    clock.move_to(until)
    async with db.transaction() as tx:
        await sealing.approve(tx, PERIOD, sealer=sealer, by=office)
    began = time.perf_counter()
    async with db.transaction() as tx:
        await sealing.approve(tx, PERIOD, sealer=sealer, by=second)
    seconds["seal_with_second_verification_s"] = time.perf_counter() - began
    seconds |= await _receipts(db)
    seconds["peak_memory_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    await db.engine.dispose()
    return seconds


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
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 -- the server runs as another account
        server = PostgresServer(Path(folder), log=Path(folder) / "postgres.log", durable=False)
        server.start()
        try:
            began = time.perf_counter()
            url = asyncio.run(prepare(server, facts))
            print(
                f"filled with {facts:,} facts of {OFFICERS:,} officers in {time.perf_counter() - began:.0f} s",
                file=sys.stderr,
            )
            done = subprocess.run(  # noqa: S603 -- this very program
                [sys.executable, "-m", "bench.closing", "--work", url],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise SystemExit(done.stdout + done.stderr)
            found = json.loads(done.stdout)
        finally:
            server.stop()
    record("closing", {"facts": facts, "officers": OFFICERS, **{k: round(v, 1) for k, v in found.items()}})
    for name, value in found.items():
        print(f"{name}: {value:.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        print(json.dumps(asyncio.run(work(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else FACTS)
