"""Asking for an errand, looking after it, taking what it brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Select, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.bus.canonical import plain
from kernel.db.paging import PageRequest, cut, keyset
from kernel.delivery.transaction import Transaction, current_headers
from kernel.errands.tables import ERRAND, FILE
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from kernel.ids import new_id

REMEMBERED = timedelta(days=90)
_LATEST = 100
_PRINCIPAL: TypeAdapter[Principal] = TypeAdapter(Principal)
_NOW = func.clock_timestamp()


class ErrandFinished(Conflict):
    code = "errand-finished"
    zh = "任务已结束"
    en = "The errand is over already"


class FileGone(NotFound):
    code = "errand-file-gone"
    zh = "文件不存在、已过期,或已取走"
    en = "There is no such file: never made, expired, or taken already"


@dataclass(frozen=True, slots=True)
class Produced:
    """A file that an errand brings. `once`: it is handed out a single time and then destroyed."""

    name: str
    media_type: str
    content: bytes
    once: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an errand stands; `total` is None while it is not known."""

    id: UUID
    kind: str
    state: str
    step: str
    done: int
    total: int | None
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_asked: bool
    file_name: str | None
    file_once: bool | None


async def ask(tx: Transaction, kind: str, asked: Mapping[str, Any], *, by: Principal) -> UUID:
    """The errand begins after the commit, with the rights that `by` has now."""
    errand_id = new_id()
    await tx.session.flush()
    await tx.session.execute(
        insert(ERRAND).values(
            id=errand_id,
            kind=kind,
            owner_id=by.account_id,
            owner=_PRINCIPAL.dump_python(by, mode="json"),
            headers=current_headers.get().model_dump(exclude_none=True),
            asked=plain(dict(asked)),
        )
    )
    return errand_id


def principal_of(owner: Any) -> Principal:
    """Who asked, as kept in the row."""
    return _PRINCIPAL.validate_python(owner)


async def look(session: AsyncSession, errand_id: UUID, *, owner_id: UUID) -> Standing:
    """Raises NotFound, also for somebody else's."""
    row = (
        (await session.execute(_shown().where(ERRAND.c.owner_id == owner_id, ERRAND.c.id == errand_id)))
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound
    return Standing(**row)


async def own(
    session: AsyncSession, page: PageRequest, *, owner_id: UUID, kind: str | None, state: str | None
) -> tuple[list[Standing], str | None]:
    """Newest first."""
    query = _shown().where(ERRAND.c.owner_id == owner_id)
    if kind is not None:
        query = query.where(ERRAND.c.kind == kind)
    if state is not None:
        query = query.where(ERRAND.c.state == state)
    rows = (await session.execute(keyset(query, [ERRAND.c.id], page, descending=True))).mappings().all()
    return cut([Standing(**row) for row in rows], page, lambda standing: [standing.id])


async def failed(session: AsyncSession) -> list[Standing]:
    """The latest of everybody's that failed, newest first."""
    query = _shown().where(ERRAND.c.state == "failed").order_by(ERRAND.c.id.desc()).limit(_LATEST)
    return [Standing(**row) for row in (await session.execute(query)).mappings()]


async def counts(session: AsyncSession) -> dict[str, int]:
    """State → how many of everybody's that are remembered."""
    query = select(ERRAND.c.state, func.count()).group_by(ERRAND.c.state)
    return {state: number for state, number in (await session.execute(query)).all()}  # noqa: C416 -- rows, typed


def _shown() -> Select[Any]:
    columns = [ERRAND.c[name] for name in Standing.__slots__ if name in ERRAND.c]
    return select(*columns, FILE.c.name.label("file_name"), FILE.c.once.label("file_once")).outerjoin(
        FILE, (FILE.c.errand_id == ERRAND.c.id) & (FILE.c.expires_at > _NOW)
    )


async def cancel(tx: Transaction, errand_id: UUID, *, owner_id: UUID) -> Standing:
    """One that waits is over at once; one at work stops at its next step. Raises ErrandFinished."""
    await look(tx.session, errand_id, owner_id=owner_id)
    waits = ERRAND.c.state == "waiting"
    changed = await tx.session.execute(
        update(ERRAND)
        .where(ERRAND.c.id == errand_id, ERRAND.c.state.in_(["waiting", "running"]))
        .values(
            cancel_asked=True,
            state=case((waits, "cancelled"), else_=ERRAND.c.state),
            finished_at=case((waits, _NOW)),
        )
        .returning(ERRAND.c.id)
    )
    if changed.first() is None:
        raise ErrandFinished
    return await look(tx.session, errand_id, owner_id=owner_id)


async def file_of(session: AsyncSession, errand_id: UUID, *, owner_id: UUID) -> Produced:
    """A file that may be fetched again; raises FileGone."""
    query = (
        select(FILE.c.name, FILE.c.media_type, FILE.c.content, FILE.c.once)
        .join(ERRAND, ERRAND.c.id == FILE.c.errand_id)
        .where(FILE.c.errand_id == errand_id, ERRAND.c.owner_id == owner_id, FILE.c.expires_at > _NOW)
        .where(FILE.c.once.is_(False))
    )
    row = (await session.execute(query)).mappings().first()
    if row is None:
        raise FileGone
    return Produced(**row)


async def take(tx: Transaction, errand_id: UUID, *, owner_id: UUID) -> Produced:
    """A file that is handed out once, destroyed by this very transaction; raises FileGone."""
    statement = (
        delete(FILE)
        .where(FILE.c.errand_id == errand_id, FILE.c.errand_id == ERRAND.c.id, ERRAND.c.owner_id == owner_id)
        .where(FILE.c.once, FILE.c.expires_at > _NOW)
        .returning(FILE.c.name, FILE.c.media_type, FILE.c.content, FILE.c.once)
    )
    row = (await tx.session.execute(statement)).mappings().first()
    if row is None:
        raise FileGone
    return Produced(**row)


async def unfinished(session: AsyncSession) -> int:
    """How many wait or are at work."""
    query = select(func.count()).where(ERRAND.c.state.in_(["waiting", "running"]))
    return int(await session.scalar(query) or 0)


async def forget_old(tx: Transaction) -> None:
    """Files past their time, and errands that ended three months ago."""
    await tx.session.execute(delete(FILE).where(FILE.c.expires_at < _NOW))
    await tx.session.execute(delete(ERRAND).where(ERRAND.c.finished_at < _NOW - REMEMBERED))
