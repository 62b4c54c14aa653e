import pytest

import rules.plan
from tests.rules.plan.worked import events, groups, measures
from tests.rules.plan.worked.example import canonical, found

ALL = [*measures.EXAMPLES, *events.EXAMPLES, *groups.EXAMPLES]


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.title)
def test_the_engine_gives_what_was_worked_out_by_hand(example):
    assert found(example, rules.plan) == canonical(example)
