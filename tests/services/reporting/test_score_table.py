"""The big score table: windows of a board with what each indicator adds up to."""

import pytest

from contracts import scoring
from tests.services.reporting.conftest import REPORTING, Bureau

TABLE = f"{REPORTING}/score-table"


async def test_a_row_has_its_modules_and_a_cell_for_each_indicator(bureau: Bureau):
    await bureau.score("an", 9125)
    await bureau.score("bo", 0)
    await bureau.entry("an", 6000)
    await bureau.entry("an", 3125)
    found = await bureau.leader("P1").get(TABLE, **bureau.board(subject_kind="officer"))
    assert [(one["name"], one["mean"]) for one in found["columns"]] == [("业务工作", "4.563")]
    assert [one["name"] for one in found["columns"][0]["indicators"]] == ["走访"]
    rows = [
        (r["name"], r["total"], r["modules"]["mod_business"], r["cells"], r["zero"]) for r in found["rows"]
    ]
    assert rows == [("an", "9.125", "9.125", ["9.125"], False), ("bo", "0.000", "0.000", [None], True)]
    assert (found["total"], found["mean"]) == (2, "4.563")


async def test_windows_join_without_gap(bureau: Bureau):
    for name, milli in (("an", 3000), ("bo", 2000), ("chen", 1000)):
        await bureau.score(name, milli)
    pages = [
        await bureau.leader("P1").get(TABLE, **bureau.board(subject_kind="officer", start=start, limit=2))
        for start in (0, 2, 4)
    ]
    assert [[row["name"] for row in page["rows"]] for page in pages] == [["an", "bo"], ["chen"], []]
    assert {page["total"] for page in pages} == {3}


async def test_the_cells_of_strangers_are_not_shown(bureau: Bureau):
    await bureau.score("an", 1000)
    await bureau.entry("an", 1000)
    found = await bureau.leader("P2").get(TABLE, **bureau.board(subject_kind="officer"))
    assert [(row["name"], row["total"], row["cells"]) for row in found["rows"]] == [("an", "1.000", [None])]


async def test_what_stands_still_is_kept_by_module(bureau: Bureau):
    await bureau.score("an", 1000)
    await bureau.entry("an", 1000)
    await bureau.close(scoring.ClosingStatus.PUBLIC, 2)
    query = bureau.board(subject_kind="officer", version="public")
    found = await bureau.leader("P1").get(TABLE, **query)
    assert found["by_indicator"] is False
    assert [one["indicators"] for one in found["columns"]] == [[]]
    assert [(row["total"], row["cells"]) for row in found["rows"]] == [("1.000", [])]


@pytest.mark.parametrize("window", [{"start": -1}, {"limit": 0}, {"limit": 501}, {"start": 2**31}])
async def test_a_window_has_bounds(bureau: Bureau, window: dict[str, int]):
    query = bureau.board(subject_kind="officer", **window)
    assert (await bureau.leader("P1").problem("GET", TABLE, params=query))["status"] == 422
