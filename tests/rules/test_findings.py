"""Every finding that reading, checking and evaluating can come to, each by the shortest data that brings it, with its place."""

from collections.abc import Callable
from typing import Any

import pytest

from rules import RuleError, parse
from rules.binding import check_binding, parse_binding
from rules.findings import Finding
from rules.plan import evaluate, parse_facts, parse_plan
from rules.plan.expected import parse_expected, unmet
from rules.plan.facts import MOST_EVENTS
from tests.rules.plan.files import facts_of, plan_of

_TAKE = {"type": "take", "of": "a"}
_BANDS = [{"op": ">=", "bound": "60", "points": "1"}, {"op": "<=", "bound": "50", "points": "0"}]
_BACKWARD = [{"beyond": "5", "marks": "1"}, {"beyond": "3", "marks": "2"}]
_WEIGHED = [{"weight": weight, "rule": {"type": "events", "each": "1"}} for weight in ("1.5", "-0.5")]
_VOTE = {"type": "ballot", "votes": "a", "options": {"好": "1", "差": "0"}}
_EVENT = {"kind": "late", "on": "2026-11-03"}


def _refused(read: Callable[[Any], Any], data: Any) -> list[tuple[str, str]]:
    with pytest.raises(RuleError) as error:
        read(data)
    return _told(error.value.findings)


def _told(findings: Any) -> list[tuple[str, str]]:
    """Each with its place, and in both languages."""
    assert all(isinstance(finding, Finding) and finding.zh and finding.en for finding in findings)
    return [(finding.place, finding.code) for finding in findings]


@pytest.mark.parametrize(
    ("rule", "place", "code"),
    [
        ({"type": "band", "bands": _BANDS, "otherwise": "0"}, "bands", "bands-mixed"),
        ({"type": "ratio", "full": "9", "cap": "1", "floor": "1.5"}, "floor", "floor-above-cap"),
        ({"type": "events", "each": "1", "cap": "1", "floor": "2"}, "floor", "floor-above-cap"),
        ({"type": "events"}, "each", "no-marks"),
        ({"type": "step", "step": "1"}, "", "no-marks"),
        ({"type": "step", "step": "0", "above": "1"}, "step", "step-not-positive"),
        ({"type": "step", "step": "1", "segments_above": _BACKWARD}, "segments_above", "segments-unordered"),
        ({"type": "ratio", "full": "9", "cap": "-1", "floor": "-2"}, "cap", "too-small"),
        ({"type": "ratio", "full": "9", "decimals": 7}, "decimals", "not-decimals"),
        ({"type": "events", "each": "1", "kind_caps": []}, "kind_caps", "not-a-table"),
        ({"type": "combine", "method": "weighted_sum", "parts": _WEIGHED}, "parts", "weight-not-positive"),
    ],
)
def test_what_a_rule_cannot_be(rule, place, code):
    assert _refused(parse, rule) == [(place, code)]


@pytest.mark.parametrize(
    ("node", "place", "code"),
    [
        ({"type": "gate", "of": "a", "effect": "add", "when": {"mark": "x"}}, "amount", "amount-unclear"),
        ({"type": "gate", "of": "a", "effect": "zero", "amount": "1", "when": {"mark": "x"}}, "amount", "amount-unclear"),
        ({"type": "table", "of": "a", "rows": [{"from": "1", "over": "1", "marks": "1"}]}, "rows.0.from", "bound-twice"),
        ({"type": "table", "of": "a", "rows": [{"from": "5", "to": "3", "marks": "1"}]}, "rows.0.to", "row-empty"),
        ({"type": "table", "of": "a", "rows": [{"from": "5"}]}, "rows.0.marks", "marks-unclear"),
        ({"type": "combine", "parts": ["a"], "not_applicable": "full_marks"}, "parts", "full-missing"),
        ({"type": "combine", "method": "weighted_mean", "parts": ["a"]}, "parts", "weight-missing"),
        ({"type": "combine", "method": "weighted_mean", "parts": [{"of": "a", "weight": "0"}]}, "parts.0.weight", "weight-not-positive"),
        ({"type": "combine", "parts": ["a", []]}, "parts.1", "not-an-operand"),
        ({"type": "take", "of": []}, "of", "not-an-operand"),
        ({"type": "limit", "of": "a"}, "cap", "no-limit"),
        ({"type": "members", "of": "a"}, "of", "not-a-node"),
        ({"type": "inherit", "of": "a"}, "of", "not-a-node"),
        ({"type": "members", "of": "x", "method": "weighted"}, "weight", "weight-unclear"),
        ({"type": "rank_points", "of": "a", "places": ["1", "many"]}, "places", "not-numbers"),
        ({"type": "relative", "of": "a", "to": "other"}, "other", "other-unclear"),
        (_VOTE | {"at_most": {"option": "优", "share": "0.2", "instead": "差"}}, "at_most.option", "option-unknown"),
        (_VOTE | {"scale": {"from": "1", "to": "2", "step": "0.3"}}, "scale.step", "scale-invalid"),
        ({"type": "ballot", "raters": [{"votes": "a", "weight": "0"}], "options": {"好": "1"}}, "raters.0.weight", "weight-not-positive"),
        ({"type": "deeds", "events": "a", "kinds": {"late": {}}}, "kinds.late", "marks-unclear"),
        ({"type": "deeds", "events": "a", "kinds": {"late": {"low": "-1", "high": "-5"}}}, "kinds.late.low", "range-empty"),
        ({"type": "deeds", "events": "a", "kinds": {"late": {"sequence": [{"as": "absent"}]}}}, "kinds.late", "kind-unknown"),
        ({"type": "deeds", "events": "a", "kinds": {"late": {"each": "1", "evidence": "no"}}}, "kinds.late.evidence", "not-a-switch"),
        ({"type": "deeds", "events": "a", "kinds": {"late": {"each": "1"}}, "multipliers": [{"times": "2"}]}, "multipliers.0", "multiplier-unclear"),
    ],
)  # fmt: skip
def test_what_a_node_cannot_be(node, place, code):
    found = _refused(parse_plan, plan_of({"x": _TAKE, "total": node}))
    assert found == [(f"nodes.total.{place}", code)]


