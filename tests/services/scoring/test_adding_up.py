from datetime import date
from decimal import Decimal

from kernel.ids import new_id
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import Desk


async def _score(desk: Desk, **quantities: str) -> None:
    """Each is worth half a point."""
    goals = {name: desk.bureau.target(name) for name in quantities}
    work = [desk.bureau.work(name, goals[name], quantity) for name, quantity in quantities.items()]
    assert await desk.hear(*goals.values(), *work) == []
    await desk.roll_up()


async def test_a_unit_without_own_work_counts_the_mean_of_its_members(desk: Desk):
    await _score(desk, an="2", bo="4")
    assert await desk.total("ZD1") == 1500


async def test_a_member_without_a_score_is_not_a_zero(desk: Desk):
    await _score(desk, an="4")
    assert await desk.total("ZD1") == 2000


async def test_figures_rise_to_the_top_through_every_level(desk: Desk):
    await _score(desk, an="2", chen="4", ding="8")
    assert [await desk.total(unit) for unit in ("ZD1", "ZD2", "XZ01", "XZ02", "CITY")] == [
        1000,
        2000,
        1500,
        4000,
        2750,
    ]


async def test_own_work_and_members_are_weighed_as_the_scheme_says(desk: Desk):
    await _score(desk, an="2", ZD1="6")
    assert await desk.total("ZD1") == 2000


async def test_after_a_transfer_the_old_unit_is_without_a_figure_and_pulls_nobody_down(desk: Desk):
    await _score(desk, an="2", chen="4")
    there = desk.bureau.units["ZD2"].id
    moved = desk.bureau.postings["an"].model_copy(
        update={"id": new_id(), "unit_id": there, "valid_from": date(2026, 11, 15)}
    )
    assert await desk.hear(moved) == []
    await desk.roll_up()
    assert await desk.total("ZD2") == 1500
    assert await desk.total("XZ01") == 1500
    assert (await desk.verified()).differences == []


async def test_a_unit_that_moves_takes_its_figure_along(desk: Desk):
    await _score(desk, an="2", chen="4", ding="8")
    county = desk.bureau.units["XZ02"]
    moved = later(desk.bureau.units["ZD1"], parent_id=county.id, path=f"{county.path}ZD1/")
    assert await desk.hear(moved) == []
    await desk.roll_up()
    assert [await desk.total(unit) for unit in ("XZ01", "XZ02")] == [2000, 2500]
    assert (await desk.verified()).differences == []


async def test_a_module_cap_of_a_revised_scheme_holds_for_what_is_scored_already(desk: Desk):
    await _score(desk, an="6")
    modules = tuple(m.model_copy(update={"cap": Decimal(2)}) for m in desk.bureau.scheme.modules)
    assert await desk.hear(later(desk.bureau.scheme, modules=modules)) == []
    await desk.roll_up()
    assert (await desk.total("an"), await desk.total("ZD1")) == (2000, 2000)
    assert (await desk.verified()).differences == []


async def test_nothing_is_published_when_nothing_has_changed(desk: Desk):
    await _score(desk, an="2")
    before = await desk.statement("ZD1")
    assert before is not None
    async with desk.db.transaction() as tx:
        from services.scoring.models import RollUpDueRow

        tx.session.add(RollUpDueRow(unit_id=desk.bureau.units["ZD1"].id, period_id=desk.bureau.period.id))
    await desk.roll_up()
    after = await desk.statement("ZD1")
    assert after is not None
    assert after.version == before.version
