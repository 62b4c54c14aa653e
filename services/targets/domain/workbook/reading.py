"""Rows of a 目标责任细则 as indicators; every error is quoted by sheet and Excel row."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kernel.errors import Finding
from services.targets.domain.rule_check import RuleInvalid, checked_rule, example_findings
from services.targets.domain.rule_text import NotUnderstood, example_from_text, rule_from_text
from services.targets.domain.workbook import values
from services.targets.domain.workbook.headers import REQUIRED, RULE_COLUMNS, SYNONYMS, columns_of, find_header
from services.targets.domain.workbook.merging import Merges, Note, fill, join_continued

MAX_ROWS: Final = 5000
_LENGTHS: Final = {"code": 64, "name": 200, "line": 64, "unit_of_measure": 32, "basis": 500, "clause": 500}


@dataclass(frozen=True, slots=True)
class Cells:
    """One row under the headers: `row` is the number that Excel shows."""

    sheet: str
    row: int
    values: dict[str, str]

    def place(self, column: str = "") -> str:
        name = SYNONYMS[column][0] if column else ""
        return f"{self.sheet}!{self.row}" + (f" {name}" if name else "")


@dataclass(frozen=True, slots=True)
class Fix:
    """A cell that was corrected in place; `row` as Excel counts it."""

    sheet: str
    row: int
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What people said about the workbook: columns of fields by sheet, where the header was not understood; corrections."""

    mapping: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    fixes: Sequence[Fix] = ()


@dataclass(slots=True)
class Read:
    """Indicators as JSON in the order of the workbook, and what is wrong, in the same order. `columns` by sheet, as used."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)


def read_workbook(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    *,
    modules: Mapping[str, str],
    merges: Mapping[str, Merges] | None = None,
    asked: Asked | None = None,
) -> Read:
    """`sheets` are cells by sheet name from row 1; `modules` the scheme's modules, code -> name."""
    read, seen, headed, asked = Read(), dict[str, str](), False, asked or Asked()
    fixes = {(fix.sheet, fix.row, fix.column): fix.value for fix in asked.fixes}
    for sheet, raw in sheets.items():
        rows = [[values.clean(cell) for cell in row] for row in raw[: MAX_ROWS + 1]]
        header = find_header(rows)
        if header is None:
            continue
        headed = True
        columns = header.columns | dict(asked.mapping.get(sheet, {}))
        read.columns[sheet], read.heads[sheet] = columns, header.texts
        if len(raw) > MAX_ROWS:
            read.errors.append(
                _finding(sheet, "too-many-rows", f"超过 {MAX_ROWS} 行", f"more than {MAX_ROWS} rows")
            )
        missing = [name for name in REQUIRED if name not in columns]
        if missing or not any(name in columns for name in RULE_COLUMNS):
            read.errors.append(_missing_columns(f"{sheet}!{header.last + 1}", missing or ["rule"]))
            continue
        spans = (merges or {}).get(sheet, Merges())
        filled = fill(sheet, rows, spans, columns, header.last + 1)
        joined, notes = join_continued(sheet, rows, spans, columns, header.last + 1)
        read.notes += [*filled.notes, *notes]
        for cells in _rows(sheet, filled.rows, header.last, columns, joined, fixes):
            _read_row(cells, read, seen, dict(modules))
    if not headed:
        read.errors.append(
            _finding(
                "",
                "header-not-found",
                "没有找到表头行(指标编码、指标名称、模块、分值……)",
                "no header row was found",
            )
        )
    elif not read.rows and not read.errors:
        read.errors.append(
            _finding("", "no-rows", "表头下没有指标", "there are no indicators below the header")
        )
    return read


def _rows(
    sheet: str,
    rows: Sequence[Sequence[str]],
    start: int,
    columns: dict[str, int],
    joined: Mapping[int, Sequence[int]],
    fixes: Mapping[tuple[str, int, str], str],
) -> Iterator[Cells]:
    """Blank rows, repeated headers and subtotals are passed over; a module or group counts for the rows below it."""
    module, group, gone = "", "", {row for more in joined.values() for row in more}
    for index in range(start + 1, len(rows)):
        if index in gone:
            continue
        found = _found(rows[index], columns)
        for more in joined.get(index, ()):
            found |= _joined(found, _found(rows[more], columns))
        found |= {name: fixes[key] for name in SYNONYMS if (key := (sheet, index + 1, name)) in fixes}
        if found.get("module") and found["module"] != module:
            group = ""
        module, group = found.get("module") or module, found.get("group") or group
        rest = [text for name, text in found.items() if name not in {"module", "group"} and text]
        if not rest or len(columns_of(rows[index])) >= len(columns) - 1 or _is_total(found):
            continue
        yield Cells(sheet, index + 1, found | {"module": module, "group": group})


