"""Indicators as the API speaks of them."""

import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from contracts.targets import Direction, EvidenceRequirement, ModuleKind
from kernel.web.text import Code, Name, Note, OptionalLine
from services.targets.api.schemas import Body, Marks, Version
from services.targets.domain.quantity import trimmed
from services.targets.domain.rule_check import RuleText, exact, rule_text
from services.targets.models import IndicatorRevisionRow, IndicatorRow

SubjectKinds = Literal["unit", "officer", "both"]
_DEEPEST = 30
_MOST = 5000
_LONGEST_TEXT = 2000


def _bounded(value: dict[str, Any]) -> dict[str, Any]:
    """Free JSON within sane bounds: depth, number of values, no control characters, no endless numbers."""
    level: list[Any] = [value]
    seen = 0
    for _ in range(_DEEPEST):
        seen += len(level)
        for item in level:
            _ensure_plain(item)
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return dict(exact(value))
        if seen + len(level) > _MOST:
            break
    raise PydanticCustomError("json_too_big", "The value is nested too deeply or has too many parts")


def _inside(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    return item if isinstance(item, list) else []


def _ensure_plain(item: Any) -> None:
    if isinstance(item, str) and (
        len(item) > _LONGEST_TEXT or any(unicodedata.category(c) in {"Cc", "Cs"} for c in item)
    ):
        raise PydanticCustomError("control_characters", "contains control characters or is too long")
    if isinstance(item, int | float) and not abs(item) < 2**53:
        raise PydanticCustomError("number_too_big", "The number is too big")


RuleData = Annotated[dict[str, Any], AfterValidator(_bounded)]


class ExampleBody(Body):
    """`facts`: {target?, baseline?, actual} or {target?, events: [{quantity, kind?, level?}]}."""

    facts: RuleData
    points: Annotated[Decimal, Field(max_digits=12, decimal_places=3, allow_inf_nan=False)]

    def data(self) -> dict[str, Any]:
        return {"facts": self.facts, "points": format(trimmed(self.points), "f")}


class IndicatorBody(Body):
    code: Code
    name: Name
    module: ModuleKind
    line: Annotated[Name, Field(max_length=64)]
    subject_kind: SubjectKinds = "officer"
    unit_of_measure: Annotated[Name, Field(max_length=32)] = "件"
    direction: Direction = Direction.HIGHER_IS_BETTER
    evidence: EvidenceRequirement = EvidenceRequirement.OPTIONAL
    full_marks: Marks
    rule: RuleData
    example: ExampleBody | None = None
    basis: OptionalLine = ""
    clause: OptionalLine = ""


class IndicatorChange(Body):
    """Only what is named changes. A published scheme's indicator needs `reason` and becomes a new revision."""

    version: Version | None = None
    reason: Note | None = None
    code: Code | None = None
    name: Name | None = None
    module: ModuleKind | None = None
    line: Annotated[Name, Field(max_length=64)] | None = None
    subject_kind: SubjectKinds | None = None
    unit_of_measure: Annotated[Name, Field(max_length=32)] | None = None
    direction: Direction | None = None
    evidence: EvidenceRequirement | None = None
    full_marks: Marks | None = None
    rule: RuleData | None = None
    example: ExampleBody | None = None
    basis: OptionalLine | None = None
    clause: OptionalLine | None = None
    active: bool | None = None

    def changes(self) -> dict[str, Any]:
        named = {name: getattr(self, name) for name in self.model_fields_set - {"version", "reason"}}
        return {name: stored(value) for name, value in named.items() if value is not None}


class SentenceOut(BaseModel):
    """A rule, or a step of its arithmetic, in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: RuleText) -> Self:
        return cls(zh=text.zh, en=text.en)


class RevisionOut(BaseModel):
    revision: int
    at: datetime
    actor: str
    reason: str
    state: dict[str, Any]

    @classmethod
    def of(cls, row: IndicatorRevisionRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class IndicatorOut(BaseModel):
    """`rule_text` is the rule as a sentence."""

    id: UUID
    version: int
    scheme_id: UUID
    code: str
    name: str
    module: ModuleKind
    line: str
    subject_kind: SubjectKinds
    unit_of_measure: str
    direction: Direction
    evidence: EvidenceRequirement
    full_marks: Decimal
    rule: dict[str, Any]
    rule_text: dict[str, str]
    example: dict[str, Any] | None
    revision: int
    basis: str
    clause: str
    active: bool

    @classmethod
    def of(cls, row: IndicatorRow) -> Self:
        text = rule_text(row.rule)
        names = set(cls.model_fields) - {"rule_text", "full_marks", "revisions"}
        return cls(
            **{name: getattr(row, name) for name in names},
            full_marks=trimmed(row.full_marks),
            rule_text={"zh": text.zh, "en": text.en},
        )


class IndicatorWithRevisionsOut(IndicatorOut):
    revisions: list[RevisionOut] = []


def stored(value: Any) -> Any:
    match value:
        case ExampleBody():
            return value.data()
        case ModuleKind() | Direction() | EvidenceRequirement():
            return value.value
        case _:
            return value
