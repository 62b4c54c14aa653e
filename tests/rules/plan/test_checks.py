from fractions import Fraction

import pytest

from rules import RuleError
from rules.plan import parse_plan
from rules.plan.checks import check_plan
from rules.plan.upward import upward_weight
from tests.rules.plan.files import PLANS, plan_of, read_file


def checked(nodes, total="total", **more):
    return check_plan(parse_plan(plan_of(nodes, total, **more)))


def codes(findings):
    return {finding.place: finding.code for finding in findings}


def refused(plan):
    with pytest.raises(RuleError) as error:
        parse_plan(plan)
    return {finding.place: finding.code for finding in error.value.findings}


_TAKE = {"type": "take", "of": "a"}


@pytest.mark.parametrize(
    "path", sorted(PLANS.glob("*/plan*.yaml")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_the_plans_of_the_cases_can_be_published(path):
    found = check_plan(parse_plan(read_file(path)))
    assert found.ready, found.errors


def test_nodes_on_which_nothing_depends():
    nodes = {"total": _TAKE, "lost": _TAKE, "parting": _TAKE, "marked": _TAKE, "behind": _TAKE,
             "shown": {"type": "combine", "parts": ["behind"]}}  # fmt: skip
    found = checked(
        nodes,
        marks={
            "late": {"of": "marked", "op": ">", "than": "3"},
            "big": {"of": "shown", "op": ">", "than": "3"},
        },
        standing={"ranking": {"tie_breaks": [{"figure": "parting"}]}},
    )
    assert codes(found.errors) == {"nodes.lost": "node-unreachable"}


def test_settings_and_figures_that_nothing_reads():
    settings = {"reading": {"values": [{"value": "1"}, {"value": "2"}]}}
    found = checked({"total": _TAKE}, figures={"a": "分", "b": "件"}, settings=settings)
    assert (found.ready, codes(found.notes)) == (
        True,
        {"settings.reading": "setting-unused", "figures.b": "figure-unread"},
    )


def test_marks_that_do_not_add_up_to_the_full_marks():
    items = {name: _TAKE | {"full_marks": full} for name, full in (("x", "40"), ("y", "30"), ("z", "20"))}
    bonus = {"bonus": _TAKE}
    total = {"type": "combine", "parts": ["x", "y", "z", "bonus"], "full_marks": "100"}
    found = checked({**items, **bonus, "total": total})
    assert [(f.place, f.en) for f in found.errors] == [
        ("nodes.total.full_marks", "the parts have 90 marks in full, the node 100")
    ]
    assert checked({**items, **bonus, "total": total | {"full_marks": "90"}}).ready


def test_weighted_modules_and_what_rules_can_give_at_most():
    weighted = {
        "type": "combine",
        "method": "weighted_sum",
        "full_marks": "100",
        "parts": [{"of": "tasks", "weight": "0.8"}, {"of": "social", "weight": "0.2"}],
    }
    rules = {
        "tasks": {
            "type": "ratio",
            "actual": "a",
            "target": "b",
            "full": "80",
            "cap": "1.25",
            "full_marks": "100",
        },
        "social": {
            "type": "all_or_nothing",
            "actual": "a",
            "threshold": "1",
            "full": "100",
            "full_marks": "100",
        },
    }
    assert checked({**rules, "total": weighted}).ready
    rules["tasks"] = rules["tasks"] | {"cap": "1"}
    assert codes(checked({**rules, "total": weighted}).errors) == {"nodes.tasks.full_marks": "marks-not-full"}


def test_the_best_row_of_a_table_is_its_full_marks():
    rows = [{"from": "90", "marks": "3"}, {"under": "90", "marks": "5"}]
    table = {"type": "table", "of": "a", "rows": rows, "full_marks": "4"}
    assert codes(checked({"total": table}).errors) == {"nodes.total.full_marks": "marks-not-full"}
    bands = {
        "type": "band",
        "actual": "a",
        "bands": [{"op": ">=", "bound": "1", "points": "4"}],
        "otherwise": "0",
    }
    assert checked({"total": bands | {"full_marks": "4"}}).ready


def test_the_exact_values_that_a_printed_table_leaves_out_or_covers_twice():
    rows = [
        {"from": "95", "to": "100", "marks": "3"},
        {"from": "90", "to": "94", "marks": "2"},
        {"from": "60", "to": "90", "marks": "1"},
        {"over": "50", "under": "60", "marks": "0"},
    ]
    found = checked(
        {"total": {"type": "table", "of": "a", "rows": rows, "range": {"from": "50", "to": "100"}}}
    )
    assert [(f.place, f.code, f.en) for f in found.errors] == [
        ("nodes.total.rows", "band-uncovered", "not covered: 50、(94, 95)"),
        ("nodes.total.rows", "band-doubly-covered", "covered twice: 90"),
    ]
    rows[2]["to"], rows[3] = "89", {"from": "50", "to": "59", "marks": "0"}
    assert checked({"total": {"type": "table", "of": "a", "rows": rows, "whole": True}}).ready
    assert checked({"total": {"type": "table", "of": "a", "rows": rows, "gap": "lower_row"}}).ready


def test_tables_by_class_are_checked_each():
    tables = {"town": [{"from": "0", "marks": "1"}, {"from": "5", "marks": "2"}], "city": [{"marks": "1"}]}
    found = checked({"total": {"type": "table", "of": "a", "by": "kind", "tables": tables}})
    assert [(f.place, f.en) for f in found.errors] == [("nodes.total.tables.town", "covered twice: [5, +∞)")]


def _codes(kinds):
    return [f.code for f in checked({"total": {"type": "deeds", "events": "e", "kinds": kinds}}).notes]


def test_sizes_of_events_that_nothing_is_marked_for():
    bands = [{"op": ">=", "bound": "8", "marks": "-9"}, {"op": ">=", "bound": "3", "to": "5", "marks": "-5"}]
    found = checked({"total": {"type": "deeds", "events": "e", "kinds": {"accident": {"bands": bands}}}})
    assert [(f.place, f.en) for f in found.notes if f.code == "band-uncovered"] == [
        ("nodes.total.kinds.accident", "nothing is marked for (5, 8)")
    ]
    bands[1]["to"] = "7"
    assert "band-uncovered" not in _codes({"accident": {"bands": bands}})
    small = [{"op": "<", "bound": "4", "marks": "-1"}, {"op": "<=", "bound": "9", "marks": "-2"}]
    assert "band-uncovered" not in _codes({"late": {"bands": small}})


def test_indicators_that_the_law_does_not_allow_keep_a_plan_back():
    found = checked({"fines": {"type": "take", "of": "罚没款"}, "rate": _TAKE | {"title": "破案率"},
                     "total": {"type": "combine", "parts": ["fines", "rate"]}})  # fmt: skip
    assert codes(found.errors) == {"nodes.fines": "indicator-banned", "nodes.rate": "indicator-banned"}
    assert "137" in found.errors[0].zh


def test_an_exemption_is_on_a_stated_ground_and_is_printed():
    nodes = {"total": _TAKE | {"title": "破案率"}}
    granted = {"guard": "clearance-rate", "ground": "省厅〔2026〕3号", "by": "王某"}
    found = checked(nodes, exemptions=[granted])
    assert found.ready
    assert [f.code for f in found.notes] == ["figures-undeclared", "indicator-exempted"]
    assert "省厅〔2026〕3号(王某)" in found.notes[1].zh
    assert not checked(nodes, exemptions=[granted | {"node": "other"}]).ready


def test_a_veto_on_towns_needs_an_approval():
    gate = {"type": "gate", "of": "a", "label": "一票否决", "when": {"mark": "accident"}, "effect": "zero"}
    assert checked({"total": gate}).ready
    assert codes(checked({"total": gate}, assesses="towns").errors) == {"nodes.total": "indicator-banned"}


_OPTIONS = {"options": {"好": "100", "差": "0"}}
_BELOW, _ABOVE = {"votes": "towns", "upward": True}, {"votes": "leaders"}


def _voted(weight):
    """A plan of a ballot in which those below have the weight, out of 100."""
    raters = [_BELOW | {"weight": str(weight)}, _ABOVE | {"weight": str(100 - weight)}]
    return {"total": {"type": "ballot", "raters": raters} | _OPTIONS}


@pytest.mark.parametrize(
    ("assesses", "weight", "kept_back", "noted"),
    [
        ("departments", 5, True, False),
        ("departments", 29, True, False),
        ("departments", 30, False, False),
        ("agencies", 59, True, False),
        ("agencies", 60, False, False),
        (None, 29, False, True),
        (None, 30, False, False),
    ],
)
def test_ratings_from_below_have_the_weight_that_the_law_gives_them(assesses, weight, kept_back, noted):
    more = {"assesses": assesses} if assesses else {}
    found = checked(_voted(weight), **more)
    low = [
        (finding.place, "第十八条" in finding.zh)
        for finding in (*found.errors, *found.notes)
        if finding.code == "upward-weight-low"
    ]
    assert (found.ready, low) == (not kept_back, [("nodes.total.raters.0", True)] * (kept_back or noted))


def test_a_department_that_nobody_below_rates_cannot_be_assessed_so():
    found = checked({"total": _TAKE}, assesses="departments")
    assert codes(found.errors) == {"total": "upward-weight-low"}
    assert checked({"total": _TAKE}).ready


def test_another_weight_needs_a_ground_and_it_is_printed():
    granted = {"guard": "upward-weight", "ground": "省〔2026〕8号", "by": "王某"}
    found = checked(_voted(5), assesses="departments", exemptions=[granted])
    (note,) = [finding for finding in found.notes if finding.code == "upward-weight-low"]
    assert (found.ready, "省〔2026〕8号(王某)" in note.zh, "下级评议占总分 5%" in note.zh) == (
        True,
        True,
        True,
    )


_TASKS, _VOTE = (
    _TAKE | {"full_marks": "70"},
    {"type": "ballot", "votes": "towns", "upward": True, "options": {"好": "30", "差": "0"}},
)
_BOTH = {"tasks": _TASKS, "vote": _VOTE}


def _sum(*parts, **more):
    return {"type": "combine", "parts": list(parts)} | more


def _weighted(method, *weights):
    parts = [{"of": of, "weight": weight} for of, weight in zip(("tasks", "vote"), weights, strict=True)]
    return {"type": "combine", "method": method, "parts": parts}


@pytest.mark.parametrize(
    ("nodes", "share"),
    [
        ({"total": _sum("tasks", "vote")}, "3/10"),
        ({"total": _sum("tasks", "vote", "bonus"), "bonus": _TAKE}, "3/10"),
        ({"total": _sum("tasks", "half"), "half": {"type": "arithmetic", "op": "divide", "left": "vote", "right": "2"}}, "3/17"),
        ({"total": _sum("tasks", "half"), "half": {"type": "arithmetic", "op": "multiply", "left": "0.5", "right": "vote"}}, "3/17"),
        ({"total": {"type": "arithmetic", "op": "add", "left": "tasks", "right": "vote"}}, "3/10"),
        ({"total": _sum("tasks", "held"), "held": {"type": "limit", "of": "vote", "cap": "20", "full_marks": "20"}}, "2/9"),
        ({"total": _sum("tasks", "kept"), "kept": {"type": "gate", "of": "vote", "effect": "zero", "when": {"mark": "x"}}}, "3/10"),
        ({"total": _sum("tasks", "either"), "either": {"type": "gate", "of": "vote", "effect": "replace", "amount": "30", "when": {"mark": "x"}}}, "0"),
        ({"total": _weighted("weighted_sum", "0.8", "0.2")}, "6/62"),
        ({"total": _weighted("weighted_sum", "0.8", "0.2"), "tasks": _TAKE}, "1/5"),
        ({"total": _weighted("weighted_mean", "3", "1")}, "30/240"),
        ({"total": _sum("both", "more"), "both": _weighted("weighted_mean", "1", "1"), "more": _TAKE | {"full_marks": "50"}}, "15/100"),
        ({"total": _sum("tasks", "vote", method="mean")}, "3/10"),
        ({"total": _sum("tasks", "vote", method="min")}, "0"),
        ({"total": _sum("vote", "tasks"), "tasks": {"type": "all_or_nothing", "actual": "a", "threshold": "1", "full": "90"}}, "1/4"),
    ],
)  # fmt: skip
def test_the_weight_of_those_below_is_that_of_their_marks_in_the_total(nodes, share):
    assert upward_weight(parse_plan(plan_of(_BOTH | nodes))) == Fraction(share)


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"exemptions": [{"guard": "x", "ground": "y", "by": "z"}]}, {"exemptions.0.guard": "guard-unknown"}),
        (
            {"exemptions": [{"guard": "fines"}]},
            {"exemptions.0.ground": "missing", "exemptions.0.by": "missing"},
        ),
        ({"figures": {"b": "分"}}, {"nodes.total": "figure-unknown"}),
        ({"unknown": 1}, {"unknown": "unknown"}),
        ({"total": "t"}, {"total": "node-unknown"}),
    ],
)
def test_what_reading_refuses(more, wanted):
    assert refused(plan_of({"total": _TAKE}) | more) == wanted


def test_a_circle_is_named():
    nodes = {
        "head": {"type": "inherit", "of": "unit"},
        "unit": {"type": "members", "of": "head"},
        "total": {"type": "combine", "parts": ["unit"]},
    }
    with pytest.raises(RuleError) as error:
        parse_plan(plan_of(nodes))
    (finding,) = error.value.findings
    assert finding.code == "cycle"
    assert {"head", "unit"} <= set(finding.en.replace("→", " ").split())


def test_a_reading_that_is_not_there():
    node = {"type": "table", "of": "a", "rows": [{"marks": {"setting": "full"}}]}
    with pytest.raises(RuleError) as error:
        parse_plan(plan_of({"total": node}))
    codes = {(finding.place, finding.code) for finding in error.value.findings}
    assert ("nodes.total.rows.0.marks", "setting-unknown") in codes
