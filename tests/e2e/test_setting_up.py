"""A bureau sets itself up in the browser: who it has, and what they are assessed by."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller

CITY = Path(__file__).parents[2] / "examples" / "city"
CHECKED = "[data-testid=P92-counts]"


def _roster(path: Path, unit: str) -> Path:
    """Three people: one right, one of a unit that is misspelt, one without a number."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("民警")
        for row, cells in enumerate((
            ("警号", "姓名", "所属单位", "职务"),
            ("990201", "演示甲", unit, "民警"),
            ("990202", "演示乙", f"{unit}子", "民警"),
            ("", "演示丙", unit, "民警"),
        )):  # fmt: skip
            sheet.write_row(row, 0, cells)
    return path


@pytest.fixture
def caller(bureau: Bureau) -> Iterator[Caller]:
    admin = bureau.accounts["roster_admin"]
    found = Caller(bureau.url, admin["username"], admin["password"])
    yield found
    found.close()


def test_an_administrator_imports_a_roster_puts_a_cell_right_and_takes_the_import_back(
    at: Callable[..., Hand], caller: Caller, tmp_path: Path
) -> None:
    unit = next(one for one in caller.every("/api/org/v1/units") if one["level"] == 3)
    hand = at("roster_admin")
    hand.begin("/admin/roster-import")
    hand.see("[data-testid=workbook] >> xpath=..")
    hand.page.set_input_files("[data-testid=workbook]", _roster(tmp_path / "roster.xlsx", unit["name"]))
    hand.see(CHECKED)
    hand.see("text=民警 第 3 行")
    hand.see("text=民警 第 4 行")
    assert not hand.serious()
    fields = hand.page.locator("[data-testid=P92-fix] input, input[data-testid=P92-fix]")
    fields.nth(0).fill(unit["name"])
    hand.click("[data-testid=P92-recheck]")
    hand.see("text=还有 1 处错误")
    hand.page.get_by_text("只导入正确的行", exact=True).click()
    hand.page.get_by_text("我已确认文件无误").click()
    hand.clicks += 2
    hand.click("[data-testid=P92-apply]")
    hand.see("[data-testid=P92-done]", seconds=60)
    assert hand.clicks <= 12
    assert not hand.complaints
    found = caller.get("/api/org/v1/officers", q="990202")["items"]
    assert [(one["name"], one["unit_id"]) for one in found] == [("演示乙", unit["id"])]
    hand.page.get_by_role("button", name="撤销本次导入").click()
    hand.page.locator(".el-message-box__btns .el-button--primary").click()
    hand.see("text=本次导入已撤销", seconds=60)
    found = caller.get("/api/org/v1/officers", q="990202")["items"]
    assert [(one["status"], one["unit_id"]) for one in found] == [("left", None)]


def test_the_office_imports_indicators_into_a_draft_and_puts_a_cell_right(
    at: Callable[..., Hand], bureau: Bureau, tmp_path: Path
) -> None:
    account = bureau.accounts["assessment_office"]
    office = Caller(bureau.url, account["username"], account["password"])
    setup = json.loads((CITY / "schemes.json").read_text(encoding="utf-8"))[0]
    root = office.every("/api/targets/v1/schemes")[0]["scope_unit_id"]
    fields = ("modules", "module_combination", "total_decimals", "roll_up", "second_signature_above")
    body = {name: setup[name] for name in fields} | {
        "name": "细则导入(演示)", "code": "IMPORTED", "year": 2026, "scope_unit_id": root,
    }  # fmt: skip
    draft = office.call("POST", "/api/targets/v1/schemes", json=body)
    book = openpyxl.load_workbook(CITY / setup["workbook"])
    marks = book.worksheets[0].cell(6, 8)
    right, marks.value = marks.value, "很多"
    book.save(tmp_path / "indicators.xlsx")
    hand = at("assessment_office")
    hand.begin("/plans")
    hand.page.get_by_role("link", name="导入指标").last.click()
    hand.see("[data-testid=workbook] >> xpath=..")
    hand.page.set_input_files("[data-testid=workbook]", tmp_path / "indicators.xlsx")
    hand.see("text=目标责任细则!6")
    assert not hand.serious()
    hand.page.locator("[data-testid=P52-fix] input, input[data-testid=P52-fix]").fill(str(right))
    hand.click("[data-testid=P52-recheck]")
    hand.page.get_by_text(re.compile(r"^导入 \d+ 项指标$")).click()
    hand.see("[data-testid=P52-done]")
    assert hand.clicks + 2 <= 14
    assert not hand.complaints
    found = office.every(f"/api/targets/v1/schemes/{draft['id']}/indicators")
    office.close()
    assert str(right) in {one["full_marks"].split(".")[0] for one in found}


def test_only_the_administrator_sees_the_import(at: Callable[..., Hand]) -> None:
    hand = at("officer", viewport=PHONE, has_touch=True, is_mobile=True)
    assert not hand.page.locator("a[href='/admin/roster-import']").count()
    hand.begin("/admin/roster-import")
    hand.see("text=没有权限")
