from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rules.plan.coverage import Interval, coverage


def _row(low, high, low_open=0, high_open=0):
    return Interval((Fraction(low), low_open), (Fraction(high), 1 - high_open))


_ALL = Interval(None, None)


def _said(rows, domain=_ALL, **more):
    return [[each.text for each in found] for found in coverage(rows, domain, **more)]


def test_printed_bands_with_a_gap_and_an_end():
    rows = [_row(90, 94), _row(95, 100)]
    assert _said(rows, _row(90, 100)) == [["(94, 95)"], []]
    assert _said(rows) == [["(-∞, 90)", "(94, 95)", "(100, +∞)"], []]
    assert _said(rows, _row(90, 100), whole=True) == [[], []]


def test_a_bound_that_belongs_to_both_or_to_none():
    assert _said([_row(60, 80), _row(80, 100)], _row(60, 100)) == [[], ["80"]]
    assert _said([_row(60, 80, high_open=1), _row(80, 100, low_open=1)], _row(60, 100)) == [["80"], []]
    assert _said([_row(60, 90), _row(80, 100)], _row(60, 100)) == [[], ["[80, 90]"]]


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans(), st.booleans()).map(
            lambda r: _row(min(r[:2]), max(r[:2]), int(r[2]), int(r[3]))
        ),
        max_size=5,
    ),
    st.fractions(0, 6, max_denominator=4),
)
def test_every_value_is_told_as_often_as_rows_have_it(rows, value):
    uncovered, doubly = coverage(rows, _row(0, 6))
    times = sum(value in row for row in rows if row.span[0] < row.span[1])
    assert any(value in each for each in uncovered) == (times == 0)
    assert any(value in each for each in doubly) == (times > 1)


@given(
    st.fractions(-3, 3, max_denominator=3),
    st.fractions(-3, 3, max_denominator=3),
    st.booleans(),
    st.booleans(),
)
def test_whether_a_whole_number_lies_in_it(one, other, low_open, high_open):
    row = _row(min(one, other), max(one, other), int(low_open), int(high_open))
    if row.span[0] < row.span[1]:
        assert row.whole == any(Fraction(n) in row for n in range(-4, 5))
