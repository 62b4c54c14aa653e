"""Receipts: everything an officer needs to prove that a statement is in a sealed period (`oa/receipt/1`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sealing.keys import ALGORITHMS, Key
from sealing.lines import is_key_name
from sealing.log import SealLog
from sealing.note import Note
from sealing.profile import decode, encode
from sealing.refusal import Refused
from sealing.shapes import SHAPES, check
from sealing.statements import Statement, leaf_hash
from sealing.tree import Provable

RECEIPT: Final = "oa/receipt/1"
#: The one member whose text has line feeds.
LINES: Final = frozenset({"seal_tlog_proof"})


@dataclass(frozen=True)
class PeriodProof:
    index: int
    size: int
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Receipt:
    """A well-formed receipt; nothing in it is verified yet."""

    leaf: Statement
    proof: PeriodProof
    proof_sm3: PeriodProof | None
    seal: Statement
    log_proof: str
    keys: tuple[Key, ...]

    @classmethod
    def parse(cls, data: bytes) -> "Receipt":
        """Raises `Refused` with `not_canonical`, `not_a_receipt` or `key_id_wrong`."""
        value = decode(data, lines=LINES)
        check(value, SHAPES[RECEIPT])
        sm3 = value["period_proof_sm3"]
        return cls(
            value["leaf"],
            _proof(value["period_proof"], "sha256"),
            None if sm3 is None else _proof(sm3, "sm3"),
            value["seal"],
            value["seal_tlog_proof"],
            tuple(_key(key) for key in value["keys"]),
        )


def build(
    tree: Provable, index: int, log: SealLog, seal: Statement, note: Note, keys: Iterable[Key]
) -> bytes:
    """The receipt of statement `index`, canonical. `note` is a signed checkpoint of the log that has the seal.

    `keys` are those that sign for this log; signature lines of others are left out of the receipt, because nobody
    could check them. Raises `Refused` when seal, tree, log and note do not belong together.
    """
    known = {(key.name, key.key_id): key for key in keys}
    kept = Note(note.text, tuple(s for s in note.signatures if s.by in known))
    if seal["tree"] != tree.head:
        raise Refused("not_in_tree", "the seal is over another tree")
    proof = log.prove(log.index(leaf_hash(seal)), kept)
    value: dict[str, Any] = {
        "_t": RECEIPT,
        "leaf": tree.statement(index),
        "period_proof": tree.proof(index),
        "period_proof_sm3": tree.proof_sm3(index),
        "seal": seal,
        "seal_tlog_proof": proof.source,
        "keys": [_listed(known[s.by]) for s in kept.signatures],
    }
    check(value, SHAPES[RECEIPT])
    return encode(value, lines=LINES)


def _listed(key: Key) -> dict[str, str]:
    return {
        "name": key.name,
        "key_id": key.key_id.hex(),
        "alg": key.algorithm,
        "public": key.public.hex(),
    }


def _key(listed: dict[str, str]) -> Key:
    kind, size = ALGORITHMS[listed["alg"]]
    key = Key(listed["name"], kind, bytes.fromhex(listed["public"]))
    if len(key.public) != size or not is_key_name(key.name) or key.key_id.hex() != listed["key_id"]:
        raise Refused("key_id_wrong", key.name)
    return key


def _proof(value: dict[str, Any], algorithm: str) -> PeriodProof:
    if value["alg"] != algorithm:
        raise Refused("not_a_receipt", f"a proof over {algorithm}")
    return PeriodProof(value["index"], value["size"], tuple(bytes.fromhex(h) for h in value["path"]))
