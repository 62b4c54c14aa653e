"""One worked figure, and putting it to the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from rules.rounding import plain, points_text


@dataclass(frozen=True)
class Example:
    """`wanted`: subject → node → a number as text, or the name of a state. `subjects`: subject → figures; `about`: what else
    is known of it (groups, parent, marks). `says`: what the sentence of the first subject has in it, in both languages.
    """

    title: str
    nodes: Mapping[str, Any]
    subjects: Mapping[str, Mapping[str, Any]]
    wanted: Mapping[str, Mapping[str, str]]
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    period: Mapping[str, str] | None = None
    says: str = ""

    @property
    def plan(self) -> dict[str, Any]:
        nodes = dict(self.nodes)
        return {"format": "kaohe/plan/1", "name": self.title[:60], "nodes": nodes, "total": list(nodes)[-1]}

    @property
    def facts(self) -> dict[str, Any]:
        subjects = [
            {"id": name, "figures": dict(figures), **self.about.get(name, {})}
            for name, figures in self.subjects.items()
        ]
        period = {"period": dict(self.period)} if self.period else {}
        return {"format": "kaohe/facts/1", "subjects": subjects, **period}


def one(title: str, node: Mapping[str, Any], *rows: tuple[Mapping[str, Any], str], says: str = "") -> Example:
    """A single node `x` and a row for each subject: figures and what `x` gives."""
    subjects = {f"s{number}": figures for number, (figures, _) in enumerate(rows, 1)}
    wanted = {f"s{number}": {"x": value} for number, (_, value) in enumerate(rows, 1)}
    return Example(title, {"x": node}, subjects, wanted, says=says)


def found(example: Example, plans: Any) -> dict[str, dict[str, str]]:
    """What the engine gives for everything wanted; `plans` is the module `rules.plan`, or a mutant of it."""
    evaluated = plans.evaluate(plans.parse_plan(example.plan), plans.parse_facts(example.facts))
    said = evaluated.outcome(next(iter(example.subjects))).say()
    assert example.says in said.zh
    assert example.says in said.en
    return {
        subject: {node: _text(evaluated.outcome(subject, node)) for node in nodes}
        for subject, nodes in example.wanted.items()
    }


def _text(outcome: Any) -> str:
    """The value; its sentences must say it too."""
    said = outcome.say()
    if outcome.value is None:
        return str(outcome.state.value)
    shown = {points_text(outcome.value), plain(outcome.value)}
    assert all(any(text in sentence for text in shown) for sentence in (said.zh, said.en)), said
    return str(outcome.value)


def canonical(example: Example) -> dict[str, dict[str, str]]:
    """The wanted figures as fractions."""
    return {
        subject: {node: _number(value) for node, value in nodes.items()}
        for subject, nodes in example.wanted.items()
    }


def _number(value: str) -> str:
    try:
        return str(Fraction(value))
    except ValueError:
        return value
