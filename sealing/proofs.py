"""Proofs as texts: c2sp.org/tlog-proof@v1, and the consistency proof of c2sp.org/tlog-witness."""

from dataclasses import dataclass
from typing import Final

from sealing.lines import b64, number, unb64_hash
from sealing.note import Note
from sealing.refusal import Refused

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_HASHES: Final = 63


@dataclass(frozen=True)
class LogProof:
    """That entry `index` (from 0) is in the log of the checkpoint; `path` from the leaf's sibling up."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note

    @property
    def source(self) -> str:
        return f"{HEADER}\nindex {self.index}\n{_hash_lines(self.path)}\n{self.checkpoint.source}"

    @classmethod
    def parse(cls, source: str) -> "LogProof":
        """Raises `Refused`; also for an `extra` line, because nothing vouches for what it says."""
        head, _, note = source.partition("\n\n")
        lines = head.split("\n")
        if lines[0] != HEADER or len(lines) < 2:  # noqa: PLR2004 -- header, index
            raise Refused("log_proof_malformed", "header")
        return cls(*_numbered(lines[1:], "index", "log_proof_malformed"), Note.parse(note))


@dataclass(frozen=True)
class ConsistencyProof:
    """That the first `old` entries of the checkpoint's log are those of the log when it had `old` entries."""

    old: int
    path: tuple[bytes, ...]
    checkpoint: Note | None = None

    @property
    def source(self) -> str:
        tail = f"\n{self.checkpoint.source}" if self.checkpoint else ""
        return f"old {self.old}\n{_hash_lines(self.path)}{tail}"

    @classmethod
    def parse(cls, source: str) -> "ConsistencyProof":
        """The body of `add-checkpoint`; the checkpoint under the hashes may be missing. Raises `Refused`."""
        head, gap, note = source.partition("\n\n")
        lines = (head if gap else head.removesuffix("\n")).split("\n")
        old, path = _numbered(lines, "old", "consistency_unusable")
        return cls(old, path, Note.parse(note) if gap else None)


def _numbered(lines: list[str], word: str, reason: str) -> tuple[int, tuple[bytes, ...]]:
    found, _, digits = lines[0].partition(" ")
    value = number(digits)
    path = [h for h in map(unb64_hash, lines[1:]) if h is not None]
    if found != word or value is None or len(path) < len(lines) - 1 or len(path) > MAX_HASHES:
        raise Refused(reason, lines[0][:80])
    return value, tuple(path)


def _hash_lines(path: tuple[bytes, ...]) -> str:
    return "".join(f"{b64(h)}\n" for h in path)
