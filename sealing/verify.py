"""The steps of verifying a receipt, offline. Bad input never raises: it becomes a verdict with the step it failed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from sealing import included
from sealing.checkpoint import Checkpoint
from sealing.merkle import is_consistent, root_from_inclusion
from sealing.note import Note
from sealing.proofs import ConsistencyProof, LogProof
from sealing.receipt import Receipt
from sealing.refusal import Refused
from sealing.statements import UNIT, leaf_hash
from sealing.texts import FAILED, NOT_VERIFIED, PASSED, SKIPPED, STEPS, UNUSABLE
from sealing.trust import Trust

Outcome = Literal["verified", "not_verified", "unusable"]


@dataclass(frozen=True)
class Step:
    """`reason` is a key of `texts.FAILED`, empty unless the step failed; `detail` names the place, in ASCII mostly."""

    number: int
    name: str
    state: Literal["passed", "skipped", "failed"]
    zh: str
    en: str
    reason: str = ""
    detail: str = ""

    @property
    def title(self) -> list[str]:
        return STEPS[self.name]


@dataclass(frozen=True)
class Verdict:
    """The steps taken, the last of them the verdict itself or the one that failed."""

    outcome: Outcome
    steps: tuple[Step, ...]
    zh: str
    en: str

    @property
    def failed(self) -> Step | None:
        return next((step for step in self.steps if step.state == "failed"), None)


@dataclass(frozen=True)
class Attachment:
    """A file at hand: what it is called here, and the SHA-256 of its bytes in hex."""

    name: str
    sha256: str


@dataclass
class _Case:
    """What was given, and what the steps have read from it so far."""

    data: bytes
    trust_source: bytes
    board_source: bytes | None
    consistency_source: bytes | None
    attachments: Sequence[Attachment]
    receipt: Receipt = field(init=False)
    trust: Trust = field(init=False)
    board: Checkpoint | None = None
    consistency: ConsistencyProof | None = None
    note: Note = field(init=False)
    checkpoint: Checkpoint = field(init=False)


_Said = tuple[Literal["passed", "skipped"], str, dict[str, object]]


def verify(
    receipt: bytes,
    *,
    trust: bytes,
    board: bytes | None = None,
    consistency: bytes | None = None,
    attachments: Sequence[Attachment] = (),
) -> Verdict:
    """Whether the receipt's statement is included and unaltered. All inputs are the bytes of files; `trust` is
    `keys.txt`, `board` a checkpoint seen elsewhere, `consistency` a proof between its size and the receipt's.
    """
    case = _Case(receipt, trust, board, consistency, attachments)
    steps: list[Step] = []
    for number, (name, work) in enumerate(_STEPS.items(), 1):
        try:
            state, key, facts = work(case)
        except Refused as refused:
            said = FAILED[refused.reason]
            steps.append(Step(number, name, "failed", said[0], said[1], refused.reason, refused.detail))
            return _refused(steps)
        said = (PASSED if state == "passed" else SKIPPED)[key]
        steps.append(Step(number, name, state, said[0].format_map(facts), said[1].format_map(facts)))
    return Verdict("verified", tuple(steps), steps[-1].zh, steps[-1].en)


def _refused(steps: list[Step]) -> Verdict:
    last = steps[-1]
    if last.number == 1:
        return Verdict("unusable", tuple(steps), UNUSABLE[0], UNUSABLE[1])
    zh, en = (
        text.format(number=last.number, title=title)
        for text, title in zip(NOT_VERIFIED, last.title, strict=True)
    )
    return Verdict("not_verified", tuple(steps), zh, en)


def _input(case: _Case) -> _Said:
    case.receipt = Receipt.parse(case.data)
    case.trust = Trust.parse(_text(case.trust_source, "trust_unusable"))
    if case.board_source is not None:
        try:
            case.board = Checkpoint.of_board(_text(case.board_source, "board_unusable"))
        except Refused as refused:
            raise Refused("board_unusable", refused.detail) from refused
    if case.consistency_source is not None:
        text = _text(case.consistency_source, "consistency_unusable")
        try:
            case.consistency = ConsistencyProof.parse(text)
        except Refused as refused:
            raise Refused("consistency_unusable", refused.detail) from refused
    if case.trust.version:
        return "passed", "input_versioned", {"version": case.trust.version, "first": case.trust.first}
    return "passed", "input", {}


def _leaf(case: _Case) -> _Said:
    return "passed", "leaf", {"hash": leaf_hash(case.receipt.leaf).hex()}


def _period_tree(case: _Case) -> _Said:
    included.in_tree(case.receipt)
    proof = case.receipt.proof
    facts: dict[str, object] = {"number": proof.index + 1, "size": proof.size}
    return "passed", "period_tree_sm3" if case.receipt.proof_sm3 else "period_tree", facts


def _sums(case: _Case) -> _Said:
    leaf = case.receipt.leaf
    points = included.adds_up(case.receipt)
    if points is None:
        return "passed", "sums_system", {}
    facts = {"lines": len(leaf["lines"]), "points": points_text(points)}
    return "passed", "sums_unit" if leaf["_t"] == UNIT else "sums", facts


def _seal_log(case: _Case) -> _Said:
    proof = LogProof.parse(case.receipt.log_proof)
    case.note, case.checkpoint = proof.checkpoint, Checkpoint.parse(proof.checkpoint.text)
    if case.receipt.seal["origin"] != case.checkpoint.origin:
        raise Refused("origin_differs", case.checkpoint.origin)
    leaf, size = leaf_hash(case.receipt.seal), case.checkpoint.size
    if root_from_inclusion(leaf, proof.index, size, proof.path) != case.checkpoint.root:
        raise Refused("not_in_log")
    return "passed", "seal_log", {"number": proof.index + 1, "size": size}


def _supplements(case: _Case) -> _Said:
    supplements = case.receipt.supplements
    if not supplements:
        return "skipped", "supplements", {}
    included.supplemented(case.receipt, case.checkpoint)
    points = points_text(supplements[-1].leaf["total_milli"])
    return "passed", "supplements", {"count": len(supplements), "points": points}


def _signatures(case: _Case) -> _Said:
    trusted = {(key.name, key.key_id): key for key in case.trust.keys}
    signed = set()
    # Every line of a key that is listed or trusted must be right; lines of other keys are passed over.
    for key in (*case.receipt.keys, *case.trust.keys):
        known = trusted.get((key.name, key.key_id), key)
        line = case.note.signature_of(key)
        if line is None and key in case.receipt.keys:
            raise Refused("signature_missing", key.name)
        if line and known not in signed:
            if known.verifies(case.note.text, line.signature) is False:
                raise Refused("signature_wrong", key.name)
            signed.add(known)
    count = case.trust.accept(case.note, case.checkpoint)
    return "passed", "signatures", {"count": count, "quorum": case.trust.quorum}


def _notice_board(case: _Case) -> _Said:
    own, board = case.checkpoint, case.board
    if board is None:
        facts = {"origin": own.origin, "size": own.size, "root": own.text.split("\n")[2]}
        return "skipped", "notice_board", facts
    if board.origin != own.origin:
        raise Refused("board_origin_differs", board.origin)
    if board.size != own.size:
        return "passed", "notice_board_size", {"size": board.size}
    if board.root != own.root:
        raise Refused("board_root_differs")
    return "passed", "notice_board", {}


def _consistency(case: _Case) -> _Said:
    if case.board is None or case.board.size == case.checkpoint.size:
        return "skipped", "consistency", {}
    if case.consistency is None:
        raise Refused("consistency_missing")
    old, new = sorted((case.board, case.checkpoint), key=lambda checkpoint: checkpoint.size)
    path = case.consistency.path
    if case.consistency.old != old.size or not is_consistent(old.size, new.size, old.root, new.root, path):
        raise Refused("consistency_wrong")
    return "passed", "consistency", {"old": old.size, "new": new.size}


def _attachments(case: _Case) -> _Said:
    if not case.attachments:
        return "skipped", "attachments", {}
    lines = [line for leaf in case.receipt.leaves for line in leaf.get("lines", ())]
    listed = {digest for line in lines for digest in line["attachments_sha256"]}
    for attachment in case.attachments:
        if attachment.sha256 not in listed:
            raise Refused("attachment_unknown", attachment.name)
    return "passed", "attachments", {"count": len(case.attachments)}


def _verdict(_: _Case) -> _Said:
    return "passed", "verdict", {}


_STEPS: Final[dict[str, Callable[[_Case], _Said]]] = {
    "input": _input,
    "leaf": _leaf,
    "period_tree": _period_tree,
    "sums": _sums,
    "seal_log": _seal_log,
    "supplements": _supplements,
    "signatures": _signatures,
    "notice_board": _notice_board,
    "consistency": _consistency,
    "attachments": _attachments,
    "verdict": _verdict,
}


def points_text(milli: int) -> str:
    """Thousandths of a point with at least two decimals."""
    whole, rest = divmod(abs(milli), 1000)
    return f"{'-' if milli < 0 else ''}{whole}.{rest:03d}".removesuffix("0")


def _text(data: bytes, reason: str) -> str:
    """A file that people handle: a byte order mark and line ends of Windows do no harm. Raises `Refused`."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refused(reason, str(error)) from error
