"""Where the plan of a scheme counts people who served in several units."""

from collections.abc import Mapping
from typing import Any

from rules.binding.postings import People
from rules.reading import Reader


def people_of(plan: Mapping[str, Any] | None) -> People | None:
    """None without a plan. Plans are checked when they are set, so what is read here has no findings."""
    return None if plan is None else People.read(Reader(plan, "", []))
