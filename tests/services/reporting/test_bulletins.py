"""Bulletins: figures into words, tables and charts; three forms with the same digits; signed by a second person."""

import io
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from PIL import Image
from python_calamine import load_workbook

from contracts.permissions import Role
from contracts.scoring import ClosingStatus
from kernel.testing.people import Caller, grant, person
from services.reporting.documents.charts.page import echarts
from services.reporting.documents.charts.paper import MOST_BARS, drawn, pngs
from services.reporting.documents.heads import Imprint, document_number, title_lines, written
from services.reporting.documents.pdf import bulletin_pdf
from services.reporting.documents.word import bulletin_docx, check_template
from services.reporting.documents.word_template import default_template
from services.reporting.documents.workbook import bulletin_xlsx
from services.reporting.domain.report import (
    Block,
    BulletinKind,
    Chart,
    ChartKind,
    Column,
    Report,
    Table,
    chinese_numeral,
    report_of,
)
from tests.services.reporting.conftest import REPORTING, Bureau

BULLETINS = f"{REPORTING}/bulletins"
LINE = "考核数据逐项核对无误" * 14
AT = datetime(2026, 4, 3, tzinfo=UTC)
IMPRINT = Imprint(
    "江州市公安局文件", document_number("江公考", 2026, 3), written(date(2026, 4, 3)), "KH-1", draft=False
)


def sample(text: str = "总体平稳。") -> Report:
    names = ("城关派出所", "东山派出所", "西河派出所")
    table = Table(
        (Column("名次", "count"), Column("单位"), Column("得分", "points")),
        (("1", names[0], "96.50"), ("2", names[1], "90.125"), ("3", names[2], None)), "并列占位", (2,),
    )  # fmt: skip
    chart = Chart(
        ChartKind.BAR, "得分排名", "分", names, {"得分": ("96.50", "90.125", None)}, "93.31", "70.00"
    )
    blocks = (
        Block("h1", "heading", "一、总体情况", 1), Block("t1", "text", text), Block("h2", "heading", "二、排名及得分", 1),
        Block("table", "table", table=table), Block("chart", "chart", chart=chart),
    )  # fmt: skip
    return Report(
        BulletinKind.MONTH, "江州市公安局关于2026年3月目标责任考核情况的通报", "江州市公安局", "各单位", "2026-03", "2026-03-01",
        "2026-03-31", "封存数据", ("ab" * 32,), blocks, table, "2026年3月各单位得分表", "省公安厅",
    )  # fmt: skip


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [document[n].get_textpage().get_text_bounded() for n in range(len(document))]


def test_the_pdf_is_the_same_bytes_for_the_same_report_and_has_its_fonts_inside():
    first = bulletin_pdf(sample(), IMPRINT, at=AT)
    assert first == bulletin_pdf(sample(), IMPRINT, at=AT)
    assert first.count(b"/FontFile") >= 2
    text = pages(first)
    assert len(text) == 3
    for said in ("江州市公安局文件", "江公考〔2026〕3号", "各单位：", "一、总体情况", "— 1 —"):
        assert said in text[0]
    assert "附件" in text[-1]
    assert "2026年4月3日印发" in text[-1]


def test_a_full_page_of_the_pdf_has_22_lines_of_28_characters_inside_the_margins():
    document = pypdfium2.PdfDocument(bulletin_pdf(sample("\n".join([LINE] * 8)), IMPRINT, at=AT))
    page = document[1].get_textpage()
    boxes = [
        page.get_charbox(n, loose=True)
        for n in range(page.count_chars())
        if page.get_text_range(n, 1) in LINE
    ]
    lines = Counter(round(bottom) for _, bottom, _, _ in boxes)
    assert len(lines) == 22
    assert set(lines.values()) == {28, 26, 2}  # whole lines, first lines of paragraphs, last ones
    assert [round(height) for height in lines] == sorted(lines, reverse=True)
    millimetre = 72 / 25.4
    assert min(b[0] for b in boxes) / millimetre > 27.5
    assert max(b[2] for b in boxes) / millimetre < 210 - 25.5


@pytest.mark.parametrize("paragraphs", [1, 2, 3, 4, 5, 12])
def test_a_signature_has_words_of_the_text_on_its_page(paragraphs: int):
    """GB/T 9704-2012: no page that says 此页无正文."""
    text = "\n".join([*[LINE] * (paragraphs - 1), "请各单位认真整改。"])
    blocks = (*sample().blocks, Block("h3", "heading", "三、下一步要求", 1), Block("t3", "text", text))
    said = pages(bulletin_pdf(replace(sample(), blocks=blocks), IMPRINT, at=AT))
    signed = next(page for page in said if "附件：" in page)
    assert "请各单位认真整改。" in signed
    assert "2026年4月3日" in signed


def test_last_words_longer_than_a_page_are_all_printed():
    blocks = (*sample().blocks, Block("t3", "text", LINE * 6 + "终"))
    said = "".join(pages(bulletin_pdf(replace(sample(), blocks=blocks), IMPRINT, at=AT)))
    assert (
        "".join(said.split()).count("考核数据逐项核对无误") >= 14 * 6 - 4
    )  # some are broken by the foot of a page
    assert "终" in said


