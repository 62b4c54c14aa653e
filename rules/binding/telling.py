"""Who is assessed and what was recorded of him, as plain data and back: for offline verification of what a plan was applied to.

Fractions are texts such as "1/3", days ISO 8601, states their names. The types say how each is read; nothing else is accepted.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from rules.binding.people import Person
from rules.binding.records import Record
from rules.calendars.spans import Span


@dataclass(frozen=True, slots=True)
class Assessed:
    """One subject with what a plan knows of it."""

    person: Person
    record: Record


def tell_assessed(person: Person, record: Record, period: Span) -> Any:
    """Without names, which no value depends on; without live targets and the period's own work, which are told elsewhere."""
    earlier = {
        code: found
        for code, items in record.work.items()
        if (found := tuple(item for item in items if item.day < period.start))
    }
    return tell(
        Assessed(replace(person, name="", heads=()), replace(record, goals={}, work=earlier, person=None))
    )


def read_assessed(data: Any) -> Assessed:
    """Raises ValueError for what `tell_assessed` does not write."""
    found: Assessed = read(Assessed, data)
    return found


def tell(value: Any) -> Any:
    """Texts, numbers, lists and objects alone."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    match value:
        case StrEnum() | Fraction() | date():
            return str(value)
        case Mapping():
            return {str(key): tell(each) for key, each in value.items()}
        case tuple():
            return [tell(each) for each in value]
        case frozenset():
            return sorted(tell(each) for each in value)
        case _:
            return value


def read(kind: Any, data: Any) -> Any:
    """A value of the type. Raises ValueError for any other."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is None:
        return _plain(kind, data)
    if origin is Mapping and isinstance(data, dict):
        return {key: read(inner[1], each) for key, each in data.items()}
    if origin is frozenset and isinstance(data, list):
        return frozenset(read(inner[0], each) for each in data)
    if origin is tuple and isinstance(data, list):
        kinds = [inner[0]] * len(data) if inner[-1] is Ellipsis else inner
        return tuple(read(each, item) for each, item in zip(kinds, data, strict=True))
    if NoneType in inner or Fraction in inner:
        return _either(inner, data)
    raise ValueError(f"{data!r} is no {kind}")


def _either(kinds: tuple[Any, ...], data: Any) -> Any:
    for kind in kinds:
        try:
            return read(kind, data)
        except ValueError:
            continue
    raise ValueError(f"{data!r} is none of {kinds}")


def _plain(kind: Any, data: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        if not isinstance(data, dict) or not _needed(kind) <= data.keys() <= hints.keys():
            raise ValueError(f"not the members of {kind}")
        return kind(**{name: read(hints[name], each) for name, each in data.items()})
    if kind in {str, bool, int, NoneType} and type(data) is kind:
        return data
    if isinstance(data, str) and kind not in {bool, int, NoneType}:
        return _text(kind, data)
    raise ValueError(f"{data!r} is no {kind}")


def _text(kind: Any, data: str) -> Any:
    """Of a fraction, a day, or a choice."""
    if kind is date:
        return date.fromisoformat(data)
    try:
        return kind(data)
    except ZeroDivisionError as error:
        raise ValueError(data) from error


@cache
def _needed(kind: type) -> frozenset[str]:
    """Members that have no default: what was told before a member was added is still read."""
    needed = (
        field for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING
    )
    return frozenset(field.name for field in needed)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
