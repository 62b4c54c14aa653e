"""Worked examples of published schemes under examples/plans: each comes out as its expected.yaml says, and may be published."""

from pathlib import Path

import pytest

from cli.plan_files import read_file
from rules.plan import check_plan, evaluate, parse_facts, parse_plan
from rules.plan.expected import parse_expected, unmet
from tests.rules.plan.files import PLANS

EXAMPLES = sorted(PLANS.glob("*/expected*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_example_comes_out_as_its_source_says(path: Path):
    example = parse_expected(read_file(path))
    plan = parse_plan(read_file(path.parent / example.plan), example.settings)
    history: dict = {}
    seen, wrong = set(), []
    for name in example.facts:
        evaluation = evaluate(plan, parse_facts(read_file(path.parent / name), history))
        settled = evaluation.settle()
        context = evaluation.board.facts.context
        for subject, record in settled.records(context).items():
            history[subject] = (*history.get(subject, ()), record)
        seen.add(context.period.key)
        if (wanted := example.periods.get(context.period.key)) is not None:
            wrong += [(f.place, f.en) for f in unmet(wanted, evaluation, settled)]
    assert wrong == []
    assert example.periods.keys() <= seen
    assert [(f.place, f.code) for f in check_plan(plan).errors] == []


def test_there_are_examples_of_most_schemes_of_the_catalogue():
    assert len({path.parent for path in EXAMPLES}) >= 25