def test_word_has_the_words_tables_and_pictures_and_fonts_by_style():
    archive = zipfile.ZipFile(io.BytesIO(bulletin_docx(sample(), IMPRINT)))
    body, styles = (archive.read(f"word/{name}.xml").decode() for name in ("document", "styles"))
    assert (body.count("<w:tbl>"), body.count("<pic:pic"), "{%" in body) == (2, 1, False)
    assert all(said in body for said in ("江公考〔2026〕3号", "一、总体情况", "90.125", "—"))
    assert all(
        f'w:eastAsia="{font}"' in styles for font in ("仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312")
    )


def test_the_workbook_has_numbers_of_the_same_digits_native_charts_and_no_zero_for_what_is_missing():
    content = bulletin_xlsx(sample(), IMPRINT, fingerprint=True)
    book = load_workbook(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[:3] for row in rows[3:6]] == [
        [1.0, "城关派出所", 96.5],
        [2.0, "东山派出所", 90.125],
        [3.0, "西河派出所", "—"],
    ]
    assert book.sheet_names[-1] == "版本"
    assert any(name.startswith("xl/charts/") for name in zipfile.ZipFile(io.BytesIO(content)).namelist())


def test_a_chart_has_the_figures_of_its_table_on_page_and_paper():
    chart = sample().blocks[-1].chart
    option = echarts(chart)
    assert option["series"][0]["data"] == [row[1] for row in chart.table.rows] == ["96.50", "90.125", None]
    assert option["xAxis"]["min"] == 0
    assert {mark["name"]: mark["xAxis"] for mark in option["series"][0]["markLine"]["data"]} == {
        "平均": "93.31",
        "红线": "70.00",
    }
    [paper] = drawn(chart)
    assert list(paper["series"][0]["values"]) == option["series"][0]["data"]
    assert [(mark["name"], mark["value"], mark["dashed"]) for mark in paper["marks"]] == [
        ("平均", "93.31", True),
        ("红线", "70.00", False),
    ]
    said = "".join(pages(bulletin_pdf(sample(), IMPRINT, at=AT))[:-1])
    assert all(word in said for word in ("得分排名", "单位：分", "平均 93.31", "红线 70.00"))
    assert said.count("90.125") == 2  # in the table and at the end of its bar


def test_on_paper_a_chart_without_a_table_before_it_has_its_own_behind_it():
    months = ("2026-01", "2026-02")
    trend = Chart(ChartKind.LINE, "走势", "分", months, {"分局": ("84.125", None)})
    report = replace(sample(), blocks=(*sample().blocks, Block("trend", "chart", chart=trend)))
    assert [block.id for block in report.printed] == [
        "h1",
        "t1",
        "h2",
        "table",
        "chart",
        "trend",
        "trend-table",
    ]
    assert report.printed[-1].table == trend.table
    said = "".join(pages(bulletin_pdf(report, IMPRINT, at=AT)))
    assert said.count("84.125") >= 1
    body = zipfile.ZipFile(io.BytesIO(bulletin_docx(report, IMPRINT))).read("word/document.xml").decode()
    assert body.count("<w:tbl>") == 3
    assert "84.125" in body


FIGURES = ("12.5", None, "0", "-3", "100")


@pytest.mark.parametrize("kind", list(ChartKind))
@pytest.mark.parametrize(
    ("series", "mean", "red_line"),
    [({}, None, None), ({"甲": ()}, None, None), ({"甲": FIGURES}, "27.375", "27"), ({"甲": (None,) * 5}, None, "60"),
     ({f"第{n}序列": FIGURES for n in range(7)}, "27.375", None)],
    ids=["no series", "no figures", "one", "all missing", "more series than colours"],
)  # fmt: skip
def test_every_kind_is_drawn_of_whatever_figures_there_are(kind: ChartKind, series, mean, red_line):
    names = tuple(f"2026-{n:02}" for n in range(len(next(iter(series.values()), ()))))
    [[png]] = pngs([Chart(kind, "图", "分", names, series, mean, red_line)])
    assert Image.open(io.BytesIO(png)).width == round(156 / 25.4 * 200)


def test_more_bars_than_a_page_takes_go_on_in_a_second_picture_of_the_same_scale():
    names = tuple(f"第{n}所" for n in range(MOST_BARS + 1))
    chart = Chart(ChartKind.BAR, "排名", "分", names, {"得分": tuple(str(n) for n in range(MOST_BARS + 1))})
    first, second = drawn(chart)
    assert (*first["categories"], *second["categories"]) == names
    assert (first["title"], second["title"]) == ("排名（1/2）", "排名（2/2）")
    assert first["figures"] == second["figures"]
    assert len(pngs([chart])[0]) == 2


