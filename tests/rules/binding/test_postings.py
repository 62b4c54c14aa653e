"""With which unit somebody counts: transfer, secondment, loan, concurrent posts, joiner, leaver."""

from fractions import Fraction

import pytest

from rules.binding import People, parse_binding
from rules.binding.postings import Away, Counted
from rules.facts import State
from rules.plan import parse_facts, parse_plan
from rules.plan.evaluation import evaluate
from tests.rules.binding.people import NOVEMBER, YEAR, binding, officer, run, stint, unit
from tests.rules.plan.files import facts_of, plan_of

MOVED = (stint("A", "2020-01-01", "2026-11-10"), stint("B", "2026-11-11"))
LENT = (stint("A", "2020-01-01"), stint("H", "2026-11-21", "2026-12-20", kind="loan", primary=False))


@pytest.mark.parametrize(
    ("counted", "shares"),
    [
        (Counted.LAST_DAY, {"B": 30}),
        (Counted.FIRST_DAY, {"A": 30}),
        (Counted.LONGEST, {"B": 30}),
        (Counted.SPLIT, {"A": 10, "B": 20}),
    ],
)
def test_a_transfer_in_the_middle_counts_where_the_plan_says(counted, shares):
    assert People(counted).shares(MOVED, NOVEMBER) == shares


def test_a_deed_counts_for_the_unit_of_its_day():
    days = [NOVEMBER.start.replace(day=day) for day in (10, 11)]
    assert [People().unit_on(MOVED, day) for day in days] == ["A", "B"]


@pytest.mark.parametrize(
    ("away", "counted", "shares"),
    [
        ({}, Counted.LAST_DAY, {"A": 30}),
        ({"loan": Away.HOST}, Counted.LAST_DAY, {"H": 30}),
        ({"loan": Away.HOST}, Counted.LONGEST, {"A": 30}),
        ({"loan": Away.SPLIT}, Counted.LAST_DAY, {"A": 20, "H": 10}),
        ({"secondment": Away.HOST}, Counted.LAST_DAY, {"A": 30}),
    ],
)
def test_a_loan_counts_at_home_with_the_host_or_by_days(away, counted, shares):
    assert People(counted, away).shares(LENT, NOVEMBER) == shares


def test_a_loan_begins_and_ends_with_its_days_and_the_latest_of_two_counts():
    days = [NOVEMBER.start.replace(day=day) for day in (20, 21)] + [
        YEAR.end.replace(day=day) for day in (20, 21)
    ]
    again = stint("G", "2026-12-01", "2026-12-20", kind="loan", primary=False)
    lent = People(away={"loan": Away.HOST})
    assert [lent.unit_on(LENT, day) for day in days] == ["A", "H", "H", "A"]
    assert [lent.unit_on((*LENT, again), day) for day in days] == ["A", "H", "G", "A"]


def test_days_before_the_first_posting_count_nowhere():
    assert People(Counted.SPLIT).shares((stint("A", "2026-11-21"),), NOVEMBER) == {"A": 10}
    assert People().shares((), NOVEMBER) == {}


LEFT = (stint("A", "2020-01-01", "2026-11-09"), stint("B", "2026-11-10", "2026-11-12"))


@pytest.mark.parametrize(
    ("counted", "shares"),
    [
        (Counted.LAST_DAY, {"B": 12}),
        (Counted.FIRST_DAY, {"A": 12}),
        (Counted.LONGEST, {"A": 12}),
        (Counted.SPLIT, {"A": 9, "B": 3}),
    ],
)
def test_days_after_the_last_posting_count_nowhere(counted, shares):
    assert People(counted).shares(LEFT, NOVEMBER) == shares


def test_days_between_two_postings_count_nowhere():
    gap = (stint("A", "2020-01-01", "2026-11-09"), stint("B", "2026-11-21"))
    assert People(Counted.SPLIT).shares(gap, NOVEMBER) == {"A": 9, "B": 10}
    early = (stint("A", "2020-01-01", "2026-11-01"), stint("B", "2026-11-03"))
    assert People(Counted.SPLIT).shares(early, NOVEMBER) == {"A": 1, "B": 28}


