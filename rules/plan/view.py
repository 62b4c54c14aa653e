"""What a node sees of one subject: its figures, what other nodes gave it, its group, its members, its unit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from rules.plan.facts import Figure, PlanFacts, PlanSubject
from rules.plan.outcomes import Outcome

Known = TypeVar("Known")


@dataclass
class Board:
    """All outcomes so far, node by node, and the indexes that group nodes need. One evaluation has one."""

    facts: PlanFacts
    by_node: dict[str, dict[str, Outcome]]
    by_id: Mapping[str, PlanSubject]
    by_parent: Mapping[str, tuple[PlanSubject, ...]]
    by_group: Mapping[tuple[str, str], tuple[PlanSubject, ...]]
    _once: dict[tuple[str, ...], Any]

    def once(self, key: tuple[str, ...], work: Callable[[], Known]) -> Known:
        """What a node works out for a whole group: once, not again for each of its subjects."""
        if key not in self._once:
            self._once[key] = work()
        known: Known = self._once[key]
        return known

    @classmethod
    def of(cls, facts: PlanFacts) -> "Board":
        parents: dict[str, list[PlanSubject]] = {}
        groups: dict[tuple[str, str], list[PlanSubject]] = {}
        for subject in facts.subjects:
            if subject.parent is not None:
                parents.setdefault(subject.parent, []).append(subject)
            for scope, group in subject.groups.items():
                groups.setdefault((scope, group), []).append(subject)
            groups.setdefault((EVERYBODY, ""), []).append(subject)
        return cls(
            facts,
            {},
            {subject.id: subject for subject in facts.subjects},
            {key: tuple(found) for key, found in parents.items()},
            {key: tuple(found) for key, found in groups.items()},
            {},
        )


#: The scope whose one group is all subjects.
EVERYBODY = "everybody"


class View:
    """One subject on the board."""

    __slots__ = ("board", "subject")

    def __init__(self, board: Board, subject: PlanSubject) -> None:
        self.board, self.subject = board, subject

    def figure(self, name: str) -> Figure | None:
        return self.subject.figures.get(name)

    def outcome(self, node: str) -> Outcome:
        return self.board.by_node[node][self.subject.id]

    def group(self, scope: str) -> tuple[str, str] | None:
        """The subject's group in the scope; None when it is in none."""
        if scope == EVERYBODY:
            return (EVERYBODY, "")
        found = self.subject.groups.get(scope)
        return None if found is None else (scope, found)

    def peers(self, node: str, group: tuple[str, str]) -> Iterable[tuple[str, Outcome]]:
        """Everybody in the group with what the node gave, this subject included."""
        outcomes = self.board.by_node[node]
        return ((peer.id, outcomes[peer.id]) for peer in self.board.by_group[group])

    def members(self, node: str, kind: str | None) -> Iterable[tuple[PlanSubject, Outcome]]:
        """Those whose parent this subject is."""
        outcomes = self.board.by_node[node]
        found = self.board.by_parent.get(self.subject.id, ())
        return ((m, outcomes[m.id]) for m in found if kind is None or m.kind == kind)

    def above(self, node: str) -> Outcome | None:
        """What the node gave the unit that this subject belongs to."""
        parent = self.subject.parent
        return None if parent is None else self.board.by_node[node][parent]


class PlanNode(Protocol):
    """A node of a plan. `inputs` are the ids of nodes that it reads, `figures` the names of figures."""

    @property
    def inputs(self) -> tuple[str, ...]: ...

    @property
    def figures(self) -> tuple[str, ...]: ...

    def evaluate(self, view: View) -> Outcome: ...

    def describe(self, language: str) -> str: ...
