"""Periodic work of `scoring`."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time as at
from datetime import timedelta

import structlog

from kernel.figures import counting
from kernel.nightly import told
from kernel.runtime import Runtime
from kernel.scheduling import Job
from services.scoring.actions.chaining import check_chain
from services.scoring.actions.checking import compare_witnessed, write_run, write_verdict
from services.scoring.actions.closing_out import close_out
from services.scoring.actions.evaluating import score_due
from services.scoring.actions.rehashing import check_files, list_files
from services.scoring.actions.rolling_up import roll_up_due
from services.scoring.actions.scoring import score_again_due
from services.scoring.actions.settling import settle_due
from services.scoring.actions.verifying import verify
from services.scoring.actions.witnessing import trusted_keys
from services.scoring.domain.checks import CHAIN, WITNESSED
from services.scoring.queries.figures import FIGURES
from services.scoring.settings import ScoringSettings

LONGEST_REST_S = 30.0
_log = structlog.get_logger(__name__)


async def roll_up(runtime: Runtime) -> None:
    """Until nothing is due. A burst of postings is rolled up once, not once each."""
    while True:
        async with runtime.db.transaction() as tx:
            if not await roll_up_due(tx):
                return


async def score_by_plan(runtime: Runtime) -> None:
    """Until nothing is due, a period at a time. A burst of decisions is one evaluation, not one each."""
    while True:
        async with _as_long_a_rest():
            if not await score_due(runtime.db):
                return


async def score_again(runtime: Runtime) -> None:
    """Until no revised rule has anybody left, some hundred subjects a transaction."""
    while True:
        async with runtime.db.transaction() as tx:
            if not await score_again_due(tx):
                return


async def settle_standings(runtime: Runtime) -> None:
    """Until every period's standing is that of its facts, each in a transaction of its own."""
    while True:
        async with _as_long_a_rest(), runtime.db.transaction() as tx:
            if await settle_due(tx) is None:
                return


async def post_shortfalls(runtime: Runtime) -> None:
    """Until no period is due, each in a transaction of its own."""
    while True:
        async with runtime.db.transaction() as tx:
            if await close_out(tx) is None:
                return


async def verify_scores(runtime: Runtime) -> None:
    """Replay = ledger = statements, and every seal from its leaves to its signatures."""
    async with runtime.db.snapshot() as session:
        verdict = await verify(session, keys=trusted_keys(_settings(runtime).seal_trust))
    async with runtime.db.transaction() as tx:
        await write_verdict(tx, verdict)
    if not verdict.holds:
        _log.error(
            "scores_wrong",
            different=verdict.different,
            chain_broken_at=verdict.chain_broken_at,
            differences=verdict.differences[:5],
        )
    told(runtime, "scores", verdict.different + (verdict.chain_broken_at is not None))


async def check_ledger(runtime: Runtime) -> None:
    """The chain since the last time it was whole; what is broken stops the closings, as a nightly check does."""
    found = await check_chain(runtime.db)
    broken = [] if found.broken_at is None else [{"check": CHAIN, "what": str(found.broken_at)}]
    async with runtime.db.transaction() as tx:
        await write_run(tx, CHAIN, found.entries, broken, len(broken))
    if broken:
        _log.error("ledger_broken", seq=found.broken_at)
    told(runtime, CHAIN, len(broken))


async def compare_checkpoints(runtime: Runtime) -> None:
    """The seal log is still the one that witnesses have signed."""
    settings = _settings(runtime)
    async with runtime.db.transaction() as tx:
        row = await compare_witnessed(tx, settings.seal_trust, settings.seal_witnessed)
        wrong = row.failures
    if wrong:
        _log.error("checkpoints_disagree", count=wrong)
    told(runtime, WITNESSED, wrong)


async def list_closing_files(runtime: Runtime) -> None:
    await list_files(runtime)
    runtime.wake("check-closing-files")


async def check_closing_files(runtime: Runtime) -> None:
    """Every file of a period is hashed again between the beginning of its closing and its seal."""
    await check_files(runtime, _settings(runtime).evidence_copies)


@asynccontextmanager
async def _as_long_a_rest() -> AsyncIterator[None]:
    """After each piece of work a pause of its length: what comes in a burst comes together, and others get the processor."""
    began = time.perf_counter()
    yield
    await asyncio.sleep(min(time.perf_counter() - began, LONGEST_REST_S))


def _settings(runtime: Runtime) -> ScoringSettings:
    if not isinstance(runtime.settings, ScoringSettings):
        raise TypeError("scoring runs with the settings of another service")
    return runtime.settings


JOBS = (
    counting(FIGURES),
    Job("score-by-plan", score_by_plan, every=timedelta(seconds=1)),
    Job("score-again", score_again, every=timedelta(seconds=1)),
    Job("roll-up", roll_up, every=timedelta(seconds=1)),
    Job("settle-standings", settle_standings, every=timedelta(seconds=5)),
    Job("post-shortfalls", post_shortfalls, every=timedelta(seconds=5)),
    Job("check-ledger", check_ledger, every=timedelta(hours=1)),
    Job("verify-scores", verify_scores, daily=at(3, 30)),
    Job("compare-checkpoints", compare_checkpoints, daily=at(3, 50)),
    Job("list-closing-files", list_closing_files, every=timedelta(minutes=2)),
    Job("check-closing-files", check_closing_files, every=timedelta(seconds=30)),
)
