"""The office's other pages: campaigns, supervision, analysis, outcomes, attendance, and the files that it asked for."""

import re
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from tests.e2e.browsing import PHONE, Hand
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller


def test_a_campaign_is_drafted_opened_and_closed(at: Callable[..., Hand]) -> None:
    hand = at("assessment_office")
    hand.begin("/campaigns")
    hand.see("text=还没有专项行动")
    assert not hand.serious()
    hand.click("[data-testid=P55-new]")
    for name, text in (("P55-name", "夏夜治安巡查"), ("P55-code", "PATROL")):
        hand.fill(f"[data-testid={name}] input, input[data-testid={name}]", text)
    hand.page.locator("[data-testid=P55-indicators]").click()
    hand.page.locator(".el-select-dropdown__item:visible").first.click()
    hand.page.keyboard.press("Escape")
    hand.click("[data-testid=P55-save]")
    hand.see("[data-testid=P55-campaign]:has-text('夏夜治安巡查'):has-text('草稿')")
    hand.click("[data-testid=P55-start]")
    hand.click("[data-testid=P55-confirm]")
    hand.see("[data-testid=P55-campaign]:has-text('进行中')")
    hand.click("[data-testid=P55-close]")
    hand.fill("[data-testid=P55-reason] input, input[data-testid=P55-reason]", "巡查任务已完成")
    hand.click("[data-testid=P55-confirm]")
    hand.see("[data-testid=P55-campaign]:has-text('已结束')")
    assert not hand.complaints


def test_whoever_has_sent_nothing_is_reminded_together(at: Callable[..., Hand]) -> None:
    hand = at("assessment_office")
    hand.begin("/supervision")
    hand.see("[data-testid=P68-remind-all]")
    assert not hand.serious()
    hand.click("[data-testid=P68-remind-all]")
    hand.click("[data-testid=P68-confirm]")
    hand.see("text=/已催办 \\d+|没有需要催办的对象/")
    hand.page.get_by_role("tab", name="催办记录").click()
    hand.see("text=/本页 \\d+ 条|还没有催办记录/")
    assert not hand.complaints


def test_work_is_counted_by_two_sides_kept_as_a_view_and_exported(
    at: Callable[..., Hand], bureau: Bureau
) -> None:
    hand = at("assessment_office")
    period = bureau.tasks[0]["period_id"]
    hand.begin(f"/analysis?periods={period}&rows=indicator&column=state&measures=submissions,points")
    hand.see("[data-testid=P66-table] tbody tr")
    assert not hand.serious()
    hand.click("[data-testid=P66-save]")
    hand.fill("[data-testid=P66-name] input, input[data-testid=P66-name]", "指标按状态")
    hand.click("[data-testid=P66-keep]")
    hand.see("text=视图已保存")
    hand.begin("/analysis")
    hand.click("[data-testid=P66-views]")
    hand.page.get_by_role("button", name="指标按状态").click()
    hand.page.wait_for_url(re.compile("column=state"))
    hand.click("[data-testid=P66-export]")
    with hand.page.expect_download() as given:
        hand.click("[data-testid=P66-export-start]")
    assert given.value.suggested_filename.endswith(".xlsx")
    hand.begin("/exports")
    hand.see("[data-testid=P70-errand]:has-text('导出工作明细或汇总'):has-text('已完成')")
    with hand.page.expect_download():
        hand.click("[data-testid=P70-file]")
    assert not hand.serious()
    assert not hand.complaints


def test_outcomes_wait_for_the_seal(at: Callable[..., Hand]) -> None:
    hand = at("assessment_office")
    hand.begin("/outcomes")
    hand.see("[data-testid=P67-unsealed]")
    assert not hand.serious()


def test_attendance_is_looked_at_before_it_is_entered_and_can_be_taken_back(
    at: Callable[..., Hand], bureau: Bureau, tmp_path: Path
) -> None:
    account = bureau.accounts["assessment_office"]
    office = Caller(bureau.url, account["username"], account["password"])
    someone = office.get("/api/org/v1/officers", limit=1)["items"][0]
    office.close()
    with xlsxwriter.Workbook(str(tmp_path / "考勤.xlsx")) as book:
        sheet = book.add_worksheet("考勤")
        for row, cells in enumerate((
            ("警号", "姓名", "日期", "类别", "数量", "备注"),
            (someone["police_number"], someone["name"], bureau.day, "迟到", "1", ""),
            ("000000000", "无此人", bureau.day, "迟到", "1", ""),
        )):  # fmt: skip
            sheet.write_row(row, 0, cells)
    hand = at("assessment_office")
    hand.begin("/attendance")
    hand.see("text=还没有导入考勤")
    hand.page.set_input_files("[data-testid=workbook]", tmp_path / "考勤.xlsx")
    hand.see("[data-testid=P69-import]:has-text('待确认')")
    assert not hand.serious()
    hand.click("[data-testid=P69-apply]")
    hand.see("[data-testid=P69-import]:has-text('已导入')")
    hand.click("[data-testid=P69-undo]")
    hand.see("[data-testid=P69-import]:has-text('已撤销')")
    assert not hand.complaints


def test_an_officer_sees_none_of_it(at: Callable[..., Hand]) -> None:
    hand = at("officer", viewport=PHONE, has_touch=True, is_mobile=True)
    for path in ("/campaigns", "/supervision", "/analysis", "/outcomes", "/attendance", "/exports"):
        hand.begin(path)
        hand.see("text=没有权限")
