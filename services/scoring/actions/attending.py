"""Attendance from a workbook: shown first, entered as differences, taken back if need be."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from contracts.scoring import EntryKind
from kernel.delivery.recusals import free_of, in_place_of, standing_of
from kernel.delivery.transaction import Transaction
from kernel.errors import Finding
from kernel.identity import Principal
from kernel.recusal import About, Recused
from kernel.workbooks.opening import open_workbook
from services.scoring.actions import planning
from services.scoring.actions.posting import lock_ledger
from services.scoring.domain import attendance as rules
from services.scoring.domain.attendance import (
    ChangedSince,
    ImportHasErrors,
    ImportState,
    ImportStateWrong,
    Line,
    Member,
    NothingRecognised,
    Sheets,
)
from services.scoring.models import AttendanceImportRow, AttendanceRow
from services.scoring.queries import attendance as queries
from services.scoring.queries import planned, subjects
from services.scoring.queries.attendance import Key

KEPT_ERRORS = 5000
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Understood:
    """The lines that can be entered, whom they are about, and what stands already."""

    found: Sheets
    members: dict[str, Member]
    standing: dict[Key, Decimal]

    def key(self, line: Line) -> Key:
        return self.members[line.number].officer_id, line.day, line.kind

    @property
    def fresh(self) -> list[Line]:
        """Lines that say something else than what stands."""
        return [
            line for line in self.found.lines if self.standing.get(self.key(line), NOTHING) != line.quantity
        ]


async def preview(
    tx: Transaction, *, file_name: str, content: bytes, today: date, by: Principal
) -> AttendanceImportRow:
    """Keep the workbook with what was understood of it; nothing is entered yet. Raises NothingRecognised."""
    understood = await _understand(tx, content, by, today)
    found, fresh = understood.found, understood.fresh
    changed = sum(understood.standing.get(understood.key(line), NOTHING) != NOTHING for line in fresh)
    row = AttendanceImportRow(
        file_name=file_name, sha256=hashlib.sha256(content).hexdigest(), workbook=content,
        status=ImportState.PREVIEWED, rows=found.rows, errors=found.errors[:KEPT_ERRORS],
        entered=len(fresh) - changed, changed=changed, unchanged=len(found.lines) - len(fresh),
        account_id=by.account_id, actor=by.name, created_at=await tx.now(),
    )  # fmt: skip
    tx.session.add(row)
    await tx.session.flush()
    return row


async def apply(
    tx: Transaction, import_id: UUID, *, good_only: bool, today: date, by: Principal
) -> AttendanceImportRow:
    """Everything again from the kept workbook, against what stands now. The same workbook twice enters nothing."""
    await lock_ledger(tx)
    row = await queries.an_import(tx.session, import_id, by, lock=True)
    if row.status != ImportState.PREVIEWED:
        raise ImportStateWrong(status=row.status)
    content = await tx.session.scalar(
        select(AttendanceImportRow.workbook).where(AttendanceImportRow.id == import_id)
    )
    understood = await _understand(tx, content or b"", by, today)
    if understood.found.errors and not good_only:
        raise ImportHasErrors(errors=len(understood.found.errors))
    now, fresh = await tx.now(), understood.fresh
    records = [
        AttendanceRow(
            import_id=row.id, officer_id=understood.members[line.number].officer_id,
            unit_id=understood.members[line.number].unit_id, day=line.day, kind=line.kind, quantity=line.quantity,
            before=understood.standing.get(understood.key(line), NOTHING), note=line.note, account_id=by.account_id, at=now,
        )
        for line in fresh
    ]  # fmt: skip
    tx.session.add_all(records)
    row.status, row.applied_at = ImportState.APPLIED, now
    row.changed = sum(record.before != NOTHING for record in records)
    row.entered, row.unchanged = len(fresh) - row.changed, len(understood.found.lines) - len(fresh)
    await _due(tx, records, row.id, by)
    return row


async def undo(tx: Transaction, import_id: UUID, *, today: date, by: Principal) -> AttendanceImportRow:
    """Each record gets back the quantity that it replaced. Raises ChangedSince if what stands is not what it entered."""
    await lock_ledger(tx)
    row = await queries.an_import(tx.session, import_id, by, lock=True)
    if row.status != ImportState.APPLIED:
        raise ImportStateWrong(status=row.status)
    records = await queries.rows_of(tx.session, import_id)
    abouts = [
        About("officer", officer_id, await subjects.unit_path(tx.session, unit_id))
        for officer_id, unit_id in {(r.officer_id, r.unit_id) for r in records}
    ]
    await free_of(tx, "scoring:award", *abouts, today=today, by=by)
    newest = await queries.newest(tx.session, [(r.officer_id, r.day, r.kind) for r in records])
    changed = sum(newest[r.officer_id, r.day, r.kind].quantity != r.quantity for r in records)
    sealed = await queries.sealed_spans(tx.session)
    changed += sum(any(first <= r.day <= last for first, last in sealed) for r in records)
    if changed:
        raise ChangedSince(count=changed)
    now = await tx.now()
    back = [
        AttendanceRow(
            import_id=row.id, officer_id=r.officer_id, unit_id=r.unit_id, day=r.day, kind=r.kind, quantity=r.before,
            before=r.quantity, note=r.note, account_id=by.account_id, at=now,
        )
        for r in records
    ]  # fmt: skip
    tx.session.add_all(back)
    row.status, row.undone_at = ImportState.UNDONE, now
    await _due(tx, back, row.id, by)
    return row


async def _understand(tx: Transaction, content: bytes, by: Principal, today: date) -> Understood:
    sheets = await asyncio.to_thread(open_workbook, content)
    found = await asyncio.to_thread(rules.read, sheets)
    if not found.recognised:
        raise NothingRecognised
    members = await queries.members(tx.session, {line.number for line in found.lines}, today, by)
    found = rules.match(found, members, await queries.sealed_spans(tx.session))
    await _refuse_barred(tx, found, members, by, today)
    wrong = list(rules.absences_on_leave(found.lines))
    for line in wrong:
        zh, en = "当日已按规定休假,不能记为旷工", "on protected leave that day, and so not absent"
        found.refuse(line.place, Finding("考勤类别", "absence-on-leave", zh, en), line.day)
    found.lines = [line for line in found.lines if line not in wrong]
    keys = [(members[line.number].officer_id, line.day, line.kind) for line in found.lines]
    standing = {key: one.quantity for key, one in (await queries.newest(tx.session, keys)).items()}
    return Understood(found, members, standing)


async def _refuse_barred(
    tx: Transaction, found: Sheets, members: Mapping[str, Member], by: Principal, today: date
) -> None:
    """Lines about oneself, or about somebody from whom one is recused, are left to somebody else."""
    standing, barred = await standing_of(tx.session, by, today=today), set()
    for number, member in members.items():
        try:
            about = About("officer", member.officer_id, member.path)
            in_place_of(standing, "scoring:award", about, by=by)
        except Recused:
            barred.add(number)
    for line in found.lines:
        if line.number in barred:
            found.refuse(line.place, Finding("警号", Recused.code, Recused.zh, Recused.en), line.number)
    found.lines = [line for line in found.lines if line.number not in barred]


async def _due(tx: Transaction, records: Sequence[Any], import_id: UUID, by: Principal) -> None:
    """Under every plan with attendance in it, in periods that are not sealed, the officers concerned."""
    await tx.session.flush()
    by_officer: dict[UUID, list[Any]] = {}
    for record in records:
        by_officer.setdefault(record.officer_id, []).append(record.day)
    for period in await planned.periods_by_plan(tx.session):
        binding = await planned.binding_of(tx.session, period.scheme_id)
        if binding is None or not binding.takes_attendance:
            continue
        since = planned.since(binding, period)
        for officer_id, days in sorted(by_officer.items()):
            here = [day for day in days if since <= day <= period.ends_on]
            if here:
                why = planning.Why(import_id, EntryKind.ATTENDANCE, max(here), actor_id=by.officer_id)
                await planning.due(tx, period.id, officer_id, why)
