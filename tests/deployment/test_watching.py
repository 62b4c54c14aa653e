"""Rules and dashboards: they say what Prometheus understands, of figures that exist, with a page for whoever is woken."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
OPS = ROOT / "ops" / "prometheus"
ALERTS: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for rule in yaml.safe_load((OPS / "rules" / "alerts.yml").read_text(encoding="utf-8"))["groups"][0][
        "rules"
    ]
}
TESTS = [
    test
    for file in sorted((OPS / "tests").glob("*.yml"))
    for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]
]
PROMTOOL = shutil.which("promtool") or "promtool"
#: Written by kaohectl as text files, not by the program.
FROM_FILES = {
    "kaohe_backup_last_success_timestamp_seconds",
    "kaohe_restore_drill_last_success_timestamp_seconds",
}


@pytest.mark.parametrize("file", sorted((OPS / "tests").glob("*.yml")), ids=lambda file: file.stem)
def test_rules_do_what_their_tests_say(file: Path) -> None:
    done = subprocess.run(
        [PROMTOOL, "test", "rules", file], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_understands_its_configuration_and_rules() -> None:
    rules = sorted((OPS / "rules").glob("*.yml"))
    done = subprocess.run(
        [PROMTOOL, "check", "rules", "--lint=all", *rules], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_is_tested_and_has_a_page_for_whoever_is_woken(alert: str) -> None:
    names = {test["name"] for test in TESTS}
    assert f"{alert} fires" in names
    assert alert == "KaoheWatchdog" or f"{alert} keeps silent" in names
    page = (ROOT / ALERTS[alert]["annotations"]["runbook"]).read_text(encoding="utf-8")
    assert re.findall(r"^## .*/ (\w+)$", page, re.MULTILINE) == [
        "Meaning",
        "Impact",
        "Diagnosis",
        "Mitigation",
    ]


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_says_how_bad_and_for_whom(alert: str) -> None:
    assert ALERTS[alert]["labels"]["severity"] in {"critical", "warning", "none"}
    assert ALERTS[alert]["labels"]["audience"] in {"ops", "business", "security"}


def test_every_figure_that_a_rule_names_is_one_that_the_program_has() -> None:
    known = set(
        re.findall(
            r"^\| `(\w+)`", (ROOT / "docs/reference/metrics.md").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    text = "\n".join(rule["expr"] for rule in ALERTS.values())
    named = {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"(?<![\w:])kaohe_\w+", text)}
    assert named <= known | FROM_FILES
