"""What a workbook would add, as a tree: modules, groups, indicators, with marks added up at every level."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(slots=True)
class Branch:
    """`code` is a module, or empty for a group; `leaves` are rows of the reading."""

    code: str
    name: str
    marks: Decimal = Decimal(0)
    branches: list["Branch"] = field(default_factory=list)
    leaves: list[Mapping[str, Any]] = field(default_factory=list)


def tree_of(rows: Sequence[Mapping[str, Any]], modules: Mapping[str, str]) -> list[Branch]:
    """In the order of the workbook; indicators without a group stand directly under their module."""
    found: dict[str, Branch] = {}
    groups: dict[tuple[str, str], Branch] = {}
    for row in rows:
        module, marks = row["module"], Decimal(row["full_marks"])
        branch = found.setdefault(module, Branch(module, modules.get(module, module)))
        branch.marks += marks
        if group := row.get("group"):
            key = (module, group)
            if key not in groups:
                groups[key] = Branch("", group)
                branch.branches.append(groups[key])
            branch = groups[key]
            branch.marks += marks
        branch.leaves.append(row)
    return list(found.values())
