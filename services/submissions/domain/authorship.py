"""Whose work it is: who may write, send and withdraw a submission."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from kernel.errors import Conflict, Forbidden, Invalid


class NotYours(Forbidden):
    code = "not-yours"
    zh = "只有本人,或本单位负责人,可以办理"
    en = "Only the officer concerned, or the leader of the unit concerned, may do this"


class TargetNotIssued(Conflict):
    code = "target-not-issued"
    zh = "目标当前状态为 {status},不能据此提交"
    en = "The target is {status}; work cannot be submitted for it"


class QuantityNotPositive(Invalid):
    code = "quantity-not-positive"
    zh = "数量必须大于零"
    en = "The quantity must be above zero"


_ISSUED = frozenset({"issued", "acknowledged", "revised"})


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: the officer, and the subtrees (by path) that he or she leads."""

    officer_id: UUID | None
    leads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose work it is, and the path of the unit that it counts for."""

    kind: str
    id: UUID
    unit_path: str


def is_author(author: Author, subject: Subject) -> bool:
    """An officer's work is the officer's own; a unit's is its leader's."""
    if subject.kind == "officer":
        return author.officer_id is not None and author.officer_id == subject.id
    return any(subject.unit_path.startswith(path) for path in author.leads)


def stands_in(author: Author, subject: Subject) -> bool:
    """A leader may write and send for an officer of a unit below; both are named."""
    if subject.kind != "officer" or author.officer_id is None:
        return False
    return any(subject.unit_path.startswith(path) for path in author.leads)


def ensure_author(author: Author, subject: Subject, *, on_behalf: bool = False) -> None:
    """`on_behalf`: said so by whoever writes, or written down so before."""
    if not is_author(author, subject) and not (on_behalf and stands_in(author, subject)):
        raise NotYours


def ensure_target_issued(status: str) -> None:
    if status not in _ISSUED:
        raise TargetNotIssued(status=status)


def ensure_quantity(quantity: Decimal) -> None:
    if quantity <= 0:
        raise QuantityNotPositive


def leading(grants: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The subtrees led, from (role, scope path) pairs."""
    return tuple(path for role, path in grants if role == "unit_leader")
