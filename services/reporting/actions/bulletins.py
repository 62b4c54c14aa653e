"""Bulletins: drafted from figures, edited, sent for signature, issued under a number, recalled, acknowledged."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.delivery.transaction import Transaction
from kernel.errors import Invalid
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.pinyin import initials
from services.reporting.domain.bulletin import (
    BulletinState,
    BulletinStateWrong,
    FiguresMoved,
    SameSigner,
    move,
)
from services.reporting.domain.report import BulletinKind, report_of
from services.reporting.domain.versions import VersionKind
from services.reporting.models import BulletinReceiptRow, BulletinRow, BulletinStepRow
from services.reporting.queries import bulletins as queries
from services.reporting.queries.compiling import compile_report
from services.reporting.queries.drafting import Wanted
from services.reporting.queries.standings import Pin
from services.reporting.settings import House

CALENDAR = "系统 / calendar"


class BlockUnknown(Invalid):
    code = "bulletin-block-unknown"
    zh = "没有可编辑的段落 {block}"
    en = "There is no editable block {block}"


async def draft(
    tx: Transaction, wanted: Wanted, *, by: Principal | None, occasion: str | None = None
) -> BulletinRow:
    """A draft of the figures as they are in the wanted state. `by` None: made by the calendar, for its occasion."""
    made = await compile_report(tx.session, wanted)
    report, unit = made.report, made.issuer
    row = BulletinRow(
        kind=wanted.kind, scheme_id=wanted.scheme_id, period_id=wanted.period_id, figures=wanted.figures,
        version_ids=[str(version) for version in made.versions], unit_id=unit.id, unit_path=unit.path, title=report.title,
        content=report.to_data(), data_digest=report.data_digest, state=BulletinState.DRAFT, word=wanted.house.word,
        year=int(report.last_day[:4]), number=None, drafted_by=by.account_id if by else None, sent_by=None,
        signed_by=None, signer=None, issued_on=None, recall_reason=None, week_of=wanted.week_of,
        campaign_id=wanted.campaign_id, basis=_basis(made.pin), occasion=occasion,
        initials=initials(report.title),
    )  # fmt: skip
    if by is not None:
        queries.require(by, "reporting:bulletin", row)
    tx.session.add(row)
    await tx.session.flush()
    await tx.session.refresh(row, ["created_at"])
    await _step(tx, row, "draft", by)
    return row


def _basis(pin: Pin) -> dict[str, Any]:
    setting = None if pin.setting_id is None else str(pin.setting_id)
    return {"versions": sorted(str(version) for version in pin.versions), "setting": setting}


async def edit(
    tx: Transaction, bulletin_id: UUID, *, title: str | None, addressees: str | None, copies: str | None,
    texts: Mapping[str, str], by: Principal,
) -> BulletinRow:  # fmt: skip
    """Words only: tables and charts stay what the figures are."""
    row = await _locked(tx, bulletin_id, "reporting:bulletin", "edit", by)
    try:
        report = report_of(row.content).with_texts(texts)
    except KeyError as error:
        raise BlockUnknown(block=error.args[0]) from error
    changed = report.to_data()
    for name, value in (("title", title), ("addressees", addressees), ("copies", copies)):
        if value is not None:
            changed[name] = value
    row.content, row.title, row.initials = changed, changed["title"], initials(changed["title"])
    await _step(tx, row, "edit", by)
    return row


async def refresh(
    tx: Transaction, bulletin_id: UUID, *, figures: VersionKind | None, house: House, by: Principal
) -> BulletinRow:
    """The same words over the newest figures, perhaps of another state."""
    row = await _locked(tx, bulletin_id, "reporting:bulletin", "refresh", by)
    row.figures = figures or row.figures
    made = await compile_report(tx.session, wanted_of(row, house))
    fresh = report_of(row.content).with_figures_of(made.report)
    row.content, row.data_digest = fresh.to_data(), fresh.data_digest
    row.version_ids, row.basis = [str(version) for version in made.versions], _basis(made.pin)
    await _step(tx, row, "refresh", by)
    return row


async def send(tx: Transaction, bulletin_id: UUID, *, house: House, by: Principal) -> BulletinRow:
    """For signature; refused while its figures are not the newest of their state."""
    row = await _locked(tx, bulletin_id, "reporting:bulletin", "send", by)
    if not await is_current(tx.session, row, house):
        raise FiguresMoved
    row.state, row.sent_by = move(row.state, "send"), by.account_id
    await _step(tx, row, "send", by)
    return row


async def give_back(tx: Transaction, bulletin_id: UUID, *, reason: str, by: Principal) -> BulletinRow:
    row = await _locked(tx, bulletin_id, "reporting:sign", "return", by)
    row.state, row.sent_by = move(row.state, "return"), None
    await _step(tx, row, "return", by, reason)
    return row


async def sign(tx: Transaction, bulletin_id: UUID, *, today: date, by: Principal) -> BulletinRow:
    """Issue it: it gets the next number of its year. Never by whoever sent it."""
    row = await _locked(tx, bulletin_id, "reporting:sign", "sign", by)
    if row.sent_by == by.account_id:
        raise SameSigner
    await tx.lock("bulletin-number", row.word, str(today.year))
    last = await tx.session.scalar(
        select(func.max(BulletinRow.number)).where(
            BulletinRow.word == row.word, BulletinRow.year == today.year
        )
    )
    row.state, row.year, row.number = move(row.state, "sign"), today.year, (last or 0) + 1
    row.signed_by, row.signer, row.issued_on = by.account_id, by.name, today
    await _step(tx, row, "sign", by)
    return row


async def recall(tx: Transaction, bulletin_id: UUID, *, reason: str, by: Principal) -> BulletinRow:
    """The number stays used; the paper stays readable, marked as recalled."""
    row = await _locked(tx, bulletin_id, "reporting:sign", "recall", by)
    row.state, row.recall_reason = move(row.state, "recall"), reason
    await _step(tx, row, "recall", by, reason)
    return row


async def acknowledge(tx: Transaction, bulletin_id: UUID, *, by: Principal) -> BulletinRow:
    """签收, once a person."""
    row = await queries.bulletin(tx.session, bulletin_id, by)
    if row.state != BulletinState.ISSUED:
        raise BulletinStateWrong(state=row.state)
    receipt = {
        "bulletin_id": row.id, "account_id": by.account_id, "name": by.name, "unit_id": by.unit_id, "at": await tx.now(),
    }  # fmt: skip
    await tx.session.execute(insert(BulletinReceiptRow).values(receipt).on_conflict_do_nothing())
    return row


async def is_current(session: AsyncSession, row: BulletinRow, house: House) -> bool:
    """Whether the newest figures of its state give the very same tables."""
    return await newest_digest(session, row, house) == row.data_digest


async def newest_digest(session: AsyncSession, row: BulletinRow, house: House) -> str:
    """Of the tables and charts made of the newest figures of its state."""
    return (await compile_report(session, wanted_of(row, house))).report.data_digest


async def recreated(session: AsyncSession, row: BulletinRow, house: House) -> str:
    """Of the tables and charts made anew from what it was made of then. Live figures are those of now."""
    wanted = wanted_of(row, house)
    if row.basis is not None and wanted.figures is not VersionKind.LIVE:
        setting = row.basis["setting"]
        pin = Pin(frozenset(map(UUID, row.basis["versions"])), UUID(setting) if setting else None)
        wanted = replace(wanted, pin=pin)
    return (await compile_report(session, wanted)).report.data_digest


def wanted_of(row: BulletinRow, house: House) -> Wanted:
    return Wanted(
        BulletinKind(row.kind), row.scheme_id, row.period_id, VersionKind(row.figures), house, row.week_of,
        row.campaign_id,
    )  # fmt: skip


async def _locked(
    tx: Transaction, bulletin_id: UUID, permission: str, action: str, by: Principal
) -> BulletinRow:
    row = await queries.bulletin(tx.session, bulletin_id, by, lock=True)
    queries.require(by, permission, row)
    move(row.state, action)
    return row


async def _step(
    tx: Transaction, row: BulletinRow, action: str, by: Principal | None, reason: str | None = None
) -> None:
    tx.session.add(
        BulletinStepRow(
            id=new_id(), bulletin_id=row.id, at=await tx.now(), account_id=by.account_id if by else None,
            actor=by.name if by else CALENDAR, action=action, reason=reason, data_digest=row.data_digest,
        )
    )  # fmt: skip
