"""What is told of a subject is read as the same subject, and nothing else is read."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from rules import State
from rules.binding import (
    Absence,
    Award,
    Circumstance,
    Person,
    Record,
    Stint,
    Work,
    read_assessed,
    tell_assessed,
)
from rules.calendars.spans import Span
from rules.plan import Deed

NOVEMBER = Span("2026-11", date(2026, 11, 1), date(2026, 11, 30))
STINT = Stint("u1", "regular", "民警", Fraction(6, 5), True, date(2020, 1, 1), None)
PERSON = Person(
    "a", "甲", "officer", None, {"unit": "ZD1"}, (STINT,), "in_service", None, None, (("乙", STINT),),
    (Circumstance("病休", "〔2026〕5号", date(2026, 11, 5)),),
)  # fmt: skip
DEED = Deed("d", "立功", date(2026, 11, 3), "三等", Fraction(1), Fraction(1, 3), None, Fraction(-2))
EARLIER, NOW = Work("w1", Fraction(1), date(2026, 10, 31)), Work("w2", Fraction(2), date(2026, 11, 1))
RECORD = Record(
    {"A1": Fraction(10)}, {"A1": (EARLIER, NOW), "A2": (NOW,)}, {"survey": Fraction(1, 3), "rank": State.ABSTAINED},
    (Award("bonus", DEED),), (Absence("x", "late", date(2026, 11, 2), Fraction(5)),), {"total": Fraction(1, 8)},
)  # fmt: skip


def told() -> str:
    return json.dumps(tell_assessed(PERSON, RECORD, NOVEMBER))


def test_a_subject_comes_back_without_names_and_without_what_facts_tell():
    found = read_assessed(json.loads(told()))
    assert found.person == replace(PERSON, name="", heads=())
    assert found.record == replace(RECORD, goals={}, work={"A1": (EARLIER,)})


def test_what_was_told_before_a_member_was_added_is_still_read():
    data = json.loads(told())
    del data["person"]["merged_into"]
    assert read_assessed(data).person.merged_into is None
    del data["person"]["kind"]
    with pytest.raises(ValueError, match="not the members"):
        read_assessed(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"6/5"', '"6/0"'),
        ('"6/5"', "1.2"),
        ('"2020-01-01"', '"2020-13-01"'),
        ('"abstained"', '"absent"'),
        ('"primary": true', '"primary": 1'),
        ('"status"', '"state"'),
    ],
)
def test_anything_else_is_refused(old: str, new: str):
    forged = told().replace(old, new, 1)
    assert forged != told()
    with pytest.raises(ValueError, match=r"."):
        read_assessed(json.loads(forged))
