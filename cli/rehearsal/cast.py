"""Who plays whom: read from the imported bureau, chosen deterministically, never by name."""

from dataclasses import dataclass, field
from typing import Any

SECOND_LEVEL = frozenset({"detachment", "county_bureau", "sub_bureau"})
#: Words in a post that mark the head of a unit, from the vocabulary of the trade.
HEADS = ("局长", "支队长", "大队长", "中队长", "所长", "主任", "队长")
DEPUTY = ("副",)


@dataclass
class Unit:
    id: str
    code: str
    name: str
    kind: str
    level: int
    path: str
    lines: tuple[str, ...]
    series_id: str | None
    parent_id: str | None
    officers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def second_level_code(self) -> str:
        """The code of the unit's second-level ancestor, or its own."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 else parts[0]


@dataclass
class Bureau:
    """The organisation as the platform tells it after the import."""

    units: dict[str, Unit]

    @property
    def root(self) -> Unit:
        return next(unit for unit in self.units.values() if unit.level == 1)

    def second_level(self) -> list[Unit]:
        return sorted(
            (u for u in self.units.values() if u.kind in SECOND_LEVEL and u.level == 2), key=lambda u: u.code
        )

    def below(self, unit: Unit) -> list[Unit]:
        return sorted((u for u in self.units.values() if u.path.startswith(unit.path)), key=lambda u: u.path)

    def children(self, unit: Unit) -> list[Unit]:
        return sorted((u for u in self.units.values() if u.parent_id == unit.id), key=lambda u: u.code)

    def officers_below(self, unit: Unit) -> list[dict[str, Any]]:
        return [officer for u in self.below(unit) for officer in u.officers]


def bureau_of(units: list[dict[str, Any]], officers: list[dict[str, Any]]) -> Bureau:
    """Units with the officers whose primary posting is there, heads first, then by police number."""
    known = {
        row["id"]: Unit(
            row["id"], row["code"], row["name"], row["kind"], row["level"], row["path"],
            tuple(row["lines"]), row["series_id"], row["parent_id"],
        )
        for row in units
    }  # fmt: skip
    for officer in officers:
        if officer["unit_id"] in known:
            known[officer["unit_id"]].officers.append(officer)
    for unit in known.values():
        unit.officers.sort(key=lambda o: (not is_head(o.get("post") or ""), o["police_number"]))
    return Bureau(known)


def is_head(post: str) -> bool:
    return post.endswith(HEADS) and not post.startswith(DEPUTY)
