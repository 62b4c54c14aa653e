"""Periods one after another: runs, ladders and counts over what was settled before.

The last of the records is the period that is being settled. Nothing follows from it unless it holds there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.standing.records import Record
from rules.standing.when import When

BREAKS, SKIPS = "breaks", "skips"


@dataclass(frozen=True, slots=True)
class Walk:
    """How a chain is read. `missing`: a period without a record, or whose record does not tell, breaks the chain or is
    passed over. `reset_after`: so many clean periods in a row end it. `within_year`: it starts anew every year.
    """

    when: When
    missing: str = BREAKS
    reset_after: int = 1
    within_year: bool = False


def chain(records: Sequence[Record], walk: Walk) -> tuple[Record, ...]:
    """The records that hold, back to the last reset; empty if the last record does not hold."""
    held: list[Record] = []
    clean, before = 0, None
    for record in in_year(records) if walk.within_year else records:
        holds = walk.when.holds(record)
        apart = before is not None and not before.period.meets(record.period)
        if walk.missing == BREAKS and (apart or holds is None):
            held, clean = [], 0
        if holds:
            held, clean = [*held, record], 0
        elif holds is False:
            clean += 1
            held = [] if clean >= walk.reset_after else held
        before = record
    return tuple(held) if records and walk.when.holds(records[-1]) else ()


def count(records: Sequence[Record], when: When, *, within_year: bool = True) -> tuple[Record, ...]:
    """Those that hold, in the year of the last record (failed months of a year: A8 of the published schemes)."""
    return tuple(record for record in (in_year(records) if within_year else records) if when.holds(record))


def in_year(records: Sequence[Record]) -> Sequence[Record]:
    return [record for record in records if record.year == records[-1].year]
