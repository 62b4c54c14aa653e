"""Sealing a period (封存): two signatures, everything computed once more, one tree, one entry of the seal log."""

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prometheus_client import Histogram
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.bus.canonical import plain
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict
from kernel.identity import Principal
from sealing.checkpoint import Checkpoint
from sealing.keys import Signer
from sealing.log import SealLog
from sealing.merkle import Tree
from sealing.note import Note
from sealing.profile import encode
from sealing.statements import (
    LedgerHead,
    SealFacts,
    Software,
    StreamHead,
    TreeHead,
    leaf_hash,
    seal_statement,
)
from services.scoring.actions.closing import current_trial, locked, settle
from services.scoring.actions.leaves import Leaves, gather
from services.scoring.actions.verdict import Verdict
from services.scoring.actions.verifying import chain_checked, verify
from services.scoring.domain.closing import (
    ClosingBlocked,
    ClosingState,
    TrialDiffers,
    TrialOutdated,
    move,
    refuse_blocked,
    refuse_open_window,
    refuse_same_signature,
)
from services.scoring.domain.ledger import GENESIS
from services.scoring.models import ClosingRow, SealRow, SealSignatureRow
from services.scoring.queries import checks, sealed, told
from services.scoring.queries import closing as closings
from services.scoring.queries import sealing as queries
from services.scoring.queries.told import Sources
from services.scoring.replicas import PeriodReplica

SEAL_SECONDS = Histogram(
    "kaohe_seal_duration_seconds", "Time of sealing a period", buckets=(0.1, 0.5, 1, 5, 15, 30, 60, 120)
)  # fmt: skip


class SealKeyMissing(Conflict):
    code = "seal-key-missing"
    zh = "本平台尚未配置封存密钥"
    en = "This platform has no key to seal with"


class SealKeyUntrusted(Conflict):
    code = "seal-key-untrusted"
    zh = "封存密钥 {key} 不在可信公钥清单上,或已声明泄露"
    en = "The key {key} is not on the list of trusted keys, or is declared compromised"


@dataclass(frozen=True, slots=True)
class Sealer:
    """The log's name and key, and what is known of the software that seals. `trusted`: by this deployment's own list."""

    signer: Signer
    version: str
    commit: str
    trusted: bool = True

    @property
    def origin(self) -> str:
        return self.signer.name

    @property
    def software(self) -> Software:
        return {"version": self.version, "commit": self.commit, "image_digest": None}


def ready(sealer: Sealer | None) -> Sealer:
    """Whom to seal with. Raises SealKeyMissing, SealKeyUntrusted: nobody could verify what such a key signs."""
    if sealer is None:
        raise SealKeyMissing
    if not sealer.trusted:
        raise SealKeyUntrusted(key=f"{sealer.origin}+{sealer.signer.key.key_id.hex()}")
    return sealer


async def approve(
    tx: Transaction, beside: AsyncSession, period_id: UUID, *, sealer: Sealer | None, by: Principal
) -> ClosingRow:
    """The first signature waits for the second, by somebody else; the second one seals.

    `beside` reads what nobody changes while the ledger is locked. It has its connection before the lock is asked for: whoever
    waits for the ledger has one too, and there may be none left.
    """
    row = await locked(tx, period_id, by, "scoring:seal")
    move(row.status, ClosingState.SEALED)
    sealer = ready(sealer)
    now = await tx.now()
    refuse_open_window(now, row.objections_until)
    refuse_blocked(await closings.checks(tx.session, period_id))
    trial = await current_trial(tx, row)
    if trial.number != row.trial_number:
        raise TrialOutdated
    if row.approved_by is None:
        row.approved_by, row.approved_at = by.account_id, now
        return await settle(tx, row, "approve", by=by, now=now)
    refuse_same_signature(row.approved_by, by.account_id)
    read = await told.read(tx.session, period_id, queries.told_heads(await queries.stream_heads(tx.session)))
    verdict = await _verified(tx, beside, period_id, read)
    if not verdict.holds:
        raise TrialDiffers(different=verdict.different or 1)
    await _seal(tx, row, sealer, read, people=(row.approved_by, by.account_id), now=now)
    return await settle(tx, row, "seal", by=by, now=now)


async def _verified(tx: Transaction, beside: AsyncSession, period_id: UUID, read: Sources) -> Verdict:
    """The figures by one processor, the hashes of the whole ledger by another."""
    chain = asyncio.create_task(chain_checked(beside))
    try:
        verdict = await verify(tx.session, period_id, chain=False, told=read)
    finally:
        broken, entries = await chain
    verdict.chain_broken_at, verdict.entries = broken, entries
    return verdict


