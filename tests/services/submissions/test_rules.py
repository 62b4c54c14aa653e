"""The rules by themselves: states, routes, working days, impartiality, quantities."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.submissions import AppealStatus, SubmissionStatus
from kernel.recusal import Absent, Bars, Party, Recused
from services.submissions.domain.appeal import MOVES as APPEAL_MOVES
from services.submissions.domain.appeal import AppealState
from services.submissions.domain.clocks import Days, working
from services.submissions.domain.decision import (
    AcceptAboveClaim,
    WorseThanBefore,
    accepted_quantity,
    appealed_quantity,
)
from services.submissions.domain.evidence import FileNameInvalid
from services.submissions.domain.impartiality import (
    FirstDecider,
    Judge,
    Matter,
    NotCompetent,
    OwnUnitsWork,
    OwnWork,
    Reach,
    ensure_may_decide_appeal,
    ensure_may_review,
)
from services.submissions.domain.names import file_name
from services.submissions.domain.quantity import trimmed
from services.submissions.domain.routing import Candidate, Route, route
from services.submissions.domain.submission import MOVES, State, WrongState, move

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
QUANTITIES = st.decimals("0.0001", "999999", places=4)


def test_the_states_are_those_that_are_published() -> None:
    assert {s.value for s in State} == {s.value for s in SubmissionStatus}
    assert {s.value for s in AppealState} == {s.value for s in AppealStatus}
    assert set(MOVES) == set(State)
    assert set(APPEAL_MOVES) == set(AppealState)


@given(st.sampled_from(State), st.sampled_from(State))
def test_a_move_that_is_not_in_the_table_is_refused_by_name(state: State, to: State) -> None:
    if to in MOVES[state]:
        assert move(state, to) is to
        return
    with pytest.raises(WrongState) as refused:
        move(state, to)
    assert (refused.value.facts["from"], refused.value.facts["to"]) == (state, to)


def last_day(start: date, days: int, calendar: dict[date, bool]) -> date:
    noon = datetime(start.year, start.month, start.day, 4, tzinfo=UTC)
    clock = Days.of(calendar, since=start, zone=SHANGHAI)
    return clock.day(clock.until(noon, working("w", days)))


def test_nothing_leaves_an_ended_state() -> None:
    for state in (State.WITHDRAWN, State.SEALED):
        assert not MOVES[state]
    for state in (State.UPHELD, State.CHANGED):
        assert MOVES[state] == {State.UNDER_APPEAL}


@given(DAYS, st.integers(1, 40), st.dictionaries(DAYS, st.booleans(), max_size=20))
def test_a_window_has_exactly_its_number_of_working_days(
    start: date, days: int, calendar: dict[date, bool]
) -> None:
    last = last_day(start, days, calendar)
    between = [start + timedelta(days=n + 1) for n in range((last - start).days)]
    works = [calendar.get(day, day.weekday() < 5) for day in between]
    assert sum(works) == days
    assert works[-1]


def test_the_day_of_the_event_is_not_counted() -> None:
    friday = date(2026, 11, 13)
    assert last_day(friday, 1, {}) == date(2026, 11, 16)
    assert last_day(friday, 1, {date(2026, 11, 14): True}) == date(2026, 11, 14)
    assert last_day(friday, 1, {date(2026, 11, 16): False}) == date(2026, 11, 17)


def test_a_window_ends_with_the_day_in_the_bureaus_zone() -> None:
    late_on_thursday = datetime(2026, 11, 12, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    after_midnight = late_on_thursday + timedelta(minutes=1)
    days = Days.of({}, since=date(2026, 11, 12), zone=SHANGHAI)
    first = days.until(late_on_thursday, working("w", 1))
    second = days.until(after_midnight, working("w", 1))
    assert first == datetime(2026, 11, 13, 15, 59, 59, tzinfo=UTC)
    assert second == datetime(2026, 11, 16, 15, 59, 59, tzinfo=UTC)


CITY, COUNTY, STATION = "C/", "C/X/", "C/X/S/"
DETACHMENT = Candidate(uuid4(), "C/D/", CITY)
BRIGADE = Candidate(uuid4(), "C/X/B/", COUNTY)
OFFICE = Candidate(uuid4(), "C/K/", CITY, ("county_bureau",))
OTHER_OFFICE = Candidate(uuid4(), "C/L/", CITY, ("detachment",))


@pytest.mark.parametrize(
    ("path", "kinds", "authorities", "unit", "to_office"),
    [
        (STATION, ("police_station", "county_bureau"), [DETACHMENT, BRIGADE], BRIGADE.unit_id, False),
        (STATION, ("police_station", "county_bureau"), [DETACHMENT], DETACHMENT.unit_id, False),
        (BRIGADE.unit_path, ("brigade", "county_bureau"), [DETACHMENT, BRIGADE], DETACHMENT.unit_id, False),
        ("C/X/B/Z/", ("squadron", "brigade"), [DETACHMENT, BRIGADE], DETACHMENT.unit_id, False),
        ("C/D/", ("detachment",), [DETACHMENT], OTHER_OFFICE.unit_id, True),
        ("C/D/Z/", ("squadron", "detachment"), [DETACHMENT], OTHER_OFFICE.unit_id, True),
        (STATION, ("police_station", "county_bureau"), [], OFFICE.unit_id, True),
        ("C/K/", ("assessment_office",), [], OTHER_OFFICE.unit_id, True),
    ],
)
def test_work_goes_to_the_nearest_competent_unit_that_is_not_its_own(
    path: str, kinds: tuple[str, ...], authorities: list[Candidate], unit: object, *, to_office: bool
) -> None:
    found = route(unit_path=path, kinds=kinds, authorities=authorities, offices=[OFFICE, OTHER_OFFICE])
    assert (found.unit_id, found.to_office) == (unit, to_office)


def test_without_any_office_nobody_in_particular_reviews() -> None:
    found = route(unit_path=STATION, kinds=(), authorities=[], offices=[])
    assert (found.unit_id, found.to_office) == (None, True)


def test_a_unit_that_assesses_its_own_subtree_reviews_its_parts_but_not_itself() -> None:
    itself = Candidate(uuid4(), "C/D/", "C/D/")
    parts = route(unit_path="C/D/Z/", kinds=(), authorities=[itself], offices=[])
    own = route(unit_path="C/D/", kinds=(), authorities=[itself], offices=[])
    assert (parts.unit_id, own.unit_id) == (itself.unit_id, None)


ME, OTHER = uuid4(), uuid4()


def matter(**changes: object) -> Matter:
    facts: dict[str, object] = {
        "line": "traffic",
        "unit_path": STATION,
        "authority_path": "C/D/",
        "people": frozenset({OTHER}),
    }
    return Matter(**(facts | changes))  # type: ignore[arg-type]


def test_units_where_nobody_may_review_are_passed_over() -> None:
    near, far = Candidate(uuid4(), "C/X/E/", COUNTY), Candidate(uuid4(), "C/E/", CITY)
    office, above = Candidate(uuid4(), "C/X/K/", COUNTY), Candidate(uuid4(), "C/K/", CITY)

    def routed(*deserted: Candidate) -> Route:
        return route(
            unit_path=STATION,
            kinds=(),
            authorities=[near, far],
            offices=[office, above],
            deserted=[unit.unit_id for unit in deserted],
        )

    assert routed(near) == Route(far.unit_id, to_office=False)
    assert routed(near, far) == Route(office.unit_id, to_office=True)
    assert routed(near, far, office) == Route(above.unit_id, to_office=True)
    assert routed(near, far, office, above) == Route(office.unit_id, to_office=True)


def test_members_of_the_competent_unit_review_within_scope_and_line() -> None:
    assessor = Judge(Party(ME, ("C/D/Z/",)), assessors=(Reach(CITY, ("traffic",)),))
    ensure_may_review(assessor, matter())
    for other in (matter(line="legal"), matter(authority_path="C/E/"), matter(authority_path=None)):
        with pytest.raises(NotCompetent):
            ensure_may_review(assessor, other)


def test_an_office_reviews_within_its_scope() -> None:
    office = Judge(Party(ME, ("C/K/",)), offices=(Reach(COUNTY),))
    ensure_may_review(office, matter(authority_path=None))
    with pytest.raises(NotCompetent):
        ensure_may_review(office, matter(unit_path="C/Y/"))


def test_own_work_and_the_own_units_are_never_reviewed() -> None:
    for home, mine, problem in (
        (STATION, matter(), OwnUnitsWork),
        ("C/K/", matter(people=frozenset({ME})), OwnWork),
    ):
        judge = Judge(Party(ME, (home,)), offices=(Reach(CITY),))
        with pytest.raises(problem):
            ensure_may_review(judge, mine)
    concurrent = Judge(Party(ME, ("C/K/", "C/X/S/T/")), offices=(Reach(CITY),))
    with pytest.raises(OwnUnitsWork):
        ensure_may_review(concurrent, matter())
    superior = Judge(Party(ME, (COUNTY,)), offices=(Reach(CITY),))
    ensure_may_review(superior, matter())


def test_whoever_decided_before_does_not_decide_the_appeal() -> None:
    judge = Judge(Party(ME, ("C/K/",)), adjudicators=(Reach(CITY),))
    ensure_may_decide_appeal(judge, matter(deciders=frozenset({OTHER})))
    with pytest.raises(FirstDecider):
        ensure_may_decide_appeal(judge, matter(deciders=frozenset({OTHER, ME})))


def test_a_recusal_from_a_unit_reaches_what_is_below_it_and_no_further() -> None:
    for unit, barred in ((COUNTY, True), (STATION, True), ("C/Y/", False)):
        judge = Judge(Party(ME, ("C/K/",), Bars(units=(unit,))), offices=(Reach(CITY),))
        if barred:
            with pytest.raises(Recused):
                ensure_may_review(judge, matter())
        else:
            ensure_may_review(judge, matter())


def test_a_substitute_acts_by_a_right_of_his_own_before_that_of_somebody_absent() -> None:
    absent = Absent(uuid4(), "absent")
    away, related = Party(uuid4(), absent=absent), Party(uuid4(), bars=Bars(frozenset({OTHER})))
    me = Party(ME, ("C/K/",))
    assert ensure_may_review(Judge(me, offices=(Reach(CITY, (), away), Reach(CITY))), matter()) is None
    assert (
        ensure_may_review(Judge(me, offices=(Reach(CITY, (), related), Reach(CITY, (), away))), matter())
        == absent
    )
    with pytest.raises(Recused):
        ensure_may_review(Judge(me, offices=(Reach(CITY, (), related),)), matter())


@given(QUANTITIES, QUANTITIES)
def test_never_more_is_accepted_than_was_claimed(claimed: Decimal, wanted: Decimal) -> None:
    if wanted > claimed:
        with pytest.raises(AcceptAboveClaim):
            accepted_quantity(claimed, wanted, reason="x", clause="y")
    else:
        assert accepted_quantity(claimed, wanted, reason="x", clause="y") == wanted


@given(QUANTITIES, QUANTITIES, QUANTITIES)
def test_an_appeal_ends_between_what_counted_and_what_was_claimed(
    claimed: Decimal, accepted: Decimal, wanted: Decimal
) -> None:
    accepted = min(accepted, claimed)
    assert appealed_quantity(State.UPHELD, claimed=claimed, accepted=accepted, wanted=None) == accepted
    if wanted < accepted:
        with pytest.raises(WorseThanBefore):
            appealed_quantity(State.CHANGED, claimed=claimed, accepted=accepted, wanted=wanted)
    elif accepted < wanted <= claimed:
        got = appealed_quantity(State.CHANGED, claimed=claimed, accepted=accepted, wanted=wanted)
        assert accepted < got <= claimed


@given(st.decimals("0", "999999999999", places=4))
def test_a_trimmed_quantity_is_equal_and_has_neither_exponent_nor_trailing_zeros(quantity: Decimal) -> None:
    shown = str(trimmed(quantity))
    assert Decimal(shown) == quantity
    assert "E" not in shown
    assert "." not in shown or not shown.endswith("0")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\me\\照片.jpg", "照片.jpg"),
        ("../../etc/passwd.txt", "passwd.txt"),
        (" e\u0301.pdf ", "\u00e9.pdf"),
    ],
)
def test_of_a_path_only_the_name_is_kept(sent: str, kept: str) -> None:
    assert file_name(sent) == kept


@pytest.mark.parametrize("sent", ["", "  ", "..", "a\x00.pdf", "a\n.pdf", "\ud800.pdf", "x" * 121, "a/"])
def test_a_name_that_is_none_is_refused(sent: str) -> None:
    with pytest.raises(FileNameInvalid):
        file_name(sent)
