"""From the cells of one row to a line of known fields, or to what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from kernel.errors import Finding
from kernel.workbooks import cells
from kernel.workbooks.sheets import Place
from services.org.domain.postings import CoefficientOut, check_coefficient
from services.org.domain.roster.headers import SYNONYMS, Header, SheetKind

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
LONGEST_POST = 200


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
    """What the roster does not say is None."""

    number: str
    name: str
    unit: str
    post: str | None
    category: str | None
    series: str | None
    since: date | None
    coefficient: Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of the mapped columns, with corrections put in; `place.row` as Excel counts it."""

    place: Place
    values: Mapping[str, object]

    def texts(self) -> dict[str, str]:
        return {field: cells.text(value)[:200] for field, value in self.values.items()}


Found = tuple[str, Finding]
Patches = Mapping[tuple[int, str], str]


def rows_of(sheet: str, rows: Iterator[Sequence[object]], header: Header, patches: Patches) -> Iterator[Row]:
    """The rows below the header that say anything: neither blank nor the header again. Corrections go before cells."""
    own = [c for field, c in header.columns.items() if field not in {"unit", "parent", "series", "lines"}]
    for number, row in enumerate(islice(rows, header.row + 1, None), header.row + 2):
        # A cell that a merged one reaches into does not make a row.
        if not any(cells.text(row[c]) for c in own if c < len(row)) or header.repeats(row):
            continue
        values: dict[str, object] = {f: row[c] if c < len(row) else None for f, c in header.columns.items()}
        if patches:
            values |= {f: patches[number, f] for f in SYNONYMS[header.kind] if (number, f) in patches}
        yield Row(Place(sheet, number), values)


def read_unit(row: Row) -> UnitLine | list[Found]:
    values = row.values
    name, word = cells.name(values.get("name")), cells.name(values.get("kind"))
    if not name:
        return [
            ("name", Finding("单位名称", "unit-name-missing", "缺少单位名称", "the unit name is missing"))
        ]
    kind = KINDS.get(word, word if word in KINDS.values() else "")
    if not kind:
        zh, en = f"不认识的单位类别“{word}”", f"unknown kind of unit '{word}'"
        return [("kind", Finding("单位类别", "unit-kind-unknown", zh, en))]
    parent, series = cells.name(values.get("parent")), cells.name(values.get("series"))
    lines = cells.words(values.get("lines"))
    return UnitLine(row.place, cells.text(values.get("code")), name, parent, kind, series, lines)


def read_person(row: Row) -> PersonLine | list[Found]:
    values = row.values
    number, name = cells.text(values.get("number")).replace(" ", ""), cells.name(values.get("name"))
    problems: list[Found] = []
    if not number:
        problems.append(
            ("number", Finding("警号", "police-number-missing", "缺少警号", "the police number is missing"))
        )
    elif not number.replace("-", "").isalnum() or not number.isascii() or len(number) > LONGEST_NUMBER:
        zh, en = "警号格式不正确", "not a police number"
        problems.append(("number", Finding("警号", "police-number-invalid", zh, en)))
    if not name:
        problems.append(("name", Finding("姓名", "name-missing", "缺少姓名", "the name is missing")))
    word = cells.name(values.get("category"))
    category = CATEGORIES.get(word.lower()) if word else None
    if word and category is None:
        zh, en = f"不认识的人员类别“{word}”", f"unknown category '{word}'"
        problems.append(("category", Finding("人员类别", "category-unknown", zh, en)))
    since = coefficient = None
    try:
        since = cells.day(values.get("since"))
    except ValueError:
        problems.append(("since", Finding("到岗时间", "date-invalid", "日期无法识别", "not a date")))
    try:
        coefficient = cells.number(values.get("coefficient"))
        check_coefficient(coefficient or Decimal(1))
    except (ValueError, CoefficientOut):
        zh, en = "系数应在 0.01 至 5 之间", "not between 0.01 and 5"
        problems.append(("coefficient", Finding("岗位系数", "coefficient-invalid", zh, en)))
    if problems:
        return problems
    unit, post = cells.name(values.get("unit")), cells.text(values.get("post"))[:LONGEST_POST] or None
    series = cells.name(values.get("series")) or None
    return PersonLine(number, name, unit, post, category, series, since, coefficient)


def finding_of(
    field: str, finding: Finding, value: str, *, severity: str = "error", suggestions: Sequence[str] = ()
) -> dict[str, object]:
    """A finding as it is kept and shown; `field` says which cell."""
    return {
        "field": field,
        "column": finding.place,
        "value": value[:100],
        "code": finding.code,
        "zh": finding.zh,
        "en": finding.en,
        "severity": severity,
        "suggestions": list(suggestions),
    }


def expected(kind: SheetKind) -> dict[str, str]:
    """Field → how the template calls its column."""
    return {field: names[0] for field, names in SYNONYMS[kind].items()}
