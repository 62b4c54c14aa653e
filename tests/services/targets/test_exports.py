"""Lists leave as workbooks by the same visibility; indicators come back in; what is missing to begin is said."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl

from kernel.errands.worker import Worker
from services.targets.actions import exporting
from services.targets.errands import ERRANDS
from tests.services.targets.bureau import API, Bureau
from tests.services.targets.test_scheme_life import published


async def exported(caller: Any, **filters: Any) -> list[tuple[Any, ...]]:
    """The file of the errand, which is run here: under a clock that stands nothing runs by itself."""
    errand = f"{API}/errands/{(await caller.post(f'{API}/targets/export', filters))['errand_id']}"
    assert await Worker(caller.runtime, ERRANDS).run_one()
    seen = await caller.get(errand)
    assert seen["state"] == "done", seen
    answer = await caller.send("GET", f"{errand}/file")
    return list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))


async def test_exported_indicators_are_read_in_again_as_they_were(bureau: Bureau):
    scheme = await published(bureau)
    office = bureau.office()
    answer = await office.send("GET", f"{API}/schemes/{scheme['id']}/indicators.xlsx")
    later = await bureau.draft(code="2027", year=2027)
    path = f"{API}/schemes/{later['id']}/indicator-imports"
    read = (await office.send("POST", path, files={"workbook": ("x.xlsx", answer.content)})).json()
    assert read["errors"] == []
    (row,) = read["rows"]
    was = scheme["indicator"]
    assert {k: row[k] for k in ("code", "name", "module", "line", "rule", "example", "subject_kind")} == {
        k: was[k] for k in ("code", "name", "module", "line", "rule", "example", "subject_kind")
    }


async def test_an_export_of_targets_has_what_its_reader_may_see_and_nothing_else(bureau: Bureau):
    issued = await bureau.published()
    for code in ("XZ01", "XZ02"):
        await issued.issue(code, 7)
    where = {"scheme_id": issued.scheme, "period_id": issued.period}
    everything = await exported(bureau.office(), **where)
    assert [(r[5], r[6], r[8]) for r in everything[3:]] == [
        ("单位 XZ01", 7, "已下达"),
        ("单位 XZ02", 7, "已下达"),
    ]
    mine = await exported(bureau.leader("XZ02"), **where)
    assert [r[5] for r in mine[3:]] == ["单位 XZ02"]
    narrow = await exported(bureau.office(), **where, under=str(bureau.unit("XZ01")))
    assert [r[5] for r in narrow[3:]] == ["单位 XZ01"]


async def test_an_export_leaves_no_target_out_however_many_there_are(bureau: Bureau, monkeypatch: Any):
    monkeypatch.setattr(exporting, "PAGE", 3)
    issued = await bureau.published()
    wanted = [
        issued.wanted(officer, n, kind="officer") for n, officer in enumerate(bureau.officers["ZD01"], 1)
    ]
    await bureau.office().post(f"{API}/targets/batch", issued.batch(*wanted))
    where = {"scheme_id": issued.scheme, "period_id": issued.period}
    rows = await exported(bureau.office(), **where)
    assert sorted(row[6] for row in rows[3:]) == list(range(1, 9))
    unknown = where | {"period_id": str(uuid4())}
    assert (await bureau.office().problem("POST", f"{API}/targets/export", json=unknown))["status"] == 404


async def test_targets_are_searched_by_subject_and_indicator(bureau: Bureau):
    issued = await bureau.published()
    for code in ("XZ01", "XZ02"):
        await issued.issue(code, 7)
    office = bureau.office()
    for q, found in (("XZ01", 1), ("单位", 2), ("指标0", 2), ("无此", 0), ("%", 0)):
        assert len((await office.get(f"{API}/targets", q=q))["items"]) == found, q


async def test_what_is_missing_before_targets_can_go_out_is_said_step_by_step(bureau: Bureau):
    setup = await bureau.office().get(f"{API}/setup")
    assert [s["step"] for s in setup["steps"] if not s["done"]] == [
        "authorities", "scheme", "indicators", "periods", "published", "targets",
    ]  # fmt: skip
    assert setup["steps"][0]["count"] == 5
    await published(bureau)
    setup = await bureau.office().get(f"{API}/setup")
    assert [s["missing"]["zh"] for s in setup["steps"] if not s["done"]][-1] == "请下达目标"
