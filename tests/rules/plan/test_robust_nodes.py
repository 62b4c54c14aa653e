"""Junk in the place of any parameter of any node type: an answer or errors with places, in checks and dry runs too."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import RuleError
from rules.plan import check_plan, dry_run, parse_facts, parse_plan
from tests.rules.plan.test_robustness import _JUNK, answered, places, replaced
from tests.rules.plan.test_worked import ALL

_TYPES = {next(reversed(example.plan["nodes"].values()))["type"]: example for example in ALL}


@pytest.mark.parametrize("kind", sorted(_TYPES))
@settings(max_examples=60)
@given(data=st.data())
def test_no_parameter_is_an_accident(kind, data):
    examples = [e for e in ALL if e.plan["nodes"][e.plan["total"]].get("type") == kind]
    example = data.draw(st.sampled_from(examples))
    plan, facts = example.plan, example.facts
    if data.draw(st.booleans()):
        path = data.draw(st.sampled_from([p for p in places(plan["nodes"]) if p]))
        plan = replaced(plan, ("nodes", *path), data.draw(_JUNK))
    else:
        path = data.draw(st.sampled_from([p for p in places(facts["subjects"]) if p]))
        facts = replaced(facts, ("subjects", *path), data.draw(_JUNK))
    answered(plan, facts)
    try:
        read, known = parse_plan(plan), parse_facts(facts)
    except RuleError:
        return
    check_plan(read)
    dry_run(parse_plan(example.plan), read, known)
