"""Another version of a plan over the same facts: who moves, and at which nodes it begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.plan.evaluation import Evaluation, evaluate
from rules.plan.facts import PlanFacts
from rules.plan.outcomes import Amount
from rules.plan.plan import Plan
from rules.sentences import Sentence
from rules.standing.differences import Moved, who_moved

NONE = Sentence("没有该节点", "there is no such node")


@dataclass(frozen=True, slots=True)
class Cause:
    """A node that gives something else though nothing that it reads of the subject does. None: the node is not there."""

    node: str
    before: Amount | None
    after: Amount | None
    said: tuple[Sentence, Sentence]


@dataclass(frozen=True, slots=True)
class Row:
    """One subject that moves: total, ranks and grade before and after, and where it begins."""

    moved: Moved
    causes: tuple[Cause, ...]

    @property
    def subject(self) -> str:
        return self.moved.subject


@dataclass(frozen=True, slots=True)
class DryRun:
    """`settings`: readings that differ. Subjects that do not move are not listed."""

    rows: tuple[Row, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    settings: Mapping[str, tuple[Any, Any]]


def dry_run(before: Plan, after: Plan, facts: PlanFacts) -> DryRun:
    return compared(evaluate(before, facts), evaluate(after, facts))


def compared(before: Evaluation, after: Evaluation) -> DryRun:
    """Two evaluations of the same facts."""
    one, other = before.plan, after.plan
    rows = tuple(
        Row(moved, tuple(_causes(before, after, moved.subject)))
        for moved in who_moved(before.settle(), after.settle())
    )
    names = {**one.chosen, **other.chosen}
    pairs = {name: (one.chosen.get(name), other.chosen.get(name)) for name in names}
    return DryRun(
        rows,
        tuple(key for key in other.order if key not in one.nodes),
        tuple(key for key in one.order if key not in other.nodes),
        {name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
    )


def _causes(before: Evaluation, after: Evaluation, subject: str) -> list[Cause]:
    """In the new plan's order, what is no longer there first; only nodes on which the total depends."""
    amounts = {
        key: (_amount(before, subject, key), _amount(after, subject, key))
        for key in {**dict.fromkeys(before.order), **dict.fromkeys(after.order)}
    }
    differ = {key for key, (one, other) in amounts.items() if one != other}
    gone = [key for key in before.order if key not in after.plan.nodes and key in _behind(before.plan)]
    begun = [
        key
        for key in after.order
        if key in differ
        and key in _behind(after.plan)
        and not differ.intersection((*_inputs(before.plan, key), *_inputs(after.plan, key)))
    ]
    found = (*gone, *begun)
    return [
        Cause(key, *amounts[key], (_said(before, subject, key), _said(after, subject, key))) for key in found
    ]


def _inputs(plan: Plan, node: str) -> tuple[str, ...]:
    return plan.nodes[node].node.inputs if node in plan.nodes else ()


def _behind(plan: Plan) -> set[str]:
    """The total and every node behind it."""
    found = {plan.total}
    for key in reversed(plan.order):
        if key in found:
            found.update(plan.nodes[key].node.inputs)
    return found


def _amount(evaluation: Evaluation, subject: str, node: str) -> Amount | None:
    return evaluation.amount(subject, node) if node in evaluation.plan.nodes else None


def _said(evaluation: Evaluation, subject: str, node: str) -> Sentence:
    return evaluation.outcome(subject, node).say() if node in evaluation.plan.nodes else NONE