def test_who_left_before_the_period_is_a_member_of_no_unit():
    nodes = {"team": {"type": "members", "of": "score", "kind": "officer", "method": "count"}}
    found = binding(nodes, total="team")
    gone = officer("an", stint("A", "2020-01-01", "2026-10-31"))
    stays = officer("bo", stint("A", "2020-01-01"))
    assert People().shares(gone.stints, NOVEMBER) == {}
    assert run(found, unit("A"), gone, stays, an="60", bo="60").value("A") == 1


def test_who_belongs_to_two_units_counts_in_each_by_his_days():
    nodes = {
        "team": {"type": "members", "of": "score", "kind": "officer"},
        "sum": {"type": "members", "of": "score", "kind": "officer", "method": "sum"},
        "heads": {"type": "members", "of": "score", "kind": "officer", "method": "count"},
        "all": {"type": "combine", "parts": ["team", "sum", "heads"], "not_applicable": "zero"},
        "shown": {"type": "gate", "of": "score", "effect": "replace", "amount": "all", "when": {"of": "score", "is": "not_submitted"}},
    }  # fmt: skip
    found = binding(nodes, total="shown", people={"counted": "split"})
    people = [unit("A"), unit("B"), officer("an", *MOVED), officer("bo", stint("B", "2020-01-01"))]
    evaluation = run(found, *people, an="60", bo="90")
    assert evaluation.value("A", "team") == 60
    assert evaluation.value("B", "team") == (Fraction(2, 3) * 60 + 90) / Fraction(5, 3)
    assert [evaluation.value(u, "sum") for u in "AB"] == [20, 130]
    assert [evaluation.value(u, "heads") for u in "AB"] == [Fraction(1, 3), Fraction(5, 3)]


def test_a_facts_file_says_the_same_with_parents():
    plan = parse_plan(
        plan_of({"own": {"type": "take", "of": "x"}, "total": {"type": "members", "of": "own"}})
    )
    people = [{"id": "A"}, {"id": "B"}, {"id": "a", "parents": {"A": 10, "B": 20}, "figures": {"x": "60"}},
              {"id": "b", "parent": "B", "figures": {"x": "90"}}]  # fmt: skip
    found = evaluate(plan, parse_facts(facts_of(*people)))
    assert (found.value("A"), found.value("B")) == (60, 78)
    with pytest.raises(ValueError, match="there is no subject C"):
        parse_facts(facts_of(people[0], {"id": "a", "parents": {"C": 1}}))
    with pytest.raises(ValueError, match="must be above zero"):
        parse_facts(facts_of(people[0], {"id": "a", "parents": {"A": 0}}))


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("service_months", 23),
        ("unit_months", 11),
        ("days", 365),
        ("months", 12),
        ("coefficient", 1),
        ("highest_coefficient", Fraction("1.35")),
    ],
)
def test_what_is_known_of_an_officer(trait, value):
    stints = (
        stint("A", "2025-01-15", "2026-01-14"), stint("B", "2026-01-15"),
        stint("B", "2026-03-01", kind="concurrent", post="岗位能手", coefficient=Fraction("1.35"), primary=False),
    )  # fmt: skip
    found = binding(sources={"points": {"person": trait}})
    assert run(found, officer("an", *stints), period=YEAR).value("an") == value


@pytest.mark.parametrize(
    ("coefficients", "value"),
    [(("0",), 0), (("0", "-1"), 0), (("0", "1.2"), Fraction("1.2")), ((), State.NOT_APPLICABLE)],
)
def test_a_coefficient_of_zero_is_not_the_lack_of_one(coefficients, value):
    found = binding(sources={"points": {"person": "highest_coefficient"}})
    posts = [
        stint("A", "2020-01-01", coefficient=Fraction(each), primary=n == 0)
        for n, each in enumerate(coefficients)
    ]
    assert run(found, officer("an", *posts)).amount("an") == value


