"""From an accepted submission to the changed statement, one at a time, unloaded: `python -m bench.posting`.

In a city of 10,000 officers with 100,000 pieces of work. Counted from the event's commit in the inbox: hearing it, the rule or
plan, the entry with its chain, the officer's statement, their events. Under a plan that ranks, everybody is evaluated.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bench import record
from bench.city import INDICATORS, OFFICERS, PERIOD, SCHEME, STATIONS
from bench.closing import prepare
from bench.server import running, say
from kernel.db.engine import make_engine
from kernel.delivery.applier import Applier
from kernel.delivery.transaction import Database
from kernel.local.postgres import PostgresServer
from services.scoring.actions.evaluating import score_due
from services.scoring.actions.scoring import score_again, score_again_due
from services.scoring.handlers import handlers

FACTS, TIMES, GROUP_TIMES = 100_000, 300, 2
#: Postings before the watch is set: connections, statements and the rules are read once.
WARMING = 10
PERCENT = 100
_RECORD = text(
    "INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, headers,"
    " created_at) VALUES ('scoring', 'submissions', gen_random_uuid(), 1, :seq, '', '', 'submissions.submission.v1', :key,"
    " :body, '{}', now())"
)


def plan(*, ranked: bool) -> dict[str, Any]:
    """Points for the cases of twenty indicators; ranked: and three for the first of all."""
    nodes: dict[str, Any] = {
        f"n{i}": {"type": "ratio", "actual": f"f{i}", "target": "10", "full": "5"} for i in range(INDICATORS)
    }
    parts = [f"n{i}" for i in range(INDICATORS)]
    whole = {"not_applicable": "zero", "missing": "zero"}
    nodes["work"] = {"type": "combine", "parts": parts} | whole
    if ranked:
        nodes["place"] = {"type": "rank_points", "of": "work", "places": ["3", "2", "1"], "otherwise": "0"}
    nodes["total"] = {"type": "combine", "parts": ["work", *(["place"] if ranked else [])]} | whole
    regulation = {"format": "kaohe/plan/1", "name": "bench", "nodes": nodes, "total": "total"}
    sources = {f"f{i}": {"indicator": f"Z{i}"} for i in range(INDICATORS)}
    return {"plan": regulation, "sources": sources, "rest": "mod_business"}


def submission(n: int) -> str:
    officer = n * 37 % OFFICERS
    return json.dumps(
        {
            "id": _id(8, n), "version": 3, "number": str(n), "scheme_id": str(SCHEME), "period_id": str(PERIOD),
            "indicator_id": _id(5, n % INDICATORS), "target_id": _id(9, 0), "subject_kind": "officer",
            "subject_id": _id(3, officer), "unit_id": _id(2, officer % STATIONS), "event_date": "2026-11-12",
            "quantity": "1", "accepted_quantity": "1", "summary": "破获一起案件", "case_number": None, "evidence": [],
            "status": "accepted", "late": False, "submitted_by": None, "submitted_at": "2026-11-12T04:00:00Z",
            "authority_unit_id": None, "reviewer_id": None, "first_decided_by": None, "decided_by": None,
            "decided_at": "2026-11-12T05:00:00Z", "decision_reason": None, "decision_clause": None, "notice_number": None,
            "appeal_id": None,
        }
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the wall, and of them those in which this process worked itself."""

    wall: float
    own: float


async def post_one(db: Database, applier: Applier, n: int, *, ranked: bool) -> Took:
    """What it took until the statement was another one."""
    async with db.engine.begin() as connection:
        await connection.execute(_RECORD, {"seq": FACTS + n + 1, "key": f"b{n}", "body": submission(n)})
    before = await _statement(db, n)
    began, worked = time.perf_counter(), time.process_time()
    await applier.apply_due()
    if ranked:
        await score_due(db)
    took = Took(time.perf_counter() - began, time.process_time() - worked)
    if not await _statement(db, n) > before:
        raise AssertionError(f"the statement did not change: {await _why_not(db)}")
    return took


async def _statement(db: Database, n: int) -> int:
    query = text("SELECT version FROM statement WHERE subject_id = :subject AND period_id = :period")
    async with db.engine.connect() as connection:
        return int(
            await connection.scalar(query, {"subject": _id(3, n * 37 % OFFICERS), "period": PERIOD}) or 0
        )


async def _why_not(db: Database) -> Any:
    query = text("SELECT state, last_error FROM bus.inbox WHERE state <> 'applied' LIMIT 1")
    async with db.engine.connect() as connection:
        return (await connection.execute(query)).one_or_none()


