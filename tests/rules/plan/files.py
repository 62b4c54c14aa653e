"""The plans and facts of examples/plans, evaluated as `kaohe evaluate` does, and short plans written in a test."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from cli.plan_files import read_file
from rules.plan import Evaluation, evaluate, parse_facts, parse_plan
from rules.standing import Settlement
from rules.standing.records import Record

PLANS = Path(__file__).parents[3] / "examples" / "plans"


def evaluated(
    folder: str, plan: str = "plan", *facts: str, **settings: Any
) -> list[tuple[Evaluation, Settlement]]:
    """One after the other, each knowing the standing of those before it."""
    parsed = parse_plan(read_file(PLANS / folder / f"{plan}.yaml"), settings)
    history: dict[str, tuple[Record, ...]] = {}
    found = []
    for name in facts or ("facts",):
        read = parse_facts(read_file(PLANS / folder / f"{name}.yaml"), history)
        evaluation = evaluate(parsed, read)
        settled = evaluation.settle()
        for subject, record in settled.records(read.context).items():
            history[subject] = (*history.get(subject, ()), record)
        found.append((evaluation, settled))
    return found


def one(folder: str, plan: str = "plan", facts: str = "facts", **settings: Any) -> Evaluation:
    return evaluated(folder, plan, facts, **settings)[0][0]


def values(evaluation: Evaluation, node: str | None = None) -> dict[str, Fraction | None]:
    facts = evaluation.board.facts
    return {subject.id: evaluation.value(subject.id, node) for subject in facts.subjects}


def numbers(expected: dict[str, str]) -> dict[str, Fraction]:
    return {key: Fraction(value) for key, value in expected.items()}


def plan_of(nodes: dict[str, Any], total: str = "total", **more: Any) -> dict[str, Any]:
    return {"format": "kaohe/plan/1", "name": "测试", "nodes": nodes, "total": total, **more}


def facts_of(*subjects: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format": "kaohe/facts/1", "subjects": list(subjects), **more}


def run(nodes: dict[str, Any], *subjects: dict[str, Any], **more: Any) -> Evaluation:
    """A plan of these nodes over these subjects; the total is the node of that name."""
    facts = {key: more.pop(key) for key in ("period", "announced", "clocks", "calendar") if key in more}
    return evaluate(parse_plan(plan_of(nodes, **more)), parse_facts(facts_of(*subjects, **facts)))


def value(nodes: dict[str, Any], **figures: Any) -> Fraction | None:
    """The total of one subject with these figures."""
    return run(nodes, {"id": "a", "figures": figures}).value("a")
