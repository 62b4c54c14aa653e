"""What `reporting` is told from outside, beside the kernel's settings."""

from pydantic import Field

from kernel.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    bulletin_word: str = Field(default="公考", min_length=1, max_length=12)
    """机关代字 of bulletins: the word before the year in 〔2026〕3号."""
    board_unnamed_last: int = Field(default=3, ge=0, le=1000)
    """Officers in so many last places are not named on boards, but to themselves and their superiors; 0 names everybody."""
