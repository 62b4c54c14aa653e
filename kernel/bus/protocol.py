"""The bus protocol as decisions over values: hash chain, cursors, what to do with an event. No input or output.

Sources: RFC 6962 for domain separation of hashes; docs/reference/bus.md for the whole protocol.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from contracts.envelope import Envelope

GENESIS = "0" * 64


def content_hash(body: str) -> str:
    """SHA-256(0x10 || body), lower-case hexadecimal."""
    return hashlib.sha256(b"\x10" + body.encode()).hexdigest()


def chain_hash(prev: str, epoch: int, seq: int, event_id: UUID, content: str) -> str:
    """SHA-256(0x11 || prev || u32 epoch || u64 seq || event_id || content_hash), lower-case hexadecimal."""
    return hashlib.sha256(
        b"\x11"
        + bytes.fromhex(prev)
        + epoch.to_bytes(4, "big")
        + seq.to_bytes(8, "big")
        + event_id.bytes
        + bytes.fromhex(content)
    ).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of an event log, or of what a consumer has recorded of it. An empty log is (0, 0, GENESIS)."""

    epoch: int = 0
    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Known:
    """What an inbox already holds under an event id, or holds aside as a ghost: see `Step.RESEQUENCE`."""

    epoch: int
    seq: int
    hash: str
    content_hash: str
    ghost: bool = False


class Step(StrEnum):
    """What the recorder does with an envelope."""

    RECORD = "record"  # next in line: into the inbox, cursor forward
    DUPLICATE = "duplicate"  # known, same content, same place: nothing
    RESEQUENCE = "resequence"  # a ghost that is back with the same content: into line, no second effect
    REPLACE = "replace"  # a ghost that came again with other content: its effect is undone, this one recorded
    GAP = "gap"  # ahead of the cursor: pull what lies between
    FORK = "fork"  # the producer's history is not ours any more
    HALT = "halt"  # the bytes are not what their hash says: stop and call a person


def is_authentic(envelope: Envelope) -> bool:
    """Whether the hashes of an envelope are those of its bytes."""
    content = content_hash(envelope.body)
    return content == envelope.content_hash and envelope.hash == chain_hash(
        envelope.prev_hash, envelope.epoch, envelope.seq, envelope.event_id, content
    )


def decide(cursor: Head, envelope: Envelope, known: Known | None) -> Step:
    """What to do with an envelope, given how far this consumer has recorded and what it knows of the event id."""
    if not is_authentic(envelope):
        return Step.HALT
    next_in_line = envelope.seq == cursor.seq + 1 and envelope.prev_hash == cursor.hash
    ours = known is not None and not known.ghost
    if known is not None and ours and known.hash == envelope.hash:
        return Step.DUPLICATE
    if not next_in_line:
        return Step.GAP if envelope.seq > cursor.seq + 1 else Step.FORK
    if known is None:
        return Step.RECORD
    if ours:  # one history names an event once
        return Step.HALT
    return Step.RESEQUENCE if known.content_hash == envelope.content_hash else Step.REPLACE


class Level(StrEnum):
    """How a consumer stands to a producer."""

    LEVEL = "level"
    BEHIND = "behind"
    FORK = "fork"


def compare(cursor: Head, head: Head, hash_at_cursor: str | None) -> Level:
    """`head` is the producer's; `hash_at_cursor` its hash at our own seq (None: it has none there)."""
    if cursor.seq > head.seq or (cursor.seq > 0 and hash_at_cursor != cursor.hash):
        return Level.FORK
    return Level.LEVEL if cursor.seq == head.seq else Level.BEHIND


class AncestorSearch:
    """Where two histories part: the last number at which both have the same hash, by halving.

    Give `same(agreed=…)` for each `probe` until it is None; `ancestor` is the answer. A chain that agrees at a
    number agrees at all before it, so a log of a million events takes twenty questions.
    """

    def __init__(self, ours: int, theirs: int) -> None:
        """The heads of both; number 0, the genesis, is common to all."""
        self.ancestor, self._beyond = 0, min(ours, theirs) + 1

    @property
    def probe(self) -> int | None:
        return (self.ancestor + self._beyond) // 2 if self._beyond - self.ancestor > 1 else None

    def same(self, *, agreed: bool) -> None:
        probe = self.probe
        if probe is None:
            raise ValueError("the ancestor is known")
        if agreed:
            self.ancestor = probe
        else:
            self._beyond = probe


def confirmed_prefix(outcomes: Sequence[bool]) -> int:
    """How many of a batch, from its beginning, were confirmed without a hole."""
    for count, confirmed in enumerate(outcomes):
        if not confirmed:
            return count
    return len(outcomes)


@dataclass(frozen=True, slots=True)
class Unstamped:
    """What the stamper needs of an outbox row."""

    event_id: UUID
    body: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """The place of an event in the log."""

    epoch: int
    seq: int
    content_hash: str
    prev_hash: str
    hash: str


def stamp(head: Head, epoch: int, rows: Sequence[Unstamped]) -> tuple[list[Stamp], Head]:
    """Number and chain the rows, in their order, behind `head`."""
    stamps = []
    for row in rows:
        content = content_hash(row.body)
        seq = head.seq + 1
        link = chain_hash(head.hash, epoch, seq, row.event_id, content)
        stamps.append(Stamp(epoch, seq, content, head.hash, link))
        head = Head(epoch, seq, link)
    return stamps, head
