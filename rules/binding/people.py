"""Who is assessed, as the platform knows him or it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.binding.circumstances import Circumstance
from rules.binding.postings import Stint


@dataclass(frozen=True, slots=True)
class Person:
    """An officer or a unit. `parent`: of a unit the one above it on the period's last day; of an officer whatever his postings
    do not say. `since`, `until`: when a unit was set up and closed, `merged_into`: where its work went then; `heads`: postings of others that
    answer for a unit, by who.
    """

    id: str
    name: str
    kind: str
    parent: str | None
    groups: Mapping[str, str]
    stints: tuple[Stint, ...] = ()
    status: str = ""
    since: date | None = None
    until: date | None = None
    heads: tuple[tuple[str, Stint], ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    merged_into: str | None = None
