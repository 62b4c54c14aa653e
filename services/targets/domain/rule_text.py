"""评分方式 in compact words, as they stand in a workbook, turned into rules; deterministic, see docs/guides/targets.md.

The first part names the way of scoring, the others its parameters, separated by ";" or line breaks. What is not
understood is quoted in the error.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

Data = dict[str, Any]
Parser = Callable[[list[str]], Data]

_N: Final = r"(\d+(?:\.\d+)?)"
_OPERATORS: Final = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<=", ">": ">", "<": "<"}
_LONGEST: Final = 2000


class NotUnderstood(ValueError):
    """A part of the text that is not in the grammar, with where it stands."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


def rule_from_text(text: str) -> Data:
    """The rule as data; raises NotUnderstood. Whether it is complete is for the rules package to say."""
    parts = _parts(text)
    head = parts[0].lower() if parts else ""
    for words, parse in _WAYS:
        word = next((w for w in words if head.startswith(w)), None)
        if word is not None:
            rest = parts[0][len(word) :].lstrip().lstrip(":,").strip()
            return parse([rest, *parts[1:]] if rest else parts[1:])
    known = "、".join(words[0] for words, _ in _WAYS)
    raise NotUnderstood(
        f"无法识别评分方式“{(parts or [''])[0][:40]}”,可用:{known}",
        f"the way of scoring {(parts or [''])[0][:40]!r} is not understood; known are: "
        + ", ".join(words[-1] for words, _ in _WAYS),
    )


def example_from_text(text: str) -> Data:
    """目标10;完成8;得8分 / target 10; actual 8; points 8. Events: 事件:3 or 国家级×2."""
    facts: Data = {}
    events: list[Data] = []
    points: str | None = None
    for n, part in enumerate(_parts(text), 1):
        if found := _match(rf"(?:目标|任务|target)\s*{_N}\D*", part):
            facts["target"] = found[1]
        elif found := _match(rf"(?:基准|上年|baseline)\s*{_N}\D*", part):
            facts["baseline"] = found[1]
        elif found := _match(rf"(?:完成|实际|实绩|发生|actual)\s*{_N}\D*", part):
            facts["actual"] = found[1]
        elif found := _match(r"(?:得|得分|应得|扣|points?)\s*(-?\d+(?:\.\d+)?)\s*分?", part):
            points = f"-{found[1]}" if part.startswith("扣") and not found[1].startswith("-") else found[1]
        elif found := _match(rf"(\S+?)\s*[×x*]\s*{_N}", part):
            events.append({"quantity": found[2], "level": found[1]})
        else:
            raise _not_understood(n, part)
    if points is None:
        raise NotUnderstood(
            "示例没有写明得分(如:得8分)", "the example does not say the points (such as: points 8)"
        )
    if events:
        facts["events"] = events
    return {"facts": facts, "points": points}


def _ratio(parts: list[str]) -> Data:
    data: Data = {"type": "ratio"}
    for n, part in enumerate(parts, 2):
        if found := _match(rf"(?:满分|full)\s*{_N}分?", part):
            data["full"] = found[1]
        elif found := _match(rf"(?:封顶|最高|cap)\s*{_N}\s*%", part):
            data["cap"] = _percent(found[1])
        elif found := _match(rf"(?:保底|floor)\s*{_N}\s*%", part):
            data["floor"] = _percent(found[1])
        elif _match(r"越低越好|反向|lower is better", part):
            data["direction"] = "lower_is_better"
        else:
            raise _not_understood(n, part)
    return data


def _step(parts: list[str]) -> Data:  # noqa: C901 -- one branch a phrase
    data: Data = {"type": "step", "threshold": "target"}
    for n, part in enumerate(parts, 2):
        if found := _match(rf"(?:基础分?|base)\s*{_N}分?", part):
            data["base"] = found[1]
        elif found := _match(rf"(?:起点|基准|threshold)\s*{_N}", part):
            data["threshold"] = found[1]
        elif found := _match(
            rf"(?:目标)?以(上|下)每[高低超]{_N}\s*(%|个?百分点|[^\d\s]*?)\s*([加扣]){_N}分?", part
        ):
            _one_step(
                data, found[1] == "上", found[2], found[3], found[5] if found[4] == "加" else f"-{found[5]}"
            )
        elif found := _match(rf"(above|below) each {_N}\s*(%|points?|)\s*([+-]){_N}", part):
            sign = "" if found[4] == "+" else "-"
            _one_step(data, found[1].lower() == "above", found[2], found[3], sign + found[5])
        elif _match(r"不足一档不[扣计加]|whole steps", part):
            data["mode"] = "whole"
        elif _match(r"不足一档按一档[扣计]?|started steps", part):
            data["mode"] = "started"
        elif _match(r"按比例折算|proportional", part):
            data["mode"] = "proportional"
        elif found := _match(r"(?:最低|floor)\s*(-?\d+(?:\.\d+)?)分?", part):
            data["floor"] = found[1]
        elif found := _match(rf"(?:最多加|cap plus)\s*{_N}分?", part):
            data["cap_plus"] = found[1]
        elif found := _match(rf"(?:最多扣|cap minus)\s*{_N}分?", part):
            data["cap_minus"] = found[1]
        else:
            raise _not_understood(n, part)
    return data


