"""An errand at work: what its function is given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update

from kernel.bus.canonical import plain
from kernel.delivery.transaction import Transaction
from kernel.errands.asking import Produced
from kernel.errands.tables import ERRAND, FILE
from kernel.identity import Principal
from kernel.runtime import Runtime

KEPT = timedelta(days=7)
KEPT_ONCE = timedelta(hours=24)


class Cancelled(Exception):
    """Its owner has called it off."""


class Lost(Exception):
    """Another process has taken the errand over; whatever this one was about to commit must not be."""


@dataclass(frozen=True, slots=True)
class Running:
    """One run. `asked` is what it was asked with, `mark` what `keep` left at an earlier run."""

    runtime: Runtime
    id: UUID
    claim: UUID
    by: Principal
    asked: Mapping[str, Any]
    mark: Mapping[str, Any]

    async def progress(self, step: str, done: int = 0, total: int | None = None) -> None:
        """Tell how far it is, at once and outside of any other transaction. Raises Cancelled or Lost."""
        async with self.runtime.db.transaction() as tx:
            await self._update(tx, step=step, done=done, total=total)

    async def keep(self, tx: Transaction, mark: Mapping[str, Any]) -> None:
        """Remember, in this very transaction, how far the work is, for a run that has to go on from there.

        Raises Cancelled or Lost, so that nothing is done on behalf of a run that is over.
        """
        await self._update(tx, mark=plain(dict(mark)))

    async def finish(
        self, tx: Transaction, result: Mapping[str, Any], *, file: Produced | None = None
    ) -> None:
        """Done, if this transaction commits: effect and ending are one. Raises Cancelled or Lost."""
        now = func.clock_timestamp()
        await self._update(tx, state="done", result=plain(dict(result)), claim=None, finished_at=now)
        if file is not None:
            kept = KEPT_ONCE if file.once else KEPT
            await tx.session.execute(
                insert(FILE).values(
                    errand_id=self.id,
                    name=file.name,
                    media_type=file.media_type,
                    content=file.content,
                    once=file.once,
                    expires_at=now + kept,
                )
            )

    async def _update(self, tx: Transaction, **values: Any) -> None:
        await tx.session.flush()
        statement = update(ERRAND).where(ERRAND.c.id == self.id, ERRAND.c.claim == self.claim)
        row = (await tx.session.execute(statement.values(values).returning(ERRAND.c.cancel_asked))).first()
        if row is None:
            raise Lost
        if row.cancel_asked:
            raise Cancelled


@dataclass(frozen=True, slots=True)
class Errand:
    """A kind of errand that a service can run: its name, what people read, what it does.

    `run` ends with `finish`, in the transaction that has the effect. After a crash it is run again from the beginning;
    effects in earlier transactions go with `keep`, so that they are not made twice. A Problem that it raises is told to
    the owner; anything else is tried again, later and later, four times in all.
    """

    name: str
    zh: str
    en: str
    run: Callable[[Running], Awaitable[None]]
