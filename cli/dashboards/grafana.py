"""A dashboard in the words of this project, and the same as JSON for Grafana 12 (schema 41).

Only what the four boards use: see docs/decisions/0021-dashboards.md for why no library does it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["timeseries", "stat", "bargauge", "table"]
Unit = Literal["short", "reqps", "percentunit", "s", "bytes", "Bps", "ops", "dtdurations", "bool_yes_no"]

COLUMNS: Final = 24
PANEL_HEIGHT: Final = 8
WORDS_HEIGHT: Final = 3
_SOURCE: Final = {"type": "prometheus", "uid": "prometheus"}


@dataclass(frozen=True, slots=True)
class Query:
    """`legend` uses labels as Grafana does: `{{job}}`."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """`limit` is where it turns red: the same number as in the alert that is named, which also has a page of what to do."""

    zh: str
    en: str
    queries: tuple[Query, ...]
    unit: Unit = "short"
    kind: Kind = "timeseries"
    width: int = 8
    limit: float | None = None
    below: bool = False
    """Red below the limit, not above it."""
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """One question, and the panels that answer it."""

    uid: str
    zh: str
    en: str
    question: str
    how: str
    """How to read it; both languages."""
    panels: tuple[Panel, ...]
    jobs: bool = False
    """Whether services can be chosen, as `$job`."""


def board_json(board: Board) -> str:
    """The file that Grafana reads; the same text for the same board."""
    content = {
        "uid": board.uid,
        "title": f"{board.zh} / {board.en}",
        "description": board.question,
        "tags": ["kaohe"],
        "editable": False,
        "graphTooltip": 1,
        "schemaVersion": 41,
        "refresh": "1m",
        "time": {"from": "now-24h", "to": "now"},
        "timezone": "browser",
        "links": [
            {
                "title": "其他看板 / other boards",
                "type": "dashboards",
                "tags": ["kaohe"],
                "asDropdown": True,
                "includeVars": False,
                "keepTime": True,
            }
        ],
        "templating": {"list": [_jobs()] if board.jobs else []},
        "annotations": {"list": [_annotation()]},
        "panels": [_words(board), *_panels(board.panels)],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _words(board: Board) -> dict[str, Any]:
    return {
        "id": 1,
        "type": "text",
        "title": "怎么看 / how to read this",
        "gridPos": {"x": 0, "y": 0, "w": COLUMNS, "h": WORDS_HEIGHT},
        "options": {"mode": "markdown", "content": f"**{board.question}** {board.how}"},
    }


def _panels(panels: Sequence[Panel]) -> Iterator[dict[str, Any]]:
    """From left to right, as many to a line as there is room for."""
    x, y = 0, WORDS_HEIGHT
    for number, panel in enumerate(panels, start=2):
        if x + panel.width > COLUMNS:
            x, y = 0, y + PANEL_HEIGHT
        yield {
            "id": number,
            "type": panel.kind,
            "title": f"{panel.zh} / {panel.en}",
            "description": _description(panel),
            "datasource": _SOURCE,
            "gridPos": {"x": x, "y": y, "w": panel.width, "h": PANEL_HEIGHT},
            "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
            "options": _options(panel.kind),
            "targets": [_target(n, query, panel.kind) for n, query in enumerate(panel.queries)],
        }
        x += panel.width


def _description(panel: Panel) -> str:
    return f"告警 / alert {panel.alert}: docs/runbooks/{panel.alert}.md" if panel.alert else ""


def _defaults(panel: Panel) -> dict[str, Any]:
    good, bad = ("red", "green") if panel.below else ("green", "red")
    steps: list[dict[str, Any]] = [{"color": good, "value": None}]
    if panel.limit is not None:
        steps.append({"color": bad, "value": panel.limit})
    found: dict[str, Any] = {"unit": panel.unit, "thresholds": {"mode": "absolute", "steps": steps}}
    if panel.kind == "timeseries":
        shown = "off" if panel.limit is None else "line"
        found |= {"min": 0, "custom": {"fillOpacity": 10, "thresholdsStyle": {"mode": shown}}}
    else:
        found["color"] = {"mode": "thresholds"}
    return found


def _options(kind: Kind) -> dict[str, Any]:
    match kind:
        case "timeseries":
            return {
                "legend": {"displayMode": "list", "placement": "bottom"},
                "tooltip": {"mode": "multi", "sort": "desc"},
            }
        case "stat" | "bargauge":
            return {"reduceOptions": {"calcs": ["lastNotNull"]}, "orientation": "auto"}
        case "table":
            return {"showHeader": True}


def _target(number: int, query: Query, kind: Kind) -> dict[str, Any]:
    now = kind != "timeseries"
    return {
        "refId": chr(ord("A") + number),
        "datasource": _SOURCE,
        "expr": query.expr,
        "legendFormat": query.legend or "__auto",
        "instant": now,
        "range": not now,
        "format": "table" if kind == "table" else "time_series",
    }


def _jobs() -> dict[str, Any]:
    return {
        "name": "job",
        "label": "服务 / service",
        "type": "query",
        "datasource": _SOURCE,
        "query": {"query": "label_values(http_requests_total, job)", "refId": "job"},
        "refresh": 2,
        "includeAll": True,
        "multi": True,
        "current": {"text": "All", "value": "$__all"},
    }


def _annotation() -> dict[str, Any]:
    """A line where another version began to run."""
    return {
        "name": "版本 / version",
        "datasource": _SOURCE,
        "enable": True,
        "iconColor": "blue",
        "expr": "count by (version) (kaohe_build_info) unless count by (version) (kaohe_build_info offset 5m)",
        "titleFormat": "{{version}}",
    }
