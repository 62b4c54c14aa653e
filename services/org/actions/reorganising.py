"""Changes of the organisation by date: decided now, taken back until they take effect, carried out on their day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound, Problem
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.pinyin import initials
from services.org import messages
from services.org.actions.recording import record
from services.org.domain import reorganisation as rules
from services.org.domain.structure import StillInUse, path_of, place
from services.org.models import PostingRow, ReorganisationRow, UnitRow
from services.org.queries import reorganised, structure


class ReorganisationState(Conflict):
    code = "reorganisation-state"
    zh = "该机构调整当前状态为 {state},不能如此处理"
    en = "The reorganisation is {state}; this cannot be done"


async def plan(
    tx: Transaction, *, kind: str, unit_id: UUID, wish: dict[str, Any], effective_on: date, reason: str, today: date,
    by: Principal,
) -> ReorganisationRow:  # fmt: skip
    """Checked as if it took effect now; carried out at once if its day is today."""
    await tx.lock("organisation")
    rules.check_day(effective_on, today)
    unit = await structure.lock_unit(tx.session, unit_id)
    await _check(tx, unit, kind, wish)
    effects = await reorganised.effects(tx.session, unit, effective_on)
    row = ReorganisationRow(
        kind=kind, unit_id=unit_id, wish=wish, effective_on=effective_on, reason=reason, effects=effects,
        created_by=by.account_id,
    )  # fmt: skip
    tx.session.add(row)
    await tx.session.flush()
    await record(tx, "reorganisation", row.id, "planned", by=by, kind=kind, unit_id=unit_id, on=effective_on)
    if effective_on <= today:
        await carry_out(tx, row)
    return row


async def undo(tx: Transaction, reorganisation_id: UUID, *, by: Principal) -> ReorganisationRow:
    """Until it has taken effect."""
    row = await tx.session.get(ReorganisationRow, reorganisation_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.status != "planned":
        raise ReorganisationState(state=row.status)
    row.status = "undone"
    await record(tx, "reorganisation", row.id, "undone", by=by)
    await tx.session.flush()
    return row


async def due(tx: Transaction, today: date) -> list[UUID]:
    query = select(ReorganisationRow.id).where(
        ReorganisationRow.status == "planned", ReorganisationRow.effective_on <= today
    )
    return list(
        (await tx.session.scalars(query.order_by(ReorganisationRow.effective_on, ReorganisationRow.id))).all()
    )


async def carry_out_due(tx: Transaction, reorganisation_id: UUID) -> None:
    """One whose day has come; what has become impossible meanwhile is said so and waits for a person."""
    await tx.lock("organisation")
    row = await tx.session.get(ReorganisationRow, reorganisation_id, with_for_update=True)
    if row is None or row.status != "planned":
        return
    unit = await structure.lock_unit(tx.session, row.unit_id)
    try:
        await _check(tx, unit, row.kind, row.wish)
    except Problem as problem:
        row.status = "failed"
        row.failure = {"code": problem.code, "zh": problem.text("zh"), "en": problem.text("en")}
        return
    await carry_out(tx, row)


async def _check(tx: Transaction, unit: UnitRow, kind: str, wish: dict[str, Any]) -> None:
    rules.check_open(closed=unit.valid_to is not None or unit.deleted)
    if kind in {"move", "merge"}:
        target = await structure.lock_unit(tx.session, UUID(wish["into_unit_id"]))
        rules.check_target(unit.path, target.path, closed=target.valid_to is not None or target.deleted)
        parent_level = target.level if kind == "move" else None
        if parent_level is not None:
            place(unit.kind, parent_level)
        shift = (target.level + 1 if kind == "move" else target.level) - unit.level
        for below in await reorganised.below(tx.session, unit):
            place(below.kind, below.level + shift - 1)
    if kind == "close" and await structure.in_use(tx.session, unit.id, date.max):
        raise StillInUse


async def carry_out(tx: Transaction, row: ReorganisationRow) -> None:
    unit = await structure.lock_unit(tx.session, row.unit_id)
    await _ACTS[row.kind](tx, unit, row)
    row.status, row.applied_at = "effective", await tx.now()
    await record(tx, "reorganisation", row.id, "effective", by=None, kind=row.kind)
    await tx.session.flush()


async def _rename(tx: Transaction, unit: UnitRow, row: ReorganisationRow) -> None:
    unit.name, unit.initials = row.wish["name"], initials(row.wish["name"])
    await tx.publish(messages.unit, unit)


async def _move(tx: Transaction, unit: UnitRow, row: ReorganisationRow) -> None:
    target = await structure.unit(tx.session, UUID(row.wish["into_unit_id"]))
    await _hang(tx, [unit], target)


async def _hang(tx: Transaction, units: Sequence[UnitRow], parent: UnitRow) -> None:
    """The units with all below them under another parent: parents, levels and paths, told from the top."""
    for unit in units:
        subtree = [unit, *await reorganised.below(tx.session, unit)]
        cut, shift = len(unit.path), parent.level + 1 - unit.level
        path = path_of(unit.code, parent.path)
        for found in subtree:
            found.level, found.path = found.level + shift, path + found.path[cut:]
        unit.parent_id = parent.id
        await tx.publish_many(messages.unit, subtree)


async def _merge(tx: Transaction, unit: UnitRow, row: ReorganisationRow) -> None:
    """People, sub-units and authorities go on in the other unit; this one ends on the eve, and says where it went."""
    target = await structure.unit(tx.session, UUID(row.wish["into_unit_id"]))
    children = [u for u in await reorganised.below(tx.session, unit) if u.parent_id == unit.id]
    await _hang(tx, children, target)
    await transfer_all(
        tx,
        await reorganised.open_postings(tx.session, unit.id, row.effective_on),
        target.id,
        row.effective_on,
    )
    for authority, message in await reorganised.authorities(tx.session, unit.id):
        if authority.unit_id == unit.id:
            authority.unit_id = target.id
            await tx.publish(getattr(messages, message), authority)
    unit.valid_to = max(row.effective_on - timedelta(days=1), unit.valid_from)
    unit.merged_into = target.id
    await tx.publish(messages.unit, unit)


async def transfer_all(
    tx: Transaction, postings: Sequence[PostingRow], unit_id: UUID, on: date
) -> list[PostingRow]:
    """Each posting ends on the eve and goes on in the other unit; one that begins later simply begins there."""
    following = []
    for posting in postings:
        if posting.valid_from >= on:
            posting.unit_id = unit_id
            continue
        following.append(
            PostingRow(
                id=new_id(), officer_id=posting.officer_id, unit_id=unit_id, post=posting.post, kind=posting.kind,
                role_coefficient=posting.role_coefficient, is_primary=posting.is_primary, valid_from=on,
                valid_to=posting.valid_to, deleted=False,
            )
        )  # fmt: skip
        posting.valid_to = on - timedelta(days=1)
    await tx.publish_many(messages.posting, postings)  # those that end before those that begin
    tx.session.add_all(following)
    await tx.publish_many(messages.posting, following)
    return following


async def _split(tx: Transaction, unit: UnitRow, row: ReorganisationRow) -> None:
    """New units beside this one; the named officers go there, all others stay."""
    parent = await structure.unit(tx.session, unit.parent_id) if unit.parent_id else unit
    for part in row.wish["parts"]:
        fresh = UnitRow(
            id=new_id(), code=part["code"], name=part["name"], initials=initials(part["name"]), level=unit.level,
            kind=unit.kind, parent_id=parent.id, path=path_of(part["code"], parent.path), series_id=unit.series_id,
            lines=list(unit.lines), valid_from=row.effective_on, deleted=False, split_from=unit.id,
        )  # fmt: skip
        tx.session.add(fresh)
        await tx.publish(messages.unit, fresh)
        wanted = {UUID(officer) for officer in part["officer_ids"]}
        postings = await reorganised.open_postings(tx.session, unit.id, row.effective_on)
        await transfer_all(tx, [p for p in postings if p.officer_id in wanted], fresh.id, row.effective_on)


async def _close(tx: Transaction, unit: UnitRow, row: ReorganisationRow) -> None:
    unit.valid_to = max(row.effective_on - timedelta(days=1), unit.valid_from)
    await tx.publish(messages.unit, unit)


_ACTS = {"rename": _rename, "move": _move, "merge": _merge, "split": _split, "close": _close}
