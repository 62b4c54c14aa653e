"""Cosignatures of witnesses under the checkpoint of a seal: taken only from trusted keys, and only if they verify."""

from sqlalchemy.dialects.postgresql import insert

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Invalid
from sealing.keys import Key
from sealing.note import Note
from sealing.refusal import Refused
from sealing.trust import Trust
from services.scoring.actions.sealing import Sealer, ready, signed
from services.scoring.models import SealRow, SealSignatureRow
from services.scoring.queries import sealed

LONGEST = 20_000


class NoteForeign(Invalid):
    code = "seal-note-foreign"
    zh = "这不是本次封存的检查点:{reason}"
    en = "This is not the checkpoint of this seal: {reason}"


class SignatureRefused(Invalid):
    code = "seal-signature-refused"
    zh = "没有可信见证人的有效签名"
    en = "No valid signature of a trusted witness"


class SealNotNewest(Conflict):
    code = "seal-not-newest"
    zh = "只补签最后一次封存的检查点(日志共 {newest} 条)"
    en = "Only the newest checkpoint is signed anew (the log has {newest} entries)"


class LogDiffers(Conflict):
    code = "seal-log-differs"
    zh = "封存日志与所存检查点不符,不得签名。请报告审计"
    en = "The seal log does not give the checkpoint that is stored; it must not be signed. Tell the auditor"


async def cosign(tx: Transaction, row: SealRow, source: str, trust: str) -> int:
    """How many lines were new. Raises NoteForeign, SignatureRefused."""
    try:
        note = Note.parse(source if len(source) <= LONGEST else "")
    except Refused as error:
        raise NoteForeign(reason=str(error)) from error
    if note.text != row.checkpoint:
        raise NoteForeign(reason=note.text[:200])
    known = Trust.parse(trust) if trust else None
    witnesses = [key for key in known.witnesses if key in known.good] if known else []
    now = await tx.now()
    taken, new = 0, 0
    for key in witnesses:
        found = note.signature_of(key)
        if found is None or not key.verifies(note.text, found.signature):
            continue
        taken += 1
        values = {
            "seal_number": row.number, "key_name": key.name, "key_id": key.key_id.hex(), "algorithm": key.algorithm,
            "role": "witness", "line": found.line, "signed_at": now,
        }  # fmt: skip
        added = await tx.session.execute(
            insert(SealSignatureRow)
            .values(values)
            .on_conflict_do_nothing()
            .returning(SealSignatureRow.key_id)
        )
        new += added.first() is not None
    if not taken:
        raise SignatureRefused
    return new


async def countersign(tx: Transaction, row: SealRow, sealer: Sealer | None) -> bool:
    """Put the present key under the newest checkpoint of its log, after the key was changed: receipts are then
    given out for it. False if its line is there already. Raises SealNotNewest, LogDiffers.
    """
    sealer = ready(sealer)
    log = await sealed.log(tx.session, sealer.origin)
    if row.log_index + 1 != log.size:
        raise SealNotNewest(newest=log.size)
    checkpoint = log.checkpoint()
    if checkpoint.text != row.checkpoint:
        raise LogDiffers
    if (await sealed.note(tx.session, row)).signature_of(sealer.signer.key):
        return False
    tx.session.add(signed(row.number, checkpoint, sealer.signer, await tx.now()))
    await tx.session.flush()
    return True


def known_keys(sealer: Sealer | None, trust: str) -> tuple[Key, ...]:
    """Whose lines stand in receipts: this deployment's own key and those of its trust list."""
    own = (sealer.signer.key,) if sealer else ()
    return tuple({(key.name, key.key_id): key for key in (*own, *trusted_keys(trust))}.values())


def trusted_keys(trust: str) -> tuple[Key, ...]:
    """Of a trust list; none of an empty one."""
    return Trust.parse(trust).keys if trust else ()
