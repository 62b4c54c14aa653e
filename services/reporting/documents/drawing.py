"""Charts on paper, by matplotlib; loaded when the first document is composed, because it takes 50 MB and half a second."""

import io
from functools import cache
from typing import Any

import pylopdf_fonts_zh_cn
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from services.reporting.documents.charts import COLOURS, HINT, RED, RULE, TEXT
from services.reporting.domain.report import Chart, ChartKind

WIDTH_IN = 6.14  # the text block of GB/T 9704: 156 mm
_ROW_IN = 0.235
#: More rows than these are written smaller.
_MANY = 32
_MANY_STANDING = 8
_LONGEST = 8.6  # what fits on a page below a line of text


def svg(chart: Chart) -> bytes:
    """For PDF: outlines instead of letters, so that it looks the same everywhere."""
    return _saved(chart, "svg")


def png(chart: Chart) -> bytes:
    """For Word, 200 dots an inch."""
    return _saved(chart, "png")


@cache
def _face() -> font_manager.FontProperties:
    path = str(pylopdf_fonts_zh_cn.sans_path())
    return font_manager.FontProperties(fname=path)


def _saved(chart: Chart, kind: str) -> bytes:
    lying = chart.kind is ChartKind.BAR
    height = min(max(1.4, 0.75 + _ROW_IN * len(chart.categories)), _LONGEST) if lying else 2.6
    figure = Figure(figsize=(WIDTH_IN, height))
    longest = max((len(name) for name in chart.categories), default=1) if lying else 4
    left = min(0.05 + longest * 0.0195, 0.4)
    many = len(chart.series) > 1
    bottom = 0.15 / height if lying else 0.28 + 0.28 * many
    axes = figure.add_axes(
        (left, bottom / (1 if lying else height), 0.97 - left, 1 - (0.55 if lying else 0.4 + bottom) / height)
    )
    {ChartKind.BAR: _lying, ChartKind.COLUMN: _standing, ChartKind.LINE: _line}[chart.kind](axes, chart)
    axes.set_title(chart.title, fontproperties=_face(), fontsize=11, color=TEXT, pad=16)
    for side in ("top", "right", "bottom" if lying else "left"):
        axes.spines[side].set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(RULE)
    axes.tick_params(length=0, labelsize=8.5, labelcolor=TEXT)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(_face())
        label.set_fontsize(8.5 if len(chart.categories) <= (_MANY if lying else _MANY_STANDING) else 6)
    target = io.BytesIO()
    metadata: Any = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    figure.savefig(target, format=kind, dpi=200, metadata=metadata)
    return target.getvalue()


def _numbers(values: tuple[str | None, ...]) -> list[float]:
    """For drawing only; what is written beside is the text itself. A missing figure draws nothing."""
    return [float("nan") if value is None else float(value) for value in values]


def _lying(axes: Axes, chart: Chart) -> None:
    [(_, values)] = list(chart.series.items())[:1]
    numbers = _numbers(values)
    places = list(range(len(numbers)))
    line = None if chart.red_line is None else float(chart.red_line)
    colours = [RED if line is not None and number < line else COLOURS[0] for number in numbers]
    axes.barh(places, [max(n, 0) if n == n else 0 for n in numbers], color=colours, height=0.62)  # noqa: PLR0124 -- not a number
    axes.set_yticks(places, list(chart.categories))
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.margins(y=0.01)
    axes.set_xticks([])
    most = max((n for n in numbers if n == n), default=1.0)  # noqa: PLR0124
    for place, number, text in zip(places, numbers, values, strict=True):
        where = max(number, 0) if number == number else 0  # noqa: PLR0124
        axes.text(
            where + most * 0.008, place, text or "—", va="center", fontproperties=_face(),
            fontsize=8 if len(values) <= _MANY else 6, color=TEXT,
        )  # fmt: skip
    axes.set_xlim(right=most * 1.1)
    _rules(axes.axvline, axes, chart, lying=True)


def _standing(axes: Axes, chart: Chart) -> None:
    share = 0.7 / len(chart.series)
    for number, (name, values) in enumerate(chart.series.items()):
        places = [place + (number - (len(chart.series) - 1) / 2) * share for place in range(len(values))]
        bars = axes.bar(places, _numbers(values), width=share, color=COLOURS[number % 6], label=name)
        axes.bar_label(
            bars,
            labels=[v or "—" for v in values],
            fontproperties=_face(),
            fontsize=7.5,
            color=TEXT,
            padding=2,
        )
    axes.set_xticks(range(len(chart.categories)), list(chart.categories))
    axes.set_yticks([])
    axes.margins(y=0.15)
    _rules(axes.axhline, axes, chart, lying=False)
    _legend(axes, chart)


def _line(axes: Axes, chart: Chart) -> None:
    for number, (name, values) in enumerate(chart.series.items()):
        axes.plot(
            _numbers(values), color=COLOURS[number % 6], marker="o", markersize=3.5, linewidth=1.4, label=name
        )
    axes.set_xticks(range(len(chart.categories)), list(chart.categories))
    axes.grid(axis="y", color=RULE, linewidth=0.5)
    axes.spines["left"].set_visible(False)
    _rules(axes.axhline, axes, chart, lying=False)
    _legend(axes, chart)


def _legend(axes: Axes, chart: Chart) -> None:
    if len(chart.series) > 1:
        face = _face().copy()
        face.set_size(8)
        axes.legend(prop=face, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=5)


def _rules(draw: Any, axes: Axes, chart: Chart, *, lying: bool) -> None:
    found = [("平均", chart.mean, HINT, (0, (4, 3))), ("红线", chart.red_line, RED, "solid")]
    there = sorted(float(value) for _, value, _, _ in found if value is not None)
    for name, value, colour, style in found:
        if value is None:
            continue
        draw(float(value), color=colour, linestyle=style, linewidth=1.0, zorder=0.5 if name == "平均" else 2)
        across_at, along_at = (float(value), 1.0) if lying else (1.0, float(value))
        across = axes.get_xaxis_transform() if lying else axes.get_yaxis_transform()
        # Two lines that lie near each other: what is written over them goes to either side.
        beside = ("right" if float(value) == there[0] else "left") if len(there) > 1 else "center"
        axes.text(
            across_at, along_at, f" {name} {value} ", transform=across, fontproperties=_face(), fontsize=7.5, color=colour,
            ha=beside if lying else "right", va="bottom",
        )  # fmt: skip
