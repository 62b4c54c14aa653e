"""Runs errands: claimed one by one with SKIP LOCKED, watched by a heartbeat, taken over when a process died."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy import Row, func, or_, select, update

from contracts.envelope import Headers
from kernel.bells import Bell
from kernel.delivery.transaction import current_headers
from kernel.errands.asking import principal_of
from kernel.errands.running import Cancelled, Errand, Lost, Running
from kernel.errands.tables import ERRAND
from kernel.errors import Conflict, Findings, Problem, Unavailable
from kernel.ids import new_id
from kernel.runtime import Runtime

BELL = "errands"
AT_A_TIME = 2
POLL_S = 1.0
RETRY_S = 2.0
BEAT_S = 5.0
#: A process that has given no sign of life for so long is dead, or cut off from the database.
SILENCE = timedelta(seconds=30)
MOST_ATTEMPTS = 4

RUNS = Counter("kaohe_errand_runs", "Runs of errands that people asked for", ["service", "kind", "outcome"])
SECONDS = Histogram(
    "kaohe_errand_seconds", "How long a run of an errand took", ["service", "kind"],
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 900),
)  # fmt: skip
_NOW = func.clock_timestamp()
_log = structlog.get_logger(__name__)


class ErrandFailed(Unavailable):
    code = "errand-failed"
    zh = "任务多次未能完成,请联系系统管理员(编号 {errand})"
    en = "The errand could not be completed after several attempts; tell the operators (number {errand})"


class Worker:
    """Start once a process; any number of processes of one service share the work."""

    def __init__(
        self,
        runtime: Runtime,
        errands: tuple[Errand, ...],
        *,
        silence: timedelta = SILENCE,
        beat_s: float = BEAT_S,
    ) -> None:
        self._runtime, self._silence, self._beat_s = runtime, silence, beat_s
        self._errands = {errand.name: errand for errand in errands}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._runtime.bells.setdefault(BELL, Bell())
        for n in range(AT_A_TIME if self._errands else 0):
            name = f"{self._runtime.service}-errands-{n}"
            self._tasks.append(asyncio.create_task(self._forever(), name=name))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _forever(self) -> None:
        while True:
            try:
                if not await self.run_one():
                    await self._runtime.bells[BELL].wait(POLL_S)
            except Exception as error:  # noqa: BLE001 -- the database is away; tried again for ever
                _log.warning("errands_wait", service=self._runtime.service, error=repr(error)[:500])
                await asyncio.sleep(RETRY_S)

    async def run_one(self) -> bool:
        """Claim and run one errand that is due. False: there was none."""
        claim = new_id()
        row = await self._claim(claim)
        if row is None:
            return False
        began = asyncio.get_running_loop().time()
        run = asyncio.create_task(self._run(self._errands[row.kind], row, claim))
        heart = asyncio.create_task(self._beat(row.id, claim, run))
        try:
            await asyncio.wait({run})
        except asyncio.CancelledError:
            # The process is stopping: what is at work is given back, for another to take.
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)
            await self._settle(row.id, claim, state="waiting", attempts=ERRAND.c.attempts - 1)
            raise
        finally:
            heart.cancel()
            await asyncio.gather(heart, return_exceptions=True)
        outcome = "lost" if run.cancelled() else run.result()
        RUNS.labels(self._runtime.service, row.kind, outcome).inc()
        SECONDS.labels(self._runtime.service, row.kind).observe(asyncio.get_running_loop().time() - began)
        return True

    async def _claim(self, claim: UUID) -> Row[Any] | None:
        e = ERRAND.c
        due = or_(
            (e.state == "waiting") & (e.due_at <= _NOW),
            (e.state == "running") & (e.beat_at < _NOW - self._silence),
        )
        oldest = select(e.id).where(e.state.in_(["waiting", "running"]), e.kind.in_(self._errands), due)
        oldest = oldest.order_by(e.due_at).limit(1).with_for_update(skip_locked=True)
        statement = (
            update(ERRAND)
            .where(e.id == oldest.scalar_subquery())
            .values(
                state="running",
                claim=claim,
                attempts=e.attempts + 1,
                beat_at=_NOW,
                started_at=func.coalesce(e.started_at, _NOW),
            )
            .returning(e.id, e.kind, e.owner, e.headers, e.asked, e.mark, e.attempts)
        )
        async with self._runtime.db.transaction() as tx:
            return (await tx.session.execute(statement)).first()

    async def _run(self, errand: Errand, row: Row[Any], claim: UUID) -> str:
        current_headers.set(Headers.model_validate(row.headers))
        if row.attempts > MOST_ATTEMPTS:  # it took its process down with it, again and again
            return await self._fail(row.id, claim, ErrandFailed(errand=str(row.id)))
        running = Running(self._runtime, row.id, claim, principal_of(row.owner), row.asked, row.mark)
        try:
            await errand.run(running)
        except Lost:
            return "lost"
        except Cancelled:
            await self._settle(row.id, claim, state="cancelled", finished_at=_NOW)
            return "cancelled"
        except Exception as error:  # noqa: BLE001 -- a refusal is told; all else is logged and tried again
            return await self._failed(row, claim, error)
        return "done"

    async def _failed(self, row: Row[Any], claim: UUID, error: Exception) -> str:
        if isinstance(error, Problem) and not _passing(error):
            return await self._fail(row.id, claim, error)
        _log.warning("errand_failed", kind=row.kind, errand=str(row.id), error=repr(error)[:500])
        if row.attempts >= MOST_ATTEMPTS:
            return await self._fail(row.id, claim, ErrandFailed(errand=str(row.id)))
        await self._settle(row.id, claim, state="waiting", due_at=_NOW + timedelta(seconds=2**row.attempts))
        return "again"

    async def _fail(self, errand_id: UUID, claim: UUID, problem: Problem) -> str:
        items = problem.items if isinstance(problem, Findings) else ()
        told = {
            "code": problem.code,
            "zh": problem.text("zh"),
            "en": problem.text("en"),
            "items": [{"place": i.place, "code": i.code, "zh": i.zh, "en": i.en} for i in items],
        }
        await self._settle(errand_id, claim, state="failed", problem=told, finished_at=_NOW)
        return "failed"

    async def _settle(self, errand_id: UUID, claim: UUID, **values: Any) -> None:
        """No effect if the run has finished, or the errand was taken over: then the row says so itself."""
        async with self._runtime.db.transaction() as tx:
            mine = update(ERRAND).where(ERRAND.c.id == errand_id, ERRAND.c.claim == claim)
            await tx.session.execute(mine.values(values | {"claim": None}))

    async def _beat(self, errand_id: UUID, claim: UUID, run: asyncio.Task[str]) -> None:
        """Signs of life. A run whose errand was taken over, or that cannot give any, is stopped."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        mine = update(ERRAND).where(ERRAND.c.id == errand_id, ERRAND.c.claim == claim)
        while True:
            await asyncio.sleep(self._beat_s)
            try:
                async with self._runtime.db.transaction() as tx:
                    alive = await tx.session.scalar(mine.values(beat_at=_NOW).returning(ERRAND.c.id))
            except Exception:  # noqa: BLE001 -- another process takes over after the same silence
                alive = errand_id if loop.time() - last < self._silence.total_seconds() else None
            else:
                last = loop.time()
            if alive is None:
                run.cancel()
                return


def _passing(problem: Problem) -> bool:
    """Whether the same work may succeed another time: somebody else was at the same rows, or a server was away."""
    return isinstance(problem, Unavailable) or (isinstance(problem, Conflict) and problem.code == "busy")
