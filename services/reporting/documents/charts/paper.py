"""A chart for paper: what its Typst module (one a kind) draws, as vectors inside a PDF or as a picture for Word."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from kernel.typesetting.press import pictured
from services.reporting.documents.charts.house import COLOURS, HINT, RED, RULE, TEXT, marks
from services.reporting.domain.report import Chart, ChartKind

_HERE: Final = Path(__file__).parent
#: What a template imports: `#import "/charts.typ": draw`.
MODULES: Final = tuple(
    _HERE / name for name in ("charts.typ", "frame.typ", "bar.typ", "column.typ", "line.typ")
)
PICTURE: Final = _HERE / "picture.typ"
DOTS_AN_INCH: Final = 200
#: More bars than these are not legible on one page; they go on in a second picture of the same scale.
MOST_BARS: Final = 64


def drawn(chart: Chart) -> list[dict[str, Any]]:
    """What `draw` of charts.typ takes, picture by picture. Figures are the texts of the table; None is a missing one."""
    many = chart.kind is ChartKind.BAR and len(chart.categories) > MOST_BARS
    pieces = -(-len(chart.categories) // MOST_BARS) if many else 1
    each = -(-len(chart.categories) // pieces) if many else len(chart.categories)
    figures = [value for values in chart.series.values() for value in values]
    return [
        {
            "kind": chart.kind, "title": chart.title + (f"（{piece + 1}/{pieces}）" if many else ""), "unit": chart.unit,
            "categories": chart.categories[piece * each : (piece + 1) * each],
            "series": [
                {"name": name, "values": values[piece * each : (piece + 1) * each]} for name, values in chart.series.items()
            ],
            "figures": figures, "marks": [asdict(mark) for mark in marks(chart)], "colours": COLOURS,
            "text": TEXT, "hint": HINT, "rule": RULE, "red": RED,
        }
        for piece in range(pieces)
    ]  # fmt: skip


def pngs(charts: Sequence[Chart]) -> list[list[bytes]]:
    """For Word: the pictures of each chart. Blocks the caller's thread for the time of drawing."""
    parts = [drawn(chart) for chart in charts]
    found = iter(
        pictured(
            PICTURE, {"charts": [one for part in parts for one in part]}, modules=MODULES, ppi=DOTS_AN_INCH
        )
    )
    return [[next(found) for _ in part] for part in parts]
