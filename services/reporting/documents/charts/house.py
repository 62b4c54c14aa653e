"""The colours of the house and the lines drawn across a chart, for every hand that draws."""

from dataclasses import dataclass

from services.reporting.domain.report import Chart

COLOURS = ("#1B4B91", "#D97706", "#0F8B8D", "#7A5BA8", "#3E8E41", "#C0392B")
TEXT, HINT, RULE, RED = "#1C2433", "#5F6B82", "#D5DAE3", "#C0392B"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the chart: the mean, dashed, or the red line, solid."""

    name: str
    value: str
    dashed: bool


def marks(chart: Chart) -> list[Mark]:
    found = (("平均", chart.mean, True), ("红线", chart.red_line, False))
    return [Mark(name, value, dashed) for name, value, dashed in found if value is not None]
