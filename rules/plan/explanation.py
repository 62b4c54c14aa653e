"""Why a figure is what it is: the sentences of the nodes behind it, in the order of application."""

from dataclasses import dataclass

from rules.facts import Step
from rules.plan.evaluation import Evaluation
from rules.rounding import plain


@dataclass(frozen=True, slots=True)
class Line:
    """One node's part: its title, its value as text ("-" if none), its sentence, the steps before it."""

    node: str
    title: str
    value: str
    words: str
    steps: tuple[str, ...]


def explain(evaluation: Evaluation, subject: str, language: str, node: str | None = None) -> list[Line]:
    """From the nodes that the figure starts from to the figure itself. Raises KeyError for what is not there."""
    plan = evaluation.plan
    wanted = node or plan.total
    behind = {wanted}
    for key in reversed(plan.order):
        if key in behind:
            behind.update(plan.nodes[key].node.inputs)
    found = []
    for key in plan.order:
        if key not in behind:
            continue
        outcome = evaluation.outcome(subject, key)
        title = plan.title_of(key, language)
        value = "-" if outcome.value is None else plain(outcome.value)
        found.append(Line(key, title, value, outcome.say().say(language), _said(outcome.steps(), language)))
    return found


def _said(steps: tuple[Step, ...], language: str) -> tuple[str, ...]:
    return tuple(step.zh if language == "zh" else step.en for step in steps)
