"""Units and series: made, changed, closed; never deleted."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from kernel.pinyin import initials
from services.org import messages
from services.org.actions.recording import record
from services.org.domain import structure as rules
from services.org.domain.postings import check_dates
from services.org.models import SeriesRow, UnitRow
from services.org.queries import structure


class SeriesTaken(Conflict):
    code = "series-code-taken"
    zh = "序列代码已被使用"
    en = "The series code is taken"


class SeriesMissing(NotFound):
    code = "series-not-found"
    zh = "没有这个序列"
    en = "There is no such series"


_UNIT = {"uq_unit_code": rules.CodeTaken, "ix_unit_path": rules.CodeTaken, "fk_unit_series_id": SeriesMissing}


@dataclass(frozen=True, slots=True)
class NewUnit:
    code: str
    name: str
    kind: str
    parent_id: UUID | None
    series_id: UUID | None
    lines: tuple[str, ...]
    valid_from: date


async def create_unit(tx: Transaction, wish: NewUnit, *, by: Principal) -> UnitRow:
    parent = await structure.lock_unit(tx.session, wish.parent_id) if wish.parent_id else None
    if parent is None:
        await tx.lock("root-unit")
        if await structure.root(tx.session):
            raise rules.RootExists
    row = UnitRow(
        code=wish.code,
        name=wish.name,
        initials=initials(wish.name),
        kind=wish.kind,
        level=rules.place(wish.kind, parent.level if parent else None),
        parent_id=wish.parent_id,
        path=rules.path_of(wish.code, parent.path if parent else None),
        series_id=wish.series_id,
        lines=list(wish.lines),
        valid_from=wish.valid_from,
    )
    tx.session.add(row)
    with conflicts({name: partial(problem, unit_code=wish.code) for name, problem in _UNIT.items()}):
        await tx.publish(messages.unit, row)
    await record(tx, "unit", row.id, "created", by=by, code=row.code, name=row.name)
    return row


async def change_unit(
    tx: Transaction, unit_id: UUID, *, version: int, name: str | None, series_id: UUID | None,
    lines: tuple[str, ...] | None, by: Principal,
) -> UnitRow:  # fmt: skip
    """What is None, or equal, stays; raises StaleVersion when somebody else was faster."""
    row = await structure.lock_unit(tx.session, unit_id)
    refuse_stale(row.version, version)
    before = {"name": row.name, "series_id": row.series_id, "lines": row.lines}
    row.name = name if name is not None else row.name
    row.initials = initials(row.name)
    row.series_id = series_id if series_id is not None else row.series_id
    row.lines = list(lines) if lines is not None else row.lines
    with conflicts({"fk_unit_series_id": SeriesMissing}):
        await tx.publish(messages.unit, row)
    after = {"name": row.name, "series_id": row.series_id, "lines": row.lines}
    await record(tx, "unit", row.id, "changed", by=by, before=before, after=after)
    return row


async def close_unit(tx: Transaction, unit_id: UUID, *, on: date, by: Principal) -> UnitRow:
    """The unit's last day; refused while sub-units or postings reach beyond it."""
    row = await structure.lock_unit(tx.session, unit_id)
    check_dates(row.valid_from, on)
    if await structure.in_use(tx.session, unit_id, on):
        raise rules.StillInUse
    row.valid_to = on
    await tx.publish(messages.unit, row)
    await record(tx, "unit", row.id, "closed", by=by, on=on)
    return row


async def create_series(
    tx: Transaction, *, code: str, name: str, subject_kind: str, by: Principal
) -> SeriesRow:
    row = SeriesRow(code=code, name=name, subject_kind=subject_kind)
    tx.session.add(row)
    with conflicts({"uq_series_code": SeriesTaken}):
        await tx.publish(messages.series, row)
    await record(tx, "series", row.id, "created", by=by, code=code, name=name)
    return row


async def rename_series(
    tx: Transaction, series_id: UUID, *, version: int, name: str, by: Principal
) -> SeriesRow:
    row = await structure.series(tx.session, series_id)
    if row is None:
        raise SeriesMissing
    refuse_stale(row.version, version)
    if row.name != name:
        before, row.name = row.name, name
        await tx.publish(messages.series, row)
        await record(tx, "series", row.id, "renamed", by=by, before=before, after=name)
    return row


class StaleVersion(Conflict):
    code = "stale-version"
    zh = "数据已被他人修改,请刷新后再试"
    en = "Somebody else has changed this meanwhile; reload and try again"


def refuse_stale(stored: int, seen: int) -> None:
    if stored != seen:
        raise StaleVersion