def _one_step(data: Data, above: bool, size: str, unit: str, marks: str) -> None:  # noqa: FBT001
    units = {
        "%": "percent_of_target",
        "百分点": "points",
        "个百分点": "points",
        "point": "points",
        "points": "points",
    }
    data["step"] = size
    data["unit"] = units.get(unit.lower(), "count")
    data["above" if above else "below"] = marks


def _bands(parts: list[str]) -> Data:
    data: Data = {"type": "band", "bands": []}
    for n, part in enumerate(parts, 2):
        if found := _match(rf"(≥|>=|>|≤|<=|<)\s*{_N}\s*%?\s*:\s*(-?\d+(?:\.\d+)?)分?", part):
            data["bands"].append({"op": _OPERATORS[found[1]], "bound": found[2], "points": found[3]})
        elif found := _match(r"(?:其余|其他|else)\s*:\s*(-?\d+(?:\.\d+)?)分?", part):
            data["otherwise"] = found[1]
        else:
            raise _not_understood(n, part)
    return data


def _all_or_nothing(parts: list[str]) -> Data:
    data: Data = {"type": "all_or_nothing", "op": ">=", "threshold": "target"}
    for n, part in enumerate(parts, 2):
        if found := _match(rf"(?:满分|full)\s*{_N}分?", part):
            data["full"] = found[1]
        elif _match(r"(?:达到|完成|reach)\s*(?:目标|100\s*%|target)", part):
            data["threshold"] = "target"
        elif found := _match(rf"(?:达到|reach)\s*{_N}[^\d%]*", part):
            data["threshold"] = found[1]
        elif found := _match(rf"(?:不超过|at most)\s*{_N}[^\d%]*", part):
            data |= {"op": "<=", "threshold": found[1]}
        else:
            raise _not_understood(n, part)
    return data


def _per_item(parts: list[str]) -> Data:
    data: Data = {"type": "events"}
    for n, part in enumerate(parts, 2):
        if found := _match(rf"(?:每[件次项人起条个]|each)\s*[加+]?{_N}分?", part):
            data["each"] = found[1]
        elif found := _match(rf"(?:上限|最多加?|封顶|cap)\s*{_N}分?", part):
            data["cap"] = found[1]
        elif found := _match(r"([^\d\s:]{1,20})\s*:\s*(-?\d+(?:\.\d+)?)分?", part):
            data.setdefault("levels", {})[found[1]] = found[2]
        else:
            raise _not_understood(n, part)
    return data


def _deduction(parts: list[str]) -> Data:
    data: Data = {"type": "events"}
    for n, part in enumerate(parts, 2):
        if found := _match(rf"(?:每[件次项人起条个]|each)\s*[扣-]?{_N}分?", part):
            data["each"] = f"-{found[1]}"
        elif found := _match(rf"(?:最多扣?|上限|扣完|at most)\s*-?{_N}分?", part):
            data["floor"] = f"-{found[1]}"
        elif found := _match(r"([^\d\s:]{1,20})\s*:\s*[扣-]?(\d+(?:\.\d+)?)分?", part):
            data.setdefault("levels", {})[found[1]] = f"-{found[2]}"
        else:
            raise _not_understood(n, part)
    return data


_WAYS: Final[tuple[tuple[tuple[str, ...], Parser], ...]] = (
    (("按比例", "比例", "ratio"), _ratio),
    (("阶梯", "step"), _step),
    (("分档", "档次", "bands", "band"), _bands),
    (("全有或全无", "达标得分", "all or nothing"), _all_or_nothing),
    (("逐件", "计件", "加分", "per item"), _per_item),
    (("扣分", "减分", "deduct"), _deduction),
)


def _parts(text: str) -> list[str]:
    normal = unicodedata.normalize("NFKC", text[:_LONGEST])
    return [part.strip(" .。") for part in re.split(r"[;\n]", normal) if part.strip(" .。")]


def _match(pattern: str, part: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, part, re.IGNORECASE)


def _percent(text: str) -> str:
    whole, _, fraction = text.partition(".")
    digits = whole.rjust(3, "0") + fraction
    at = len(whole.rjust(3, "0")) - 2
    return f"{digits[:at].lstrip('0') or '0'}.{digits[at:]}".rstrip("0").rstrip(".")


def _not_understood(n: int, part: str) -> NotUnderstood:
    return NotUnderstood(f"第 {n} 段“{part[:40]}”无法识别", f"part {n}, {part[:40]!r}, is not understood")
