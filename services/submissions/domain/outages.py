"""Time that people lost because nothing could be sent is given back behind the cut-off."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

Stretch = tuple[datetime, datetime]

#: What was lost this long before the cut-off counts: the hours in which two fifths of all work is sent.
LAST_HOURS: Final = timedelta(hours=2)
#: A silence of the service that is longer than this was an outage.
SILENCE: Final = timedelta(seconds=60)


def given_back(cutoff_at: datetime, outages: Iterable[Stretch]) -> datetime:
    """The cut-off; or, after outages in its last two hours, as much later as they took, counted from when all was well again.

    Stretches that overlap count once. An outage that begins after the cut-off gives nothing back.
    """
    since = cutoff_at - LAST_HOURS
    lost, well, seen = timedelta(0), cutoff_at, since
    for began, ended in sorted(outages):
        if began >= cutoff_at or ended <= since:
            continue
        first, last = max(began, seen), min(ended, cutoff_at)
        if last > first:
            lost += last - first
            seen = last
        well = max(well, ended)
    return well + lost if lost else cutoff_at
