"""The coverage board: over all levels, with states and days, paged, counted, exported."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl

from tests.services.targets.bureau import API, Bureau, Published

BOARD = f"{API}/cascade/board"


async def cascaded(bureau: Bureau) -> tuple[Published, dict[str, str]]:
    """County 20 → stations 16 + 4; the first station is split over its people, one of whom has gone."""
    published = await bureau.published()
    county = await published.issue("XZ01", 20)
    refused = await published.issue("XZ02", 3)
    await bureau.leader("XZ02").post(f"{API}/targets/{refused['id']}/refuse", {"reason": "无此业务"})
    leader = bureau.leader("XZ01")
    await leader.post(f"{API}/targets/{county['id']}/acknowledge")
    split = await leader.post(f"{API}/targets/{county['id']}/split", {"method": "head_count"})
    first, second = split["targets"]
    for code, target in (("ZD01", first), ("ZD02", second)):
        await bureau.leader(code).post(f"{API}/targets/{target['id']}/acknowledge")
    await bureau.leader("ZD01").post(f"{API}/targets/{first['id']}/split", {"method": "even"})
    mover = bureau.officers["ZD01"][0]
    ended = bureau.posting(mover, "ZD01", id=bureau.postings[mover], version=2, valid_to=date(2026, 11, 9))
    await bureau.platform.tell("targets", ended)
    return published, {"scheme_id": published.scheme, "period_id": published.period}


async def test_every_target_stands_on_the_board_with_its_state_and_days(bureau: Bureau):
    _, where = await cascaded(bureau)
    bureau.clock.advance(timedelta(days=3))
    rows = (await bureau.office().get(BOARD, **where))["items"]
    assert [(r["unit_code"], r["level"], r["state"]) for r in rows if r["level"] < 5] == [
        ("XZ01", 2, "decomposed"),
        ("ZD01", 3, "decomposed"),
        ("ZD02", 3, "not_handed_down"),
        ("XZ02", 2, "refused"),
    ]
    states = [r["state"] for r in rows if r["level"] == 5]
    assert (states.count("orphaned"), states.count("issued")) == (1, 7)
    station = next(r for r in rows if r["unit_code"] == "ZD02")
    assert (station["days"], station["uncovered"], station["state_word"]["zh"]) == (3, "4", "已签收未分解")
    orphan = next(r for r in rows if r["state"] == "orphaned")
    assert (orphan["orphaned_on"], orphan["days"]) == ("2026-11-10", 3)


async def test_the_board_is_filtered_searched_and_paged_without_gaps(bureau: Bureau):
    _, where = await cascaded(bureau)
    office = bureau.office()
    everything = [r["id"] for r in (await office.get(BOARD, **where))["items"]]
    paged: list[str] = []
    after: str | None = None
    while True:
        page = await office.get(BOARD, **where, limit="4", after=after)
        paged += [r["id"] for r in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert paged == everything
    trouble = (await office.get(BOARD, **where, state=["refused", "orphaned"]))["items"]
    assert sorted(r["state"] for r in trouble) == ["orphaned", "refused"]
    assert [r["unit_code"] for r in (await office.get(BOARD, **where, q="ZD02", level="3"))["items"]] == [
        "ZD02"
    ]
    inside = (await bureau.leader("ZD01").get(BOARD, **where, unit_id=str(bureau.unit("ZD01"))))["items"]
    assert len(inside) == 9
    stranger = await bureau.leader("XZ02").problem(
        "GET", BOARD, params=where | {"unit_id": str(bureau.unit("ZD01"))}
    )
    assert stranger["status"] == 404


async def test_counts_and_heat_sum_up_the_board(bureau: Bureau):
    _, where = await cascaded(bureau)
    office = bureau.office()
    counts = {
        (c["level"], c["state"]): c["targets"]
        for c in (await office.get(f"{API}/cascade/counts", **where))["counts"]
    }
    assert counts == {
        (2, "decomposed"): 1, (2, "refused"): 1, (3, "decomposed"): 1, (3, "not_handed_down"): 1,
        (5, "issued"): 7, (5, "orphaned"): 1,
    }  # fmt: skip
    cells = (await office.get(f"{API}/cascade/heat", **where))["cells"]
    assert [(c["unit_code"], c["targets"], c["settled"], c["trouble"]) for c in cells] == [
        ("XZ01", 11, 2, 2),
        ("XZ02", 1, 0, 1),
    ]


async def test_the_export_has_the_rows_of_the_board_and_says_what_it_is_of(bureau: Bureau):
    _, where = await cascaded(bureau)
    answer = await bureau.office().send("GET", f"{BOARD}.xlsx", params=where | {"state": "not_handed_down"})
    sheet: Any = openpyxl.load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert "筛选 已签收未分解" in rows[1][0]
    assert "共 1 条" in rows[1][0]
    assert [(r[1], r[7], r[9], r[13]) for r in rows[3:]] == [("ZD02", 4, 4, "已签收未分解")]
