"""The bureau's own address book goes in as it is: exact errors, good rows, nothing twice."""

import io
import json
import time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.services.org.conftest import ORG, Org

CITY = Path(__file__).parents[3] / "examples" / "city"


def workbook(*rows: list[object], sheet: str = "人员") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


async def upload(org: Org, content: bytes, name: str = "roster.xlsx") -> dict:
    answer = await org.roster.send("POST", f"{ORG}/roster/imports", files={"workbook": (name, content)})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_the_example_city_goes_in_with_exactly_the_known_errors(org: Org):
    preview = await upload(org, (CITY / "roster.xlsx").read_bytes())
    known = json.loads((CITY / "expected.json").read_text())["roster"]
    assert {(e["sheet"], e["row"], e["code"]) for e in preview["errors"]} == {
        (e["sheet"], e["row"], e["code"]) for e in known
    }
    began = time.monotonic()
    await org.roster.post(f"{ORG}/roster/imports/{preview['id']}/apply", {"mode": "good"})
    assert time.monotonic() - began < 30
    again = await upload(org, (CITY / "roster.xlsx").read_bytes())
    assert (again["counts"]["units_new"], again["counts"]["officers_new"]) == (0, 0)
    assert again["counts"]["officers_known"] == 3000


async def test_an_unknown_unit_is_answered_with_the_nearest_name(org: Org):
    await org.unit("ZD01", name="刑事侦查支队")
    preview = await upload(org, workbook(["警号", "姓名", "单位"], ["100001", "张三", "刑侦侦查支队"]))
    [error] = preview["errors"]
    assert (error["row"], error["code"], error["suggestion"]) == (2, "unknown-unit", "刑事侦查支队")


async def test_all_or_nothing_refuses_while_there_is_an_error(org: Org):
    preview = await upload(
        org,
        workbook(
            ["警号", "姓名", "单位"], ["100001", "", "江州市公安局"], ["100002", "李四", "江州市公安局"]
        ),
    )
    problem = await org.roster.problem(
        "POST", f"{ORG}/roster/imports/{preview['id']}/apply", json={"mode": "all"}
    )
    assert (problem["status"], problem["code"]) == (409, "roster-has-errors")
    assert (await org.roster.get(f"{ORG}/officers"))["items"] == []


async def test_titles_blank_rows_repeated_heads_and_full_width_digits_are_understood(org: Org):
    rows = [
        ["花名册"],
        [],
        ["警 号", "姓 名", "单 位"],
        ["100001", "王 五", "江州市公安局 "],
        [],
        ["警 号", "姓 名", "单 位"],
        ["100002", "赵六", "江州市公安局"],
    ]
    preview = await upload(org, workbook(*rows))
    assert (preview["counts"]["officers_new"], preview["errors"]) == (2, [])
    await org.roster.post(f"{ORG}/roster/imports/{preview['id']}/apply", {"mode": "all"})
    officers = (await org.roster.get(f"{ORG}/officers"))["items"]
    assert [(o["police_number"], o["name"]) for o in officers] == [("100001", "王五"), ("100002", "赵六")]


async def test_the_users_own_workbook_comes_back_with_reasons(org: Org):
    preview = await upload(org, workbook(["警号", "姓名", "单位"], ["100001", "", "江州市公安局"]))
    answer = await org.roster.send("GET", f"{ORG}/roster/imports/{preview['id']}/workbook.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [c.value for c in sheet[1]][-1] == "错误原因"
    assert "缺少姓名" in sheet.cell(2, 4).value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook-empty"),
        (b"MZ\x90\x00 not a sheet", "not-a-workbook"),
        (b"PK\x03\x04 broken", "not-a-workbook"),
        (b"\xd0\xcf\x11\xe0 broken", "not-a-workbook"),
        (workbook(["甲", "乙"], ["1", "2"]), "roster-not-recognised"),
    ],
)
async def test_what_is_no_roster_is_refused_with_the_reason(org: Org, content: bytes, code: str):
    problem = await org.roster.problem(
        "POST", f"{ORG}/roster/imports", files={"workbook": ("x.xlsx", content)}
    )
    assert problem["code"] == code


async def test_a_parent_may_stand_below_its_children_and_a_circle_is_refused(org: Org):
    rows = [
        ["单位名称", "上级单位", "单位类别"],
        ["一大队", "甲支队", "大队"],
        ["甲支队", "江州市公安局", "支队"],
        ["乙支队", "丙支队", "支队"],
        ["丙支队", "乙支队", "支队"],
    ]
    preview = await upload(org, workbook(*rows, sheet="单位"))
    assert preview["counts"]["units_new"] == 2
    assert [(e["row"], e["code"]) for e in preview["errors"]] == [(4, "unit-cycle"), (5, "unit-cycle")]
