"""A rebuild of `reporting` from the event logs: `python -m bench.rebuilding [months]`.

Of the year of the samples, every target with its work (sent, then accepted), its entry and the statement after it, as they
follow each other in the four logs; read from memory, so that the feeds cost nothing. Events by the second, on the clock and
of the processors of this process and of the database.
"""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from bench import record
from bench.server import running, say, used_s
from contracts import scoring, submissions, targets
from contracts.envelope import Event
from contracts.scoring import ClosingStatus, EntryKind
from contracts.submissions import SubmissionStatus
from kernel.db.engine import make_engine
from kernel.delivery import rebuilding
from kernel.delivery.transaction import Database
from kernel.ids import derived
from kernel.local.postgres import PostgresServer
from kernel.testing.databases import Databases
from services.reporting.manifest import service
from services.reporting.tables import Base
from tests.services.reporting.samples.city import LINES, City
from tests.services.reporting.test_rebuild import logs

TABLES = (service.extras or {})["rebuilt"]


def life(city: City, months: int) -> Iterator[Event]:
    """Everything in the order in which it was said."""
    yield from city.standing()
    for month in range(1, months + 1):
        told = list(city.month(month))
        goals = {event.id: event for event in told if isinstance(event, targets.Target)}
        totals: dict[UUID, list[int]] = defaultdict(list)
        for work in (event for event in told if isinstance(event, submissions.Submission)):
            yield goals[work.target_id]
            waiting = {"accepted_quantity": None, "decided_by": None, "decided_at": None}
            yield work.model_copy(update=waiting | {"status": SubmissionStatus.SUBMITTED})
            yield work.model_copy(update={"version": 2})
            yield from _scored(work, totals[work.subject_id])
        yield _closing(city, month)


def _scored(work: submissions.Submission, points: list[int]) -> Iterator[Event]:
    """A point for each thing done, and the statement that adds them up."""
    line = next(line for line in LINES if line.id == work.indicator_id)
    points.append(int((work.accepted_quantity or 0) * 1000))
    yield scoring.Entry(
        id=derived("bench", "entry", work.id), version=1, seq=1, scheme_id=work.scheme_id, period_id=work.period_id,
        subject_kind=work.subject_kind, subject_id=work.subject_id, unit_id=work.unit_id, module=line.module,
        indicator_id=work.indicator_id, kind=EntryKind.TASK, points_milli=points[-1], rule_revision=1, source_event_id=work.id,
        submission_id=work.id, award_id=None, reason_zh="演示", reason_en="demonstration", actor_id=None,
        occurred_on=work.event_date,
    )  # fmt: skip
    total = sum(points)
    yield scoring.Statement(
        id=derived("bench", "statement", work.period_id, work.subject_id), version=len(points), scheme_id=work.scheme_id,
        period_id=work.period_id, subject_kind=work.subject_kind, subject_id=work.subject_id, unit_id=work.unit_id,
        modules=(scoring.ModulePoints(module=line.module, points_milli=total),), entries=len(points), entries_milli=total,
        own_milli=total, members_milli=None, members=0, total_milli=total,
    )  # fmt: skip


def _closing(city: City, month: int) -> scoring.Closing:
    period = city.period(month)
    at = period.cutoff_at + timedelta(days=10)
    return scoring.Closing(
        id=derived("bench", "closing", month), version=1, scheme_id=city.scheme_id, period_id=period.id,
        status=ClosingStatus.SEALED, trial_number=1, public_from=at, objections_until=at, sealed_at=at, seal_number=month,
        root_sha256=None,
    )  # fmt: skip


async def measure(server: PostgresServer, months: int) -> dict[str, Any]:
    databases = Databases(server)
    name = await databases.clone("reporting")
    db = Database(make_engine(databases.url(name, "reporting", owner=True), name="bench", pool_size=2))
    feeds = logs(list(life(City(), months)))
    async with db.transaction() as tx:
        await rebuilding.prepare(tx.session, Base.metadata, TABLES)
    say("replay …")
    pid = server.pid
    began, used, own = time.perf_counter(), used_s(pid), time.process_time()
    done = await rebuilding.replay(db, service.handlers, feeds)
    took, used, own = time.perf_counter() - began, used_s(pid) - used, time.process_time() - own
    await db.engine.dispose()
    return {
        "events": done.events, "events a second": done.events / took, "processor s": used, "of them this process's": own,
        "events a processor second": done.events / used,
    }  # fmt: skip


def main(months: int) -> None:
    with running(durable=False) as server:
        figures = asyncio.run(measure(server, months))
    figures = {n: round(v, 2) if isinstance(v, float) else v for n, v in figures.items()}
    record("rebuild", figures)
    for key, value in figures.items():
        print(f"{key}: {value}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
