"""Every node's value for every subject, node by node, and what follows from the totals."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from rules.facts import State
from rules.findings import Finding
from rules.plan.clocks import Struck, strike
from rules.plan.exclusions import excluded
from rules.plan.facts import PlanFacts, PlanSubject
from rules.plan.nodes.deeds import Deeds
from rules.plan.outcomes import Amount, Outcome, corrected, told_by
from rules.plan.plan import Plan
from rules.plan.view import Board, View
from rules.standing.settlement import Settlement
from rules.standing.subjects import Context, Subject, Total


@dataclass(frozen=True)
class Evaluation:
    """`order` is the order in which nodes were applied."""

    plan: Plan
    board: Board

    @property
    def findings(self) -> tuple[Finding, ...]:
        """About the facts; nothing is bent to fit them."""
        return tuple(_about(self.plan, self.board.facts))

    @property
    def order(self) -> tuple[str, ...]:
        return self.plan.order

    def outcome(self, subject: str, node: str | None = None) -> Outcome:
        """Of the total unless a node is named, with its sentences. Raises KeyError."""
        found = applied(self.plan, node or self.plan.total, self.board.by_id[subject])
        return told_by(found, self.plan.names)

    def amount(self, subject: str, node: str | None = None) -> Amount:
        """The value, or the state that stands in its place."""
        return self.board.by_id[subject].amount(node or self.plan.total)

    def value(self, subject: str, node: str | None = None) -> Fraction | None:
        amount = self.amount(subject, node)
        return amount if isinstance(amount, Fraction) else None

    def totals(self) -> dict[str, Total]:
        """The stored values, after the total node's rounding, with every node's value for tie-breaks and conditions."""
        found = {}
        columns = self.board.columns
        for view in self.board.views:
            total = view.amount(self.plan.total)
            amounts = ((node, columns[node][view.index]) for node in self.plan.order)
            figures = {node: amount for node, amount in amounts if isinstance(amount, Fraction)}
            found[view.subject.id] = (
                Total(None, total, figures) if isinstance(total, State) else Total(total, figures=figures)
            )
        return found

    def settle(self) -> Settlement:
        """Ranks, grades, quotas and consequences, with the marks that the plan itself works out."""
        return self.plan.standing.settle(self.totals(), self.context())

    def context(self) -> Context:
        """What standing is worked out from, with what the plan's own conditions say of everybody."""
        subjects = {s.id: self._marked(s) for s in self.board.facts.subjects}
        return replace(self.board.facts.context, subjects=subjects)

    def deadlines(self) -> tuple[list[Struck], list[Finding]]:
        """When the clocks in the facts run out, by the plan's procedures."""
        facts = self.board.facts
        return strike(facts.clocks, self.plan.procedures, facts.calendar)

    def marks(self, subject: str) -> dict[str, bool]:
        """What the plan's own conditions come to. Raises KeyError."""
        view = self.board.by_id[subject]
        return {label: condition.holds(view) for label, condition in self.plan.marks.items()}

    def _marked(self, subject: PlanSubject) -> Subject:
        about = replace(subject.about, marks={**subject.about.marks, **self.marks(subject.id)})
        return excluded(about, self.plan.outside, self.board.by_id[subject.id])


def evaluate(plan: Plan, facts: PlanFacts) -> Evaluation:
    """Node by node, so that a node sees what every subject has of the nodes before it."""
    board = Board.of(facts)
    for key in plan.order:
        node = plan.nodes[key].node
        column = board.columns[key] = [node.evaluate(view).amount for view in board.views]
        for view in board.corrected.get(key, ()):
            column[view.index] = applied(plan, key, view).amount
    return Evaluation(plan, board)


def applied(plan: Plan, key: str, view: View) -> Outcome:
    """What the node gives the subject, with what an appeal adds to it."""
    outcome, more = plan.nodes[key].node.evaluate(view), view.subject.corrected.get(key)
    return corrected(outcome, more) if more else outcome


def _about(plan: Plan, facts: PlanFacts) -> list[Finding]:
    """Figures that nobody asks for, and events that the plan cannot mark."""
    found = []
    asked = {figure for titled in plan.nodes.values() for figure in titled.node.figures}
    asked |= {figure for condition in plan.conditions for figure in condition.figures}
    spare = sorted({label for s in facts.subjects for label in s.figures} - asked - set(plan.figures))
    for label in spare:
        zh, en = f"方案没有用到数据项 {label}", f"the plan has no use for the figure {label}"
        found.append(Finding(f"figures.{label}", "figure-unused", zh, en))
    for key, titled in plan.nodes.items():
        if isinstance(titled.node, Deeds):
            found += _unmarked(plan, key, titled.node, facts)
    return found


def _unmarked(plan: Plan, key: str, node: Deeds, facts: PlanFacts) -> list[Finding]:
    found = []
    for subject in facts.subjects:
        figure = subject.figures.get(node.events)
        if isinstance(figure, tuple):
            for deed, reason in node.refused(figure):
                why = plan.names.sentence(reason)
                zh = f"{subject.name} 的事件 {deed.id} 未计:{why.zh}"
                en = f"event {deed.id} of {subject.name} is not counted: {why.en}"
                found.append(Finding(f"subjects.{subject.id}.{key}", "event-unmarked", zh, en))
    return found


def missing(evaluation: Evaluation) -> Mapping[str, State]:
    """Subjects without a total, and why."""
    facts = evaluation.board.facts
    amounts = {subject.id: evaluation.amount(subject.id) for subject in facts.subjects}
    return {key: amount for key, amount in amounts.items() if isinstance(amount, State)}
