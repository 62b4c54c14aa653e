"""A bureau sets itself up in the browser: who it has, and what they are assessed by."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller

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


def test_only_the_administrator_sees_the_import(at: Callable[..., Hand]) -> None:
    hand = at("officer", viewport=PHONE, has_touch=True, is_mobile=True)
    assert not hand.page.locator("a[href='/admin/roster-import']").count()
    hand.begin("/admin/roster-import")
    hand.see("text=没有权限")
