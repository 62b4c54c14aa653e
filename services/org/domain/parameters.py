"""The system's parameters: what there is, within which bounds, and what holds until somebody decides otherwise.

Only what the program obeys is one, and each is obeyed (a test looks). Deadlines, windows and days of a period belong to the
scheme and its calendar, ranking and red line to the rules of reporting, sizes to the operator's settings.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kernel.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole number. Bounds are inclusive; outside of them no bureau should be."""

    key: str
    zh: str
    en: str
    default: int
    least: int
    most: int
    protects: bool = True
    """It guards who comes in."""
    stricter_below: bool = False
    """A smaller figure is the stricter one."""

    def weaker(self, value: int) -> bool:
        """Whether it guards less than what is recommended, which is the default."""
        lower = value < self.default if not self.stricter_below else value > self.default
        return self.protects and lower


class ParameterUnknown(NotFound):
    code = "parameter-unknown"
    zh = "没有名为 {key} 的参数"
    en = "There is no parameter {key}"


class ParameterOut(Invalid):
    code = "parameter-value"
    zh = "参数值不符合要求:{expected_zh}"
    en = "The value does not fit: {expected_en}"


DEFINITIONS: Mapping[str, Definition] = {
    d.key: d
    for d in (
        Definition("lockout-failures", "口令错误几次后锁定", "wrong passwords until the door shuts", 5, 3, 10, stricter_below=True),
        Definition("lockout-minutes", "锁定最长分钟数", "longest time that it stays shut, in minutes", 30, 5, 1440),
        Definition("password-length", "口令最短位数", "fewest characters of a password", 10, 8, 64),
        Definition("password-days", "口令有效天数(等保三级)", "days until a password is changed (MLPS level 3)", 90, 30, 365, stricter_below=True),
        Definition("password-history", "不得重复的最近口令数", "former passwords that do not come again", 5, 1, 24),
        Definition("grant-notice-days", "授权到期前几天提醒", "days before its end that a grant is spoken of", 14, 1, 60, protects=False),
    )
}  # fmt: skip


def definition(key: str) -> Definition:
    if key not in DEFINITIONS:
        raise ParameterUnknown(key=key)
    return DEFINITIONS[key]


def check_value(key: str, value: str) -> str:
    """The value as it is kept; raises ParameterUnknown or ParameterOut, which says what is expected."""
    found = definition(key)
    number = int(value) if re.fullmatch(r"\d{1,9}", value, re.ASCII) else None
    if number is None or not found.least <= number <= found.most:
        raise ParameterOut(
            expected_zh=f"{found.least} 至 {found.most} 的整数",
            expected_en=f"a whole number from {found.least} to {found.most}",
        )
    return str(number)
