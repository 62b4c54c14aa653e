"""The system's parameters: what there is, within which bounds, and what holds until somebody decides otherwise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kernel.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Definition:
    """`kind`: whole, decimal, switch or one of `words`. Bounds are inclusive."""

    key: str
    zh: str
    en: str
    kind: str
    default: str
    least: Decimal | None = None
    most: Decimal | None = None
    words: tuple[str, ...] = ()


class ParameterUnknown(NotFound):
    code = "parameter-unknown"
    zh = "没有名为 {key} 的参数"
    en = "There is no parameter {key}"


class ParameterOut(Invalid):
    code = "parameter-value"
    zh = "参数值不符合要求:{expected_zh}"
    en = "The value does not fit: {expected_en}"


def _whole(key: str, zh: str, en: str, default: int, least: int, most: int) -> Definition:
    return Definition(key, zh, en, "whole", str(default), Decimal(least), Decimal(most))


DEFINITIONS: Mapping[str, Definition] = {
    d.key: d
    for d in (
        _whole("cutoff-day", "每月提交截止日", "day of the month on which submissions end", 25, 1, 31),
        _whole("cutoff-hour", "截止时刻(时)", "hour of that day", 24, 1, 24),
        _whole("publicity-days", "公示工作日数", "working days of the public notice", 5, 1, 30),
        _whole("appeal-days", "复议申请工作日数", "working days to file an appeal", 5, 1, 30),
        _whole("decision-days", "复议决定工作日数", "working days to decide an appeal", 10, 1, 60),
        Definition("red-line", "红线(分)", "red line, in points", "decimal", "60", Decimal(0), Decimal(1000)),
        Definition("ties", "并列名次", "how ties are ranked", "word", "1224", words=("1224", "1223", "1334")),
        Definition("names", "公示姓名方式", "how names are shown in public", "word", "full", words=("full", "masked", "number")),
        _whole("upload-mb", "单个附件上限(MB)", "largest attachment in MB", 50, 1, 500),
        _whole("export-rows", "单次导出行数上限", "most rows of an export", 100_000, 100, 1_000_000),
        Definition("watermark", "页面水印", "watermark on pages", "switch", "true"),
    )
}  # fmt: skip


def definition(key: str) -> Definition:
    if key not in DEFINITIONS:
        raise ParameterUnknown(key=key)
    return DEFINITIONS[key]


def check_value(key: str, value: str) -> str:
    """The value as it is kept; raises ParameterUnknown or ParameterOut, which says what is expected."""
    found = definition(key)
    if found.kind == "switch":
        if value not in {"true", "false"}:
            raise ParameterOut(expected_zh="true 或 false", expected_en="true or false")
        return value
    if found.words:
        if value not in found.words:
            words = ", ".join(found.words)
            raise ParameterOut(expected_zh=f"其中之一:{words}", expected_en=f"one of {words}")
        return value
    bounds_zh, bounds_en = f"{found.least} 至 {found.most}", f"{found.least} to {found.most}"
    pattern = r"-?\d{1,9}" if found.kind == "whole" else r"-?\d{1,9}(\.\d{1,4})?"
    try:
        number = Decimal(value) if re.fullmatch(pattern, value, re.ASCII) else None
    except InvalidOperation:
        number = None
    if number is None or found.least is None or found.most is None or not found.least <= number <= found.most:
        raise ParameterOut(expected_zh=bounds_zh, expected_en=bounds_en)
    return str(number)
