"""Dashboards: queries that Prometheus understands, of figures that exist; nobody is named; limits are those of the alerts."""

import json
import math
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.dashboards import BOARDS
from cli.dashboards.grafana import Panel
from tests.deployment.test_watching import ALERTS, FROM_FILES, OPS, PROMTOOL, ROOT

PANELS = [pytest.param(panel, id=f"{board.uid}: {panel.en}") for board in BOARDS for panel in board.panels]
EXPRESSIONS = [query.expr for board in BOARDS for panel in board.panels for query in panel.queries]
WORDS = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
#: What Prometheus says of itself and of every process.
ITS_OWN = {
    "up",
    "ALERTS",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "prometheus_tsdb_head_series",
    "prometheus_rule_evaluation_failures_total",
}


def _metrics(expression: str) -> set[str]:
    """Names that look like a metric: the rest of a query are its functions, its labels and what stands in quotes."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\b(by|on|without|group_left)\s*\([^)]*\)', "", expression)
    words = set(WORDS.findall(bare))
    return {word for word in words if "_" in word or ":" in word or word in ITS_OWN} - {
        "histogram_quantile",
        "predict_linear",
    }


def _known() -> set[str]:
    page = (ROOT / "docs/reference/metrics.md").read_text(encoding="utf-8")
    recorded = yaml.safe_load((OPS / "rules" / "recording.yml").read_text(encoding="utf-8"))
    samples = "\n".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "tests/system/exporters").glob("*.prom")
    )
    return {
        *re.findall(r"^\| `(\w+)`", page, re.MULTILINE),
        *(rule["record"] for group in recorded["groups"] for rule in group["rules"]),
        *re.findall(r"^# TYPE (\w+)", samples, re.MULTILINE),
        *FROM_FILES,
        *ITS_OWN,
    }


def test_every_query_names_figures_that_exist() -> None:
    known = _known()
    named = {name for expression in EXPRESSIONS for name in _metrics(expression)}
    assert {name for name in named if re.sub(r"_bucket$", "", name) not in known} == set()


def test_prometheus_understands_every_query(tmp_path: Path) -> None:
    rules = [
        {"record": f"panel:number:{n}", "expr": expression.replace("$job", ".*")}
        for n, expression in enumerate(EXPRESSIONS)
    ]
    file = tmp_path / "queries.yml"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}), encoding="utf-8")
    done = subprocess.run([PROMTOOL, "check", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_query_counts_by_who_somebody_is() -> None:
    labels = {
        label.strip()
        for expression in EXPRESSIONS
        for group in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression)
        for label in group.split(",")
    }
    assert {
        label for label in labels if re.search(r"officer|person|account|user|unit|name$|_id$", label)
    } <= {
        "alertname",
        "datname",
    }


@pytest.mark.parametrize("panel", [p for p in PANELS if p.values[0].alert])
def test_a_panel_turns_red_where_its_alert_does(panel: Panel) -> None:
    rule = ALERTS[str(panel.alert)]
    assert (ROOT / rule["annotations"]["runbook"]).exists()
    if panel.limit is None:
        return
    products = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?: \* \d+)*", rule["expr"])
    numbers = {math.prod(float(factor) for factor in product.split(" * ")) for product in products}
    # A figure that may be 0 or 1 is compared with either of them.
    assert panel.limit in numbers or (panel.limit == 1 and numbers & {0.0, 1.0})


def test_titles_are_chinese_first_and_addresses_stay() -> None:
    boards: list[dict[str, Any]] = [
        json.loads(file.read_text(encoding="utf-8"))
        for file in (ROOT / "ops/grafana/dashboards").glob("*.json")
    ]
    assert {board["uid"] for board in boards} == {board.uid for board in BOARDS}
    for board in boards:
        titles = [board["title"], *(panel["title"] for panel in board["panels"])]
        assert all(re.match(r"[\u4e00-\u9fff\d].* / \w", title) for title in titles), titles
        assert len(titles) == len(set(titles))