@pytest.mark.parametrize(
    ("stints", "months"),
    [
        ((stint("A", "2026-01-01", "2026-03-31"), stint("A", "2026-04-01")), 11),
        ((stint("A", "2026-01-01", "2026-03-31"), stint("A", "2026-04-02")), 7),
        ((stint("B", "2026-01-01", "2026-03-31"), stint("A", "2026-04-01")), 8),
        ((stint("A", "2026-01-01", "2026-10-31"),), 10),
        ((stint("A", "2026-01-01"), stint("H", "2026-02-01", kind="loan", primary=False)), 11),
        ((stint("A", "2026-12-01"),), 0),
        ((stint("A", "2026-01-01", "2026-11-29"), stint("A", "2026-11-30")), 11),
        ((stint("A", "2026-01-01", "2026-11-29"), stint("H", "2026-02-01", kind="loan", primary=False)), 0),
    ],
)
def test_months_in_the_unit_go_back_to_the_day_of_coming_and_end_with_the_last(stints, months):
    found = binding(sources={"points": {"person": "unit_months"}})
    assert run(found, officer("an", *stints)).value("an") == months


@pytest.mark.parametrize(
    ("trait", "stints", "value"),
    [
        ("days", (stint("A", "2020-01-01", "2026-11-05"), stint("B", "2026-11-06", "2026-11-15")), 15),
        ("days", (stint("A", "2026-11-30"),), 1),
        ("days", (stint("A", "2020-01-01", "2026-10-31"),), 0),
        ("service_months", (stint("A", "2026-01-01", "2026-10-31"),), 10),
        ("service_months", (stint("A", "2026-01-01", "2026-12-31"),), 11),
    ],
)
def test_service_ends_with_the_last_posting_and_the_period_cuts_it(trait, stints, value):
    found = binding(sources={"points": {"person": trait}})
    assert run(found, officer("an", *stints)).value("an") == value


def test_a_joiner_and_a_leaver_have_the_months_that_they_were_there():
    found = binding(sources={"points": {"person": "months"}})
    people = [
        officer("joined", stint("A", "2026-10-16")),
        officer("left", stint("A", "2020-01-01", "2026-04-15")),
        officer("nowhere"),
    ]
    evaluation = run(found, *people, period=YEAR)
    assert [evaluation.value(name) for name in ("joined", "left", "nowhere")] == [2, 3, 0]


def test_words_about_a_person_are_for_conditions():
    nodes = {
        "head": {
            "type": "gate",
            "of": "score",
            "effect": "add",
            "amount": "1",
            "when": {"of": "posts", "has": "所长"},
        },
        "new": {
            "type": "gate",
            "of": "head",
            "effect": "add",
            "amount": "10",
            "when": {"of": "status", "has": "probation"},
        },
    }
    found = binding(
        nodes, total="new", sources={"posts": {"person": "posts"}, "status": {"person": "status"}}
    )
    chief = officer("an", stint("A", "2020-01-01", post="所长"), status="in_service")
    assert run(found, chief, an="50").value("an") == 51
    assert run(found, officer("bo", stint("A", "2020-01-01"), status="probation"), bo="50").value("bo") == 60


def test_votes_come_from_readings_and_their_absence_is_not_zero():
    ballot = {
        "score": {"type": "ballot", "votes": "votes", "options": {"好": "100", "差": "0", "不了解": None}}
    }
    votes = {"votes": {"好": "good", "差": "bad", "不了解": "unknown"}}
    data = {
        "plan": plan_of(ballot, "score"), "sources": {"votes": {"votes": votes["votes"]}}, "rest": "mod_business",
    }  # fmt: skip
    from rules.binding import Record, assemble

    found = parse_binding(data)
    records = {"an": Record(readings={"good": Fraction(3), "bad": Fraction(1)})}
    evaluation = evaluate(found.plan, assemble(found, NOVEMBER, [officer("an"), officer("bo")], records))
    assert (evaluation.amount("an"), evaluation.amount("bo")) == (75, State.NOT_SUBMITTED)
