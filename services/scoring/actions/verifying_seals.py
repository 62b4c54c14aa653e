"""Every seal again from what lies below it: leaves, trees, log, signatures, ledger and statements (reliability.md D2.8)."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.ids import derived
from sealing.digests import SHA256, SM3
from sealing.keys import Key
from sealing.log import SealLog
from sealing.merkle import Tree
from sealing.refusal import Refused
from services.scoring.actions.verdict import Verdict
from services.scoring.domain.corrections import content_hash
from services.scoring.domain.leaves import LIMITS
from services.scoring.models import CorrectionRow, EntryRow, SealLeafRow, SealRow, StatementRow
from services.scoring.queries import sealed

PAGE = 1000


async def verify_seals(session: AsyncSession, verdict: Verdict, keys: tuple[Key, ...]) -> None:
    """`keys`: those whose signatures count here."""
    rows = (await session.scalars(select(SealRow).order_by(SealRow.log_index))).all()
    _log(rows, verdict)
    for row in rows:
        totals, lines = await _tree(session, row, verdict)
        if row.kind == "supplement":
            await _supplement(session, row, totals, lines, verdict)
        else:
            await _ledger(session, row, lines, verdict)
            await _statements(session, row, totals, verdict)
        await _signatures(session, row, keys, verdict)
    verdict.seals = len(rows)


def _log(rows: Any, verdict: Verdict) -> None:
    """Each seal follows the one before, and each checkpoint is that of the log up to there."""
    if not rows:
        return
    log = SealLog(json.loads(rows[0].statement).get("origin", ""))
    for row in rows:
        try:
            log.append(json.loads(row.statement))
        except Refused as error:
            verdict.differ("seal-log", row.number, "follows the seal before", str(error))
            return
        if log.head != row.statement_sha256 or log.checkpoint().text != row.checkpoint:
            verdict.differ("seal-log", row.number, log.checkpoint().text, row.checkpoint)


async def _tree(
    session: AsyncSession, row: SealRow, verdict: Verdict
) -> tuple[dict[str, int], dict[str, tuple[int, str]]]:
    """Both roots from the texts of the leaves. Gives subject → total and entry → (points, hash) as sealed."""
    sha256: list[bytes] = []
    sm3: list[bytes] = []
    totals: dict[str, int] = {}
    lines: dict[str, tuple[int, str]] = {}
    after = -1
    while page := (
        await session.execute(
            select(SealLeafRow.idx, SealLeafRow.subject, SealLeafRow.leaf)
            .where(SealLeafRow.seal_number == row.number, SealLeafRow.idx > after)
            .order_by(SealLeafRow.idx)
            .limit(PAGE)
        )
    ).all():
        for index, subject, text in page:
            after = index
            sha256.append(SHA256.leaf(text.encode()))
            sm3.append(SM3.leaf(text.encode()))
            leaf = json.loads(text)
            if "total_milli" in leaf:
                totals[subject] = leaf["total_milli"]
            for line in leaf.get("lines", ()):
                if line["reason_code"] != LIMITS:
                    lines[line["entry_id"]] = (line["points_milli"], line["content_hash"])
    roots = Tree(sha256).root.hex(), Tree(sm3, SM3).root.hex()
    stated = json.loads(row.statement)["tree"]
    wanted = stated["root_sha256"], stated["root_sm3"]
    if roots != wanted or wanted != (row.root_sha256, row.root_sm3) or len(sha256) != stated["size"]:
        verdict.differ("seal-tree", row.number, wanted[0], roots[0])
    return totals, lines


async def _ledger(
    session: AsyncSession, row: SealRow, lines: Mapping[str, tuple[int, str]], verdict: Verdict
) -> None:
    """The ledger's entries of the period are those that were sealed, none more, none other."""
    query = select(EntryRow.id, EntryRow.points_milli, EntryRow.hash).where(
        EntryRow.period_id == row.period_id
    )
    found = {str(key): (points, digest) for key, points, digest in await session.execute(query)}
    for key in sorted(lines.keys() | found.keys()):
        if lines.get(key) != found.get(key):
            verdict.differ("seal-ledger", key, lines.get(key), found.get(key))


async def _statements(
    session: AsyncSession, row: SealRow, totals: Mapping[str, int], verdict: Verdict
) -> None:
    query = select(StatementRow.subject_id, StatementRow.total_milli).where(
        StatementRow.period_id == row.period_id
    )
    found: dict[str, int] = {str(UUID(str(key))): total for key, total in await session.execute(query)}
    for key in sorted(totals.keys() | found.keys()):
        if totals.get(key) != found.get(key):
            verdict.differ("seal-statement", key, totals.get(key), found.get(key))


async def _supplement(
    session: AsyncSession,
    row: SealRow,
    totals: Mapping[str, int],
    lines: Mapping[str, tuple[int, str]],
    verdict: Verdict,
) -> None:
    """The correction that was signed is what was sealed, and what was posted for it where it counts."""
    found = await session.scalar(select(CorrectionRow).where(CorrectionRow.seal_number == row.number))
    if found is None:
        verdict.differ("seal-supplement", row.number, "a correction", None)
        return
    period = json.loads(row.statement)["period"]
    digest = content_hash(found.id, period, found.reason, found.lines)
    told = {
        str(derived("correction", found.id, number)): (line["points_milli"], digest)
        for number, line in enumerate(found.lines)
    }
    for key, wanted in told.items():
        if lines.get(key) != wanted:
            verdict.differ("seal-supplement", key, wanted, lines.get(key))
    after = {total["subject_id"]: total["after_milli"] for total in found.totals}
    if after != dict(totals):
        verdict.differ("seal-supplement", row.number, after, dict(totals))
    query = (
        select(EntryRow.points_milli).where(EntryRow.source_event_id == found.id).order_by(EntryRow.line_no)
    )
    posted = list(await session.scalars(query))
    if found.settled_period_id is not None and posted != [line["points_milli"] for line in found.lines]:
        verdict.differ("seal-supplement", found.id, found.lines, posted)


async def _signatures(session: AsyncSession, row: SealRow, keys: tuple[Key, ...], verdict: Verdict) -> None:
    try:
        note = await sealed.note(session, row)
    except Refused as error:
        verdict.differ("seal-signature", row.number, "signature lines", str(error))
        return
    for key in keys:
        signature = note.signature_of(key)
        if signature is not None and not key.verifies(note.text, signature.signature):
            verdict.differ("seal-signature", row.number, key.name, "does not verify")
    if not any(note.signature_of(key) for key in keys):
        verdict.differ("seal-signature", row.number, "a known key", "none")
