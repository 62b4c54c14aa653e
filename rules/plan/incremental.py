"""Following facts as they change: only what depends on a changed fact is evaluated again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules.plan.evaluation import Evaluation, applied, evaluate
from rules.plan.facts import PlanFacts, PlanSubject
from rules.plan.nodes.gating import Gate
from rules.plan.outcomes import Amount
from rules.plan.plan import Plan
from rules.plan.view import Board, View


@dataclass(frozen=True, slots=True)
class Change:
    """What one node gave one subject, before and after; None: there was, or is, no such subject."""

    subject: str
    node: str
    before: Amount | None
    after: Amount | None


@dataclass(frozen=True, slots=True)
class Followed:
    """`evaluated` is how many amounts were worked out; `changes` are those that came out differently."""

    evaluated: int
    changes: tuple[Change, ...]

    def of_total(self, plan: Plan) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.node == plan.total)


class Readers:
    """The index of who reads what, made once a plan: figure → nodes, nodes that look at recorded facts."""

    def __init__(self, plan: Plan) -> None:
        self.of_figure: dict[str, set[str]] = {}
        self.of_marks: set[str] = set()
        self.nodes = set(plan.nodes)
        for key, titled in plan.nodes.items():
            for figure in titled.node.figures:
                self.of_figure.setdefault(figure, set()).add(key)
            if isinstance(titled.node, Gate):
                self.of_marks.add(key)

    def reading(self, before: PlanSubject, after: PlanSubject) -> set[str]:
        """Nodes that read something in which the two differ."""
        found = set(_differing(before.corrected, after.corrected)) & self.nodes
        for figure in _differing(before.figures, after.figures):
            found |= self.of_figure.get(figure, set())
        return found | (self.of_marks if before.about.marks != after.about.marks else set())


class Live:
    """An evaluation that follows its facts. After every change it is what it would be from scratch."""

    def __init__(self, plan: Plan, facts: PlanFacts) -> None:
        self.plan, self.readers = plan, Readers(plan)
        self.evaluation = evaluate(plan, facts)

    @property
    def facts(self) -> PlanFacts:
        return self.evaluation.board.facts

    def change(self, *subjects: PlanSubject) -> Followed:
        """New facts of known subjects. Other groups, units or subjects are a new board: everything is evaluated again."""
        board = self.evaluation.board
        known = {subject.id: board.by_id.get(subject.id) for subject in subjects}
        if any(view is None or _moved(view.subject, new) for new in subjects for view in [known[new.id]]):
            return self._again(_with(board.facts, subjects))
        seeds: dict[str, set[int]] = {}
        for new in subjects:
            view = board.by_id[new.id]
            for node in self.readers.reading(view.subject, new):
                seeds.setdefault(node, set()).add(view.index)
            view.subject, view.figures = new, new.figures
        board.facts = _with(board.facts, subjects)
        board.forget()
        return self._follow(board, seeds)

    def _follow(self, board: Board, seeds: Mapping[str, set[int]]) -> Followed:
        """In the order of the plan: who reads a change is evaluated, who came out differently is a change in turn."""
        changed: dict[str, set[int]] = {}
        changes: list[Change] = []
        evaluated = 0
        for key in self.plan.order:
            node = self.plan.nodes[key].node
            sources = set(seeds.get(key, ())).union(*(changed.get(each, ()) for each in node.inputs))
            if not sources:
                continue
            column = board.columns[key]
            for view in _once(other for index in sources for other in node.touched(board.views[index])):
                before, after = column[view.index], applied(self.plan, key, view).amount
                evaluated += 1
                if before != after or type(before) is not type(after):
                    column[view.index] = after
                    changed.setdefault(key, set()).add(view.index)
                    changes.append(Change(view.subject.id, key, before, after))
        return Followed(evaluated, tuple(changes))

    def _again(self, facts: PlanFacts) -> Followed:
        old, new = self.evaluation, evaluate(self.plan, facts)
        self.evaluation = new
        ids = dict.fromkeys([*old.board.by_id, *new.board.by_id])
        pairs = ((s, n, _amount(old, s, n), _amount(new, s, n)) for n in self.plan.order for s in ids)
        changes = tuple(Change(*pair) for pair in pairs if pair[2] != pair[3])
        return Followed(len(facts.subjects) * len(self.plan.order), changes)


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [
        name
        for name in {**one, **other}
        if one.get(name) != other.get(name) or type(one.get(name)) is not type(other.get(name))
    ]


def _moved(one: PlanSubject, other: PlanSubject) -> bool:
    stand = [(each.parent, each.kind, each.groups, each.shares) for each in (one, other)]
    return stand[0] != stand[1]


def _with(facts: PlanFacts, subjects: Iterable[PlanSubject]) -> PlanFacts:
    """The facts with these subjects in the place of those of the same id, new ones at the end."""
    found = {subject.id: subject for subject in facts.subjects} | {
        subject.id: subject for subject in subjects
    }
    about = {key: subject.about for key, subject in found.items()}
    return replace(facts, subjects=tuple(found.values()), context=replace(facts.context, subjects=about))


def _once(views: Iterable[View]) -> list[View]:
    return list({view.index: view for view in views}.values())


def _amount(evaluation: Evaluation, subject: str, node: str) -> Amount | None:
    view = evaluation.board.by_id.get(subject)
    return None if view is None else view.amount(node)
