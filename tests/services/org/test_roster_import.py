"""The bureau's own address book goes in as it is: exact errors, good rows, nothing twice, and back again."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from sqlalchemy import text

from tests.services.org.conftest import ORG, Org

CITY = Path(__file__).parents[3] / "examples" / "city"
IMPORTS = f"{ORG}/roster/imports"
HEAD = ["警号", "姓名", "单位"]
ROOT = "江州市公安局"


def workbook(*rows: list[object], sheet: str = "人员") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


async def upload(org: Org, content: bytes, name: str = "roster.xlsx") -> dict:
    answer = await org.roster.send("POST", IMPORTS, files={"workbook": (name, content)})
    assert answer.status_code == 202, answer.text
    await org.errand(answer.json()["errand_id"])
    return await org.roster.get(f"{IMPORTS}/{answer.json()['id']}")


async def findings(org: Org, upload: dict, **query: object) -> list[dict]:
    rows = (await org.roster.get(f"{IMPORTS}/{upload['id']}/findings", **query))["items"]
    return [
        {**finding, "sheet": row["sheet"], "row": row["row"]} for row in rows for finding in row["findings"]
    ]


async def apply(org: Org, upload: dict, **how: object) -> dict:
    asked = await org.roster.post(f"{IMPORTS}/{upload['id']}/apply", {"mode": "all"} | how)
    return await org.errand(asked["errand_id"])


async def people(org: Org, **query: object) -> dict[str, dict]:
    return {o["police_number"]: o for o in (await org.roster.get(f"{ORG}/officers", **query))["items"]}


async def test_the_example_city_goes_in_with_exactly_the_known_errors(org: Org):
    preview = await upload(org, (CITY / "roster.xlsx").read_bytes())
    known = json.loads((CITY / "expected.json").read_text())["roster"]
    found = await findings(org, preview, limit=200)
    assert {(e["sheet"], e["row"], e["code"]) for e in found} == {
        (e["sheet"], e["row"], e["code"]) for e in known
    }
    misspelt = next(e for e in found if e["code"] == "unknown-unit")
    assert f"{misspelt['suggestions'][0]}队" == misspelt["value"]
    done = await apply(org, preview, mode="good")
    assert (done["officers_new"], done["officers_changed"]) == (3000, 0)
    again = await upload(org, (CITY / "roster.xlsx").read_bytes())
    assert again["counts"]["units"]["new"] == 0
    assert (again["counts"]["people"]["same"], again["counts"]["people"]["new"]) == (3000, 0)


async def test_an_upload_is_answered_before_the_workbook_is_read(org: Org):
    """By an errand to look at: whoever leaves the page, or loses the line, misses nothing."""
    content = workbook(HEAD, ["100001", "张三", ROOT])
    answer = await org.roster.send("POST", IMPORTS, files={"workbook": ("roster.xlsx", content)})
    asked = answer.json()
    assert (answer.status_code, asked["counts"]) == (202, {})
    assert await org.errand(asked["errand_id"])
    read = await org.roster.get(f"{IMPORTS}/{asked['id']}")
    assert read["counts"]["people"]["new"] == 1


async def test_all_or_nothing_refuses_while_there_is_an_error(org: Org):
    preview = await upload(org, workbook(HEAD, ["100001", "", ROOT], ["100002", "李四", ROOT]))
    problem = await org.roster.problem("POST", f"{IMPORTS}/{preview['id']}/apply", json={"mode": "all"})
    assert (problem["status"], problem["code"]) == (409, "roster-has-errors")
    assert await people(org) == {}
    await apply(org, preview, mode="good")
    assert set(await people(org)) == {"100002"}


async def test_titles_blank_rows_merged_cells_and_repeated_heads_keep_the_excel_row_of_an_error(org: Org):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("人员")
        page.merge_range(0, 0, 0, 2, "江州市公安局花名册")
        page.write_row(2, 0, ["警 号", "姓 名", "单 位"])
        page.write_row(3, 0, ["100001", "王 五"])
        page.write_row(4, 0, ["100002", "赵六"])
        page.merge_range(3, 2, 4, 2, f"{ROOT} ")
        page.write_row(6, 0, ["警 号", "姓 名", "单 位"])
        page.write_row(8, 0, ["100003", "", ROOT])
        page.write_row(9, 0, ["100002", "赵六", ROOT])
    preview = await upload(org, out.getvalue())
    assert [(e["row"], e["code"]) for e in await findings(org, preview)] == [
        (9, "name-missing"), (10, "duplicate-police-number"),
    ]  # fmt: skip
    await apply(org, preview, mode="good")
    assert {n: o["name"] for n, o in (await people(org)).items()} == {"100001": "王五", "100002": "赵六"}


async def test_a_cell_put_right_in_the_preview_leaves_the_file_as_it_is(org: Org):
    await org.unit("ZD01", name="刑事侦查支队")
    preview = await upload(org, workbook(HEAD, ["100001", "张三", "刑侦侦查支队"]))
    [error] = await findings(org, preview)
    assert (error["row"], error["code"], error["suggestions"][0]) == (2, "unknown-unit", "刑事侦查支队")
    cell = {"sheet": "人员", "row": 2, "field": "unit", "value": error["suggestions"][0]}
    corrected = await org.roster.put(f"{IMPORTS}/{preview['id']}/cells", {"cells": [cell]})
    await org.errand(corrected["errand_id"])
    assert await findings(org, preview) == []
    await apply(org, preview)
    assert (await people(org))["100001"]["name"] == "张三"
    marked = await org.roster.post(f"{IMPORTS}/{preview['id']}/marked")
    await org.errand(marked["errand_id"])
    file = await org.roster.send("GET", f"{ORG}/errands/{marked['errand_id']}/file")
    assert openpyxl.load_workbook(io.BytesIO(file.content)).active.cell(2, 3).value == "刑侦侦查支队"


@pytest.mark.parametrize("name", ["roster.xlsx", "roster.csv"])
async def test_the_users_own_workbook_comes_back_with_reasons_and_coloured_cells(org: Org, name: str):
    content = workbook(HEAD, ["100001", "", ROOT])
    if name.endswith("csv"):
        content = f"警号,姓名,单位\n100001,,{ROOT}\n".encode("gb18030")
    preview = await upload(org, content, name)
    asked = await org.roster.post(f"{IMPORTS}/{preview['id']}/marked")
    await org.errand(asked["errand_id"])
    file = await org.roster.send("GET", f"{ORG}/errands/{asked['errand_id']}/file")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
    assert (sheet.cell(1, 4).value, "缺少姓名" in sheet.cell(2, 4).value) == ("错误原因", True)
    assert sheet.cell(2, 2).fill.fgColor.rgb.endswith("F8CBAD")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook-empty"),
        (b"MZ\x90\x00 not a sheet", "not-a-workbook"),
        (b"PK\x03\x04 broken", "not-a-workbook"),
    ],
)
async def test_what_is_no_workbook_is_refused_before_anything_is_kept(org: Org, content: bytes, code: str):
    problem = await org.roster.problem("POST", IMPORTS, files={"workbook": ("x.xlsx", content)})
    assert problem["code"] == code


async def test_what_turns_out_to_be_no_roster_is_told_by_the_errand(org: Org):
    for content, code in (
        (b"\xd0\xcf\x11\xe0 broken", "not-a-workbook"),
        (workbook(["甲", "乙"]), "roster-not-recognised"),
    ):
        answer = (await org.roster.send("POST", IMPORTS, files={"workbook": ("x.xls", content)})).json()
        seen = await org.finished(answer["errand_id"])
        assert (seen["state"], seen["problem"]["code"]) == ("failed", code)


async def test_columns_named_once_are_known_the_next_time(org: Org):
    rows = (["人头号", "姓名", "单位"], ["100001", "张三", ROOT])
    preview = await upload(org, workbook(*rows))
    [sheet] = preview["sheets"]
    assert (preview["status"], sheet["missing"], sheet["header_row"]) == ("unmapped", ["number"], 1)
    named = await org.roster.put(
        f"{IMPORTS}/{preview['id']}/columns", {"columns": {"人员": {"number": "人头号"}}}
    )
    await org.errand(named["errand_id"])
    assert (await org.roster.get(f"{IMPORTS}/{preview['id']}"))["counts"]["people"]["new"] == 1
    assert (await upload(org, workbook(*rows)))["status"] == "checked"


async def test_a_parent_may_stand_below_its_children_and_a_circle_is_refused(org: Org):
    rows = [
        ["单位名称", "上级单位", "单位类别"],
        ["一大队", "甲支队", "大队"],
        ["甲支队", ROOT, "支队"],
        ["乙支队", "丙支队", "支队"],
        ["丙支队", "乙支队", "支队"],
    ]
    preview = await upload(org, workbook(*rows, sheet="单位"))
    assert preview["counts"]["units"]["new"] == 2
    assert [(e["row"], e["code"]) for e in await findings(org, preview)] == [
        (4, "unit-cycle"),
        (5, "unit-cycle"),
    ]


async def test_who_moved_changed_or_is_missing_is_shown_before_and_undone_after(org: Org):
    await org.unit("A", name="甲支队")
    await org.unit("B", name="乙支队")
    head = [*HEAD, "职务"]
    first = [[f"10000{n}", f"民警{n}", "甲支队", "民警"] for n in range(1, 6)]
    await apply(org, await upload(org, workbook(head, *first)), effective_on="2026-02-01")
    before = await people(org)
    second = [
        ["100001", "民警1", "乙支队", "民警"], ["100002", "民警2", "甲支队", "队长"], first[2], first[3],
        ["100006", "民警6", "乙支队", "民警"],
    ]  # fmt: skip
    preview = await upload(org, workbook(head, *second))
    counts = preview["counts"]["people"]
    assert counts == {"new": 1, "returned": 0, "moved": 1, "changed": 1, "same": 2, "left": 1}
    effects = (await org.roster.get(f"{IMPORTS}/{preview['id']}/effects"))["items"]
    assert [(e["effect"], e["number"]) for e in effects] == [
        ("moved", "100001"), ("changed", "100002"), ("new", "100006"), ("left", "100005"),
    ]  # fmt: skip
    assert effects[0]["before"]["unit"] == "甲支队"
    await apply(org, preview, absent="left", effective_on="2026-03-01")
    moved = await org.roster.get(f"{ORG}/officers/{before['100001']['id']}")
    assert [(p["valid_from"], p["valid_to"]) for p in moved["postings"]] == [
        ("2026-01-01", "2026-02-28"), ("2026-03-01", None),
    ]  # fmt: skip
    after = await people(org)
    assert (after["100002"]["post"], after["100005"]["status"]) == ("队长", "left")
    undone = await org.roster.post(f"{IMPORTS}/{preview['id']}/undo")
    await org.errand(undone["errand_id"])
    back = await people(org)
    same = ("unit_id", "post", "status")
    assert {n: [back[n][k] for k in same] for n in before} == {
        n: [before[n][k] for k in same] for n in before
    }
    assert (back["100006"]["status"], back["100006"]["unit_id"]) == ("left", None)


async def test_an_import_on_which_something_depends_is_not_undone(org: Org):
    preview = await upload(org, workbook(HEAD, ["100001", "张三", ROOT]))
    await apply(org, preview)
    officer = (await people(org))["100001"]
    await org.roster.post(f"{ORG}/accounts", {"officer_id": officer["id"]})
    asked = await org.roster.post(f"{IMPORTS}/{preview['id']}/undo")
    assert (await org.finished(asked["errand_id"]))["problem"]["code"] == "roster-undo-depended"
    async with org.platform.runtimes["org"].db.transaction() as tx:
        await tx.session.execute(
            text("UPDATE roster_import SET applied_at = applied_at - interval '25 hours'")
        )
    problem = await org.roster.problem("POST", f"{IMPORTS}/{preview['id']}/undo")
    assert problem["code"] == "roster-undo-late"


async def test_a_head_count_that_jumps_must_be_confirmed(org: Org):
    await apply(org, await upload(org, workbook(HEAD, *[[f"10000{n}", f"民警{n}", ROOT] for n in range(5)])))
    half = await upload(org, workbook(HEAD, ["100000", "民警0", ROOT], ["100001", "民警1", ROOT]))
    problem = await org.roster.problem("POST", f"{IMPORTS}/{half['id']}/apply", json={"mode": "all"})
    assert (problem["code"], problem["percent"]) == ("roster-head-count", -60)
    await apply(org, half, head_count_seen=True)


async def test_a_name_that_two_units_have_asks_for_the_code(org: Org):
    for parent in ("A", "B"):
        unit = await org.unit(parent, name=f"{parent}分局", kind="sub_bureau")
        await org.unit(f"{parent}1", name="一中队", kind="brigade", parent=unit["id"])
    preview = await upload(org, workbook(HEAD, ["100001", "张三", "一中队"], ["100002", "李四", "B1"]))
    [error] = await findings(org, preview)
    assert (error["row"], error["code"], error["suggestions"]) == (2, "unit-ambiguous", ["A1", "B1"])
    assert preview["counts"]["people"]["new"] == 1


async def test_the_template_comes_back_in_as_it_went_out(org: Org):
    await org.unit("A", name="甲支队")
    await apply(org, await upload(org, workbook(HEAD, ["100001", "张三", "甲支队"])))
    filled = await org.roster.send("GET", f"{ORG}/roster/template.xlsx", params={"filled": "true"})
    book = openpyxl.load_workbook(io.BytesIO(filled.content))
    assert (book.sheetnames, book["填写说明"]["Z1"].value) == (["单位", "人员", "填写说明"], "kaohe-roster-1")
    assert book["填写说明"].column_dimensions["Z"].hidden
    assert book["人员"].data_validations.dataValidation
    again = await upload(org, filled.content)
    assert (
        again["counts"]["errors"],
        again["counts"]["people"]["same"],
        again["counts"]["units"]["same"],
    ) == (0, 1, 2)


async def test_a_check_goes_on_after_a_restart(org: Org):
    answer = await org.roster.send(
        "POST", IMPORTS, files={"workbook": ("r.xlsx", workbook(HEAD, ["1", "张三", ROOT]))}
    )
    async with org.platform.runtimes["org"].db.transaction() as tx:
        # As a process leaves it that died at once: claimed, and silent since.
        await tx.session.execute(
            text("UPDATE web.errand SET state = 'running', claim = gen_random_uuid(), beat_at = now() - interval '1 hour' "
                 "WHERE state = 'waiting'")
        )  # fmt: skip
    await org.errand(answer.json()["errand_id"])
