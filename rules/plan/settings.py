"""Readings of a regulation as settings: a plan names the alternatives, whoever evaluates it may choose another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.fields import optional_name, some
from rules.reading import LONGEST_NAME, Reader
from rules.sentences import Sentence

DEEPEST = 40
#: Tables whose keys are names of the plan: one may be called "setting".
_NAMES = {"", "figures", "nodes", "marks", "words"}


@dataclass(frozen=True, slots=True)
class Choice:
    """`values` are plain data (numbers as text, words, lists); the first is the reading that the plan takes itself."""

    name: str
    values: tuple[Any, ...]
    words: tuple[Sentence, ...]


def read_settings(reader: Reader) -> dict[str, Choice]:
    """Under `settings`: name → {values: [{value, zh, en}]}, or the bare values where no words are needed."""
    table = reader.raw("settings")
    if table is None:
        return {}
    if not isinstance(table, Mapping):
        reader.refuse(
            "settings", "not-a-table", "应为“名称:可选值”表", "must be a table of names and choices"
        )
        return {}
    found = {}
    for label, item in table.items():
        if not isinstance(item, Mapping):
            reader.refuse(f"settings.{label}", "not-an-object", "应为对象", "must be an object")
            continue
        inner = Reader(_worded(item), f"{reader.at('settings')}.{label}", reader.findings, 1)
        values, words = [], []
        for each in some(inner, "values"):
            values.append(each.raw("value"))
            words.append(Sentence(optional_name(each, "zh") or "", optional_name(each, "en") or ""))
            each.close()
        if not values:
            inner.refuse("values", "missing", "应列出可选值", "the possible values are needed")
        inner.close()
        found[str(label)] = Choice(str(label), tuple(values), tuple(words))
    return found


def _worded(item: Mapping[Any, Any]) -> Mapping[str, Any]:
    values = item.get("values")
    if not isinstance(values, list):
        return item
    return {**item, "values": [each if isinstance(each, Mapping) else {"value": each} for each in values]}


def chosen(reader: Reader, choices: Mapping[str, Choice], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting's value: what is wanted if it is among the plan's, else the plan's first."""
    for label in wanted:
        if label not in choices:
            reader.refuse(
                f"settings.{label}", "setting-unknown", f"没有设置 {label}", f"there is no setting {label}"
            )
    found = {}
    for label, choice in choices.items():
        if not choice.values:
            continue
        value = wanted.get(label, choice.values[0])
        if label in wanted and str(value) not in {str(each) for each in choice.values}:
            shown = "、".join(str(each) for each in choice.values)
            zh, en = f"{label} 应为以下之一:{shown}", f"{label} must be one of {shown}"
            reader.refuse(f"settings.{label}", "not-an-option", zh, en)
        found[label] = next((each for each in choice.values if str(each) == str(value)), value)
    return found


def substituted(data: Any, values: Mapping[str, Any], used: set[str], depth: int = 0) -> Any:
    """The data with `{setting: name}` replaced by the setting's value; `used` collects the names."""
    if depth > DEEPEST:
        return data
    if isinstance(data, Mapping):
        label = data.get("setting")
        if len(data) == 1 and isinstance(label, str) and label in values:
            used.add(label)
            return values[label]
        return {key: substituted(item, values, used, depth + 1) for key, item in data.items()}
    if isinstance(data, list):
        return [substituted(item, values, used, depth + 1) for item in data]
    return data


def refuse_unknown(reader: Reader, data: Any, place: str = "", depth: int = 0) -> None:
    """What still asks for a setting once all are put in asks for one that is not there."""
    if depth > DEEPEST:
        return
    if isinstance(data, Mapping):
        label = data.get("setting")
        if len(data) == 1 and isinstance(label, str) and place not in _NAMES:
            shown = label[:LONGEST_NAME]
            zh, en = f"没有设置 {shown}", f"there is no setting {shown}"
            reader.refuse(place, "setting-unknown", zh, en)
    items = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()
    for key, item in items:
        if isinstance(item, Mapping | list):
            refuse_unknown(reader, item, f"{place}.{key}" if place else str(key), depth + 1)
