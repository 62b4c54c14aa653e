"""The seal log: leaf i is the i-th seal statement, each names the one before; nothing is ever taken out."""

from collections.abc import Iterable

from sealing.checkpoint import Checkpoint
from sealing.merkle import Tree
from sealing.note import Note
from sealing.profile import decode
from sealing.proofs import ConsistencyProof, LogProof
from sealing.refusal import Refused
from sealing.shapes import SHAPES, check
from sealing.statements import SEAL, Statement, leaf_hash


class SealLog:
    """Over the canonical texts of all seals so far. Raises `Refused` when they do not form one log of that origin."""

    def __init__(self, origin: str, entries: Iterable[bytes] = ()) -> None:
        self.origin = origin
        self._leaves: list[bytes] = []
        self._mains: set[int] = set()
        self._last_no = -1
        for entry in entries:
            self.append(decode(entry))

    @property
    def size(self) -> int:
        return len(self._leaves)

    @property
    def head(self) -> str | None:
        """What the next seal must name as `prev_seal_sha256`: the last one's leaf hash; None for an empty log."""
        return self._leaves[-1].hex() if self._leaves else None

    def append(self, seal: Statement) -> int:
        """The index of the new entry. Raises `Refused`; the log is then as before."""
        check(dict(seal), SHAPES[SEAL])
        if seal["origin"] != self.origin:
            raise Refused("origin_differs", seal["origin"])
        if seal["prev_seal_sha256"] != self.head or seal["seal_no"] <= self._last_no:
            raise Refused("not_in_log", f"seal {seal['seal_no']} does not follow seal {self._last_no}")
        if seal["kind"] == "supplement" and seal["supplements"] not in self._mains:
            raise Refused("not_in_log", f"no main seal {seal['supplements']} to supplement")
        self._leaves.append(leaf_hash(seal))
        self._last_no = seal["seal_no"]
        if seal["kind"] == "main":
            self._mains.add(self._last_no)
        return self.size - 1

    def index(self, leaf: bytes) -> int:
        """Where the seal with this leaf hash stands. Raises `Refused`."""
        if leaf not in self._leaves:
            raise Refused("not_in_log", leaf.hex())
        return self._leaves.index(leaf)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """Of the whole log, or of when it had `size` entries. Raises IndexError."""
        at = self.size if size is None else size
        return Checkpoint(self.origin, at, Tree(self._leaves).root_at(at))

    def prove(self, index: int, note: Note) -> LogProof:
        """That entry `index` is in the log of this checkpoint. Raises IndexError, and `Refused` for a foreign one."""
        return LogProof(index, tuple(self._tree_of(note).inclusion(index)), note)

    def consistency(self, old: int, note: Note) -> ConsistencyProof:
        """That the log of this checkpoint grew out of its first `old` entries. Raises as `prove` does."""
        return ConsistencyProof(old, tuple(self._tree_of(note).consistency(old)), note)

    def _tree_of(self, note: Note) -> Tree:
        checkpoint = Checkpoint.parse(note.text)
        tree = Tree(self._leaves[: checkpoint.size])
        if (checkpoint.origin, checkpoint.size, checkpoint.root) != (self.origin, tree.size, tree.root):
            raise Refused("not_in_log", "a checkpoint of another log")
        return tree
