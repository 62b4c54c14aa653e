"""A real 目标责任细则 comes in: several levels of heads, merged cells, blank rows; corrected in place; given back with reasons."""

from io import BytesIO
from typing import Any

import openpyxl
import xlsxwriter

from tests.services.targets.bureau import API, Bureau

HEADS = ["序号", "考核内容", None, None, "归口部门", "分值", "评分标准", "目标依据"]
LOWER = [None, "一级指标", "二级指标", "三级指标", None, None, None, None]


def workbook(rows: list[list[object]], merges: list[tuple[int, int, int, int, object]] = []) -> bytes:  # noqa: B006
    """A title, a head of two levels, the rows from Excel row 4 on; merges are (first row, column, last row, column, text)."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("细则")
        sheet.merge_range(0, 0, 0, 7, "某市公安局目标责任考核细则")
        for column in (0, 4, 5, 6, 7):
            sheet.merge_range(1, column, 2, column, HEADS[column])
        sheet.merge_range(1, 1, 1, 3, HEADS[1])
        sheet.write_row(2, 1, LOWER[1:4])
        covered = {
            (r, c)
            for top, left, bottom, right, _ in merges
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }
        for n, row in enumerate(rows, 3):
            for column, value in enumerate(row):
                if value is not None and (n + 1, column) not in covered:
                    sheet.write(n, column, value)
        for top, left, bottom, right, text in merges:
            sheet.merge_range(top - 1, left, bottom - 1, right, text)
    return out.getvalue()


def line(
    n: int, name: str, marks: object = 10, rule: str = "按比例;满分10", **different: object
) -> list[object]:
    row: list[object] = [f"X{n}", "业务工作", "治安防控", name, "治安", marks, rule, "年度目标责任书"]
    for column, value in different.items():
        row[int(column.removeprefix("c"))] = value
    return row


async def upload(bureau: Bureau, content: bytes, name: str = "细则.xlsx") -> dict[str, Any]:
    scheme = await bureau.draft()
    path = f"{API}/schemes/{scheme['id']}/indicator-imports"
    answer = await bureau.office().send("POST", path, files={"workbook": (name, content)})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_heads_of_two_levels_and_merged_cells_are_understood_and_explained(bureau: Bureau):
    rows = [
        line(1, "矛盾排查"),
        [None] * 8,
        line(2, "巡逻"),
        line(3, "走访", c2="基层基础"),
        ["合计", None, None, None, None, 30],
    ]
    merges = [(4, 1, 7, 1, "业务工作"), (4, 2, 6, 2, "治安防控")]
    found = await upload(bureau, workbook(rows, merges))
    assert found["errors"] == []
    assert [(row["code"], row["name"], row["place"]) for row in found["rows"]] == [
        ("X1", "矛盾排查", "细则!4"),
        ("X2", "巡逻", "细则!6"),
        ("X3", "走访", "细则!7"),
    ]
    (module,) = found["tree"]
    assert (module["name"], module["marks"]) == ("业务工作", "30")
    assert [(g["name"], g["marks"], len(g["indicators"])) for g in module["branches"]] == [
        ("治安防控", "20", 2),
        ("基层基础", "10", 1),
    ]
    assert [note["place"] for note in found["notes"]] == ["细则!4-7 模块", "细则!4-6 分组"]
    assert found["columns"][0]["columns"]["name"] == 3


async def test_an_indicator_over_several_rows_has_its_standards_joined(bureau: Bureau):
    rows = [line(1, "巡逻", rule="逐件;每件0.5分"), line(1, "巡逻", rule="上限5"), line(2, "走访")]
    merges = [(4, column, 5, column, rows[0][column]) for column in (0, 1, 2, 3, 4, 5, 7)]
    found = await upload(bureau, workbook(rows, merges))
    assert found["errors"] == []
    assert [(row["code"], row["rule"].get("cap")) for row in found["rows"]] == [("X1", "5"), ("X2", "1")]
    assert "同一指标" in next(n["detail"] for n in found["notes"] if n["place"] == "细则!4-5")


async def test_errors_are_quoted_by_sheet_and_row_corrected_in_place_and_then_applied(bureau: Bureau):
    rows = [
        line(1, "矛盾排查"),
        [None] * 8,
        line(2, "巡逻", marks="十分"),
        line(3, "", rule="看情况"),
        line(1, "走访"),
    ]
    found = await upload(bureau, workbook(rows))
    office, path = bureau.office(), f"{API}/indicator-imports/{found['id']}"
    assert [(e["sheet"], e["row"], e["column"], e["code"]) for e in found["errors"]] == [
        ("细则", 6, "full_marks", "full-marks-unknown"),
        ("细则", 7, "name", "cell-empty"),
        ("细则", 7, "standard", "rule-not-understood"),
        ("细则", 8, "code", "code-twice"),
    ]
    assert found["counts"] == {"good": 1, "bad_rows": 3, "errors": 4}
    assert (await office.problem("POST", f"{path}/apply", json={}))["code"] == "import-has-errors"
    fixes = [
        {"sheet": "细则", "row": 6, "column": "full_marks", "value": "10"},
        {"sheet": "细则", "row": 7, "column": "name", "value": "普法"},
        {"sheet": "细则", "row": 7, "column": "standard", "value": "按比例;满分10"},
    ]
    fixed = await office.patch(path, {"version": found["version"], "fixes": fixes})
    assert [(e["row"], e["code"]) for e in fixed["errors"]] == [(8, "code-twice")]
    stale = await office.problem("PATCH", path, json={"version": found["version"], "fixes": fixes})
    assert stale["code"] == "stale-version"
    last = [{"sheet": "细则", "row": 8, "column": "code", "value": "X4"}]
    done = await office.patch(path, {"version": fixed["version"], "fixes": last})
    assert done["errors"] == []
    added = await office.post(f"{path}/apply")
    assert [i["name"] for i in added["indicators"]] == ["矛盾排查", "巡逻", "普法", "走访"]
    assert (await office.problem("POST", f"{path}/apply", json={}))["code"] == "import-applied"


async def test_the_good_rows_can_be_imported_and_the_workbook_comes_back_with_reasons(bureau: Bureau):
    content = workbook([line(1, "矛盾排查"), line(2, "巡逻", marks="十分"), line(3, "走访")])
    found = await upload(bureau, content)
    office, path = bureau.office(), f"{API}/indicator-imports/{found['id']}"
    answer = await office.send("GET", f"{path}/workbook.xlsx")
    sheet: Any = openpyxl.load_workbook(BytesIO(answer.content))["细则"]
    assert sheet.cell(5, 6).fill.start_color.rgb == "00FCEBE9"
    assert (sheet.cell(4, 9).value, sheet.cell(5, 9).value) == ("问题 / problems", "无法识别“十分”")
    assert sheet.cell(6, 4).value == "走访"
    added = await office.post(f"{path}/apply", {"mode": "good"})
    assert [i["code"] for i in added["indicators"]] == ["X1", "X3"]


async def test_columns_with_strange_names_can_be_named_by_hand(bureau: Bureau):
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["编码", "干什么", "模块", "归口", "分值", "评分方式"])
        sheet.write_row(1, 0, ["A1", "走访", "业务工作", "治安", 10, "按比例;满分10"])
    found = await upload(bureau, out.getvalue())
    assert [e["code"] for e in found["errors"]] == ["columns-missing"]
    assert found["columns"][0]["heads"][1] == "干什么"
    body = {"version": found["version"], "mapping": {"表": {"name": 1}}}
    path = f"{API}/schemes/{found['scheme_id']}/indicator-imports"
    office = bureau.office()
    own = (await office.send("POST", path, files={"workbook": ("表.xlsx", out.getvalue())})).json()
    mapped = await office.patch(f"{API}/indicator-imports/{own['id']}", body)
    assert [(row["code"], row["name"]) for row in mapped["rows"]] == [("A1", "走访")]
    again = (await office.send("POST", path, files={"workbook": ("表2.xlsx", out.getvalue())})).json()
    assert (again["errors"], [row["name"] for row in again["rows"]]) == ([], ["走访"])  # remembered
    other = (await bureau.office().send("POST", path, files={"workbook": ("表.xlsx", out.getvalue())})).json()
    assert [e["code"] for e in other["errors"]] == ["columns-missing"]


async def test_a_csv_is_read_and_comes_back_as_a_workbook(bureau: Bureau):
    text = "编码,名称,模块,归口,分值,评分方式\nA1,走访,业务工作,治安,十,按比例;满分10\n"
    found = await upload(bureau, text.encode("gb18030"), "细则.csv")
    assert [(e["sheet"], e["row"]) for e in found["errors"]] == [("csv", 2)]
    answer = await bureau.office().send("GET", f"{API}/indicator-imports/{found['id']}/workbook.xlsx")
    assert openpyxl.load_workbook(BytesIO(answer.content))["csv"].cell(2, 7).value == "无法识别“十”"
    bad = await bureau.office().send(
        "POST",
        f"{API}/schemes/{found['scheme_id']}/indicator-imports",
        files={"workbook": ("x.xlsx", b"PK\x03\x04")},
    )
    assert bad.json()["code"] == "not-a-workbook"


async def test_the_template_reads_back_without_an_error(bureau: Bureau):
    template = (await bureau.office().send("GET", f"{API}/indicator-imports/template.xlsx")).content
    found = await upload(bureau, template)
    assert (found["errors"], [row["code"] for row in found["rows"]]) == ([], ["YW-01"])


async def test_a_year_s_rules_of_128_rows_are_read_at_once(bureau: Bureau):
    found = await upload(
        bureau, workbook([line(n, f"指标{n}", marks=1, rule="按比例;满分1") for n in range(128)])
    )
    assert found["counts"] == {"good": 128, "bad_rows": 0, "errors": 0}
