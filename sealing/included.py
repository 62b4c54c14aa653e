"""What a verifier asks of each statement: it is in the tree of its seal, it adds up, and a supplement says what it replaces."""

from itertools import pairwise
from typing import Final

from sealing.checkpoint import Checkpoint
from sealing.digests import SHA256, SM3, Algorithm
from sealing.merkle import root_from_inclusion
from sealing.profile import encode
from sealing.receipt import PeriodProof, Receipt, Sealed, Supplement
from sealing.refusal import Refused
from sealing.statements import SYSTEM, UNIT, Statement, leaf_hash, subject_of, total

APPROVERS: Final = 2


def in_tree(sealed: Sealed) -> None:
    """Raises `Refused` unless both proofs lead to the roots in the seal, the one over SM3 if there is such a root."""
    tree = sealed.seal["tree"]
    if sealed.proof.size != tree["size"]:
        raise Refused("size_differs", f"{sealed.proof.size}, {tree['size']}")
    if _root(sealed.leaf, sealed.proof, SHA256) != tree["root_sha256"]:
        raise Refused("not_in_tree")
    if sealed.proof_sm3 is None and tree["root_sm3"] is None:
        return
    if (
        sealed.proof_sm3 is None
        or (sealed.proof_sm3.index, sealed.proof_sm3.size) != (sealed.proof.index, sealed.proof.size)
        or _root(sealed.leaf, sealed.proof_sm3, SM3) != tree["root_sm3"]
    ):
        raise Refused("sm3_differs")


def adds_up(sealed: Sealed) -> int | None:
    """The points that the lines add up to, in thousandths; None for a record without. Raises `Refused`."""
    leaf, seal = sealed.leaf, sealed.seal
    if (leaf["period"], leaf["seal_no"]) != (seal["period"], seal["seal_no"]):
        raise Refused("other_seal")
    if leaf["_t"] == SYSTEM:
        return None
    lines = leaf["lines"]
    if any(a["entry_id"] >= b["entry_id"] for a, b in pairwise(lines)):
        raise Refused("lines_unordered")
    points: int = leaf["own_milli" if leaf["_t"] == UNIT else "total_milli"]
    if total(lines) != points:
        raise Refused("sum_differs", f"{total(lines)}, {points}")
    if leaf["rule_set"]["sha256"] != seal["rule_set_sha256"]:
        raise Refused("rule_set_differs")
    return points


def supplemented(receipt: Receipt, checkpoint: Checkpoint) -> None:
    """Each supplement replaces the statement before it, for a reason, by two people, in the same log. Raises `Refused`."""
    before: Sealed = receipt
    for each in receipt.supplements:
        _belongs(receipt, before, each)
        in_tree(each)
        adds_up(each)
        _reasoned(before, each)
        proof = each.log_proof
        root = root_from_inclusion(leaf_hash(each.seal), proof.index, proof.size, proof.path)
        if proof.size != checkpoint.size or root != checkpoint.root:
            raise Refused("not_in_log", f"seal {each.seal['seal_no']}")
        before = each


def _belongs(receipt: Receipt, before: Sealed, each: Supplement) -> None:
    main, seal = receipt.seal, each.seal
    if (
        main["kind"] != "main"
        or receipt.leaf["_t"] == SYSTEM
        or (seal["kind"], seal["supplements"], seal["origin"])
        != ("supplement", main["seal_no"], main["origin"])
        or seal["period"] != main["period"]
        or seal["seal_no"] <= before.seal["seal_no"]
        or subject_of(each.leaf) != subject_of(receipt.leaf)
        or each.leaf["deployment"] != receipt.leaf["deployment"]
    ):
        raise Refused("supplement_foreign", f"seal {seal['seal_no']}")


def _reasoned(before: Sealed, each: Supplement) -> None:
    *earlier, last = each.leaf["adjustments"] or [{}]
    if (
        earlier != list(before.leaf["adjustments"])
        or last.get("leaf_sha256") != leaf_hash(before.leaf).hex()
        or last["seal_no"] != before.leaf["seal_no"]
        or len(set(last["approvers"])) < APPROVERS
    ):
        raise Refused("supplement_unreasoned", f"seal {each.seal['seal_no']}")


def _root(leaf: Statement, proof: PeriodProof, algorithm: Algorithm) -> str | None:
    root = root_from_inclusion(algorithm.leaf(encode(leaf)), proof.index, proof.size, proof.path, algorithm)
    return root.hex() if root is not None else None