@pytest.mark.parametrize(
    ("more", "place", "code"),
    [
        ({"format": "kaohe/plan/2"}, "format", "format-unknown"),
        ({"source": 3}, "source", "not-text"),
        (
            {"standing": {"consequences": [{"type": "once", "when": {"type": "last", "n": 1}, "gives": ["谈话", "谈话"]}]}},
            "standing.consequences.0.gives", "names-invalid",
        ),
    ],
)  # fmt: skip
def test_what_a_plan_cannot_have(more, place, code):
    assert (place, code) in _refused(parse_plan, plan_of({"total": _TAKE}) | more)


@pytest.mark.parametrize(
    ("subject", "more", "place", "code"),
    [
        ({}, {"format": "kaohe/facts/2"}, "format", "format-unknown"),
        ({}, {"period": {"key": "x", "from": "2026-02-01", "to": "2026-01-31"}}, "period.from", "not-a-span"),
        ({}, {"subjects": [{"id": "a"}, {"id": "a"}]}, "subjects.1.id", "subject-twice"),
        ({"parent": "b"}, {}, "subjects.0.parent", "parent-unknown"),
        ({"parents": {"a": "0"}}, {}, "subjects.0.parents", "share-not-positive"),
        ({"figures": {"e": [_EVENT | {"id": "1"}] * 2}}, {}, "subjects.0.figures.e", "event-twice"),
        ({"figures": {"e": [{}] * (MOST_EVENTS + 1)}}, {}, "subjects.0.figures.e", "too-many"),
    ],
)
def test_what_facts_cannot_be(subject, more, place, code):
    assert _refused(parse_facts, facts_of({"id": "a"} | subject) | more) == [(place, code)]


def test_what_an_evaluation_points_at():
    node = {"type": "deeds", "events": "e", "kinds": {"late": {"each": "-1"}}}
    subject = {"id": "a", "figures": {"e": [_EVENT, _EVENT | {"kind": "absent"}], "spare": "1"}}
    facts = facts_of(subject, clocks=[{"procedure": "objection", "since": "2026-11-03"}])
    found = evaluate(parse_plan(plan_of({"total": node})), parse_facts(facts))
    assert _told(found.findings) == [
        ("figures.spare", "figure-unused"),
        ("subjects.a.total", "event-unmarked"),
    ]
    _, unknown = found.deadlines()
    assert _told(unknown) == [("clocks.#1", "clock-unknown")]


def test_a_grade_that_nobody_proposed_is_undecided():
    plan = plan_of({"total": _TAKE}, standing={"grades": {"grades": [{"name": "称职"}, {"name": "不称职"}]}})
    found = evaluate(parse_plan(plan), parse_facts(facts_of({"id": "a", "figures": {"a": "1"}})))
    assert _told(found.settle().findings) == [("a", "no-proposal")]


def test_an_example_that_does_not_come_out():
    evaluation = evaluate(
        parse_plan(plan_of({"total": _TAKE})), parse_facts(facts_of({"id": "a", "figures": {"a": "1"}}))
    )
    wanted = {"format": "kaohe/expected/1", "source": "x", "periods": {"": {"nodes": {"total": {"a": "2"}}}}}
    period = parse_expected(wanted).periods[""]
    assert _told(unmet(period, evaluation, evaluation.settle())) == [("nodes.total.a", "not-as-expected")]
    assert _refused(parse_expected, wanted | {"format": "x"}) == [("format", "format-unknown")]


def _bound(nodes: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    plan = plan_of(nodes or {"total": _TAKE}, figures={"a": "件"})
    return {"plan": plan, "sources": {"a": {"indicator": "A1"}}, "rest": "business"} | more


def _attended(kind: str) -> dict[str, Any]:
    node = {"type": "deeds", "events": "a", "kinds": {kind: {"each": "-1"}}}
    return _bound({"total": node}, sources={"a": {"attendance": "faults"}})


@pytest.mark.parametrize(
    ("data", "place", "code"),
    [
        (_bound(sources={}), "sources.a", "source-missing"),
        (_bound(lines=[{"node": "total", "module": "m"}]), "lines.0.node", "line-twice"),
        (_bound({"x": _TAKE, "total": {"type": "combine", "parts": ["x"]}}, lines=[{"node": "x", "module": "m"}] * 2), "lines.1.node", "line-twice"),
        (_attended("tardy"), "plan.nodes.total.kinds.tardy", "attendance-kind-unknown"),
        (_attended("maternity_leave"), "plan.nodes.total.kinds.maternity_leave", "leave-protected"),
    ],
)  # fmt: skip
def test_what_a_plan_at_work_cannot_be(data, place, code):
    assert _refused(parse_binding, data) == [(place, code)]


def test_a_plan_and_its_scheme_speak_of_the_same_things():
    bound = parse_binding(_bound())
    assert check_binding(bound, {"A1"}, {"business"}).ready
    found = check_binding(bound, {"A2"}, {"special"})
    assert _told(found.errors) == [("sources", "indicator-unknown"), ("lines", "module-unknown")]
    assert _told(found.notes) == [("sources", "indicator-unused")]