async def _use(db: Database, body: dict[str, Any]) -> None:
    async with db.engine.begin() as connection:
        await connection.execute(
            text("UPDATE scheme SET plan = CAST(:plan AS jsonb)"), {"plan": json.dumps(body)}
        )


async def revise(db: Database) -> tuple[int, float, float]:
    """A rule revised for everybody: how many moved, seconds in all, and the longest that others wait for the ledger."""
    before, began = await _entries(db), time.perf_counter()
    async with db.engine.begin() as connection:
        await connection.execute(
            text('UPDATE indicator SET rule = \'{"type": "events", "each": "0.7"}\', revision = 2')
        )
    async with db.transaction() as tx:
        start = time.perf_counter()
        await score_again(tx, UUID(_id(5, 0)), UUID(int=77))
    longest = time.perf_counter() - start
    more = True
    while more:
        start = time.perf_counter()
        async with db.transaction() as tx:
            more = await score_again_due(tx)
        longest = max(longest, time.perf_counter() - start)
    whole = time.perf_counter() - began
    return await _entries(db) - before, whole, longest


async def _entries(db: Database) -> int:
    async with db.engine.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM ledger_entry")) or 0)


async def least(db: Database) -> float:
    """Seconds of one row changed and committed, the least that any posting can take."""
    began = time.perf_counter()
    await db.barrier()
    return time.perf_counter() - began


async def measure(url: str) -> dict[str, float]:
    db = Database(make_engine(url, name="bench", pool_size=4))
    applier = Applier(db, "scoring", handlers, workers=1)
    goal = text(
        "INSERT INTO target (id, version, indicator_id, period_id, subject_kind, subject_id, quantity, status)"
        " VALUES (:id, 1, :indicator, :period, 'officer', :subject, 10, 'issued')"
    )
    async with db.engine.begin() as connection:
        known = {"id": _id(9, 0), "indicator": _id(5, 0), "period": PERIOD, "subject": _id(3, 0)}
        await connection.execute(goal, known)
    found: dict[str, float] = {}
    say(f"{TIMES} postings by rule …")
    for n in range(WARMING):
        await post_one(db, applier, n, ranked=False)
    commits = [await least(db) for _ in range(TIMES)]
    by_rule = [await post_one(db, applier, n, ranked=False) for n in range(WARMING, TIMES)]
    found |= _figures("by_rule", by_rule)
    found["empty_commit_p50_ms"] = _ms(statistics.median(commits))
    moved, whole, longest = await revise(db)
    found |= {"rule_revised_for": moved, "rule_revised_s": round(whole, 1)}
    found["longest_wait_for_the_ledger_s"] = round(longest, 2)
    say(f"{TIMES} postings by plan …")
    await _use(db, plan(ranked=False))
    for n in range(TIMES, TIMES + WARMING):
        await post_one(db, applier, n, ranked=False)
    by_plan = [await post_one(db, applier, n, ranked=False) for n in range(TIMES + WARMING, 2 * TIMES)]
    found |= _figures("by_plan", by_plan)
    say(f"{GROUP_TIMES} postings under a plan that ranks …")
    await _use(db, plan(ranked=True))
    await post_one(db, applier, 2 * TIMES, ranked=True)  # the first posts everybody's rank
    group = [await post_one(db, applier, 2 * TIMES + 1 + n, ranked=True) for n in range(GROUP_TIMES)]
    found["by_plan_with_ranks_of_10000_s"] = round(statistics.median(t.wall for t in group), 1)
    await db.engine.dispose()
    return found


def _figures(name: str, took: Sequence[Took]) -> dict[str, float]:
    return {
        f"{name}_p50_ms": _ms(statistics.median(each.wall for each in took)),
        f"{name}_p99_ms": _ms(_p99([each.wall for each in took])),
        f"{name}_own_processor_p99_ms": _ms(_p99([each.own for each in took])),
    }


def _p99(times: list[float]) -> float:
    return sorted(times)[len(times) * (PERCENT - 1) // PERCENT]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _id(kind: int, n: int) -> str:
    return f"00000000-0000-0000-{kind:04x}-{n:012x}"


def main() -> None:
    with running(durable=True) as server:
        found = asyncio.run(_all(server))
    record("posting", found)
    for name, value in found.items():
        print(f"{name}: {value}")


async def _all(server: PostgresServer) -> dict[str, float]:
    return await measure(await prepare(server, FACTS))


if __name__ == "__main__":
    main()
