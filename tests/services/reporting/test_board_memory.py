"""What a board remembers between two looks is never older than what was committed."""

from typing import Any

from contracts import org, targets
from contracts.permissions import Role
from kernel.testing.people import grant, person
from tests.services.reporting.conftest import REPORTING, Bureau


async def look(bureau: Bureau) -> Any:
    return await bureau.leader("P1").get(f"{REPORTING}/boards", **bureau.board(subject_kind="officer"))


async def test_a_period_that_moves_on_shows_at_the_next_look(bureau: Bureau):
    await bureau.score("an", 1000)
    assert (await look(bureau))["board"]["period_status"] == "open"
    period = bureau.periods["2026-11"]
    await bureau.tell(period.model_copy(update={"version": 2, "status": targets.PeriodStatus.CLOSING}))
    assert (await look(bureau))["board"]["period_status"] == "closing"


async def test_a_period_before_that_becomes_known_is_compared_with_at_the_next_look(bureau: Bureau):
    await bureau.score("an", 9000)
    await bureau.score("an", 1000, "2026-10")
    assert (await look(bureau))["items"][0]["previous_total"] == "1.000"
    earlier = bureau.periods["2026-10"]
    await bureau.tell(
        earlier.model_copy(update={"version": 2, "starts_on": earlier.starts_on.replace(month=12)})
    )
    assert (await look(bureau))["items"][0]["previous_total"] is None


async def test_a_new_name_of_a_series_an_officer_or_a_unit_shows_at_the_next_look(bureau: Bureau):
    await bureau.score("an", 1000)
    await look(bureau)
    series = org.Series(
        id=bureau.series["OFFICERS"],
        version=2,
        code="OFFICERS",
        name="警察",
        subject_kind=org.SubjectKind.OFFICER,
    )
    officer = bureau.officers["an"].model_copy(update={"version": 2, "name": "安"})
    unit = bureau.units["P1"].model_copy(update={"version": 2, "name": "城关所"})
    await bureau.tell(series, officer, unit)
    found = await look(bureau)
    assert (found["board"]["series_name"], found["items"][0]["name"]) == ("警察", "安")
    assert found["items"][0]["unit_name"] == "城关所"


async def test_a_new_setting_ranks_from_the_next_look_on(bureau: Bureau):
    for name, milli in (("an", 9000), ("bo", 1000)):
        await bureau.score(name, milli)
    assert [row["name"] for row in (await look(bureau))["items"]] == ["an", "bo"]
    city = bureau.units["CITY"]
    office = person(grant(Role.ASSESSMENT_OFFICE, city.id, city.path))
    await bureau.platform.caller("reporting", office).put(
        f"{REPORTING}/schemes/{bureau.scheme_id}/standing",
        {"data": {"ranking": {"direction": "lower_is_better"}}, "reason": "扣分越少越好"},
    )
    assert [row["name"] for row in (await look(bureau))["items"]] == ["bo", "an"]


async def test_a_line_drawn_for_a_superior_does_not_name_anybody_to_others(bureau: Bureau):
    for place, name in enumerate(("an", "bo", "chen")):
        await bureau.score(name, 9000 - place)
    query = bureau.board(subject_kind="officer")
    seen = await bureau.leader("P1").get(f"{REPORTING}/boards", **query)
    assert [row["name"] for row in seen["items"]] == ["an", "bo", "chen"]
    foreign = await bureau.leader("P2").get(f"{REPORTING}/boards", **query)
    assert foreign["board"]["unnamed"] > 0
    assert foreign["items"][-1]["name"] is None
