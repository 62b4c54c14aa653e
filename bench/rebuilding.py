"""A rebuild of `reporting` from the event logs: `python -m bench.rebuilding [months]`.

Of the example city's samples, every entry with its target, its submission (sent, then accepted) and the statement after it, as
they follow each other in the four logs; read from memory, so that the feeds cost nothing. Events by the second, on the clock and
of the processors of this process and of the database.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bench import record
from bench.server import running, say, used_s
from contracts import scoring, submissions, targets
from contracts.envelope import Event
from contracts.org import SubjectKind
from contracts.submissions import SubmissionStatus
from contracts.targets import TargetStatus
from kernel.db.engine import make_engine
from kernel.delivery import rebuilding
from kernel.delivery.transaction import Database
from kernel.ids import derived
from kernel.local.postgres import PostgresServer
from kernel.testing.databases import Databases
from services.reporting.manifest import service
from services.reporting.tables import Base
from tests.services.reporting.samples import City
from tests.services.reporting.test_rebuild import logs

TABLES = (service.extras or {})["rebuilt"]


def life(city: City, months: int) -> Iterator[Event]:
    """Everything in the order in which it was said."""
    yield from city.standing()
    for month in range(1, months + 1):
        entries, statements = city.month(month)
        figures = {statement.subject_id: statement for statement in statements}
        said: dict[Any, int] = {}
        for entry in entries:
            yield from _work(city, entry)
            yield entry
            said[entry.subject_id] = said.get(entry.subject_id, 0) + 1
            yield figures[entry.subject_id].model_copy(update={"version": said[entry.subject_id]})
        yield from (one for one in statements if one.subject_kind is SubjectKind.UNIT)
        yield city.closing(month)


def _work(city: City, entry: scoring.Entry) -> Iterator[Event]:
    period = next(p for p in (city.period(m) for m in range(1, 13)) if p.id == entry.period_id)
    indicator, target_id = derived("bench", "indicator"), derived("bench", "target", entry.id)
    yield targets.Target(
        id=target_id, version=1, scheme_id=entry.scheme_id, indicator_id=indicator, period_id=period.id,
        subject_kind=SubjectKind.OFFICER, subject_id=entry.subject_id, quantity=Decimal(1), parent_id=None,
        issuer_unit_id=city.root.id, unit_id=entry.unit_id, status=TargetStatus.ISSUED, issued_at=period.cutoff_at,
        acknowledged_at=None, acknowledged_by=None,
    )  # fmt: skip
    sent = submissions.Submission(
        id=derived("bench", "submission", entry.id), version=1, number=f"{period.code}-{entry.id}", scheme_id=entry.scheme_id,
        period_id=period.id, indicator_id=indicator, target_id=target_id, subject_kind=SubjectKind.OFFICER,
        subject_id=entry.subject_id, unit_id=entry.unit_id, event_date=period.starts_on, quantity=Decimal(1),
        accepted_quantity=None, summary="走访群众", case_number=None, evidence=(), status=SubmissionStatus.SUBMITTED, late=False,
        submitted_by=entry.subject_id, submitted_at=period.cutoff_at, authority_unit_id=None, reviewer_id=None,
        first_decided_by=None, decided_by=None, decided_at=None, decision_reason=None, decision_clause=None,
        notice_number=None, appeal_id=None,
    )  # fmt: skip
    yield sent
    accepted = {"version": 2, "status": SubmissionStatus.ACCEPTED, "accepted_quantity": Decimal(1)}
    yield sent.model_copy(update=accepted | {"decided_at": period.cutoff_at + timedelta(hours=1)})


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
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
