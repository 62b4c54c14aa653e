"""One chart definition, three hands: ECharts on the page, matplotlib on paper, Excel's own charts in the workbook.

House rules: bars lie and begin at zero, the value stands at their end, the mean is dashed, the red line solid and labelled; at
most six colours; no pie, no gauge, nothing in three dimensions.
"""

from typing import Any

from services.reporting.domain.report import Chart, ChartKind

COLOURS = ("#1B4B91", "#D97706", "#0F8B8D", "#7A5BA8", "#3E8E41", "#C0392B")
TEXT, HINT, RULE, RED = "#1C2433", "#5F6B82", "#D5DAE3", "#C0392B"


def echarts(chart: Chart) -> dict[str, Any]:
    """An ECharts option. Figures are the texts of the table, so that no digit is lost on the way."""
    lying = chart.kind is ChartKind.BAR
    names = {"type": "category", "data": list(chart.categories), "axisTick": {"show": False}}
    values = {
        "type": "value",
        "name": chart.unit,
        "min": 0 if chart.kind is not ChartKind.LINE else None,
        "scale": not lying,
    }
    marks = [
        {"name": name, ("xAxis" if lying else "yAxis"): value, "lineStyle": style, "label": {"formatter": f"{name} {value}"}}
        for name, value, style in (
            ("平均", chart.mean, {"type": "dashed", "color": HINT}),
            ("红线", chart.red_line, {"type": "solid", "color": RED}),
        )
        if value is not None
    ]  # fmt: skip
    series = [
        {
            "name": name, "type": "line" if chart.kind is ChartKind.LINE else "bar", "data": list(values_),
            "label": {"show": len(chart.series) == 1, "position": "right" if lying else "top"},
            "markLine": {"symbol": "none", "silent": True, "data": marks} if number == 0 else None,
        }
        for number, (name, values_) in enumerate(chart.series.items())
    ]  # fmt: skip
    return {
        "aria": {"enabled": True}, "color": list(COLOURS), "title": {"text": chart.title},
        "legend": {"show": len(chart.series) > 1}, "tooltip": {"trigger": "axis"},
        "xAxis": values if lying else names, "yAxis": names | {"inverse": True} if lying else values, "series": series,
    }  # fmt: skip
