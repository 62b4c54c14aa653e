"""Attendance from a workbook: what its columns and kinds are called, what of it can be entered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from kernel.errors import Conflict, Finding, Invalid, NotFound
from kernel.workbooks import cells
from kernel.workbooks.sheets import Place, Sheet
from rules.attendance import DAYS, KINDS

LOOK_AHEAD = 15
LONGEST_LEAVE = 366
DECIMALS = 2
MOST_A_DAY = {DAYS: Decimal(1), "times": Decimal(20)}
HEADERS: Mapping[str, tuple[str, ...]] = {
    "number": ("警号", "警员编号", "人员编号", "工号", "编号", "police number", "number"),
    "name": ("姓名", "人员姓名", "民警姓名", "name"),
    "day": ("日期", "考勤日期", "开始日期", "起始日期", "date", "from"),
    "to": ("结束日期", "截止日期", "终止日期", "to"),
    "kind": ("考勤类别", "类别", "考勤情况", "类型", "请假类别", "kind"),
    "quantity": ("数量", "天数", "次数", "quantity"),
    "note": ("备注", "说明", "事由", "note"),
}
REQUIRED = ("number", "day", "kind")
WORDS: Mapping[str, str] = {
    word: code
    for code, kind in KINDS.items()
    for word in (code, kind.zh, kind.en, *{
        "annual_leave": ("公休", "公休假", "带薪年休假", "休假"), "unrecorded": ("未打卡", "漏打卡", "缺勤打卡"),
        "absent": ("缺勤", "无故缺勤"), "official_business": ("公出", "出差", "外勤"), "training": ("学习", "参训"),
        "injury_leave": ("公伤假", "因公负伤"), "compensatory_leave": ("调休", "轮休"), "paternity_leave": ("护理假",),
        "antenatal_leave": ("产检假",),
    }.get(code, ()))
}  # fmt: skip


class ImportState(StrEnum):
    PREVIEWED = "previewed"
    APPLIED = "applied"
    UNDONE = "undone"


class ImportMissing(NotFound):
    code = "attendance-import-not-found"
    zh = "没有这次考勤导入"
    en = "There is no such import of attendance"


class NothingRecognised(Invalid):
    code = "attendance-not-recognised"
    zh = "没有找到考勤表的表头(至少需要:警号、日期、考勤类别)"
    en = "No attendance header was found (needed at least: police number, date, kind)"


class ImportHasErrors(Conflict):
    code = "attendance-has-errors"
    zh = "考勤表仍有 {errors} 处错误;可只导入正确的行"
    en = "The workbook still has {errors} errors; the good rows alone can be entered"


class ImportStateWrong(Conflict):
    code = "attendance-import-state"
    zh = "该次导入当前状态为 {status},不能如此处理"
    en = "The import is {status}; this cannot be done"


class ChangedSince(Conflict):
    code = "attendance-changed-since"
    zh = "其中 {count} 条考勤此后又有更改,不能撤销"
    en = "{count} of its records have been changed since; it cannot be undone"


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of attendance of one person on one day, as the workbook has it."""

    place: Place
    number: str
    name: str
    day: date
    kind: str
    quantity: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class Member:
    """Whom a police number stands for; `covered` if the one who imports may enter attendance for them; the unit's path."""

    officer_id: UUID
    name: str
    unit_id: UUID
    covered: bool
    path: str


@dataclass
class Sheets:
    """What was understood, and every error with its place."""

    lines: list[Line] = field(default_factory=list)
    errors: list[dict[str, object]] = field(default_factory=list)
    rows: int = 0
    recognised: bool = False

    def refuse(self, place: Place, finding: Finding, value: object = "") -> None:
        self.errors.append(
            {
                "sheet": place.sheet, "row": place.row, "column": finding.place, "value": cells.text(value)[:100],
                "code": finding.code, "zh": finding.zh, "en": finding.en,
            }
        )  # fmt: skip


def read(sheets: Sequence[Sheet]) -> Sheets:
    """Every sheet with an attendance header; the others are left alone."""
    found = Sheets()
    for sheet in sheets:
        at, columns = _header(sheet.rows)
        if not columns:
            continue
        found.recognised = True
        for index in range(at + 1, len(sheet.rows)):
            row = sheet.rows[index]
            values = {name: row[c] if c < len(row) else None for name, c in columns.items()}
            if any(cells.text(value) for value in values.values()):
                found.rows += 1
                _line(found, Place(sheet.name, index + 1), values)
    return found


def match(found: Sheets, members: Mapping[str, Member], sealed: Sequence[tuple[date, date]]) -> Sheets:
    """The lines that can be entered. `sealed`: spans of days whose figures cannot change any more."""
    kept = Sheets(errors=list(found.errors), rows=found.rows, recognised=found.recognised)
    seen: set[tuple[UUID, date, str]] = set()
    for line in found.lines:
        finding = _refusal(line, members.get(line.number), sealed, seen)
        if finding is None:
            kept.lines.append(line)
        else:
            value = (
                line.number if finding.place == "警号" else line.name if finding.place == "姓名" else line.day
            )
            kept.refuse(line.place, finding, value)
    return kept


