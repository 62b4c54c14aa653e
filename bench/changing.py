"""From a decision on work to the board that it changed, over RabbitMQ: `python -m bench.changing`.

A process each for the five services and the gateway, as in a bureau, over a private broker and a PostgreSQL that syncs to disk.
A decision is the commit of an accepted submission; the board is asked for as its readers ask, over and over, until the officer's
figure is there. Twenty a second, then two hundred. Everybody's clock and processors are this machine's: the processor time of
each process says what a decision costs where.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import record
from bench.server import processor_s, say
from cli.embedded.processes import Processes
from cli.manifests import load
from contracts import org, submissions
from contracts.envelope import Event, Headers
from contracts.org import OfficerCategory, OfficerStatus
from kernel.bus.canonical import canonical
from kernel.db.engine import make_engine
from kernel.delivery.handlers import Delivered
from kernel.delivery.replicas import keep_replicas
from kernel.delivery.transaction import Cause, Database
from kernel.ids import new_id
from services.reporting import replicas as boards_know
from services.reporting.queries import boards
from services.scoring import replicas as scoring_knows
from tests.services.scoring.bureau import Bureau

RATES = {20: 15.0, 200: 5.0}
BOUND_S = 60.0
#: Between two looks; a reader who looked without pause would have the processor for himself.
LOOK_S = 0.05


def city(crew: int) -> tuple[Bureau, list[str]]:
    bureau, names = Bureau(), [f"p{number}" for number in range(crew)]
    for number, name in enumerate(names):
        bureau.join(name, f"ZD{number % 3 + 1}")
    return bureau, names


async def tell(service: str, db: Database, events: Sequence[Event]) -> None:
    """The service's handlers on events as if another service had published them."""
    handlers = load(service).handlers
    for event in events:
        contract = handlers.event_of(event.type)
        if contract is not None:
            event_id = new_id()
            async with db.transaction(cause=Cause(event_id, service)) as tx:
                delivered = Delivered(event_id, event.stream, 1, 1, await tx.now(), Headers())
                await handlers.handle(tx, contract.model_validate_json(canonical(event)), delivered)


async def known(
    dbs: dict[str, Database], bureau: Bureau, names: list[str]
) -> dict[str, submissions.Submission]:
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
        await tell(service, dbs[service], [one for one in bureau.events if not isinstance(one, org.Posting)])
        kinds = (rows.PostingReplica, rows.TargetReplica, rows.OfficerReplica)
        for row, events in zip(kinds, lists, strict=False):
            async with dbs[service].transaction() as tx:
                await keep_replicas(tx, row, list(events))
    return {name: bureau.work(name, goals[name], "2") for name in names}


async def changed(
    dbs: dict[str, Database], bureau: Bureau, works: list[submissions.Submission], rate: int
) -> list[float]:
    """Milliseconds from each commit to the first look at the board that has the figure."""
    choice = boards.Choice(bureau.scheme_id, bureau.period.id, "officer", None)
    waiting: dict[UUID, float] = {}
    found: list[float] = []

    async def decide() -> None:
        began = time.perf_counter()
        for number, work in enumerate(works):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            async with dbs["submissions"].transaction() as tx:
                await tx.publish(lambda event: event, work)
            waiting[work.subject_id] = time.perf_counter()

    async def look() -> None:
        end = time.perf_counter() + BOUND_S + len(works) / rate
        while len(found) < len(works) and time.perf_counter() < end:
            async with dbs["reporting"].reading() as session:
                board = await boards.board(session, choice)
            now = time.perf_counter()
            seen = [who for who in waiting if who in board.ordered.milli]
            found.extend((now - waiting.pop(who)) * 1000 for who in seen)
            await asyncio.sleep(LOOK_S)

    await asyncio.gather(decide(), look())
    if len(found) < len(works):
        raise RuntimeError(f"{len(works) - len(found)} of {len(works)} never reached the board")
    return found


async def measure(folder: Path) -> dict[str, Any]:
    bureau, names = city(sum(int(rate * seconds) for rate, seconds in RATES.items()) + 5)
    figures: dict[str, Any] = {}
    async with Processes(folder) as running:
        dbs = {
            service: Database(make_engine(url, name=f"bench-{service}", pool_size=2))
            for service, url in running.databases.items()
        }
        say(f"{len(names):,} officers …")
        works = list((await known(dbs, bureau, names)).values())
        await changed(dbs, bureau, works[:5], 5)
        at = 5
        for rate, seconds in RATES.items():
            say(f"{rate} a second …")
            before = {name: processor_s(pid) for name, pid in running.pids.items()}
            took = await changed(dbs, bureau, works[at : at + int(rate * seconds)], rate)
            at += int(rate * seconds)
            cuts = statistics.quantiles(took, n=100)
            figures |= {f"at {rate} a second, half, ms": cuts[49], f"at {rate} a second, p99, ms": cuts[98]}
            figures |= {
                f"at {rate} a second, {name}, processor ms each": (processor_s(pid) - before[name])
                * 1000
                / len(took)
                for name, pid in running.pids.items()
            }
        for db in dbs.values():
            await db.engine.dispose()
    return figures


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-", ignore_cleanup_errors=True) as folder:
        figures = asyncio.run(measure(Path(folder)))
    figures = {name: round(value, 1) for name, value in figures.items()}
    record("decision to board", figures)
    for name, value in figures.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
