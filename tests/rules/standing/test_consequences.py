from datetime import date
from fractions import Fraction

import pytest

from rules.calendars.spans import Span
from rules.standing.chains import Walk, chain, count
from rules.standing.persons import Persons
from rules.standing.records import Position, Record
from rules.standing.subjects import Service, Subject
from rules.standing.triggers.payout import Payout
from rules.standing.when import When
from tests.rules.standing.published import Settings, case, codes, context, month, read, totals, year

_LAST2 = {"type": "last", "n": 2}


def settle(values, within=None, *consequences, **more):
    return read(Settings, {"consequences": list(consequences), **more}).settle(
        totals(values), within or context()
    )


def records(*bottoms, start=1):
    """Months in which the subject was last of ten (True), first (False) or not on the list (None)."""
    return [
        Record(
            month(2026, n),
            "2026",
            {} if bottom is None else {"overall": Position.untied(10 if bottom else 1, 10)},
        )
        for n, bottom in enumerate(bottoms, start)
    ]


def test_case_02_ranks_rewards_and_the_village_that_is_missing():
    parameters, inputs, expected = (case("02")[key] for key in ("parameters", "inputs", "expected"))
    setting = {
        "ranking": {"method": parameters["rank_method"], "direction": parameters["direction"]},
        "consequences": [{"type": "bands", "bands": parameters["reward_bands"]}],
    }
    values = {row["unit"]: row["score"] for row in inputs["units"]}
    announced = context(announced={"overall": parameters["announced_unit_count"]})
    settled = read(Settings, setting).settle(totals(values), announced)
    rewards = {given.to: str(given.amount) for given in settled.given}
    table = [
        {"rank": outcome.rank("overall"), "unit": unit, "score": values[unit], "reward": rewards.get(unit)}
        for unit, outcome in settled.outcomes.items()
    ]
    assert sorted(table, key=lambda row: row["unit"]) == sorted(
        expected["table"], key=lambda row: row["unit"]
    )
    assert str(settled.amount()) == expected["reward_total"]
    assert [finding.en for finding in settled.findings] == ["25 announced, 24 listed: 1 unaccounted for"]


def test_case_23_top_and_bottom_three_and_what_follows_from_years_running():
    parameters, inputs = case("23")["parameters"], case("23")["inputs"]["annual_ranks"]
    bottom = {"type": "last", "n": parameters["bottom_n"]}
    setting = read(
        Settings,
        {
            "consequences": [
                {"type": "once", "when": bottom, "gives": ["bulletin", "self_criticism"]},
                {"type": "run", "when": bottom, "periods": parameters["bottom3_years"], "gives": ["propose_adjust_head"]},
                {"type": "run", "when": {"type": "last", "n": 1}, "periods": parameters["last_years"], "gives": ["propose_adjust_head"]},
                {"type": "once", "when": {"type": "first", "n": parameters["top_n"]}, "gives": ["promotion_priority"]},
            ]
        },
    )  # fmt: skip
    history: dict[str, tuple[Record, ...]] = {}
    for key, wanted in case("23")["expected"]["annual"].items():
        known = {rank: unit for unit, rank in inputs[key].items()}
        values = {known.get(rank, f"other{rank}"): 100 - rank for rank in range(1, inputs["units"] + 1)}
        within = context(period=year(int(key)), year=key, history=history)
        settled = setting.settle(totals(values), within)
        assert {unit: list(settled.to(unit)) for unit in wanted} == wanted
        history = {unit: (*history.get(unit, ()), record) for unit, record in settled.records(within).items()}


