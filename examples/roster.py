"""Writes the bureau as the kind of workbook that a personnel office really keeps: untidy, and wrong in a few rows."""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import xlsxwriter

from examples.bureau import Bureau, Person

TITLE = "江州市公安局花名册(演示数据,人名单位均系虚构 / demonstration data, invented)"
FULL_WIDTH = str.maketrans("0123456789", "0123456789")
EPOCH = dt.date(1899, 12, 30)


def write(bureau: Bureau, path: Path, seed: int) -> list[dict[str, Any]]:
    """Write the workbook; returns the wrong rows as {sheet, row, code}, rows as Excel counts them."""
    rng = random.Random(seed)
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": "演示花名册", "created": dt.datetime(2026, 1, 1)})  # noqa: DTZ001 -- Excel knows no zones
        title = book.add_format({"bold": True, "align": "center", "font_size": 14})
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDE7F3"})
        _units(book, bureau, title, head)
        return _people(book, bureau, title, head, rng)


def _units(book: Any, bureau: Bureau, title: Any, head: Any) -> None:
    sheet = book.add_worksheet("单位")
    sheet.set_column(0, 5, 22)
    sheet.merge_range(0, 0, 0, 5, "江州市公安局机构一览(演示数据)", title)
    sheet.write(1, 0, "填报说明:上级单位请写全称")
    sheet.write_row(3, 0, ["单位代码", "单位名称", "上级单位", "单位类别", "序列", "业务条线"], head)
    row = 4
    for count, unit in enumerate(bureau.units):
        if count and count % 90 == 0:
            row += 1  # a blank row, as left over from a page break
        sheet.write_row(
            row, 0, [unit.code, f"{unit.name} ", unit.parent or "", unit.kind, unit.series, unit.lines]
        )
        row += 1


def _people(book: Any, bureau: Bureau, title: Any, head: Any, rng: random.Random) -> list[dict[str, Any]]:
    sheet = book.add_worksheet("人员")
    sheet.set_column(0, 7, 16)
    heads = ["序号", "警号", "姓 名", "所属单位", "职务", "人员类别", "到岗时间", "岗位系数"]
    sheet.merge_range(0, 0, 0, 7, TITLE, title)
    sheet.merge_range(1, 0, 1, 7, "截至2026年1月  单位:人", title)
    sheet.write_row(2, 0, heads, head)
    wrong = _wrong_people(bureau)
    findings: list[dict[str, Any]] = []
    row = 3
    previous_unit = ""
    for count, person in enumerate(bureau.people):
        if count and count % 500 == 0:
            sheet.write_row(row, 0, heads, head)  # the header again, as printed on each page
            row += 1
        if count and count % 333 == 0:
            row += 1
        merged = person.unit == previous_unit and count % 7 == 0
        _person(sheet, row, count + 1, person, rng, unit="" if merged else None)
        if merged:
            sheet.merge_range(row - 1, 3, row, 3, person.unit)
        previous_unit = "" if merged else person.unit
        row += 1
        if count in wrong:
            code, bad = wrong[count]
            _person(sheet, row, count + 1, bad, rng, unit=None)
            findings.append({"sheet": "人员", "row": row + 1, "code": code})
            previous_unit = ""
            row += 1
    return findings


def _wrong_people(bureau: Bureau) -> dict[int, tuple[str, Person]]:
    """After which person which wrong row stands, with the code that the import must report."""

    def like(person: Person, **changes: Any) -> Person:
        return Person(**{**person.__dict__, **changes})

    people = bureau.people
    return {
        120: ("duplicate-police-number", like(people[40], name="赵重号", unit=people[120].unit)),
        640: (
            "unknown-unit",
            like(people[640], number="299001", name="钱无名", unit=people[640].unit[:-1] + "队队"),
        ),
        1310: ("name-missing", like(people[1310], number="299002", name="")),
        1990: ("category-unknown", like(people[1990], number="299003", name="孙某类", category="临时工")),
        2450: ("police-number-missing", like(people[2450], number="", name="李没号")),
        2800: ("date-invalid", like(people[2800], number="299004", name="周日期", since=(2021, 13, 45))),
    }


def _person(
    sheet: Any, row: int, serial: int, person: Person, rng: random.Random, *, unit: str | None
) -> None:
    number = person.number.translate(FULL_WIDTH) if serial % 11 == 0 else person.number
    name = f"{person.name[0]} {person.name[1:]}" if len(person.name) == 2 and serial % 5 == 0 else person.name
    sheet.write_row(row, 0, [serial, number, name])
    if unit != "":
        sheet.write(row, 3, f" {person.unit}" if serial % 13 == 0 else person.unit)
    sheet.write_row(row, 4, [person.post, person.category])
    _date(sheet, row, person.since, rng.randrange(5))
    sheet.write(row, 7, person.coefficient)


def _date(sheet: Any, row: int, since: tuple[int, int, int], form: int) -> None:
    year, month, day = since
    if month > 12 or form == 0:
        sheet.write(row, 6, f"{year}.{month}.{day}")
    elif form == 1:
        sheet.write(row, 6, f"{year}年{month}月{day}日")
    elif form == 2:
        sheet.write(row, 6, f"{year}-{month:02d}-{day:02d}")
    elif form == 3:
        sheet.write_number(row, 6, (dt.date(year, month, day) - EPOCH).days)
    else:
        sheet.write(row, 6, f"{year}/{month}/{day}")
