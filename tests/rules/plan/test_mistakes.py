"""Typical mistakes of people who write a regulation as a plan: each is told with its file, line, place and what to do."""

import pytest
from typer.testing import CliRunner

from cli.main import app

PLAN = """\
format: kaohe/plan/1
name: 派出所考核
settings:
  fraction: {values: [whole, proportional]}
figures: {done: 件, goal: 件, rate: "%", events: 次}
nodes:
  cases: {type: ratio, actual: done, target: goal, full: "60"}
  speed: {type: step, actual: rate, threshold: "90", step: "1", base: "40", below: "-0.5", mode: {setting: fraction}, floor: "0"}
  extra:
    type: deeds
    events: events
    kinds: {honour: {each: "1"}, fault: {low: "-5", high: "-1"}}
  base: {type: combine, method: weighted_sum, parts: [{of: cases, weight: "0.6"}, {of: speed, weight: "0.4"}]}
  total: {type: combine, parts: [base, extra], decimals: 2}
total: total
outside:
  - {when: {of: done, op: "<", than: "1"}, state: exempt, reason: 无任务}
standing:
  grades:
    grades:
      - {name: 优秀, op: ">=", bound: "90"}
      - {name: 达标, op: ">=", bound: "60"}
    otherwise: 不达标
  quotas: [{grade: 优秀, share: "0.2"}]
"""
FACTS = """\
format: kaohe/facts/1
period: {key: 2026-11, from: 2026-11-01, to: 2026-11-30}
subjects:
  - {id: 所一, figures: {done: 5, goal: 5, rate: 91, events: []}}
  - id: 所二
    parent: 所一
    figures: {done: 5, goal: 5, rate: 91, events: [{kind: honour, on: 2026-11-03}]}
"""


@pytest.fixture(params=["C", "zh_CN.UTF-8"])
def told(request, monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", request.param)

    def run(plan=PLAN, facts=FACTS):
        (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
        (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
        arguments = ["--plan", str(tmp_path / "plan.yaml"), "--facts", str(tmp_path / "facts.yaml")]
        found = CliRunner().invoke(app, ["evaluate", *arguments])
        return found.exit_code, (found.output + found.stderr).replace(f"{tmp_path}/", "")

    return run


def test_without_mistakes_it_is_evaluated(told):
    code, output = told()
    assert (code, "所二" in output) == (0, True)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('full: "60"', 'ful: "60"', ("plan.yaml:7: nodes.cases.ful:", " full", "[unknown]")),
        ("type: ratio", "type: ration", ("plan.yaml:7: nodes.cases.type:", " ratio", "[type-unknown]")),
        ("type: ratio, ", "", ("plan.yaml:7: nodes.cases.type:", "step", "[type-unknown]")),
        ("\ntotal: total", "\ntotal: totl", ("plan.yaml:15: total:", " total", "[node-unknown]")),
        ("actual: done", "actual: don", ("plan.yaml:7: nodes.cases:", " done", "[figure-unknown]")),
        ('weight: "0.4"', 'weight: "0.5"', ("plan.yaml:13: nodes.base.parts:", "1.1", "[weights-not-one]")),
        (', weight: "0.6"', "", ("plan.yaml:13: nodes.base.parts.0.weight:", "[missing]")),
        ("actual: rate", "actual: total", ("plan.yaml:6: nodes:", "speed", "total", "[cycle]")),
        ("  speed:", "  cases:", ("plan.yaml", "8", "cases", "")),
        (
            "{setting: fraction}",
            "{setting: fractions}",
            ("plan.yaml:8: nodes.speed.mode:", "fractions", "[setting-unknown]"),
        ),
        (
            "mode: {setting: fraction}",
            "mode: floor",
            ("plan.yaml:8: nodes.speed.mode:", "whole", "floor", "[not-an-option]"),
        ),
        (
            '{each: "1"}',
            '{each: "1", levels: {省: "2"}}',
            ("plan.yaml:12: nodes.extra.kinds.honour:", "levels", "[marks-unclear]"),
        ),
        (
            'low: "-5", high: "-1"',
            'low: "-1", high: "-5"',
            ("plan.yaml:12: nodes.extra.kinds.fault.low:", "[range-empty]"),
        ),
        ("decimals: 2", "decimals: 9", ("plan.yaml:14: nodes.total.decimals:", "6", "[not-decimals]")),
        ("kaohe/plan/1", "kaohe/plan", ("plan.yaml:1: format:", "kaohe/plan/1", "[format-unknown]")),
        ('share: "0.2"', "share: 20", ("plan.yaml:24: standing.quotas.0.share:", "1", "[too-large]")),
        ("grade: 优秀,", "grade: 优异,", ("plan.yaml:24: standing.quotas.0", "[grade-unknown]")),
        ("    otherwise: 不达标\n", "", ("plan.yaml:", "standing.grades.otherwise:", "[band-uncovered]")),
        ('bound: "60"', 'bound: "95"', ("plan.yaml:22: standing.grades.grades.1:", "[band-doubly-covered]")),
        (
            'op: "<", than',
            'op: "=<", than',
            ("plan.yaml:17: outside.0.when.op:", "<=", "=<", "[not-an-option]"),
        ),
        ('step: "1"', 'step: "1 %"', ("plan.yaml:8: nodes.speed.step:", "1 %", "[not-a-number]")),
        ("base: {type", "base: {\ttype: [", ("plan.yaml", "13")),
    ],
)
def test_a_mistake_in_the_plan(told, before, after, expected):
    code, output = told(plan=PLAN.replace(before, after, 1))
    assert code in {2, 3}
    assert [part for part in expected if part not in output] == [], output


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("on: 2026-11-03", "on: 2026-11-31", ("facts.yaml:7: subjects.1.figures.events.0.on:", "YYYY-MM-DD")),
        ("{kind: honour, on", "{on", ("facts.yaml:7: subjects.1.figures.events.0.kind:", "[missing]")),
        ("parent: 所一", "parent: 所壹", ("facts.yaml:6: subjects.1.parent:", "所壹", "[parent-unknown]")),
        ("id: 所二", "id: 2", ("facts.yaml:5: subjects.1.id:", "'2'", "[name-invalid]")),
        ("id: 所二", "id: 所一", ("facts.yaml:5: subjects.1.id:", "所一", "[subject-twice]")),
        ("to: 2026-11-30", "to: 2026-10-30", ("facts.yaml:2: period.from:", "[not-a-span]")),
        ("parent: 所一", "parnt: 所一", ("facts.yaml:6: subjects.1.parnt:", "parent", "[unknown]")),
    ],
)
def test_a_mistake_in_the_facts(told, before, after, expected):
    code, output = told(facts=FACTS.replace(before, after, 1))
    assert code == 3
    assert [part for part in expected if part not in output] == [], output
