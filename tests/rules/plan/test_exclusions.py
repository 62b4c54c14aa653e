from rules.plan import evaluate, parse_facts, parse_plan
from tests.rules.plan.files import facts_of, plan_of

_NODES = {"total": {"type": "take", "of": "a"}, "members": {"type": "take", "of": "n"}}
_OUTSIDE = [
    {"when": {"mark": "veto"}, "reason": "重大事故,不参加排名"},
    {"when": {"of": "members", "op": "<", "than": "3"}, "state": "not_assessed", "reason": "不足三人"},
]


def _settled(*subjects):
    plan = parse_plan(plan_of(_NODES, outside=_OUTSIDE, standing={"ranking": {}}))
    return evaluate(plan, parse_facts(facts_of(*subjects))).settle()


def _subject(name, a, n="5", **more):
    return {"id": name, "figures": {"a": a, "n": n}, **more}


def test_who_is_excluded_by_a_condition_has_a_total_and_no_rank():
    settled = _settled(
        _subject("p", "9", marks={"veto": True}),
        _subject("q", "8", n="2"),
        _subject("r", "7"),
        _subject("s", "6"),
    )
    assert [settled.outcomes[name].rank("overall") for name in "pqrs"] == [None, None, 1, 2]
    assert settled.outcomes["p"].total.value == 9
    (ranked,) = settled.lists
    why = {place.subject: place.why[-1].zh for place in ranked.places if place.position is None}
    assert "重大事故,不参加排名" in why["p"]
    assert "不足三人" in why["q"]


def test_what_the_facts_say_already_stands():
    outside = {"state": "oversight", "reason": "督察部门"}
    settled = _settled(_subject("p", "9", marks={"veto": True}, outside=outside), _subject("q", "8"))
    (ranked,) = settled.lists
    (place,) = [place for place in ranked.places if place.subject == "p"]
    assert "督察部门" in place.why[-1].zh
