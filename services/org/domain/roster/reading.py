"""From sheets to rows of known fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kernel.errors import Finding
from kernel.workbooks import cells
from kernel.workbooks.sheets import Place, Sheet
from services.org.domain.postings import CoefficientOut, check_coefficient
from services.org.domain.roster.headers import Header, SheetKind, find_header, repeats

KINDS: dict[str, str] = {
    "市公安局": "city_bureau", "市局": "city_bureau", "考核办": "assessment_office", "考核办公室": "assessment_office",
    "支队": "detachment", "县公安局": "county_bureau", "县局": "county_bureau", "分局": "sub_bureau", "公安分局": "sub_bureau",
    "派出所": "police_station", "大队": "brigade", "中队": "squadron", "科室": "section", "科": "section",
    "内设机构": "internal_department", "看守所": "custody_unit", "拘留所": "custody_unit", "监管场所": "custody_unit",
    "警务室": "police_post", "警务站": "police_post", "专班": "task_force", "临时专班": "task_force",
}  # fmt: skip
CATEGORIES: dict[str, str] = {
    "民警": "officer", "警察": "officer", "在编民警": "officer", "officer": "officer",
    "辅警": "auxiliary", "协警": "auxiliary", "警务辅助人员": "auxiliary", "auxiliary": "auxiliary",
    "文职": "civilian", "文职人员": "civilian", "工勤": "civilian", "civilian": "civilian",
}  # fmt: skip

LONGEST_NUMBER = 32


@dataclass(frozen=True, slots=True)
class UnitLine:
    place: Place
    code: str
    name: str
    parent: str
    kind: str
    series: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonLine:
    place: Place
    number: str
    name: str
    unit: str
    post: str
    category: str
    series: str
    since: date | None
    coefficient: Decimal


@dataclass
class Reading:
    """What was understood, and what was not."""

    headers: dict[str, Header] = field(default_factory=dict)
    units: list[UnitLine] = field(default_factory=list)
    people: list[PersonLine] = field(default_factory=list)
    errors: list[Mapping[str, object]] = field(default_factory=list)
    rows: int = 0

    def refuse(self, place: Place, finding: Finding, *, value: object = "", suggestion: str = "") -> None:
        """Keep a finding with its exact place; `finding.place` is the column."""
        self.errors.append(
            {
                "sheet": place.sheet,
                "row": place.row,
                "column": finding.place,
                "value": cells.text(value)[:100],
                "code": finding.code,
                "zh": finding.zh,
                "en": finding.en,
                "suggestion": suggestion,
            }
        )


def read(sheets: Sequence[Sheet], mapping: Mapping[str, Mapping[str, str]] | None = None) -> Reading:
    """Every sheet whose header is recognised; the others are left alone."""
    reading = Reading()
    for sheet in sheets:
        header = find_header(sheet.rows, (mapping or {}).get(sheet.name))
        if header is None:
            continue
        reading.headers[sheet.name] = header
        for index in range(header.row + 1, len(sheet.rows)):
            row = sheet.rows[index]
            if _is_blank(header, row) or repeats(header, row, sheet.rows):
                continue
            values = {f: row[c] if c < len(row) else None for f, c in header.columns.items()}
            reading.rows += 1
            place = Place(sheet.name, index + 1)
            if header.kind is SheetKind.UNITS:
                _unit(reading, place, values)
            else:
                _person(reading, place, values)
    return reading


def _is_blank(header: Header, row: Sequence[object]) -> bool:
    """Nothing but what a merged cell reaches into."""
    own = [c for field, c in header.columns.items() if field not in {"unit", "parent", "series", "lines"}]
    return not any(cells.text(row[c]) for c in own if c < len(row))


def _unit(reading: Reading, place: Place, values: Mapping[str, object]) -> None:
    name, word = cells.name(values.get("name")), cells.name(values.get("kind"))
    if not name:
        reading.refuse(
            place, Finding("单位名称", "unit-name-missing", "缺少单位名称", "the unit name is missing")
        )
        return
    kind = KINDS.get(word, word if word in KINDS.values() else "")
    if not kind:
        zh, en = f"不认识的单位类别“{word}”", f"unknown kind of unit '{word}'"
        reading.refuse(place, Finding("单位类别", "unit-kind-unknown", zh, en), value=word)
        return
    reading.units.append(
        UnitLine(
            place,
            cells.text(values.get("code")),
            name,
            cells.name(values.get("parent")),
            kind,
            cells.name(values.get("series")),
            cells.words(values.get("lines")),
        )
    )


def _person(reading: Reading, place: Place, values: Mapping[str, object]) -> None:
    problems: list[tuple[Finding, object]] = []
    number, name = cells.text(values.get("number")).replace(" ", ""), cells.name(values.get("name"))
    if not number:
        problems.append(
            (Finding("警号", "police-number-missing", "缺少警号", "the police number is missing"), "")
        )
    elif not number.replace("-", "").isalnum() or not number.isascii() or len(number) > LONGEST_NUMBER:
        problems.append(
            (Finding("警号", "police-number-invalid", "警号格式不正确", "not a police number"), number)
        )
    if not name:
        problems.append((Finding("姓名", "name-missing", "缺少姓名", "the name is missing"), ""))
    word = cells.name(values.get("category"))
    category = CATEGORIES.get(word.lower(), "" if word else "officer")
    if not category:
        zh, en = f"不认识的人员类别“{word}”", f"unknown category '{word}'"
        problems.append((Finding("人员类别", "category-unknown", zh, en), word))
    since, coefficient = None, Decimal(1)
    try:
        since = cells.day(values.get("since"))
    except ValueError:
        problems.append(
            (Finding("到岗时间", "date-invalid", "日期无法识别", "not a date"), values.get("since"))
        )
    try:
        coefficient = cells.number(values.get("coefficient")) or Decimal(1)
        check_coefficient(coefficient)
    except (ValueError, CoefficientOut):
        problems.append(
            (
                Finding(
                    "岗位系数", "coefficient-invalid", "系数应在 0.01 至 5 之间", "not between 0.01 and 5"
                ),
                values.get("coefficient"),
            )
        )
    for finding, value in problems:
        reading.refuse(place, finding, value=value)
    if not problems:
        unit, post = cells.name(values.get("unit")), cells.text(values.get("post")) or word or "民警"
        series = cells.name(values.get("series"))
        reading.people.append(
            PersonLine(place, number, name, unit, post[:200], category, series, since, coefficient)
        )
