"""Whatever is put in the place of any part of a plan or of facts: an answer or errors with places, never an accident."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.evaluate import read_file
from rules import RuleError
from rules.plan import evaluate, parse_facts, parse_plan
from rules.plan.telling import told
from tests.rules.plan.files import PLANS

_PAIRS = [
    (plan, facts)
    for folder in sorted(PLANS.iterdir())
    if folder.is_dir()
    for plan in sorted(folder.glob("plan*.yaml"))
    for facts in sorted(folder.glob("facts*.yaml"))[:1]
]
_JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**30) | st.text(max_size=8)
    | st.sampled_from(["0", "-1", "1e9", "total", "total.x", "a" * 61, "0.1", "NaN", "2026-13-01", "\ud800", "{}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "of", "value", "setting", "x", "state", "op"]), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(data, dict):
        found += [place for key, item in data.items() for place in places(item, (*path, key))]
    elif isinstance(data, list):
        found += [place for index, item in enumerate(data) for place in places(item, (*path, index))]
    return found


def replaced(data: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    changed = copy.deepcopy(data)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = junk
    return changed


def answered(plan: Any, facts: Any) -> None:
    try:
        evaluation = evaluate(parse_plan(plan), parse_facts(facts))
    except RuleError:
        return
    json.dumps(told(evaluation, evaluation.settle(), explained=True))


@pytest.mark.parametrize(("plan", "facts"), _PAIRS, ids=lambda path: path.parent.name)
@settings(max_examples=150)
@given(data=st.data())
def test_no_plan_and_no_facts_are_an_accident(plan: Path, facts: Path, data: st.DataObject):
    plan_data, facts_data = read_file(plan), read_file(facts)
    if data.draw(st.booleans()):
        plan_data = replaced(plan_data, data.draw(st.sampled_from(places(plan_data))), data.draw(_JUNK))
    else:
        facts_data = replaced(facts_data, data.draw(st.sampled_from(places(facts_data))), data.draw(_JUNK))
    answered(plan_data, facts_data)
