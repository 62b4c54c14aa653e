"""Receipts: everything an officer needs to prove that a statement is in a sealed period.

`oa/receipt/1` is of one statement, `oa/receipt/2` also of those that took its place since, in supplement seals.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sealing.checkpoint import Checkpoint
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
CORRECTED: Final = "oa/receipt/2"
#: The one member whose text has line feeds.
LINES: Final = frozenset({"seal_tlog_proof"})


@dataclass(frozen=True)
class PeriodProof:
    index: int
    size: int
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Sealed:
    """A statement with the proof of its place in the tree of a seal."""

    leaf: Statement
    proof: PeriodProof
    proof_sm3: PeriodProof | None
    seal: Statement


@dataclass(frozen=True)
class Supplement(Sealed):
    """The statement that took the place of the one before; its seal is in the log of the receipt's checkpoint."""

    log_proof: PeriodProof


@dataclass(frozen=True)
class Receipt(Sealed):
    """A well-formed receipt; nothing in it is verified yet."""

    log_proof: str
    keys: tuple[Key, ...]
    supplements: tuple[Supplement, ...] = ()

    @classmethod
    def parse(cls, data: bytes) -> "Receipt":
        """Raises `Refused` with `not_canonical`, `not_a_receipt` or `key_id_wrong`."""
        value = decode(data, lines=LINES)
        kind = value.get("_t") if isinstance(value, dict) else None
        check(value, SHAPES[CORRECTED if kind == CORRECTED else RECEIPT])
        if value.get("supplements") == []:
            raise Refused("not_a_receipt", ".supplements")
        return cls(
            **_sealed(value),
            log_proof=value["seal_tlog_proof"],
            keys=tuple(_key(key) for key in value["keys"]),
            supplements=tuple(
                Supplement(**_sealed(each), log_proof=_proof(each["log_proof"], "sha256"))
                for each in value.get("supplements", ())
            ),
        )

    @property
    def leaves(self) -> list[Statement]:
        """As first sealed, then each correction."""
        return [self.leaf, *(each.leaf for each in self.supplements)]


@dataclass(frozen=True)
class Place:
    """Where a statement is sealed: the tree, its index there, the seal over that tree."""

    tree: Provable
    index: int
    seal: Statement


def build(
    place: Place, log: SealLog, note: Note, keys: Iterable[Key], supplements: Sequence[Place] = ()
) -> bytes:
    """The receipt of the statement at `place`, canonical. `note` is a signed checkpoint of the log that has all the seals.

    `keys` are those that sign for this log; signature lines of others are left out of the receipt, because nobody
    could check them. Raises `Refused` when seal, tree, log and note do not belong together.
    """
    known = {(key.name, key.key_id): key for key in keys}
    kept = Note(note.text, tuple(s for s in note.signatures if s.by in known))
    proof = log.prove(log.index(leaf_hash(place.seal)), kept)
    value: dict[str, Any] = {
        "_t": CORRECTED if supplements else RECEIPT,
        **_proved(place),
        "seal_tlog_proof": proof.source,
        "keys": [_listed(known[s.by]) for s in kept.signatures],
    }
    if supplements:
        value["supplements"] = [
            _proved(each) | {"log_proof": _in_log(each, log, kept)} for each in supplements
        ]
    check(value, SHAPES[value["_t"]])
    return encode(value, lines=LINES)


def _proved(place: Place) -> dict[str, Any]:
    if place.seal["tree"] != place.tree.head:
        raise Refused("not_in_tree", "the seal is over another tree")
    return {
        "leaf": place.tree.statement(place.index),
        "period_proof": place.tree.proof(place.index),
        "period_proof_sm3": place.tree.proof_sm3(place.index),
        "seal": place.seal,
    }


def _in_log(place: Place, log: SealLog, note: Note) -> dict[str, Any]:
    proof = log.prove(log.index(leaf_hash(place.seal)), note)
    size = Checkpoint.parse(note.text).size
    return {"alg": "sha256", "index": proof.index, "size": size, "path": [node.hex() for node in proof.path]}


def _sealed(value: dict[str, Any]) -> dict[str, Any]:
    sm3 = value["period_proof_sm3"]
    return {
        "leaf": value["leaf"],
        "proof": _proof(value["period_proof"], "sha256"),
        "proof_sm3": None if sm3 is None else _proof(sm3, "sm3"),
        "seal": value["seal"],
    }


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