async def _seal(
    tx: Transaction,
    row: ClosingRow,
    sealer: Sealer,
    read: Sources,
    *,
    people: tuple[UUID, UUID],
    now: datetime,
) -> None:
    began = time.perf_counter()
    period = await closings.period(tx.session, row.period_id)
    log = await sealed.log(tx.session, sealer.origin)
    number = log.size + 1
    leaves = await gather(tx.session, period, read, number=number, deployment=sealer.origin, salt=_salt)
    if await checks.unsound_of_the_seal(tx.session, row.period_id, row.begun_at):
        raise ClosingBlocked(count=1, checks=["attachments"])
    trees = leaves.trees
    facts = await _facts(tx, period, sealer, leaves, trees, before=log.head, now=now)
    root = enter(tx, log, facts, trees, sealer, period_id=row.period_id, people=people, now=now)
    row.status, row.seal_number, row.root_sha256 = ClosingState.SEALED, number, root
    row.sealed_by, row.sealed_at = people[1], now
    period.status = ClosingState.SEALED  # nobody waits for the calendar's echo
    SEAL_SECONDS.observe(time.perf_counter() - began)


def enter(
    tx: Transaction,
    log: SealLog,
    facts: SealFacts,
    trees: tuple[Tree, Tree],
    sealer: Sealer,
    *,
    period_id: UUID,
    people: tuple[UUID, UUID],
    now: datetime,
) -> str:
    """The seal into the log, the log's checkpoint signed. Gives the root over SHA-256, in hex."""
    statement = seal_statement(**facts)
    index = log.append(statement)
    checkpoint, number = log.checkpoint(), facts["seal_no"]
    root = trees[0].root.hex()
    tx.session.add(
        SealRow(
            number=number, period_id=period_id, kind=facts["kind"], supplements=facts["supplements"],
            statement=encode(statement).decode(), statement_sha256=leaf_hash(statement).hex(), root_sha256=root,
            root_sm3=trees[1].root.hex(), tree_size=trees[0].size, log_index=index, checkpoint=checkpoint.text,
            approved_by=people[0], sealed_by=people[1], sealed_at=now,
        )
    )  # fmt: skip
    tx.session.add(signed(number, checkpoint, sealer.signer, now))
    return root


async def heads_of(session: AsyncSession) -> tuple[list[StreamHead], LedgerHead]:
    """How far each stream was heard, and the end of the ledger's chain."""
    heads = await queries.stream_heads(session)
    head = await queries.ledger_head(session)
    return (
        queries.told_heads(heads),
        LedgerHead(seq=head.seq if head else 0, hash=head.hash if head else GENESIS),
    )


async def _facts(
    tx: Transaction,
    period: PeriodReplica,
    sealer: Sealer,
    leaves: Leaves,
    trees: tuple[Tree, Tree],
    *,
    before: str | None,
    now: datetime,
) -> SealFacts:
    session = tx.session
    heads, ledger = await heads_of(session)
    sums = await queries.by_indicator(session, period.id)
    return SealFacts(
        origin=sealer.origin,
        seal_no=leaves.about.seal_number,
        prev_seal_sha256=before,
        kind="main",
        supplements=None,
        period=leaves.about.period,
        opened_at=f"{period.starts_on.isoformat()}T00:00:00.000000Z",
        cutoff_at=plain(period.cutoff_at),
        sealed_at=plain(now),
        tree=head_of(trees),
        inputs=heads,
        ledger_head=ledger,
        counts={
            "officers": leaves.officers,
            "units": leaves.units,
            "submissions_accepted": await queries.accepted(session, period.id),
            "submissions_rejected": leaves.rejected,
            "ledger_entries": leaves.entries,
            "skipped": leaves.skipped,
        },
        sums={
            "total_milli": sum(total for _, total in sums),
            "by_indicator": [{"indicator": code, "points_milli": total} for code, total in sums],
        },
        rule_set_sha256=leaves.about.rule_set["sha256"],
        org_snapshot_sha256=leaves.org_sha256,
        attachments_root=leaves.attachments_sha256,
        software=sealer.software,
        keys=[sealer.signer.key.key_id.hex()],
    )


def head_of(trees: tuple[Tree, Tree]) -> TreeHead:
    return {"size": trees[0].size, "root_sha256": trees[0].root.hex(), "root_sm3": trees[1].root.hex()}


def signed(number: int, checkpoint: Checkpoint, signer: Signer, now: datetime) -> SealSignatureRow:
    """The log's own line under the checkpoint of a seal."""
    signature = Note(checkpoint.text).signed(signer).signature_of(signer.key)
    if signature is None:
        raise RuntimeError("a note just signed has no signature")
    return SealSignatureRow(
        seal_number=number, key_name=signer.key.name, key_id=signer.key.key_id.hex(), algorithm=signer.key.algorithm,
        role="system", line=signature.line, signed_at=now,
    )  # fmt: skip


def _salt() -> str:
    return secrets.token_hex(32)
