from fractions import Fraction

from rules.plan import parse_facts, parse_plan
from rules.plan.dry_run import dry_run
from tests.rules.plan.files import PLANS, facts_of, plan_of, read_file

_ITEM = {"type": "step", "actual": "rate", "threshold": "90", "step": "1", "unit": "points", "below": "-1"}
_FACTS = parse_facts(
    facts_of(
        *({"id": name, "figures": {"rate": rate, "bonus": "3"}} for name, rate in (("a", "89.5"), ("b", "88"), ("c", "95")))
    )
)  # fmt: skip


def _plan(item=None, **nodes):
    parts = {"item": {**_ITEM, **(item or {})}, "extra": {"type": "take", "of": "bonus"}, **nodes}
    return parse_plan(
        plan_of(parts | {"total": {"type": "combine", "parts": list(parts)}}, standing={"ranking": {}})
    )


def test_who_moves_and_at_which_node_it_begins():
    found = dry_run(_plan(), _plan({"mode": "started"}), _FACTS)
    (row,) = found.rows
    assert (row.subject, row.moved.score) == ("a", (Fraction(3), Fraction(2)))
    (cause,) = row.causes
    assert (cause.node, cause.before, cause.after) == ("item", Fraction(0), Fraction(-1))
    assert "0.00" in cause.said[0].en
    assert "-1.00" in cause.said[1].en
    assert (found.added, found.removed, found.settings) == ((), (), {})


def test_the_same_plan_moves_nobody():
    assert dry_run(_plan(), _plan(), _FACTS).rows == ()


def test_a_node_that_is_new_or_gone():
    new = _plan(more={"type": "take", "of": "bonus"})
    found = dry_run(_plan(), new, _FACTS)
    assert (found.added, found.removed) == (("more",), ())
    assert {row.subject: [c.node for c in row.causes] for row in found.rows} == {n: ["more"] for n in "abc"}
    back = dry_run(new, _plan(), _FACTS)
    assert [c.said[1].en for c in back.rows[0].causes] == ["there is no such node"]


def test_a_subject_that_moves_because_of_others_says_so_at_the_node_that_looks_at_them():
    def plan(mode):
        points = {"type": "rank_points", "of": "item", "first": "10", "step": "-1", "tie": "mean"}
        nodes = {"item": _ITEM | {"mode": mode}, "total": points}
        return parse_plan(plan_of(nodes, standing={"ranking": {}}))

    found = dry_run(plan("whole"), plan("started"), _FACTS)
    moved = {row.subject: [(c.node, c.before, c.after) for c in row.causes] for row in found.rows}
    assert moved["c"] == [("total", Fraction(19, 2), Fraction(10))]
    assert moved["a"] == [("item", Fraction(0), Fraction(-1))]
    assert "b" not in moved


def test_two_readings_of_a_published_rule():
    path = PLANS / "29_population"
    data, facts = read_file(path / "plan.yaml"), parse_facts(read_file(path / "facts.yaml"))
    found = dry_run(
        parse_plan(data, {"fraction": "whole"}), parse_plan(data, {"fraction": "proportional"}), facts
    )
    assert found.rows == ()
    assert found.settings == {"fraction": ("whole", "proportional")}
