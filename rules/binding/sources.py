"""Where a figure of a plan comes from: the work, targets and readings that the platform records."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules.fields import inner, optional_name
from rules.reading import Reader


class How(StrEnum):
    """What of an indicator becomes the figure."""

    QUANTITY = "quantity"  # the accepted quantities, added up
    COUNT = "count"  # how many pieces of accepted work
    TARGET = "target"  # the quantity of the live target
    EVENTS = "events"  # each piece of accepted work as an event


@dataclass(frozen=True, slots=True)
class Source:
    """Of an indicator, by its code, or (`reading`) a figure from outside that somebody enters.

    `event`: the kind that its events have in the plan; the indicator's code unless said otherwise.
    """

    indicator: str | None
    how: How = How.QUANTITY
    event: str = ""
    reading: str | None = None


def read_sources(reader: Reader) -> dict[str, Source]:
    """Figure → source. Findings for what is neither one thing nor the other."""
    table = inner(reader, "sources")
    if table is None:
        return {}
    found = {}
    for figure in table.data:
        item = inner(table, str(figure))
        if item is not None:
            found[str(figure)] = _source(item)
    return found


def _source(reader: Reader) -> Source:
    indicator, reading = optional_name(reader, "indicator"), optional_name(reader, "reading")
    if (indicator is None) == (reading is None):
        zh, en = "应写明 indicator 或 reading 之一", "must name either an indicator or a reading"
        reader.refuse("", "source-unclear", zh, en)
    how = How.QUANTITY
    event = ""
    if indicator is not None:
        how = How(reader.choice("how", tuple(How), How.QUANTITY))
        event = optional_name(reader, "event") or indicator
    reader.close()
    return Source(indicator, how, event, reading)


def indicators_of(sources: Mapping[str, Source], figures: frozenset[str]) -> frozenset[str]:
    """The indicators behind these figures."""
    found = (sources[figure].indicator for figure in figures if figure in sources)
    return frozenset(indicator for indicator in found if indicator is not None)
