"""From a decision on work to the board that it changed, over RabbitMQ: `python -m bench.changing`.

All five services in this process, with databases of their own and a private broker. A decision is the commit of an accepted
submission; the board is read as a reader reads it, over and over, until the officer's figure is there. Twenty a second, then
two hundred; everybody's clock and processor are this machine's.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import record
from bench.server import running, say
from contracts import org, submissions
from contracts.org import OfficerCategory, OfficerStatus
from kernel.bus.rabbit import RabbitTransport
from kernel.delivery.replicas import keep_replicas
from kernel.local.broker import PrivateBroker
from kernel.local.objectstore import ObjectStore
from kernel.local.postgres import PostgresServer
from kernel.testing.databases import Databases
from kernel.testing.platform import Platform
from services.org.manifest import service as org_service
from services.reporting import replicas as boards_know
from services.reporting.manifest import service as reporting
from services.reporting.queries import boards
from services.scoring import replicas as scoring_knows
from services.scoring.manifest import service as scoring
from services.submissions.manifest import service as submissions_service
from services.targets.manifest import service as targets
from tests.services.scoring.bureau import Bureau

SERVICES = (org_service, targets, submissions_service, scoring, reporting)
RATES = {20: 15.0, 200: 5.0}
BOUND_S = 60.0
#: Between two looks; a reader who looked without pause would have the processor for himself.
LOOK_S = 0.05


def city(crew: int) -> tuple[Bureau, list[str]]:
    bureau, names = Bureau(), [f"p{number}" for number in range(crew)]
    for number, name in enumerate(names):
        bureau.join(name, f"ZD{number % 3 + 1}")
    return bureau, names


async def known(platform: Platform, bureau: Bureau, names: list[str]) -> dict[str, submissions.Submission]:
    """Scoring and reporting know the bureau and everybody's target; the accepted work of everybody, not told yet."""
    goals = {name: bureau.target(name) for name in names}
    officers = [
        org.Officer(
            id=posting.officer_id, version=1, police_number=name, name=name, category=OfficerCategory.OFFICER,
            status=OfficerStatus.IN_SERVICE, series_id=None,
        )
        for name, posting in bureau.postings.items()
    ]  # fmt: skip
    kept = {
        "scoring": (scoring_knows, (bureau.postings.values(), goals.values())),
        "reporting": (boards_know, (bureau.postings.values(), goals.values(), officers)),
    }
    for service, (rows, lists) in kept.items():
        few = [event for event in bureau.events if not isinstance(event, org.Posting)]
        await platform.tell(service, *few)
        kinds = (rows.PostingReplica, rows.TargetReplica, rows.OfficerReplica)
        for row, events in zip(kinds, lists, strict=False):
            async with platform.runtimes[service].db.transaction() as tx:
                await keep_replicas(tx, row, list(events))
    return {name: bureau.work(name, goals[name], "2") for name in names}


async def changed(
    platform: Platform, bureau: Bureau, works: list[submissions.Submission], rate: int
) -> list[float]:
    """Milliseconds from each commit to the first look at the board that has the figure."""
    db, read = platform.runtimes["submissions"].db, platform.runtimes["reporting"].db
    choice = boards.Choice(bureau.scheme_id, bureau.period.id, "officer", None)
    waiting: dict[UUID, float] = {}
    found: list[float] = []
    told = asyncio.Event()

    async def decide() -> None:
        began = time.perf_counter()
        for number, work in enumerate(works):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            async with db.transaction() as tx:
                await tx.publish(lambda event: event, work)
            waiting[work.subject_id] = time.perf_counter()
        told.set()

    async def look() -> None:
        end = time.perf_counter() + BOUND_S + len(works) / rate
        while len(found) < len(works) and time.perf_counter() < end:
            async with read.reading() as session:
                board = await boards.board(session, choice)
            now = time.perf_counter()
            seen = [who for who in waiting if who in board.ordered.milli]
            found.extend((now - waiting.pop(who)) * 1000 for who in seen)
            await asyncio.sleep(LOOK_S)

    await asyncio.gather(decide(), look())
    if len(found) < len(works):
        raise RuntimeError(f"{len(works) - len(found)} of {len(works)} never reached the board")
    return found


async def measure(server: PostgresServer, folder: Path, broker: PrivateBroker) -> dict[str, Any]:
    store = ObjectStore(folder / "s3", log=folder / "s3.log")
    store.start()
    bureau, names = city(sum(int(rate * seconds) for rate, seconds in RATES.items()) + 5)
    transport = RabbitTransport(broker.url)
    figures: dict[str, Any] = {}
    try:
        async with Platform(Databases(server), store, SERVICES, transport=transport) as platform:
            say(f"{len(names):,} officers …")
            works = list((await known(platform, bureau, names)).values())
            await changed(platform, bureau, works[:5], 5)
            at = 5
            for rate, seconds in RATES.items():
                say(f"{rate} a second …")
                used = time.process_time()
                took = await changed(platform, bureau, works[at : at + int(rate * seconds)], rate)
                at += int(rate * seconds)
                cuts = statistics.quantiles(took, n=100)
                figures |= {
                    f"at {rate} a second, half, ms": cuts[49], f"at {rate} a second, p99, ms": cuts[98],
                    f"at {rate} a second, processor ms of this process each": (time.process_time() - used) * 1000 / len(took),
                }  # fmt: skip
    finally:
        await transport.close()
        store.stop()
    return figures


def main() -> None:
    with running(durable=True) as server, tempfile.TemporaryDirectory(prefix="kaohe-bench-") as folder:
        broker = PrivateBroker(Path(folder) / "broker")
        broker.start()
        try:
            figures = asyncio.run(measure(server, Path(folder), broker))
        finally:
            broker.stop()
    figures = {name: round(value, 1) for name, value in figures.items()}
    record("decision to board", figures)
    for name, value in figures.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
