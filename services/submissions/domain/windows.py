"""Until when work for a target is taken, and for which days: the period, or the campaign that stands in its place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from kernel.errors import Conflict


class CampaignOver(Conflict):
    code = "campaign-closed"
    zh = "专项行动“{campaign}”已结束,不再接受提交"
    en = "The campaign “{campaign}” is closed and takes no more work"


@dataclass(frozen=True, slots=True)
class Window:
    """`open_until` counts; sent later than `in_time_until`, the work is late though it is taken."""

    starts_on: date
    ends_on: date
    open_until: datetime
    in_time_until: datetime

    @classmethod
    def plain(cls, starts_on: date, ends_on: date, cutoff_at: datetime) -> "Window":
        return cls(starts_on, ends_on, cutoff_at, cutoff_at)

    def longer(self, until: datetime, *, late: bool = False) -> "Window":
        """Never shorter. A late extension leaves alone until when work is in time."""
        opened = replace(self, open_until=max(self.open_until, until))
        return opened if late else replace(opened, in_time_until=max(self.in_time_until, until))

    def is_late(self, moment: datetime) -> bool:
        return moment > self.in_time_until


@dataclass(frozen=True, slots=True)
class Extended:
    """One extension, once it is known that it covers the target."""

    until: datetime
    late: bool


def extended(window: Window, extensions: Iterable[Extended]) -> Window:
    for extension in extensions:
        window = window.longer(extension.until, late=extension.late)
    return window
