"""Figures worked in published schemes beside the ten cases: the form must carry rules that it was not made for."""

from fractions import Fraction

from rules.facts import State
from tests.rules.plan.files import run, value


def test_a_fault_does_not_take_an_item_below_zero():
    faults = [{"id": str(n), "kind": "fault"} for n in range(5)]
    node = {
        "type": "deeds",
        "events": "faults",
        "base": "8",
        "floor": "0",
        "kinds": {"fault": {"each": "-2"}},
    }
    assert value({"total": node}, faults=faults) == 0


def test_a_station_case_unit_all_or_nothing_and_overdue():
    nodes = {
        "filed": {"type": "all_or_nothing", "actual": "within_24h", "threshold": "100", "full": "10"},
        "closed": {"type": "step", "actual": "overdue", "threshold": "0", "step": "1", "base": "15", "above": "-0.5", "floor": "0"},
        "total": {"type": "combine", "parts": ["filed", "closed"]},
    }  # fmt: skip
    assert value(nodes, within_24h="97", overdue="3") == Fraction("13.5")


def test_the_mean_of_four_quarters_and_a_place_in_the_city():
    nodes = {
        "year": {"type": "periods", "of": "quarters", "method": "mean", "least": 4},
        "city": {"type": "lookup", "of": "place", "table": {"first": "3", "second": "2"}, "otherwise": "0"},
        "total": {"type": "combine", "parts": ["year", "city"]},
    }
    quarters = {"q1": "91", "q2": "88.5", "q3": "93", "q4": "90"}
    assert value(nodes, quarters=quarters, place="second") == Fraction("92.625")


def test_a_town_with_tasks_a_vote_satisfaction_by_raters_and_leaders():
    nodes = {
        "satisfaction": {"type": "combine", "parts": ["staff", "clients", "departments", "leaders"]},
        "social": {"type": "combine", "parts": ["vote", "satisfaction"]},
        "tasks80": {"type": "arithmetic", "op": "multiply", "left": "tasks", "right": "0.8"},
        "total": {"type": "combine", "parts": ["tasks80", "social", "secret"]},
    }
    figures = {
        "tasks": "93",
        "vote": "4.6",
        "staff": "2.7",
        "clients": "5.4",
        "departments": "2.8",
        "leaders": "2.9",
    }
    assert value(nodes, **figures, secret="9.1") == Fraction("101.9")


def test_honours_add_and_criticism_deducts_by_level():
    levels = {"honour": {"levels": {"city": "1", "prefecture": "1.5", "province": "2", "nation": "3"}},
              "criticism": {"levels": {"city": "-0.5", "prefecture": "-1", "province": "-1.5"}}}  # fmt: skip
    nodes = {
        "extra": {"type": "deeds", "events": "record", "kinds": levels},
        "total": {"type": "combine", "parts": ["base", "extra"]},
    }
    record = [
        {"kind": "honour", "level": "province"},
        {"kind": "honour", "level": "city"},
        {"kind": "criticism", "level": "city"},
    ]
    assert value(nodes, base="96.2", record=record) == Fraction("98.7")


def test_twelve_targets_all_or_nothing_but_one_that_is_exempt():
    nodes = {
        f"t{n}": {"type": "all_or_nothing", "actual": f"a{n}", "threshold": "100", "full": "1"}
        for n in range(11)
    }
    nodes["t11"] = {"type": "ratio", "actual": "a11", "target": "100", "full": "1"}
    nodes["mean"] = {"type": "combine", "method": "mean", "parts": [f"t{n}" for n in range(12)]}
    nodes["total"] = {"type": "normalise", "of": "mean", "possible": "1"}
    figures = {f"a{n}": "100" for n in range(10)} | {"a10": "95", "a11": "80"}
    assert value(nodes, **figures) == 90


def test_words_of_seven_areas_stand_for_marks():
    words = {"excellent": "3", "good": "2", "fair": "1", "poor": "-1"}
    areas = ["excellent", "excellent", "good", "good", "good", "fair", "poor"]
    nodes = {f"area{n}": {"type": "lookup", "of": f"w{n}", "table": words} for n in range(7)}
    nodes["total"] = {"type": "combine", "parts": list(nodes)}
    assert value(nodes, **{f"w{n}": word for n, word in enumerate(areas)}) == 12


