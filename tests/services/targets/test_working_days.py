"""The official calendar has one home, ships with the program, and moves what counts working days."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from rules.calendars import CalendarError
from rules.calendars.official import arrangement, official_arrangements, work_calendar
from tests.services.targets.bureau import API, Bureau

PATH = f"{API}/working-days"


def test_the_published_arrangements_have_the_working_days_that_the_notices_give():
    """Days off and worked weekends as 国办发明电〔2024〕12号 and 〔2025〕7号 list them."""
    known = {found.year: found for found in official_arrangements()}
    worked = {year: [d.day.isoformat()[5:] for d in known[year].days if d.working] for year in known}
    assert worked == {
        2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
        2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    }
    calendar = work_calendar(known[2026].days, years=[2026])
    assert calendar.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.add(date(2026, 2, 13), 2) == date(2026, 2, 24)
    off = [d.day.isoformat()[5:] for d in known[2025].days if not d.working and d.day.month == 10]
    assert off == ["10-01", "10-02", "10-03", "10-06", "10-07", "10-08"]


@pytest.mark.parametrize(
    "broken",
    [
        {"year": 2026},
        {"year": 2026, "source": "x", "holidays": [{"name": "x", "from": "2027-01-01", "to": "2027-01-01"}]},
        {"year": 2026, "source": "x", "holidays": [{"name": "x", "from": "2026-01-01", "to": "2026-12-01"}]},
        {"year": 2026, "source": "x", "holidays": [{"name": "x", "from": "2026-01-01", "to": "2026-01-01", "worked": ["2026-01-05"]}]},
    ],
)  # fmt: skip
def test_an_arrangement_that_cannot_be_is_refused(broken: dict[str, object]):
    with pytest.raises(CalendarError):
        arrangement(broken)


async def test_a_platform_knows_the_published_years_from_its_first_start(bureau: Bureau):
    years = (await bureau.officer("ZD01").get(PATH))["years"]
    assert [year["year"] for year in years] == [2025, 2026]
    assert "国办发明电〔2025〕7号" in years[1]["source"]


async def test_a_new_arrangement_moves_deadlines_that_lie_ahead_and_only_those(bureau: Bureau):
    calendar = {
        "cutoff_day": 25, "cutoff_time": "18:00", "review_days": 3, "review_unit": "working_days",
        "rest_day": "next", "months": ["2026-10", "2026-12", "2027-01"],
    }  # fmt: skip
    scheme = await bureau.draft()
    made = (await bureau.office().post(f"{API}/schemes/{scheme['id']}/calendar", calendar))["items"]
    before = {period["code"]: (period["cutoff_at"], period["review_until"]) for period in made}
    assert before["2026-10"][0] == "2026-10-26T10:00:00Z"  # the 25th is a Sunday
    assert before["2026-12"] == ("2026-12-25T10:00:00Z", "2026-12-30T15:59:59Z")
    days = [{"day": "2026-12-28", "working": False, "name": "设"}, {"day": "2026-12-26", "working": True}]
    await bureau.office().put(f"{PATH}/2026", {"source": "测试安排", "days": days})
    made = (await bureau.office().get(f"{API}/schemes/{scheme['id']}/periods"))["items"]
    after = {period["code"]: (period["cutoff_at"], period["review_until"]) for period in made}
    assert after["2026-12"] == ("2026-12-25T10:00:00Z", "2026-12-30T15:59:59Z")  # one worked, one off
    assert after["2026-10"] == before["2026-10"]
    await bureau.office().put(f"{PATH}/2026", {"source": "测试安排", "days": days[:1]})
    made = (await bureau.office().get(f"{API}/schemes/{scheme['id']}/periods"))["items"]
    assert {p["code"]: p["review_until"] for p in made}["2026-12"] == "2026-12-31T15:59:59Z"


async def test_a_year_is_imported_from_the_notice_as_json_or_as_a_workbook(bureau: Bureau):
    text = b'{"year": 2027, "source": "\\u6837\\u4f8b", "holidays": [{"name": "x", "from": "2027-01-01", "to": "2027-01-03", "worked": []}]}'
    office = bureau.office()
    read = (await office.send("POST", f"{PATH}/import", files={"file": ("2027.json", text)})).json()
    assert [day["day"] for day in read["days"]] == ["2027-01-01"]
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("某通知")
        sheet.write_row(0, 0, ["日期", "安排", "名称"])
        sheet.write_row(2, 0, ["2027-01-01", "放假", "元旦"])
        sheet.write_row(3, 0, ["2027-01-02", "上班", "元旦"])
    read = (await office.send("POST", f"{PATH}/import", files={"file": ("a.xlsx", out.getvalue())})).json()
    assert (read["source"], [(d["day"], d["working"]) for d in read["days"]]) == (
        "某通知",
        [("2027-01-01", False), ("2027-01-02", True)],
    )


async def test_only_the_offices_of_the_whole_bureau_set_working_days(bureau: Bureau):
    body = {"source": "x", "days": []}
    assert (await bureau.office("XZ01").problem("PUT", f"{PATH}/2027", json=body))["code"] == "outside-scope"
    assert (await bureau.leader("CITY").problem("PUT", f"{PATH}/2027", json=body))["status"] == 403
    wrong = {"source": "x", "days": [{"day": "2027-01-02", "working": False}]}
    assert (await bureau.office().problem("PUT", f"{PATH}/2027", json=wrong))["code"] == "arrangement-invalid"