def test_edited_words_stay_over_newer_figures_and_figures_cannot_be_edited():
    report = sample().with_texts({"t1": "改过。"})
    newer = report_of({**sample().to_data(), "digests": ["cd"]})
    merged = report.with_figures_of(newer)
    assert (merged.blocks[1].text, merged.digests, merged.data_digest) == (
        "改过。",
        ("cd",),
        sample().data_digest,
    )
    assert report_of(report.to_data()) == report
    with pytest.raises(KeyError, match="table"):
        report.with_texts({"table": "x"})


def test_numbers_titles_and_numerals_are_written_as_official_papers_have_them():
    assert document_number("公考", 2026, 3) == "公考〔2026〕3号"
    assert written(date(2026, 4, 3)) == "2026年4月3日"
    assert [chinese_numeral(n) for n in (1, 10, 11, 20, 34)] == ["一", "十", "十一", "二十", "三十四"]
    assert title_lines("江州市公安局关于2026年3月目标责任考核情况的通报") == [
        "江州市公安局关于2026年3月",
        "目标责任考核情况的通报",
    ]


def test_a_template_is_tried_before_anybody_relies_on_it():
    assert check_template(default_template()) == []
    assert [f.code for f in check_template(b"no zip")] == ["not-a-docx"]


def office(bureau: Bureau, role: Role = Role.ASSESSMENT_OFFICE) -> Caller:
    city = bureau.units["CITY"]
    return bureau.platform.caller(
        "reporting", person(grant(role, city.id, city.path), unit_id=city.id, unit_path=city.path)
    )


async def test_a_bulletin_from_draft_to_receipt(bureau: Bureau):
    for name, milli in (("P1", 90_500), ("P2", 60_000), ("an", 9000), ("bo", 2000), ("chen", 1000)):
        await bureau.score(name, milli)
    await bureau.close(ClosingStatus.PUBLIC, 1)
    makers, chief, officer = office(bureau), office(bureau, Role.CHIEF), bureau.officer("chen")
    lines = {"data": {}, "red_lines": {str(bureau.series["STATIONS"]): "70"}, "reason": "红线七十分"}
    await makers.put(f"{REPORTING}/schemes/{bureau.scheme_id}/standing", lines)
    made = await makers.post(BULLETINS, {"kind": "month", **{k: str(v) for k, v in bureau.board().items()}})
    path = f"{BULLETINS}/{made['id']}"
    assert (await officer.problem("GET", path))["code"] == "bulletin-not-found"
    detail = await makers.get(path)
    said = "".join(block["text"] for block in detail["blocks"])
    assert all(words in said for words in ("2026年11月", "P1所", "低于红线70分：P2所"))
    tables = [block["table"]["rows"] for block in detail["blocks"] if block["kind"] == "table"]
    assert tables[0] == [["1", "P1所", "90.50", None], ["2", "P2所", "60.00", None]]
    assert "chen" not in str(tables)
    await makers.patch(path, {"texts": {"text-demands": "整改。"}})
    await makers.post(f"{path}/send")
    assert (await makers.problem("POST", f"{path}/sign"))["code"] == "permission-denied"
    issued = await chief.post(f"{path}/sign")
    assert (issued["state"], issued["number"][2:]) == ("issued", f"〔{issued['issued_on'][:4]}〕1号")
    for form in ("pdf", "docx", "xlsx"):
        answer = await officer.send("GET", f"{path}/document.{form}")
        assert (answer.status_code, len(answer.content) > 3000) == (200, True)
    await officer.post(f"{path}/acknowledge")
    await officer.post(f"{path}/acknowledge")
    final = await officer.get(path)
    assert [receipt["name"] for receipt in final["receipts"]] == ["测试"]
    assert [step["action"] for step in final["steps"]] == ["draft", "edit", "send", "sign"]
    assert (await officer.get(f"{path}/check"))["same"] is True
    recalled = await chief.post(f"{path}/recall", {"reason": "数据更正"})
    assert (recalled["state"], recalled["number"]) == ("recalled", issued["number"])


async def test_moved_figures_are_flagged_and_must_be_refreshed_before_the_signature(bureau: Bureau):
    await bureau.score("P1", 90_000)
    makers = office(bureau)
    body = {"kind": "month", "figures": "live", **{k: str(v) for k, v in bureau.board().items()}}
    path = f"{BULLETINS}/{(await makers.post(BULLETINS, body))['id']}"
    await bureau.score("P1", 80_000, version=2)
    assert (await makers.get(path))["data_changed"] is True
    assert (await makers.problem("POST", f"{path}/send"))["code"] == "bulletin-figures-moved"
    await makers.post(f"{path}/refresh")
    assert (await makers.post(f"{path}/send"))["state"] == "sent"


async def test_a_bulletin_of_figures_that_are_not_there_yet_is_not_drafted(bureau: Bureau):
    body = {"kind": "quarter", "figures": "sealed", **{k: str(v) for k, v in bureau.board().items()}}
    problem = await office(bureau).problem("POST", BULLETINS, json=body)
    assert (problem["status"], problem["code"]) == (409, "version-missing")
