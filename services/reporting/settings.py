"""What `reporting` is told from outside, beside the kernel's settings."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pydantic import Field

from kernel.runtime import Runtime
from kernel.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    bulletin_word: str = Field(default="公考", min_length=1, max_length=12)
    """机关代字 of bulletins: the word before the year in 〔2026〕3号."""
    board_unnamed_last: int = Field(default=3, ge=0, le=1000)
    """Officers in so many last places are not named on boards, but to themselves and their superiors; 0 names everybody."""
    bulletins_made: str = "week,zero,month,quarter,half,year,campaign"
    """Kinds of bulletins that the calendar drafts by itself, separated by commas; empty: none."""


@dataclass(frozen=True, slots=True)
class House:
    """What the bureau decides for all its bulletins. `unnamed_last`: people in so many last places are not named."""

    unnamed_last: int
    zone: ZoneInfo
    word: str


def settings_of(app: Runtime) -> ReportingSettings:
    if not isinstance(app.settings, ReportingSettings):
        raise TypeError("reporting runs with the settings of another service")
    return app.settings


def house_of(app: Runtime) -> House:
    settings = settings_of(app)
    return House(settings.board_unnamed_last, app.zone, settings.bulletin_word)
