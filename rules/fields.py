"""Further kinds of parameters for a `Reader`: names, whole numbers, switches, days, lists that may be absent."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from rules.findings import Finding, RuleError
from rules.reading import LONGEST_NAME, MOST_ENTRIES, Reader

LARGEST = 100_000
MOST_DAYS = 2_000

Setting = TypeVar("Setting")


def parsed(read: Callable[[Reader], Setting], data: Any) -> Setting:
    """What the data says; raises RuleError with every error that is in it."""
    findings: list[Finding] = []
    if not isinstance(data, Mapping):
        raise RuleError([Finding("", "not-an-object", "设置应为对象", "a setting is an object")])
    found = read(Reader(data, "", findings))
    if findings:
        raise RuleError(findings)
    return found


def is_name(value: Any) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= LONGEST_NAME and value.isprintable()


def name(reader: Reader, key: str, default: str | None = None) -> str:
    """A short printable text that must be there, unless there is a default for it."""
    found = optional_name(reader, key)
    if found is not None:
        return found
    if default is None and reader.data.get(key) is None:
        reader.refuse(key, "missing", "缺少该参数", "this parameter is missing")
    return default or ""


def optional_name(reader: Reader, key: str) -> str | None:
    value = reader.raw(key)
    if value is None:
        return None
    if not is_name(value):
        zh, en = "名称应为 1 至 60 个可见字符", "a name has 1 to 60 visible characters"
        if isinstance(value, int):
            zh, en = f"名称应为文字,请加引号:'{value}'", f"a name is text: put it in quotes, '{value}'"
        reader.refuse(key, "name-invalid", zh, en)
        return None
    return str(value)


def names(reader: Reader, key: str, *, needed: bool = False) -> tuple[str, ...]:
    """A list of different names; empty if absent, unless it is needed."""
    value = reader.raw(key)
    if value is None and not needed:
        return ()
    if not isinstance(value, list) or not value or len(value) > MOST_ENTRIES:
        reader.refuse(key, "not-a-list", "应为非空列表", "must be a list that is not empty")
        return ()
    if not all(is_name(entry) for entry in value) or len(set(value)) < len(value):
        zh, en = "应为互不相同的名称", "must be names that differ from each other"
        reader.refuse(key, "names-invalid", zh, en)
        return ()
    return tuple(value)


def whole(reader: Reader, key: str, default: int | None = None, *, least: int = 0) -> int:
    found = optional_whole(reader, key, least=least)
    if found is not None:
        return found
    if default is None and reader.data.get(key) is None:
        reader.refuse(key, "missing", "缺少该参数", "this parameter is missing")
    return least if default is None else default


def optional_whole(reader: Reader, key: str, *, least: int = 0, most: int = LARGEST) -> int | None:
    value = reader.raw(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        zh, en = f"应为 {least} 至 {most} 的整数", f"must be an integer from {least} to {most}"
        reader.refuse(key, "not-an-integer", zh, en)
        return None
    return value


def switch(reader: Reader, key: str, *, default: bool) -> bool:
    value = reader.raw(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        reader.refuse(key, "not-a-switch", "应为 true 或 false", "must be true or false")
        return default
    return value


def days(reader: Reader, key: str) -> tuple[date, ...]:
    """A list of days written YYYY-MM-DD; empty if absent."""
    value = reader.raw(key)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_DAYS:
        reader.refuse(key, "not-a-list", "应为日期列表", "must be a list of days")
        return ()
    found = []
    for index, entry in enumerate(value):
        day = as_day(entry)
        if day is None:
            reader.refuse(f"{key}.{index}", "not-a-day", "应为 YYYY-MM-DD", "must be written YYYY-MM-DD")
        else:
            found.append(day)
    return tuple(found)


def as_day(value: Any) -> date | None:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return day if day.isoformat() == value else None


def inner(reader: Reader, key: str) -> Reader | None:
    """The object under that key, to be closed by who reads it; None if absent."""
    value = reader.raw(key)
    if value is None:
        return None
    if not isinstance(value, Mapping):
        reader.refuse(key, "not-an-object", "应为对象", "must be an object")
        return None
    return Reader(value, reader.at(key), reader.findings, reader.depth + 1)


def some(reader: Reader, key: str) -> list[Reader]:
    """A list of objects; empty if absent."""
    return [] if reader.raw(key) is None else reader.objects(key)
