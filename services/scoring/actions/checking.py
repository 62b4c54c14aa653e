"""Checks that go on by themselves, and their outcomes: written down for the auditor and for whoever closes a period."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prometheus_client import Gauge
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.delivery.transaction import Transaction
from kernel.errors import Invalid
from kernel.ids import new_id
from sealing.checkpoint import Checkpoint
from sealing.log import SealLog
from sealing.note import Note
from sealing.refusal import Refused
from sealing.trust import Trust
from services.scoring.actions.verdict import LISTED, Verdict
from services.scoring.domain.checks import SCORES, WITNESSED
from services.scoring.models import CheckRunRow, SealRow
from services.scoring.queries import sealed

LOG_SIZE = Gauge("kaohe_seal_log_size", "Entries of the seal log")
WITNESSED_SIZE = Gauge("kaohe_seal_witnessed_size", "Size of the newest checkpoint that a witness has signed")


class CheckpointUnreadable(Invalid):
    code = "checkpoint-unreadable"
    zh = "无法读取检查点:{reason}"
    en = "The checkpoint cannot be read: {reason}"


@dataclass(frozen=True, slots=True)
class Compared:
    """A checkpoint from elsewhere against the log as it is stored now. `root` is the log's own at that size, in hex."""

    size: int
    log_size: int
    agrees: bool
    root: str | None


async def write_run(
    tx: Transaction, name: str, looked_at: int, findings: list[dict[str, Any]], failures: int
) -> CheckRunRow:
    """The outcome of a check; the latest of a name is the one that counts."""
    row = CheckRunRow(
        id=new_id(), name=name, ended_at=await tx.now(), looked_at=looked_at, failures=failures, findings=findings[:LISTED]
    )  # fmt: skip
    tx.session.add(row)
    return row


async def write_verdict(tx: Transaction, verdict: Verdict) -> None:
    """The outcome of the verification of everything."""
    findings = list(verdict.differences)
    if verdict.chain_broken_at is not None:
        findings.insert(0, {"check": "chain", "what": str(verdict.chain_broken_at)})
    failures = verdict.different + (verdict.chain_broken_at is not None)
    looked_at = verdict.entries + verdict.statements + verdict.seals
    await write_run(tx, SCORES, looked_at, findings, failures)


async def compare_witnessed(tx: Transaction, trust: str, folder: Path | None) -> CheckRunRow:
    """The log against the checkpoints that trusted witnesses have signed: those given back to the platform, and those in
    the folder of what witnesses keep (`last.txt` of each). Written down.
    """
    known = Trust.parse(trust) if trust else None
    try:
        log = await _log(tx.session)
    except Refused as refused:
        broken = {"check": "log", "what": "seals", "found": str(refused)}
        return await write_run(tx, WITNESSED, 0, [broken], 1)
    rows = await tx.session.scalars(select(SealRow).order_by(SealRow.log_index))
    own = {f"seal {row.number}": (await sealed.note(tx.session, row)).source for row in rows.all()}
    theirs = await asyncio.to_thread(_kept, folder) if folder else {}
    findings: list[dict[str, Any]] = []
    looked_at = largest = 0
    for name, source in (own | theirs).items():
        try:
            note = Note.parse(source)
            checkpoint = Checkpoint.parse(note.text)
        except Refused as refused:
            findings.append({"check": "unreadable", "what": name, "found": str(refused)})
            continue
        if _witnessed(known, note):
            looked_at, largest = looked_at + 1, max(largest, checkpoint.size)
            compared = compare(log, checkpoint)
            if not compared.agrees:
                wanted = checkpoint.root.hex()
                findings.append(
                    {"check": "split-view", "what": name, "wanted": wanted, "found": compared.root}
                )
        elif name in theirs:
            findings.append({"check": "no-witness", "what": name, "found": checkpoint.size})
    if known and known.witnesses:  # who has none is not told every night that nobody has signed
        LOG_SIZE.set(log.size)
        WITNESSED_SIZE.set(largest)
    return await write_run(tx, WITNESSED, looked_at, findings, len(findings))


async def compare_text(session: AsyncSession, source: str) -> Compared:
    """A checkpoint as it was typed from a board or a receipt: three lines, with or without signatures."""
    try:
        checkpoint = Checkpoint.of_board(source.replace("\r\n", "\n"))
    except Refused as refused:
        raise CheckpointUnreadable(reason=str(refused)) from refused
    return compare(await _log(session), checkpoint)


def compare(log: SealLog, checkpoint: Checkpoint) -> Compared:
    """A larger one than the log, or one of another log, does not agree either: entries were lost, or never there."""
    there = checkpoint.size <= log.size
    root = log.checkpoint(checkpoint.size).root if there else None
    agrees = root == checkpoint.root and checkpoint.origin == log.origin
    return Compared(checkpoint.size, log.size, agrees, root.hex() if root else None)


def _kept(folder: Path) -> dict[str, str]:
    return {
        file.name: file.read_text(encoding="utf-8-sig", errors="replace").replace("\r\n", "\n")
        for file in sorted(folder.iterdir())
        if file.is_file()
    }


def _witnessed(trust: Trust | None, note: Note) -> bool:
    """By a listed witness; also by one who is in doubt since, because here more is asked, not less."""
    if trust is None:
        return False
    lines = [(key, line) for key in trust.witnesses if (line := note.signature_of(key))]
    return any(key.verifies(note.text, line.signature) for key, line in lines)


async def _log(session: AsyncSession) -> SealLog:
    """As stored. Raises `Refused` when the stored seals do not form a log."""
    first = await session.scalar(select(SealRow).order_by(SealRow.log_index).limit(1))
    if first is None:
        return SealLog("")
    return await sealed.log(session, first.checkpoint.split("\n", 1)[0])
