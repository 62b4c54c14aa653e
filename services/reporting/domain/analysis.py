"""What somebody wants to see of the work: by which of its sides, how counted, of which part."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from kernel.errors import Invalid, NotFound

#: More groups than these are nobody's table.
MOST_GROUPS = 5_000
MOST_PERIODS = 36


class Side(StrEnum):
    """`branch` is the second-level unit above the unit."""

    INDICATOR = "indicator"
    BRANCH = "branch"
    UNIT = "unit"
    OFFICER = "officer"
    PERIOD = "period"
    STATE = "state"


class Measure(StrEnum):
    """`points` are those that the ledger gave for the work."""

    SUBMISSIONS = "submissions"
    QUANTITY = "quantity"
    ACCEPTED = "accepted"
    POINTS = "points"


class Form(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class Content(StrEnum):
    """`rows`: every piece of work; `pivot`: the table as it is shown."""

    ROWS = "rows"
    PIVOT = "pivot"


@dataclass(frozen=True, slots=True)
class Part:
    """Which work: of these periods; the rest narrows it down. `unit_id` with all below."""

    period_ids: tuple[UUID, ...]
    indicator_ids: tuple[UUID, ...] = ()
    unit_id: UUID | None = None
    officer_ids: tuple[UUID, ...] = ()
    states: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class View:
    """`rows` one to three sides; `column` one more, or none."""

    part: Part
    rows: tuple[Side, ...]
    column: Side | None
    measures: tuple[Measure, ...]


class TooManyGroups(Invalid):
    code = "analysis-too-large"
    zh = "结果超过 {most} 组,请缩小范围或减少行维度"
    en = "More than {most} groups: narrow it down or take fewer sides"


class SidesRepeated(Invalid):
    code = "analysis-sides-repeated"
    zh = "同一维度只能用一次"
    en = "Each side can be used once"


class ReasonRequired(Invalid):
    code = "export-reason-required"
    zh = "导出含个人信息的列须填写事由,事由会记入审计日志"
    en = "Personal columns need a reason; it is written into the audit log"


class ViewMissing(NotFound):
    code = "analysis-view-not-found"
    zh = "没有这个视图,或未与您共享"
    en = "There is no such view, or it is not shared with you"
