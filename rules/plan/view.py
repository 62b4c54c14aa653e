"""What a node sees of one subject: its figures, what other nodes gave it, its group, its members, its unit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from rules.plan.facts import Figure, PlanFacts, PlanSubject
from rules.plan.outcomes import Amount, Outcome

Known = TypeVar("Known")

#: The scope whose one group is all subjects.
EVERYBODY = "everybody"


class View:
    """One subject on the board, at its place in every column."""

    __slots__ = ("board", "figures", "index", "subject")

    def __init__(self, board: "Board", index: int, subject: PlanSubject) -> None:
        self.board, self.index, self.subject = board, index, subject
        self.figures: Mapping[str, Figure] = subject.figures

    def figure(self, name: str) -> Figure | None:
        return self.figures.get(name)

    def amount(self, node: str) -> Amount:
        """What the node gave this subject: a number, or the state that stands in its place."""
        return self.board.columns[node][self.index]

    def group(self, scope: str) -> tuple[str, str] | None:
        """The subject's group in the scope; None when it is in none."""
        if scope == EVERYBODY:
            return (EVERYBODY, "")
        found = self.subject.groups.get(scope)
        return None if found is None else (scope, found)

    def peers(self, scope: str) -> tuple["View", ...]:
        """Everybody in the group, this subject included."""
        group = self.group(scope)
        return () if group is None else self.board.by_group[group]

    def members(self) -> tuple["View", ...]:
        """Those whose parent this subject is."""
        return self.board.by_parent.get(self.subject.id, ())

    def share_of(self, member: "View") -> Fraction:
        """How much of the member is this unit's: all of it, unless it belongs to several."""
        return member.subject.shares.get(self.subject.id, Fraction(1))

    def units(self) -> tuple["View", ...]:
        """Every unit that this subject belongs to."""
        names = self.subject.shares or {self.subject.parent}
        return tuple(self.board.by_id[name] for name in names if name is not None)

    def above(self) -> "View | None":
        """The unit that this subject belongs to."""
        parent = self.subject.parent
        return None if parent is None else self.board.by_id[parent]


@dataclass
class Board:
    """All amounts so far, a column for each node, and the indexes that group nodes need. One evaluation has one.

    Only amounts are kept; sentences are made when they are asked for, by evaluating the node again.
    """

    facts: PlanFacts
    columns: dict[str, list[Amount]]
    views: list[View]
    by_id: dict[str, View]
    by_parent: Mapping[str, tuple[View, ...]]
    by_group: Mapping[tuple[str, str], tuple[View, ...]]
    corrected: Mapping[str, list[View]]
    _once: dict[tuple[str, ...], Any]

    def once(self, key: tuple[str, ...], work: Callable[[], Known]) -> Known:
        """What a node works out for a whole group: once, not again for each of its subjects."""
        if key not in self._once:
            self._once[key] = work()
        known: Known = self._once[key]
        return known

    def forget(self) -> None:
        """What was worked out for groups no longer holds: a column has changed."""
        self._once.clear()

    @classmethod
    def of(cls, facts: PlanFacts) -> "Board":
        parents: dict[str, list[View]] = {}
        groups: dict[tuple[str, str], list[View]] = {}
        board = cls(facts, {}, [], {}, {}, {}, {}, {})
        board.views = [View(board, index, subject) for index, subject in enumerate(facts.subjects)]
        board.by_id = {view.subject.id: view for view in board.views}
        for view in board.views:
            for unit in view.subject.shares or (view.subject.parent,):
                if unit is not None:
                    parents.setdefault(unit, []).append(view)
            for scope, group in view.subject.groups.items():
                groups.setdefault((scope, group), []).append(view)
        board.corrected = _corrected(board.views)
        board.by_parent = {key: tuple(found) for key, found in parents.items()}
        board.by_group = {key: tuple(found) for key, found in groups.items()}
        board.by_group[EVERYBODY, ""] = tuple(board.views)
        return board


def _corrected(views: Iterable[View]) -> dict[str, list[View]]:
    """Node → whose value an appeal has changed there."""
    found: dict[str, list[View]] = {}
    for view in views:
        for node in view.subject.corrected:
            found.setdefault(node, []).append(view)
    return found


class PlanNode(Protocol):
    """A node of a plan. `inputs` are the ids of nodes that it reads, `figures` the names of figures."""

    @property
    def inputs(self) -> tuple[str, ...]: ...

    @property
    def figures(self) -> tuple[str, ...]: ...

    def evaluate(self, view: View) -> Outcome: ...

    def touched(self, view: View) -> Iterable[View]:
        """Whose amount may change when what the node reads changes at that subject."""
        ...

    def describe(self, language: str) -> str: ...


class Own:
    """A node that looks at nobody but the subject itself."""

    __slots__ = ()

    def touched(self, view: View) -> Iterable[View]:
        return (view,)


def group_of(view: View, scope: str) -> tuple[View, ...]:
    """Everybody whom a change at this subject touches where a node looks at the whole group."""
    return view.peers(scope) or (view,)
