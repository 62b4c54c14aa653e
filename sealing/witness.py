"""What a witness does: sign a checkpoint only if it continues the last one this witness signed."""

from datetime import datetime
from typing import Final

from sealing.checkpoint import Checkpoint
from sealing.keys import COSIGNATURE, Signer
from sealing.merkle import is_consistent
from sealing.note import Note
from sealing.proofs import ConsistencyProof
from sealing.refusal import Refused
from sealing.trust import Trust

#: Reasons of a witness that a verifier does not have.
REFUSALS: Final[dict[str, list[str]]] = {
    "rollback": [
        "回滚:检查点比上次签过的小。不签,请报告纪检部门。",
        "Rollback: the checkpoint is smaller than the last one signed. Not signed; report it.",
    ],
    "split_view": [
        "分叉:规模与上次签过的相同而根不同。不签,请报告纪检部门。",
        "Split view: the size last signed, with another root. Not signed; report it.",
    ],
    "proof_missing": [
        "日志已增长,须提供一致性证明。",
        "The log has grown: a consistency proof is needed.",
    ],
    "key_unusable": [
        "私钥文件或口令不对。",
        "The key file or the passphrase is wrong.",
    ],
}


def cosign(
    note: Note,
    signer: Signer,
    trust: Trust,
    last: Note | None,
    proof: ConsistencyProof | None = None,
    *,
    at: datetime,
) -> Note:
    """The note with this witness's line. `last` is the note this witness signed last, None before its first.

    Raises `Refused` when the log has not signed, the key is no witness's, or the checkpoint does not continue `last`:
    smaller (`rollback`), of the same size with another root (`split_view`), or grown without proof of it.
    """
    if signer.kind != COSIGNATURE:
        raise Refused("key_unusable", "not a key of a witness")
    checkpoint = Checkpoint.parse(note.text)
    _signed_by_the_log(note, checkpoint, trust)
    if last is not None:
        continues(Checkpoint.parse(last.text), checkpoint, proof)
    return note.signed(signer, int(at.timestamp()))


def _signed_by_the_log(note: Note, checkpoint: Checkpoint, trust: Trust) -> None:
    keys = [key for key in trust.good if key in trust.system and key.name == checkpoint.origin]
    lines = [(key, line) for key in keys if (line := note.signature_of(key))]
    if not lines:
        raise Refused("system_signature_missing", checkpoint.origin)
    if not all(key.verifies(note.text, line.signature) for key, line in lines):
        raise Refused("signature_wrong", checkpoint.origin)


def continues(last: Checkpoint, new: Checkpoint, proof: ConsistencyProof | None) -> None:
    """Raises `Refused` unless `new` is of the log of `last`, which has only grown since."""
    if new.origin != last.origin:
        raise Refused("origin_differs", new.origin)
    if new.size < last.size:
        raise Refused("rollback", f"{new.size} < {last.size}")
    if new.size == last.size:
        if new.root != last.root:
            raise Refused("split_view", f"{new.size}")
        return
    if proof is None and last.size:
        raise Refused("proof_missing", f"{last.size} -> {new.size}")
    path = proof.path if proof else ()
    if (proof and proof.old != last.size) or not is_consistent(
        last.size, new.size, last.root, new.root, path
    ):
        raise Refused("consistency_wrong", f"{last.size} -> {new.size}")
