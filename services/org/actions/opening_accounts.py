"""Accounts for a whole roster: an errand that hashes in threads, and brings slips to print once."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from kernel.db.copying import copy_rows
from kernel.db.patience import take_time
from kernel.delivery.transaction import Transaction
from kernel.errands.asking import Produced, ask
from kernel.errands.running import Running
from kernel.errors import Conflict
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.typesetting.press import typeset
from services.org.actions import hashing
from services.org.actions.accounts import ONE_TIME_LIFE
from services.org.actions.recording import record
from services.org.domain.passwords import one_time_password
from services.org.models import AccountRow, OfficerRow, PostingRow, UnitRow
from services.org.queries.people import primary_on
from services.org.queries.structure import like

OPEN = "open-accounts"
#: Hashed between two signs of progress.
CHUNK = 50
MOST = 20_000
SLIPS = Path(__file__).with_name("slips.typ")
_COLUMNS = (
    "id", "version", "username", "name", "officer_id", "status", "password_hash", "former_hashes", "password_changed_at",
    "must_change_password", "one_time_until", "totp_confirmed", "totp_step", "preferences",
)  # fmt: skip


class NobodyWithoutAccount(Conflict):
    code = "accounts-nobody"
    zh = "所选范围内没有未开通账号的人员"
    en = "Everybody in this scope has an account already"


async def start(tx: Transaction, *, under: str, by: Principal) -> UUID:
    """For everybody who serves in the subtree and has no account."""
    today = (await tx.now()).date()
    if (await tx.session.execute(_without(under, today).limit(1))).first() is None:
        raise NobodyWithoutAccount
    return await ask(tx, OPEN, {"under": under}, by=by)


async def run(running: Running) -> None:
    """The errand `open-accounts`. The passwords are in no table: only in the file that is handed out once."""
    db = running.runtime.db
    now = running.runtime.clock.now()
    async with db.reading() as session:
        officers = (await session.execute(_without(running.asked["under"], now.date()))).all()
    passwords, hashes = [one_time_password() for _ in officers], []
    for start_at in range(0, len(officers), CHUNK):
        await running.progress("hashing", start_at, len(officers))
        hashes += await hashing.hashed_all(passwords[start_at : start_at + CHUNK])
    until = now + ONE_TIME_LIFE
    await running.progress("printing", len(officers), len(officers))
    pdf = await typeset(SLIPS, _slips(officers, passwords, until, running), at=now)
    async with db.transaction() as tx:
        await take_time(tx.session)
        await tx.session.execute(
            select(OfficerRow.id).where(OfficerRow.id.in_([o.id for o in officers])).with_for_update()
        )
        rows = [_row(officer, digest, now, until) for officer, digest in zip(officers, hashes, strict=True)]
        await copy_rows(tx.session, AccountRow.__table__, _COLUMNS, rows)  # type: ignore[arg-type]
        await record(tx, "errand", running.id, "accounts-opened", by=running.by, accounts=len(rows))
        file = Produced("口令条.pdf", "application/pdf", pdf, once=True)
        await running.finish(tx, {"accounts": len(rows)}, file=file)


def _without(under: str, today: date) -> Any:
    return (
        select(OfficerRow.id, OfficerRow.police_number, OfficerRow.name, UnitRow.name.label("unit"))
        .join(PostingRow, primary_on(today))
        .join(UnitRow, UnitRow.id == PostingRow.unit_id)
        .outerjoin(AccountRow, AccountRow.officer_id == OfficerRow.id)
        .where(OfficerRow.status.in_(["in_service", "probation"]), AccountRow.id.is_(None))
        .where(UnitRow.path.like(like(under) + "%"))
        .order_by(UnitRow.path, OfficerRow.police_number)
        .limit(MOST)
    )


def _row(officer: Any, digest: str, now: datetime, until: datetime) -> tuple[Any, ...]:
    return (
        new_id(), 1, officer.police_number, officer.name, officer.id, "open", digest, "[]", now, True, until, False, 0, "{}",
    )  # fmt: skip


def _slips(
    officers: Sequence[Any], passwords: Sequence[str], until: datetime, running: Running
) -> dict[str, Any]:
    last = until.astimezone(running.runtime.zone)
    slips = [
        {"unit": officer.unit, "name": officer.name, "username": officer.police_number, "password": password}
        for officer, password in zip(officers, passwords, strict=True)
    ]
    return {"until": f"{last:%Y-%m-%d %H:%M}", "slips": slips}
