"""Units that were merged within the period: each for itself, by months, or without a rank."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from rules.binding import People, Record, assemble
from rules.binding.filling import settle
from rules.binding.merging import mergers, months_of
from rules.binding.postings import Merged
from rules.facts import State
from rules.plan import evaluate
from rules.standing.subjects import Outside
from tests.rules.binding.people import YEAR, binding, held, unit

#: B went into A at the end of April; C is as it was.
MERGED = unit("B", until=date(2026, 4, 30), merged_into="A")
UNITS = [unit("A"), MERGED, unit("C")]


def settled(units, merged="by_months", nodes=None, total="score", circumstances=None, **scores):
    more = {"circumstances": circumstances} if circumstances else {}
    found = binding(nodes, total=total, people={"merged": merged}, **more)
    records = {name: Record(readings={"score": Fraction(score)}) for name, score in scores.items()}
    evaluation = evaluate(found.plan, assemble(found, YEAR, units, records))
    return settle(found, evaluation, units)


@pytest.mark.parametrize(
    ("merged", "total", "ranks"),
    [
        ("separate", 90, {"A": 1, "C": 2, "B": 3}),
        ("by_months", 80, {"C": 1, "A": 2, "B": None}),
        ("excluded", 90, {"A": 1, "C": 2, "B": None}),
    ],
)
def test_a_merged_unit_counts_as_the_plan_says(merged, total, ranks):
    found = settled(UNITS, merged, A="90", B="50", C="85")
    assert found.outcomes["A"].total.value == total
    assert {name: outcome.rank("overall") for name, outcome in found.outcomes.items()} == ranks


def test_the_mean_by_months_is_told_with_its_arithmetic():
    (finding,) = settled(UNITS, A="90", B="50", C="85").findings
    assert (finding.place, finding.code) == ("A", "unit-merged")
    assert finding.zh == "A 按月合并(A、B):80 = (90 × 12 + 50 × 4) ÷ 16"
    assert not settled(UNITS, "excluded", A="90", B="50", C="85").findings


def test_the_mean_is_rounded_as_the_total_is():
    nodes = {"rounded": {"type": "take", "of": "score", "decimals": 1}}
    found = settled(UNITS, nodes=nodes, total="rounded", A="90", B="51", C="1")
    assert found.outcomes["A"].total.value == Fraction("80.3")


def test_a_total_that_is_missing_leaves_the_other():
    assert settled(UNITS, A="90", C="1").outcomes["A"].total.value == 90
    found = settled(UNITS, B="50", C="1").outcomes["A"]
    assert (found.total.value, found.total.state, found.rank("overall")) == (50, State.SCORED, 1)
    assert settled(UNITS, C="1").outcomes["A"].total.value is None


def test_who_was_there_for_no_whole_month_has_no_weight():
    soon = replace(MERGED, until=date(2026, 1, 30))
    found = settled([unit("A"), soon], A="90", B="50")
    assert (found.outcomes["A"].total.value, found.findings[0].zh) == (
        90,
        "A 按月合并(A):90 = (90 × 12) ÷ 12",
    )
    alone = [replace(unit("A"), since=date(2026, 12, 2)), soon]
    assert settled(alone, A="90", B="50").outcomes["A"].total.value == 90


def test_the_one_that_ended_says_where_it_went_unless_something_else_was_decided():
    found = binding(people={"merged": "excluded"}, circumstances={"监督单位": {"outside": "oversight"}})
    [_, plain, _] = assemble(found, YEAR, UNITS, {}).subjects
    assert (plain.about.outside, plain.about.outside_reason) == (Outside.NOT_ASSESSED, "已并入A")
    exempt = replace(MERGED, circumstances=(held("监督单位", "2026-01-01"),))
    [_, other] = assemble(found, YEAR, [unit("A"), exempt], {}).subjects
    assert other.about.outside is Outside.OVERSIGHT


@pytest.mark.parametrize(
    ("units", "went"),
    [
        (UNITS, {"B": "A"}),
        ([unit("A"), replace(MERGED, until=date(2025, 12, 31))], {}),
        ([unit("A"), replace(MERGED, until=date(2027, 1, 1))], {}),
        ([unit("A"), replace(MERGED, until=date(2026, 12, 31))], {"B": "A"}),
        ([MERGED], {"B": "B"}),
        ([unit("A", until=date(2026, 9, 30), merged_into="C"), MERGED, unit("C")], {"A": "C", "B": "C"}),
        ([unit("A", until=date(2026, 9, 30), merged_into="B"), MERGED], {"A": "A", "B": "B"}),
    ],
)
def test_where_the_work_went_at_last(units, went):
    assert mergers(units, YEAR) == went


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [(None, None, 12), (None, date(2026, 4, 30), 4), (None, date(2026, 4, 29), 3), (date(2026, 11, 1), None, 2),
     (date(2026, 12, 31), None, 0), (None, date(2025, 12, 31), 0), (date(2025, 1, 1), date(2027, 1, 1), 12)],
)  # fmt: skip
def test_whole_months_in_which_there_was_the_unit(since, until, months):
    assert months_of(unit("A", since=since, until=until), YEAR) == months


def test_without_a_word_each_is_assessed_alone():
    assert People().merged is Merged.SEPARATE