def test_case_23_heads_answer_for_the_years_they_served():
    expected, counties = case("23")["expected"]["standard_2003"], case("23")["inputs"]["standard_results"]
    both = {"type": "run", "periods": 2, "persons": {"served": "whole"}}
    setting = read(
        Settings,
        {
            "grades": {"grades": [{"name": name} for name in ("excellent", "met", "not_met")]},
            "consequences": [
                {"type": "once", "when": {"type": "grades", "grades": ["not_met"]}, "gives": ["yellow_card_only"], "persons": {}},
                {**both, "when": {"type": "grades", "grades": ["not_met"]}, "gives": ["resign_or_removed"], "replaces": ["yellow_card_only"]},
                {**both, "when": {"type": "grades", "grades": ["excellent"]}, "gives": ["merit"]},
            ],
        },
    )  # fmt: skip
    history, subjects = {}, {}
    for county, row in counties.items():
        heads = tuple(
            Service(h["name"], date.fromisoformat(h["from"] + "-01"), _end(h["to"])) for h in row["head"]
        )
        subjects[county] = Subject(proposed=row["2003"], persons=heads)
        history[county] = (Record(year(2002), "2002", grade=row["2002"]),)
    within = context(subjects, period=year(2003), year="2003", history=history)
    settled = setting.settle(totals(dict.fromkeys(counties, 50)), within)
    found = {head: settled.to(head) for head in expected}
    assert found == {"h1": ("resign_or_removed",), "h2": (), "h3": ("yellow_card_only",), "h4": ("merit",)}
    spared = {spare.person: spare.why.en for spare in settled.spared}
    assert spared == {"h2": "h2 did not serve 2003 in full", "h3": "h3 did not serve 2002 in full"}


def _end(text):
    last = date.fromisoformat(text + "-01")
    return date(last.year, 12, 31) if last.month == 12 else date(last.year, last.month + 1, 1)


def test_case_23_a_step_further_every_month_and_back_to_the_first_after_a_clean_one():
    parameters, months = case("23")["parameters"], case("23")["inputs"]["monthly_bottom_two"]
    steps = ["warned", "report_to_superintendent", "transfer_possible"]
    ladder = {"type": "ladder", "when": {"type": "last", "n": parameters["monthly_bottom_n"]}, "steps": steps}
    stations = sorted({name for pair in months.values() for name in pair} | {f"other{n}" for n in range(7)})
    history: dict[str, tuple[Record, ...]] = {}
    for key, last_two in months.items():
        values = {name: n - (1000 if name in last_two else 0) for n, name in enumerate(stations)}
        within = context(period=month(*map(int, key.split("-"))), year=key[:4], history=history)
        settled = settle(values, within, ladder)
        assert {given.to: given.gives[0] for given in settled.given} == case("23")["expected"]["monthly"][key]
        history = {name: (*history.get(name, ()), record) for name, record in settled.records(within).items()}


def test_case_16_failed_months_of_a_year_are_counted():
    failed = When("total", bound=80)
    months = [Record(month(2024, n), "2024", value=Fraction(79 if n in {3, 7} else 90)) for n in range(1, 13)]
    assert [record.period.key for record in count(months, failed)] == ["2024-03", "2024-07"]
    rule = {
        "type": "count",
        "when": {"type": "total", "op": "<", "bound": "80"},
        "at_least": 2,
        "gives": ["talk"],
    }
    within = context(
        period=month(2024, 7), year="2024", history={"D": tuple(months[:6]), "E": tuple(months[3:6])}
    )
    assert [(g.to, g.gives) for g in settle({"D": 79, "E": 79}, within, rule).given] == [("D", ("talk",))]


def test_with_a_tie_across_the_border_the_last_are_spared_or_included_and_that_is_a_finding():
    values = {"a": 5, "b": 4, "c": 2, "d": 2, "e": 1}
    last = {"type": "once", "gives": ["named"]}
    spared = settle(values, None, {**last, "when": _LAST2})
    assert [given.to for given in spared.given] == ["e"]
    assert [(f.place, f.code) for f in spared.findings] == [("consequences.0", "tie-at-border")]
    included = settle(values, None, {**last, "when": {**_LAST2, "tie": "include"}})
    assert [given.to for given in included.given] == ["c", "d", "e"]


def test_a_tie_across_the_border_of_the_first_is_included_and_that_is_a_finding():
    settled = settle(
        {"a": 5, "b": 4, "c": 4, "d": 1},
        None,
        {"type": "once", "when": {"type": "first", "n": 2}, "gives": ["praised"]},
    )
    assert [given.to for given in settled.given] == ["a", "b", "c"]
    assert [f.code for f in settled.findings] == ["tie-at-border"]