def absences_on_leave(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines that call somebody absent on a day for which the same workbook has a whole day of protected leave."""
    away = {
        (line.number, line.day)
        for line in lines
        if KINDS[line.kind].protected and KINDS[line.kind].unit == DAYS and line.quantity >= 1
    }
    yield from (line for line in lines if line.kind == "absent" and (line.number, line.day) in away)


def _refusal(
    line: Line, member: Member | None, sealed: Sequence[tuple[date, date]], seen: set[tuple[UUID, date, str]]
) -> Finding | None:
    if member is None or not member.covered:
        zh, en = "没有该警号,或不在您的管理范围内", "no such police number, or outside the scope of your role"
        return Finding("警号", "officer-unknown", zh, en)
    if line.name and line.name != cells.name(member.name):
        zh, en = f"该警号是{member.name}", f"this police number is {member.name}'s"
        return Finding("姓名", "name-differs", zh, en)
    if any(first <= line.day <= last for first, last in sealed):
        zh, en = "该日所在考核周期已封存", "the period of this day is sealed"
        return Finding("日期", "day-sealed", zh, en)
    key = (member.officer_id, line.day, line.kind)
    if key in seen:
        zh, en = "同一人同一天同一类别重复", "this person, day and kind comes twice"
        return Finding("考勤类别", "line-twice", zh, en)
    seen.add(key)
    return None


def _header(rows: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]]:
    for index, row in enumerate(rows[:LOOK_AHEAD]):
        names = [cells.text(cell).replace(" ", "").replace("*", "").split("(")[0].lower() for cell in row]
        columns = {}
        for name, synonyms in HEADERS.items():
            found = next((names.index(w) for s in synonyms if (w := s.replace(" ", "")) in names), None)
            if found is not None:
                columns[name] = found
        if all(name in columns for name in REQUIRED):
            return index, columns
    return 0, {}


def _line(found: Sheets, place: Place, values: Mapping[str, object]) -> None:
    problems: list[tuple[Finding, object]] = []
    number = cells.text(values.get("number")).replace(" ", "")
    if not number:
        problems.append(
            (Finding("警号", "police-number-missing", "缺少警号", "the police number is missing"), "")
        )
    word = cells.text(values.get("kind")).replace(" ", "")
    kind = WORDS.get(word) or WORDS.get(word.lower())
    if kind is None:
        zh, en = f"不认识的考勤类别“{word}”", f"unknown kind of attendance '{word}'"
        problems.append((Finding("考勤类别", "attendance-kind-unknown", zh, en), word))
    first, last = _day(problems, "日期", values.get("day")), _day(problems, "结束日期", values.get("to"))
    if first is None and not any(finding.place == "日期" for finding, _ in problems):
        problems.append((Finding("日期", "date-missing", "缺少日期", "the date is missing"), ""))
    quantity = Decimal(1)
    try:
        quantity = cells.number(values.get("quantity")) or Decimal(1)
    except ValueError:
        problems.append(
            (Finding("数量", "quantity-invalid", "数量应为数字", "not a number"), values.get("quantity"))
        )
    if not problems and kind is not None and first is not None:
        problems += _spread(found, Line(place, number, cells.name(values.get("name")), first, kind, quantity,
                                        cells.text(values.get("note"))[:200]), last)  # fmt: skip
    for finding, value in problems:
        found.refuse(place, finding, value)


def _spread(found: Sheets, line: Line, last: date | None) -> list[tuple[Finding, object]]:
    """One line a day. A span of leave has as many days as its quantity says, or no quantity."""
    unit = KINDS[line.kind].unit
    days = ((last or line.day) - line.day).days + 1
    if not 1 <= days <= LONGEST_LEAVE:
        return [
            (
                Finding(
                    "结束日期",
                    "span-invalid",
                    "结束日期早于开始日期或相隔过长",
                    "the span is backwards or too long",
                ),
                last,
            )
        ]
    if days > 1 and unit != DAYS:
        return [
            (
                Finding(
                    "结束日期",
                    "span-of-times",
                    "按次数计的类别不能填写起止日期",
                    "what is counted in times has one date",
                ),
                last,
            )
        ]
    if days > 1 and line.quantity not in {Decimal(1), Decimal(days)}:
        zh, en = f"起止日期共 {days} 天,与数量不符", f"the span has {days} days, the quantity says otherwise"
        return [(Finding("数量", "quantity-differs", zh, en), line.quantity)]
    each = Decimal(1) if days > 1 else line.quantity
    if not 0 < each <= MOST_A_DAY[unit] or each != round(each, DECIMALS):
        zh, en = (
            f"每天应大于 0、不超过 {MOST_A_DAY[unit]},至多两位小数",
            f"above 0, at most {MOST_A_DAY[unit]} a day, two decimals",
        )
        return [(Finding("数量", "quantity-out-of-range", zh, en), line.quantity)]
    for offset in range(days):
        day = line.day + timedelta(days=offset)
        found.lines.append(Line(line.place, line.number, line.name, day, line.kind, each, line.note))
    return []


def _day(problems: list[tuple[Finding, object]], column: str, value: object) -> date | None:
    try:
        return cells.day(value)
    except ValueError:
        problems.append((Finding(column, "date-invalid", "日期无法识别", "not a date"), value))
        return None
