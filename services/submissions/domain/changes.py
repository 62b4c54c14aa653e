"""What a step changed, for the timeline."""

from collections.abc import Mapping
from typing import Any

from kernel.errors import Conflict


class StaleVersion(Conflict):
    code = "stale-version"
    zh = "数据已被他人修改(当前版本 {version}),请刷新后再试"
    en = "Somebody else has changed this meanwhile (now version {version}); reload and try again"


def ensure_version(current: int, seen: int | None) -> None:
    """Who changes something says which version they saw."""
    if seen is not None and seen != current:
        raise StaleVersion(version=current)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are."""
    names = [name for name in after if before.get(name) != after[name]]
    return {n: before.get(n) for n in names}, {n: after[n] for n in names}
