"""How figures and stretches of time are written in official papers."""

from fractions import Fraction

from rules.rounding import half_up
from services.reporting.domain.figures import Month
from services.reporting.domain.report import BulletinKind

_FULL = str.maketrans(",;:()", "，；：（）")


def spoken(last: Month, kind: BulletinKind) -> str:
    """2026年3月, 2026年第一季度, 2026年上半年, 2026年度."""
    quarter = "一二三四"[last.quarter - 1] if 1 <= last.quarter <= 4 else ""  # noqa: PLR2004 -- a year has four
    return {
        BulletinKind.QUARTER: f"{last.year}年第{quarter}季度", BulletinKind.YEAR: f"{last.year}年度",
        BulletinKind.HALF: f"{last.year}年{'上' if last.quarter <= 2 else '下'}半年",  # noqa: PLR2004
        BulletinKind.CAMPAIGN: "专项行动",
    }.get(kind, f"{last.year}年{last.month}月")  # fmt: skip


def written_points(milli: int) -> str:
    """Two decimals at least, three where they are there."""
    text = format(half_up(Fraction(milli) / 1000, 3), "f")
    return text.removesuffix("0")


def full_width(text: str) -> str:
    """Full-width punctuation, as official papers have it."""
    return text.translate(_FULL)


def arrow(change: int | None) -> str | None:
    if change is None:
        return None
    return "持平" if change == 0 else f"{'▲' if change > 0 else '▼'}{abs(change)}"
