"""What differs between two versions of a scheme, as a structure that a page can show side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: Fields that are compared as wholes; modules and indicators are compared by their codes.
SCHEME_FIELDS: Final = (
    "name", "year", "module_combination", "total_decimals", "roll_up", "bonus_cap", "deduction_cap",
    "second_signature_above", "split_check", "plan", "start_day", "year_start_month", "year_start_day", "cutoff_day",
    "cutoff_time", "review_days", "review_unit", "rest_day", "appeal_working_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """A field whose value is not the same; one of the two is None where it is only on one side."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Item:
    """A module or indicator: `kind` is added, removed or changed."""

    code: str
    name: str
    kind: str
    fields: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    scheme: tuple[Changed, ...]
    modules: tuple[Item, ...]
    indicators: tuple[Item, ...]

    @property
    def empty(self) -> bool:
        return not (self.scheme or self.modules or self.indicators)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Both as `scheme_state` gives them: fields, `modules`, `indicators`."""
    return Difference(
        tuple(_fields(before, after, SCHEME_FIELDS)),
        tuple(_items(before["modules"], after["modules"])),
        tuple(_items(_active(before["indicators"]), _active(after["indicators"]))),
    )


def _active(indicators: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for one in indicators if one.get("active", True)]


def _items(before: list[Mapping[str, Any]], after: list[Mapping[str, Any]]) -> list[Item]:
    old, new = ({one["code"]: one for one in side} for side in (before, after))
    found = []
    for code in [*old, *(code for code in new if code not in old)]:
        was, now = old.get(code), new.get(code)
        if was is None or now is None:
            one = now or was or {}
            found.append(Item(code, one["name"], "added" if was is None else "removed", ()))
            continue
        names = [name for name in now if name not in {"code", "id"}]
        fields = tuple(_fields(was, now, names))
        if fields:
            found.append(Item(code, now["name"], "changed", fields))
    return found


def _fields(before: Mapping[str, Any], after: Mapping[str, Any], names: Any) -> list[Changed]:
    return [
        Changed(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]