def _found(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {name: row[column] if column < len(row) else "" for name, column in columns.items()}


def _joined(found: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Standards of a further row of the same indicator come behind those of the first."""
    return {
        name: f"{found[name]};{more[name]}" if found[name] else more[name]
        for name in RULE_COLUMNS
        if name in found and more[name] and more[name] not in found[name].split(";")
    }


def _is_total(found: Mapping[str, str]) -> bool:
    return any(
        text.replace(" ", "").startswith(("合计", "小计", "总计", "备注", "说明", "注:", "注:"))
        for text in found.values()
    ) and not (found.get("code") and found.get("name"))


def _read_row(cells: Cells, read: Read, seen: dict[str, str], modules: dict[str, str]) -> None:
    errors = [*_texts(cells), *_duplicates(cells, seen)]
    got = cells.values
    chosen: dict[str, Any] = {
        "module": values.module_of(got["module"], modules),
        "subject_kind": values.subject_of(got.get("subject_kind") or "officer"),
        "full_marks": values.marks_of(got["full_marks"]),
        "direction": values.direction_of(got.get("direction") or "higher"),
    }
    errors += [_not_known(cells, name) for name, value in chosen.items() if value is None and got.get(name)]
    if chosen["module"] is not None and chosen["module"] not in modules:
        errors.append(
            _at(cells, "module", "module-unknown", "方案中没有此模块", "the scheme does not have this module")
        )
    rule, example, found = _rule(cells)
    errors += found
    if errors:
        read.errors += errors
        return
    texts = {name: got.get(name, "") for name in _LENGTHS}
    read.rows.append(
        texts
        | chosen
        | {
            "unit_of_measure": texts["unit_of_measure"] or "件",
            "full_marks": str(chosen["full_marks"]),
            "evidence": values.evidence_of(got.get("evidence") or "optional"),
            "rule": rule,
            "example": example,
            "place": cells.place(),
            "group": got.get("group", ""),
        }
    )


def _texts(cells: Cells) -> Iterator[Finding]:
    for name in REQUIRED:
        if not cells.values.get(name):
            yield _at(cells, name, "cell-empty", "不能为空", "must not be empty")
    for name, longest in _LENGTHS.items():
        if len(cells.values.get(name, "")) > longest:
            yield _at(
                cells, name, "cell-too-long", f"超过 {longest} 个字符", f"longer than {longest} characters"
            )


def _duplicates(cells: Cells, seen: dict[str, str]) -> Iterator[Finding]:
    code = cells.values["code"]
    if code and code in seen:
        yield _at(cells, "code", "code-twice", f"与 {seen[code]} 重复", f"the same code as in {seen[code]}")
    elif code:
        seen[code] = cells.place()


def _rule(cells: Cells) -> tuple[dict[str, Any] | None, dict[str, Any] | None, list[Finding]]:
    """The rule from the first of its columns that has text, the example, and what is wrong with either."""
    column = next((name for name in RULE_COLUMNS if cells.values.get(name)), None)
    if column is None:
        return None, None, [_at(cells, "rule", "cell-empty", "不能为空", "must not be empty")]
    try:
        rule = checked_rule(_json_or(rule_from_text, _whole_rule(cells)))
    except NotUnderstood as error:
        return None, None, [_at(cells, column, "rule-not-understood", error.zh, error.en)]
    except RuleInvalid as error:
        return (
            None,
            None,
            [_at(cells, column, f.code, f"{f.place}:{f.zh}", f"{f.place}: {f.en}") for f in error.items],
        )
    text = cells.values.get("example", "")
    if not text:
        return rule, None, []
    try:
        example = _json_or(example_from_text, text)
    except NotUnderstood as error:
        return rule, None, [_at(cells, "example", "example-not-understood", error.zh, error.en)]
    return rule, example, example_findings(rule, example, place=cells.place("example"))


def _whole_rule(cells: Cells) -> str:
    """A rule column with only the type in words is completed by the column of standards."""
    first, second = cells.values.get("rule", ""), cells.values.get("standard", "")
    plain_type = first and not any(c.isdigit() for c in first) and first[0] != "{"
    return f"{first};{second}" if plain_type and second else first or second


def _json_or(parse: Any, text: str) -> dict[str, Any]:
    if not text.startswith("{"):
        parsed: dict[str, Any] = parse(text)
        return parsed
    try:
        data = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood("JSON 格式有误", "this is not valid JSON") from error
    return dict(data)


def _not_known(cells: Cells, name: str) -> Finding:
    text = cells.values[name][:50]
    return _at(
        cells, name, f"{name.replace('_', '-')}-unknown", f"无法识别“{text}”", f"{text!r} is not understood"
    )


def _missing_columns(place: str, names: Sequence[str]) -> Finding:
    zh = "、".join(SYNONYMS[name][0] for name in names)
    return _finding(place, "columns-missing", f"缺少列:{zh}", f"columns are missing: {', '.join(names)}")


def _at(cells: Cells, column: str, code: str, zh: str, en: str) -> Finding:
    return _finding(cells.place(column), code, zh, en)


def _finding(place: str, code: str, zh: str, en: str) -> Finding:
    return Finding(place, code, zh, en)
