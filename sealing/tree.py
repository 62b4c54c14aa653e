"""The tree of one period: statements in their order, under SHA-256 and SM3 at once."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from sealing.digests import SHA256, SM3
from sealing.merkle import Tree
from sealing.profile import encode
from sealing.refusal import Refused
from sealing.statements import Statement, TreeHead, subject_of


class Provable(Protocol):
    """What a receipt needs of a period's tree."""

    @property
    def head(self) -> TreeHead: ...

    def statement(self, index: int) -> Statement: ...

    def proof(self, index: int) -> dict[str, Any]: ...

    def proof_sm3(self, index: int) -> dict[str, Any] | None: ...


class StoredTree:
    """A tree of which only the leaf hashes and some statements are at hand, as a database gives them for one receipt."""

    def __init__(self, sha256: Tree, sm3: Tree, statements: Mapping[int, Statement]) -> None:
        self._sha256, self._sm3, self._statements = sha256, sm3, statements

    @property
    def head(self) -> TreeHead:
        return {
            "size": self._sha256.size,
            "root_sha256": self._sha256.root.hex(),
            "root_sm3": self._sm3.root.hex(),
        }

    def statement(self, index: int) -> Statement:
        """Raises KeyError for one that is not at hand."""
        return self._statements[index]

    def proof(self, index: int) -> dict[str, Any]:
        return _proof(self._sha256, index)

    def proof_sm3(self, index: int) -> dict[str, Any] | None:
        return _proof(self._sm3, index)


class PeriodTree:
    """Order: kind, then subject, bytewise. Raises `Refused` when a subject has two statements or there is none."""

    def __init__(self, statements: Iterable[Statement], *, sm3: bool = True) -> None:
        self.statements = sorted(statements, key=_place)
        places = [_place(statement) for statement in self.statements]
        if not places or len(set(places)) < len(places):
            raise Refused("not_a_receipt", "no statement, or two of one subject")
        texts = [encode(statement) for statement in self.statements]
        self._index = {subject_of(statement): i for i, statement in enumerate(self.statements)}
        self._sha256 = Tree((SHA256.leaf(text) for text in texts), SHA256)
        self._sm3 = Tree((SM3.leaf(text) for text in texts), SM3) if sm3 else None

    @property
    def head(self) -> TreeHead:
        """As it stands in the seal statement."""
        sm3 = self._sm3.root.hex() if self._sm3 else None
        return {"size": len(self.statements), "root_sha256": self._sha256.root.hex(), "root_sm3": sm3}

    @property
    def leaf_hashes(self) -> list[bytes]:
        """SHA-256, in the order of `statements`."""
        return list(self._sha256.leaves)

    def statement(self, index: int) -> Statement:
        """Raises IndexError."""
        return self.statements[index]

    def index(self, kind: str, subject: str) -> int:
        """The place of a statement, from 0. Raises KeyError."""
        return self._index[kind, subject]

    def proof(self, index: int) -> dict[str, Any]:
        """The receipt's `period_proof`. Raises IndexError."""
        return _proof(self._sha256, index)

    def proof_sm3(self, index: int) -> dict[str, Any] | None:
        """The receipt's `period_proof_sm3`; None for a tree without SM3. Raises IndexError."""
        return _proof(self._sm3, index) if self._sm3 else None


def _place(statement: Statement) -> tuple[bytes, bytes]:
    kind, subject = subject_of(statement)
    return kind.encode(), subject.encode()


def _proof(tree: Tree, index: int) -> dict[str, Any]:
    path = [node.hex() for node in tree.inclusion(index)]
    return {"alg": tree.algorithm.name, "index": index, "size": tree.size, "path": path}
