"""What is sealed: statements of officers, units and the system, and the seal over all of them.

Points are integers in thousandths, moments `YYYY-MM-DDTHH:MM:SS.ffffffZ`, hashes lower-case hex. A salt is 32 random
bytes in hex, made by the caller; without it nobody can guess a colleague's points from a sibling hash.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypedDict, Unpack, cast

from sealing.digests import SHA256, Algorithm
from sealing.profile import check as check_profile
from sealing.profile import encode
from sealing.refusal import Refused
from sealing.shapes import LEAVES, SHAPES, check

OFFICER, UNIT, SYSTEM = LEAVES
SEAL: Final = "oa/seal/1"

#: A leaf kind, and the member that tells whom or what it is about.
SUBJECTS: Final = {OFFICER: ("officer", "officer"), UNIT: ("unit", "unit"), SYSTEM: ("system", "subject")}

Statement = Mapping[str, Any]


class RuleSet(TypedDict):
    id: str
    version: str
    sha256: str


class Line(TypedDict):
    """One ledger entry."""

    entry_id: str
    event_id: str
    content_hash: str
    indicator: str | None
    points_milli: int
    reason_code: str
    occurred_at: str
    attachments_sha256: list[str]


class Adjustment(TypedDict):
    """Why this leaf of a supplement takes the place of an earlier one, and who agreed."""

    leaf_sha256: str
    seal_no: int
    reason: str
    approvers: list[str]


class About(TypedDict):
    deployment: str
    period: str
    seal_no: int
    salt: str


class OfficerFacts(About):
    officer: str
    name_hash: str
    unit: str
    unit_leaf_key: str
    rule_set: RuleSet
    adjustments: list[Adjustment]


class UnitFacts(About):
    unit: str
    rule_set: RuleSet
    rule: str
    members: list[str]
    total_milli: int
    adjustments: list[Adjustment]


class SystemFacts(About):
    subject: str
    sha256: str
    count: int


class TreeHead(TypedDict):
    size: int
    root_sha256: str
    root_sm3: str | None


class StreamHead(TypedDict):
    stream: str
    epoch: int
    seq: int
    hash: str


class LedgerHead(TypedDict):
    seq: int
    hash: str


class Counts(TypedDict):
    officers: int
    units: int
    submissions_accepted: int
    submissions_rejected: int
    ledger_entries: int
    skipped: int


class IndicatorSum(TypedDict):
    indicator: str | None
    points_milli: int


class Sums(TypedDict):
    total_milli: int
    by_indicator: list[IndicatorSum]


class Software(TypedDict):
    version: str
    commit: str
    image_digest: str | None


class SealFacts(TypedDict):
    origin: str
    seal_no: int
    prev_seal_sha256: str | None
    kind: Literal["main", "supplement"]
    supplements: int | None
    period: str
    opened_at: str
    cutoff_at: str
    sealed_at: str
    tree: TreeHead
    inputs: list[StreamHead]
    ledger_head: LedgerHead
    counts: Counts
    sums: Sums
    rule_set_sha256: str
    org_snapshot_sha256: str
    attachments_root: str
    software: Software
    keys: list[str]


def officer_statement(lines: Iterable[Line], **facts: Unpack[OfficerFacts]) -> Statement:
    """The leaf of one officer; the total is the sum of the lines. Raises `Refused`."""
    ordered = _ordered(lines)
    return _made(OFFICER, {**facts, "lines": ordered, "total_milli": total(ordered)})


def unit_statement(lines: Iterable[Line], **facts: Unpack[UnitFacts]) -> Statement:
    """The leaf of one unit. `lines` are its own entries, `members` the leaf hashes of its officers and lower units,
    `total_milli` what `rule`, a sentence, makes of both. Raises `Refused`.
    """
    ordered = _ordered(lines)
    return _made(UNIT, {**facts, "lines": ordered, "own_milli": total(ordered)})


def system_statement(**facts: Unpack[SystemFacts]) -> Statement:
    """A leaf for what is neither officer nor unit: the rule set's text, the organisation, heads of streams, rejected
    submissions, skipped events, attachments. `sha256` is over `count` items. Raises `Refused`.
    """
    return _made(SYSTEM, dict(facts))


def seal_statement(**facts: Unpack[SealFacts]) -> Statement:
    """The seal of a tree of statements. Raises `Refused`, also when a supplement does not say of which seal."""
    if (facts["kind"] == "supplement") != (facts["supplements"] is not None):
        raise Refused("not_a_receipt", ".supplements")
    return _made(SEAL, dict(facts))


def total(lines: Iterable[Line]) -> int:
    """In thousandths of a point."""
    return sum(line["points_milli"] for line in lines)


def subject_of(statement: Statement) -> tuple[str, str]:
    """A leaf's kind (`officer`, `unit`, `system`) and subject. Raises KeyError for what is not a leaf."""
    kind, member = SUBJECTS[statement["_t"]]
    return kind, cast("str", statement[member])


def leaf_hash(statement: Statement, algorithm: Algorithm = SHA256) -> bytes:
    """The hash under which a statement stands in the period's tree, and a seal in the seal log."""
    return algorithm.leaf(encode(statement))


def _ordered(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line["entry_id"])


def _made(kind: str, members: dict[str, Any]) -> Statement:
    statement = {"_t": kind, **members}
    check(statement, SHAPES[kind])
    if len({line["entry_id"] for line in members.get("lines", ())}) < len(members.get("lines", ())):
        raise Refused("lines_unordered", "one entry twice")
    check_profile(statement)
    return statement
