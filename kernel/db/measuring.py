"""A pool that tells how long people wait for a connection, and statements that tell how long they took."""

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from typing_extensions import override

from kernel.observability import tracing
from kernel.observability.metrics import DEPENDENCY_CALLS, POOL_WAIT, POOL_WAITING

if TYPE_CHECKING:
    from kernel.observability.otlp import Span

_BEGAN, _SPAN = "kaohe_began", "kaohe_span"


class MeasuredPool(AsyncAdaptedQueuePool):
    """`service` is set by `measure`; before that nobody uses the pool."""

    service = "-"

    @override
    def _do_get(self) -> ConnectionPoolEntry:
        began, waiting = time.perf_counter(), POOL_WAITING.labels(self.service)
        waiting.inc()
        try:
            return super()._do_get()
        finally:
            waiting.dec()
            POOL_WAIT.labels(self.service).observe(time.perf_counter() - began)


def measure(engine: AsyncEngine, service: str) -> None:
    """From now on, every statement and every wait for a connection counts under this name."""
    if isinstance(engine.pool, MeasuredPool):
        engine.pool.service = service
    fine = DEPENDENCY_CALLS.labels(service, "database", "ok")
    failed = DEPENDENCY_CALLS.labels(service, "database", "failed")

    # SQLAlchemy hands over connection, cursor, statement, values, context, many.
    def begin(*given: Any) -> None:
        setattr(given[4], _BEGAN, time.perf_counter())
        setattr(given[4], _SPAN, _traced(given[2], service))

    def end(*given: Any) -> None:
        fine.observe(time.perf_counter() - getattr(given[4], _BEGAN))
        if (traced := getattr(given[4], _SPAN)) is not None:
            traced.end()

    def fail(context: ExceptionContext) -> None:
        began = getattr(context.execution_context, _BEGAN, None)
        if began is not None:
            failed.observe(time.perf_counter() - began)
        if (traced := getattr(context.execution_context, _SPAN, None)) is not None:
            traced.tell(failed=True)
            traced.end()

    target: Engine = engine.sync_engine
    event.listen(target, "before_cursor_execute", begin)
    event.listen(target, "after_cursor_execute", end)
    event.listen(target, "handle_error", fail)


def _traced(statement: str, service: str) -> "Span | None":
    """The statement as it is written, without the values that are bound to it."""
    if not tracing.on():
        return None
    verb = statement.split(None, 1)[0].upper() if statement.strip() else "SQL"
    return tracing.begin(
        f"{verb} {service}", db_system_name="postgresql", db_namespace=service, db_query_text=statement[:2000]
    )