def test_one_weak_item_limits_another_to_its_base_and_switches_a_coefficient_off():
    weak = {"of": "profit", "op": "<", "than": "30"}
    step = {
        "type": "step",
        "step": "2",
        "unit": "percent_of_target",
        "above": "1",
        "below": "-1",
        "mode": "proportional",
    }
    nodes = {
        "profit": step | {"actual": "p", "target": "pt", "base": "30", "cap_plus": "6", "cap_minus": "6"},
        "value_added": step
        | {"actual": "v", "target": "vt", "base": "40", "cap_plus": "8", "cap_minus": "8"},
        "limited": {"type": "gate", "of": "value_added", "effect": "cap", "amount": "40", "when": weak},
        "sum": {"type": "combine", "parts": ["profit", "limited"]},
        "harder": {"type": "arithmetic", "op": "multiply", "left": "sum", "right": "difficulty"},
        "total": {"type": "gate", "of": "harder", "effect": "replace", "amount": "sum", "when": weak},
    }
    assert value(nodes, p="110", pt="100", v="108", vt="100", difficulty="1.05") == (35 + 44) * Fraction(
        "1.05"
    )
    assert value(nodes, p="95", pt="100", v="108", vt="100", difficulty="1.05") == Fraction("27.5") + 40


def test_a_cap_that_depends_on_the_ambition_of_the_target():
    nodes = {
        "ambition": {"type": "arithmetic", "op": "divide", "left": "target", "right": "baseline"},
        "cap": {"type": "table", "of": "ambition", "rows": [{"from": "1.1", "marks": "8"}, {"from": "1", "under": "1.1", "marks": "6"}, {"under": "1", "marks": "3"}]},
        "extra": {"type": "step", "actual": "actual", "target": "target", "step": "1", "unit": "percent_of_target", "above": "1"},
        "total": {"type": "limit", "of": "extra", "cap": "cap"},
    }  # fmt: skip
    found = [
        value(nodes, target=t, baseline="100", actual=a)
        for t, a in (("110", "121"), ("105", "126"), ("90", "99"))
    ]
    assert found == [8, 6, 3]


def test_a_head_inherits_from_the_unit_and_the_unit_from_its_members():
    nodes = {
        "own": {"type": "take", "of": "score"},
        "team": {"type": "members", "of": "own", "kind": "officer"},
        "unit": {"type": "combine", "method": "weighted_sum", "parts": [{"of": "own", "weight": "0.7"}, {"of": "team", "weight": "0.3"}]},
        "total": {"type": "inherit", "of": "unit", "factor": "0.9"},
    }  # fmt: skip
    found = run(
        nodes, {"id": "unit", "figures": {"score": "90"}}, {"id": "head", "parent": "unit", "kind": "head"},
        {"id": "a", "parent": "unit", "kind": "officer", "figures": {"score": "80"}},
        {"id": "b", "parent": "unit", "kind": "officer", "figures": {"score": "100"}},
        {"id": "away", "parent": "unit", "kind": "officer"},
    )  # fmt: skip
    assert found.value("head") == Fraction("0.9") * (63 + 27)
    assert found.amount("unit") is State.NOT_APPLICABLE


def test_the_best_of_a_series_has_full_marks_and_an_exempt_unit_too():
    nodes = {
        "work": {"type": "relative", "of": "done", "to": "best", "full": "600", "scope": "series"},
        "total": {"type": "gate", "of": "work", "effect": "replace", "amount": "600", "when": {"has": "title", "of": "holds"}},
    }  # fmt: skip
    found = run(
        nodes, {"id": "k1", "groups": {"series": "k"}, "figures": {"done": "40"}},
        {"id": "k2", "groups": {"series": "k"}, "figures": {"done": "50"}},
        {"id": "z1", "groups": {"series": "z"}, "figures": {"done": "5"}},
        {"id": "z2", "groups": {"series": "z"}, "figures": {"holds": ["title"]}},
    )  # fmt: skip
    assert [found.value(name) for name in ("k1", "k2", "z1", "z2")] == [480, 600, 600, 600]


def test_what_a_cap_cut_off_counts_in_the_next_period():
    nodes = {
        "earned": {"type": "deeds", "events": "record", "kinds": {"honour": {"each": "2"}}},
        "before": {"type": "take", "of": "carried", "missing": "0"},
        "sum": {"type": "combine", "parts": ["earned", "before"]},
        "total": {"type": "limit", "of": "sum", "cap": "5"},
        "next": {"type": "limit", "of": "sum", "cap": "5", "take": "beyond"},
    }
    first = run(nodes, {"id": "a", "figures": {"record": [{"kind": "honour", "quantity": "4"}]}})
    assert (first.value("a"), first.value("a", "next")) == (5, 3)
    second = run(nodes, {"id": "a", "figures": {"record": [], "carried": str(first.value("a", "next"))}})
    assert second.value("a") == 3
