"""Imports of indicators as the API speaks of them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from kernel.web.text import Orderly
from services.targets.api.indicator_schemas import IndicatorOut
from services.targets.api.schemas import Body, Version
from services.targets.domain.rule_check import rule_text
from services.targets.domain.workbook.places import cell_of
from services.targets.domain.workbook.reading import Fix
from services.targets.domain.workbook.tree import Branch, tree_of
from services.targets.models import ImportRow

SheetName = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=200)]
FieldName = Literal[
    "code", "name", "module", "line", "subject_kind", "unit_of_measure", "direction", "full_marks", "rule", "standard",
    "basis", "clause", "evidence", "example",
]  # fmt: skip
Text = Annotated[str, Orderly, StringConstraints(max_length=2000)]


class FixBody(Body):
    """A cell as it should be; `row` as Excel counts it, `column` is the field."""

    sheet: SheetName
    row: Annotated[int, Field(ge=1, le=100_000)]
    column: FieldName
    value: Text

    def said(self) -> Fix:
        return Fix(self.sheet, self.row, self.column, self.value)


class CorrectBody(Body):
    """`mapping`: by sheet, the column (from 0) of fields that the heads do not tell."""

    version: Version
    fixes: Annotated[list[FixBody], Field(max_length=500, default_factory=list)]
    mapping: Annotated[
        dict[SheetName, dict[FieldName, Annotated[int, Field(ge=0, le=200)]]],
        Field(max_length=50, default_factory=dict),
    ]


class ApplyBody(Body):
    """`all`: only a workbook without errors; `good`: the rows that have none."""

    mode: Literal["all", "good"] = "all"


class ImportErrorOut(BaseModel):
    """`place` is sheet, Excel row and column, such as “考核细则!7 评分方式”; `sheet`, `row` and `column` the same in parts."""

    place: str
    sheet: str | None
    row: int | None
    column: str | None
    code: str
    detail: str
    detail_en: str

    @classmethod
    def of(cls, error: Mapping[str, Any]) -> Self:
        cell = cell_of(error["place"])
        return cls(
            place=error["place"],
            sheet=cell.sheet if cell else None,
            row=cell.row if cell else None,
            column=cell.column if cell else None,
            code=error["code"],
            detail=error["zh"],
            detail_en=error["en"],
        )


class ImportNoteOut(BaseModel):
    place: str
    detail: str
    detail_en: str


class LeafOut(BaseModel):
    code: str
    name: str
    full_marks: Decimal
    place: str
    rule_text: dict[str, str]


class BranchOut(BaseModel):
    """A module, or a group in it, with its marks added up."""

    code: str
    name: str
    marks: Decimal
    branches: list["BranchOut"]
    indicators: list[LeafOut]

    @classmethod
    def of(cls, branch: Branch) -> Self:
        return cls(
            code=branch.code,
            name=branch.name,
            marks=branch.marks,
            branches=[cls.of(inner) for inner in branch.branches],
            indicators=[_leaf(row) for row in branch.leaves],
        )


class ColumnsOut(BaseModel):
    """Of a sheet: what stands over its columns, and which column was taken for which field."""

    sheet: str
    heads: list[str]
    columns: dict[str, int]


class CountsOut(BaseModel):
    good: int
    bad_rows: int
    errors: int


class ImportOut(BaseModel):
    """`rows` is what would be added; `tree` the same by module and group; `notes` explain merged cells."""

    id: UUID
    version: int
    scheme_id: UUID
    file_name: str
    sha256: str
    status: str
    counts: CountsOut
    rows: list[dict[str, Any]]
    tree: list[BranchOut]
    errors: list[ImportErrorOut]
    notes: list[ImportNoteOut]
    columns: list[ColumnsOut]
    applied_at: datetime | None

    @classmethod
    def of(cls, row: ImportRow) -> Self:
        names = {"id", "version", "scheme_id", "file_name", "sha256", "status", "rows", "applied_at"}
        used, heads = row.mapping.get("used") or {}, row.mapping.get("heads") or {}
        bad = {error["place"].partition(" ")[0] for error in row.errors}
        return cls(
            **{name: getattr(row, name) for name in names},
            counts=CountsOut(
                good=sum(item["place"] not in bad for item in row.rows),
                bad_rows=len(bad),
                errors=len(row.errors),
            ),
            tree=[BranchOut.of(branch) for branch in tree_of(row.rows, _MODULES)],
            errors=[ImportErrorOut.of(error) for error in row.errors],
            notes=[ImportNoteOut(place=n["place"], detail=n["zh"], detail_en=n["en"]) for n in row.notes],
            columns=[
                ColumnsOut(sheet=sheet, heads=heads.get(sheet, []), columns=columns)
                for sheet, columns in used.items()
            ],
        )


class AppliedOut(BaseModel):
    id: UUID
    status: str
    indicators: list[IndicatorOut]


_MODULES = {
    "mod_team": "队伍建设", "mod_business": "业务工作", "mod_special": "专项工作", "mod_attendance": "考勤考核",
    "mod_bonus": "激励加分", "mod_deduction": "减分考核",
}  # fmt: skip


def _leaf(row: Mapping[str, Any]) -> LeafOut:
    text = rule_text(row["rule"])
    return LeafOut(
        code=row["code"],
        name=row["name"],
        full_marks=Decimal(row["full_marks"]),
        place=row["place"],
        rule_text={"zh": text.zh, "en": text.en},
    )
