"""What the cells of an indicator workbook say, in the words of this service."""

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final

from services.targets.domain.workbook.headers import squeezed

_MODULES: Final = {
    "mod_team": ("队伍建设", "政治建设", "党建", "队伍", "team", "teambuilding", "modteam"),
    "mod_business": ("业务工作", "业务", "主业", "公安业务", "business", "businesswork", "modbusiness"),
    "mod_special": ("专项工作", "专项", "重点工作", "special", "specialwork", "modspecial"),
    "mod_attendance": ("考勤考核", "考勤", "attendance", "modattendance"),
    "mod_bonus": ("激励加分", "加分", "加分项", "奖励加分", "bonus", "incentivebonus", "modbonus"),
    "mod_deduction": (
        "减分考核",
        "减分",
        "扣分",
        "扣分项",
        "负面清单",
        "deduction",
        "deductions",
        "moddeduction",
    ),
}
_SUBJECTS: Final = {
    "unit": ("单位", "集体", "unit", "units"),
    "officer": ("个人", "民警", "人员", "officer", "officers"),
    "both": ("单位和个人", "单位及个人", "单位个人", "单位、个人", "个人和单位", "全部", "both", "all"),
}
_EVIDENCE: Final = {
    "required": ("必须", "需要", "必需", "必传", "是", "有", "required", "yes"),
    "optional": ("可选", "选传", "可有可无", "optional"),
    "none": ("不需要", "无", "否", "免", "none", "no"),
}
_DIRECTIONS: Final = {
    "higher_is_better": ("越高越好", "正向", "正", "higher", "higherisbetter"),
    "lower_is_better": ("越低越好", "反向", "负向", "逆向", "lower", "lowerisbetter"),
}
_MARKS_DECIMALS: Final = 3
_MARKS_LIMIT: Final = Decimal(1_000_000)


def clean(cell: object) -> str:
    """A cell as text: NFC, stripped, numbers without a tail of zeros, no control characters."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = unicodedata.normalize("NFC", str(cell)).replace("\r\n", "\n")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def module_of(text: str, names: dict[str, str]) -> str | None:
    """By the scheme's own name of the module (`names`: code -> name), or by a customary one."""
    wanted = squeezed(text)
    own = [code for code, name in names.items() if squeezed(name) == wanted or squeezed(code) == wanted]
    return own[0] if own else _find(_MODULES, wanted)


def subject_of(text: str) -> str | None:
    return _find(_SUBJECTS, squeezed(text).replace("、", "和"))


def evidence_of(text: str) -> str:
    """What is not a plain yes or no describes the evidence wanted: then it is required."""
    return _find(_EVIDENCE, squeezed(text)) or "required"


def direction_of(text: str) -> str | None:
    return _find(_DIRECTIONS, squeezed(text))


def marks_of(text: str) -> Decimal | None:
    """Full marks such as 15, 15分, 7.5; None if it is not such a number."""
    try:
        marks = Decimal(unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip())
    except InvalidOperation:
        return None
    exponent = marks.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_MARKS_DECIMALS or not 0 <= marks < _MARKS_LIMIT:
        return None
    return marks + 0


def _find(words: dict[str, tuple[str, ...]], wanted: str) -> str | None:
    return next((value for value, texts in words.items() if wanted in texts), None)