def test_on_a_list_that_is_not_whole_nobody_is_last():
    settled = settle(
        {"a": 2, "b": 1},
        context(announced={"overall": 3}),
        {"type": "once", "when": {"type": "last", "n": 1}, "gives": ["named"]},
    )
    assert not settled.given
    assert [finding.code for finding in settled.findings] == ["count-differs", "last-unknown"]


@pytest.mark.parametrize(
    ("bottoms", "walk", "wanted"),
    [
        ([True, True, False, True], {}, 1),
        ([True, True, True, False], {}, 0),
        ([True, False, True], {"reset_after": 2}, 2),
        ([True, False, False, True], {"reset_after": 2}, 1),
        ([True, None, True], {}, 1),
        ([True, None, True], {"missing": "skips"}, 2),
    ],
)
def test_a_chain_is_broken_by_a_clean_period_or_by_one_that_is_missing_unless_set_otherwise(
    bottoms, walk, wanted
):
    assert len(chain(records(*bottoms), Walk(When("last", low=1), **walk))) == wanted


def test_a_period_that_has_no_record_at_all_breaks_a_chain_too():
    found = [*records(True), *records(True, start=3)]
    assert len(chain(found, Walk(When("last", low=1)))) == 1
    assert len(chain(found, Walk(When("last", low=1), missing="skips"))) == 2


def test_a_chain_may_start_anew_every_year():
    december = Record(month(2025, 12), "2025", {"overall": Position.untied(10, 10)})
    found = [december, *records(True, True)]
    assert [len(chain(found, Walk(When("last", low=1), within_year=each))) for each in (False, True)] == [
        3,
        2,
    ]


@pytest.mark.parametrize(("again", "wanted"), [("each", [0, 1, 1, 1]), ("restart", [0, 1, 0, 1])])
def test_a_longer_run_brings_it_again_each_time_or_starts_over(again, wanted):
    run = {"type": "run", "when": {"type": "last", "n": 1}, "periods": 2, "gives": ["talk"], "again": again}
    found = []
    for months in range(4):
        history = {"z": tuple(records(*[True] * months))}
        within = context(period=month(2026, months + 1), history=history)
        found.append(len(settle({"a": 2, "z": 1}, within, run).given))
    assert found == wanted


def test_after_the_last_step_a_ladder_stays_or_restarts():
    found = {}
    for beyond in ("stay", "restart"):
        ladder = {
            "type": "ladder",
            "when": {"type": "last", "n": 1},
            "steps": ["one", "two"],
            "beyond": beyond,
        }
        within = context(period=month(2026, 3), history={"z": tuple(records(True, True))})
        found[beyond] = settle({"a": 2, "z": 1}, within, ladder).to("z")
    assert found == {"stay": ("two",), "restart": ("one",)}


def test_who_is_new_in_the_post_is_spared():
    new = Service("h", date(2026, 7, 2))
    persons = Persons("any_day", 6)
    assert persons.spared(new, (year(2026),)).en == "h has 5 months in the post, fewer than 6"
    assert persons.spared(Service("h", date(2026, 7, 1)), (year(2026),)) is None


def test_last_inside_a_group_is_last_of_the_group():
    subjects = {name: Subject(groups={"series": name[0]}) for name in ("a1", "a2", "b1", "b2")}
    rule = {"type": "once", "when": {"type": "last", "n": 1, "scope": "series"}, "gives": ["named"]}
    settled = settle(
        {"a1": 9, "a2": 8, "b1": 2, "b2": 1}, context(subjects), rule, ranking={"scopes": ["series"]}
    )
    assert [given.to for given in settled.given] == ["a2", "b2"]


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2026, 1, 15), None, "12"),
        (date(2026, 1, 16), None, "11.5"),
        (date(2025, 3, 1), date(2026, 6, 15), "5.5"),
        (date(2025, 3, 1), date(2026, 6, 16), "6"),
        (date(2027, 1, 1), None, "0"),
    ],
)
def test_a_full_month_for_who_is_there_by_the_fifteenth_and_half_after(since, until, months):
    payout = read(Payout, {"by_grade": {"good": "600"}})
    assert payout.months(year(2026), Service("p", since, until)) == Fraction(months)


