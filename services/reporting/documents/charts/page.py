"""A chart for the page: an ECharts option."""

from typing import Any

from services.reporting.documents.charts.house import COLOURS, HINT, RED, marks
from services.reporting.domain.report import Chart, ChartKind


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
    lines = [
        {
            "name": mark.name, ("xAxis" if lying else "yAxis"): mark.value,
            "lineStyle": {"type": "dashed", "color": HINT} if mark.dashed else {"type": "solid", "color": RED},
            "label": {"formatter": f"{mark.name} {mark.value}"},
        }
        for mark in marks(chart)
    ]  # fmt: skip
    series = [
        {
            "name": name, "type": "line" if chart.kind is ChartKind.LINE else "bar", "data": list(values_),
            "label": {"show": len(chart.series) == 1, "position": "right" if lying else "top"},
            "markLine": {"symbol": "none", "silent": True, "data": lines} if number == 0 else None,
        }
        for number, (name, values_) in enumerate(chart.series.items())
    ]  # fmt: skip
    return {
        "aria": {"enabled": True}, "color": list(COLOURS), "title": {"text": chart.title},
        "legend": {"show": len(chart.series) > 1}, "tooltip": {"trigger": "axis"},
        "xAxis": values if lying else names, "yAxis": names | {"inverse": True} if lying else values, "series": series,
    }  # fmt: skip
