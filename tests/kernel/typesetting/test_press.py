"""The press: same input, same bytes; everything inside the file; the loop goes on meanwhile."""

import asyncio
import io
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from kernel.typesetting.press import TypesettingFailed, compiled, pictured, typeset
from kernel.typesetting.qr import qr_svg

AT = datetime(2026, 11, 30, 16, tzinfo=UTC)
TEMPLATE = """#import "/house.typ": *
#let data = json("/data.json")
#show: paper.with(title: "凭证", issuer: "某市公安局", code: "A1")
#headline("考核凭证", subtitle: "Receipt")
#fields(("姓名", data.name), ("得分", "12.50"))
#listing(("项目", "得分"), data.rows, columns: (1fr, auto), align: (left, right))
#digest("ab12") #small[说明]
#image("/files/code.svg", width: 2cm)
#attach("facts.json", "The figures")
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "paper.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def data(name: str = "张三", rows: int = 2) -> dict[str, object]:
    return {"name": name, "rows": [[f"指标 {n}", "1.00"] for n in range(rows)]}


FILES = {"code.svg": qr_svg("https://kaohe.example.cn/"), "facts.json": b'{"points": "12.50"}'}


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


async def test_the_same_input_makes_the_same_bytes_and_shows_the_data(template):
    first = await typeset(template, data(), at=AT, files=FILES)
    assert first == compiled(template, data(), at=AT, files=FILES)
    assert first != compiled(template, data("李四"), at=AT, files=FILES)
    assert "张三" in text_of(first)
    assert "某市公安局" in text_of(first)
    assert b"pdfaid" in first


def test_attached_files_come_out_byte_by_byte(template):
    with pypdfium2.PdfDocument(compiled(template, data(), at=AT, files=FILES)) as document:
        attached = document.get_attachment(0)
        assert bytes(attached.get_data()) == FILES["facts.json"]


def test_a_long_list_repeats_its_head_on_every_page(template):
    pdf = compiled(template, data(rows=120), at=AT, files=FILES)
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    assert len(pages) > 2
    assert all("项目" in page for page in pages)
    assert f"共 {len(pages)} 页" in pages[-1]


def test_a_character_without_a_face_appears_as_its_number(template):
    assert "王〔U+2A6A5〕" in text_of(compiled(template, data("王𪚥"), at=AT, files=FILES))


async def test_the_loop_goes_on_while_papers_are_set(template):
    papers = asyncio.gather(*(typeset(template, data(rows=400 + n), at=AT, files=FILES) for n in range(3)))
    turns = 0
    while not papers.done():
        await asyncio.sleep(0)
        turns += 1
    assert len(set(papers.result())) == 3
    assert turns > 50


@pytest.mark.parametrize(
    "fault",
    [
        "#data.nothing",
        '#text(font: "SimSun")[x]',
        '#import "@preview/cetz:0.3.0"',
        '#read("/../etc/hostname")',
    ],
)
def test_a_faulty_template_is_named(template, fault):
    template.write_text(TEMPLATE + fault, encoding="utf-8")
    with pytest.raises(TypesettingFailed, match=r"paper\.typ|simsun"):
        compiled(template, data(), at=AT, files=FILES)


def test_a_file_stays_in_its_folder(template):
    with pytest.raises(ValueError, match="escape"):
        compiled(template, data(), at=AT, files={"../escape": b""})


def test_pages_become_pictures_and_templates_share_modules(tmp_path):
    shared, page = tmp_path / "shared.typ", tmp_path / "page.typ"
    shared.write_text("#let sized(n) = rect(width: n * 10mm, height: 10mm)")
    page.write_text(
        '#import "/shared.typ": sized\n#set page(width: auto, height: auto, margin: 0pt)\n'
        '#for n in json("/data.json").sizes { page(sized(n)) }'
    )
    found = pictured(page, {"sizes": [1, 2]}, ppi=254, modules=[shared])
    assert [Image.open(io.BytesIO(png)).size for png in found] == [(100, 100), (200, 100)]