def test_money_by_grade_and_month_is_rounded_where_it_says():
    grades = {"grades": [{"name": "good"}, {"name": "rest"}]}
    rule = {"type": "payout", "by_grade": {"good": "33.333"}, "late_share": "0.25"}
    subjects = {
        "p": Subject(proposed="good", service=Service("p", date(2026, 11, 20))),
        "q": Subject(proposed="rest"),
    }
    settled = settle({"p": 1, "q": 1}, context(subjects), rule, grades=grades)
    assert [(given.to, given.amount) for given in settled.given] == [("p", Fraction("41.67"))]


_ONCE = {"type": "once", "when": {"type": "first", "n": 1}, "gives": ["x"]}


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({"type": "never"}, {"consequences.0.type": "type-unknown"}),
        ({**_ONCE, "gives": None}, {"consequences.0.gives": "not-a-list"}),
        ({**_ONCE, "when": None}, {"consequences.0.when": "missing"}),
        ({**_ONCE, "when": {"type": "first"}}, {"consequences.0.when.n": "missing"}),
        ({**_ONCE, "when": {"type": "last", "n": 1, "scope": "series"}}, {"consequences.0": "scope-unknown"}),
        ({**_ONCE, "when": {"type": "grades", "grades": ["x"]}}, {"consequences.0": "grade-unknown"}),
        ({**_ONCE, "person": {}}, {"consequences.0.person": "unknown"}),
        (
            {"type": "bands", "bands": [{"from": 1, "to": 3, "amount": "2"}, {"from": 3, "amount": "1"}]},
            {"consequences.0.bands": "band-doubly-covered"},
        ),
        ({"type": "bands", "bands": [{"from": 3, "to": 2, "amount": 1, "x": 1}]}, {"consequences.0.bands.0.to": "band-empty", "consequences.0.bands.0.x": "unknown"}),
        ({"type": "run", "when": _LAST2, "periods": 1, "gives": ["x"]}, {"consequences.0.periods": "not-an-integer"}),
        ({"type": "payout"}, {"consequences.0.by_grade": "missing"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(rule, wanted):
    assert codes(Settings, {"consequences": [rule]}) == wanted


def test_consequences_say_themselves_and_come_back_from_their_data():
    rules = [
        _ONCE,
        {"type": "bands", "bands": [{"from": 1, "to": 2, "amount": "5000"}], "gives": ["奖金"]},
        {
            "type": "run",
            "when": {"type": "last", "n": 3},
            "periods": 3,
            "gives": ["调整"],
            "persons": {},
            "replaces": ["x"],
        },
        {"type": "ladder", "when": _LAST2, "steps": ["警示", "约谈"], "reset_after": 2},
        {
            "type": "count",
            "when": {"type": "total", "op": "<", "bound": "80"},
            "at_least": 2,
            "gives": ["约谈"],
        },
        {"type": "payout", "by_grade": {"好": "600"}},
    ]
    setting = read(Settings, {"grades": {"grades": [{"name": "好"}, {"name": "差"}]}, "consequences": rules})
    assert read(Settings, setting.to_data()) == setting
    assert setting.describe("zh")[2:] == [
        "前 1 名:x",
        "第 1 至 2 名:奖金、5000",
        "连续 3 期后 3 名:调整(各期均任满的人员)",
        "后 2 名,逐次升级:警示、约谈",
        "一年内累计 2 期总分 < 80:约谈",
        "按月发放:好 600;月内前 15 日到岗的按整月,以后的按 0.5 个月",
    ]
    assert (
        setting.describe("en")[4]
        == "3 periods running among the last 3: 调整 (those who served all these periods in full)"
    )


def test_a_span_has_both_its_days():
    span = Span("x", date(2026, 1, 1), date(2026, 1, 31))
    assert (date(2026, 1, 31) in span, date(2026, 2, 1) in span, span.days) == (True, False, 31)
