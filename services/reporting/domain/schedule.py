"""Which bulletins are due: decided from the calendar and from the versions there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.reporting.domain.figures import Month
from services.reporting.domain.report import BulletinKind
from services.reporting.domain.versions import VersionKind

#: Versions older than so many days, and weeks and campaigns that ended before, were not missed but not wanted.
LONGEST_AGO = timedelta(days=60)
WEEKS_AGO = timedelta(days=14)
_WEEK = timedelta(days=7)
#: Months that end a stretch, by the kind of bulletin that is made of it.
_ENDS = {
    BulletinKind.MONTH: range(1, 13),
    BulletinKind.QUARTER: (3, 6, 9, 12),
    BulletinKind.HALF: (6, 12),
    BulletinKind.YEAR: (12,),
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a draft is made for; `key` is the same however often it is asked, and one scheme has one draft for it."""

    key: str
    kind: BulletinKind
    period_id: UUID
    figures: VersionKind
    week_of: date | None = None
    campaign_id: UUID | None = None


def by_version(
    months: Sequence[Month], versions: Mapping[UUID, VersionKind], kinds: frozenset[BulletinKind]
) -> Iterator[Occasion]:
    """For every month with figures that are public or sealed, and each stretch that ends with it and is complete."""
    for last in months:
        for kind, ends in _ENDS.items():
            if kind not in kinds or last.id not in versions or last.month not in ends:
                continue
            stretch = [m for m in months if m.year == last.year and _same(kind, m, last)]
            found = {versions.get(month.id) for month in stretch}
            if None in found:
                continue
            # A stretch is read in one state; sealed months have been public too.
            figures = VersionKind.SEALED if found == {VersionKind.SEALED} else VersionKind.PUBLIC
            yield Occasion(f"{kind}:{last.code}", kind, last.id, figures)


def _same(kind: BulletinKind, month: Month, last: Month) -> bool:
    if month.month > last.month:
        return False
    match kind:
        case BulletinKind.MONTH:
            return month.id == last.id
        case BulletinKind.QUARTER:
            return month.quarter == last.quarter
        case BulletinKind.HALF:
            return (month.quarter + 1) // 2 == (last.quarter + 1) // 2
        case _:
            return True


def by_week(
    periods: Sequence[tuple[UUID, date, date]], today: date, kinds: frozenset[BulletinKind]
) -> Iterator[Occasion]:
    """For the last two whole weeks, Monday to Sunday, that end within a period (id, first day, last day)."""
    monday = today - timedelta(days=today.weekday()) - _WEEK
    while monday + _WEEK > today - WEEKS_AGO:
        sunday = monday + _WEEK - timedelta(days=1)
        for period_id, first, last in periods:
            if first <= sunday <= last:
                for kind in (BulletinKind.WEEK, BulletinKind.ZERO):
                    if kind in kinds:
                        key = f"{kind}:{monday.isoformat()}"
                        yield Occasion(key, kind, period_id, VersionKind.LIVE, week_of=monday)
        monday -= _WEEK
