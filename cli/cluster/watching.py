"""For the Prometheus operator: what is scraped, and the rules of the county bundle in its wrapping."""

from pathlib import Path
from typing import Any

import yaml


def monitors() -> list[dict[str, Any]]:
    """Jobs are called like services, as figures and alerts call them."""
    return [
        _monitor("kaohe", "app.kubernetes.io/part-of", ["kaohe"], "http", ["gateway", "rabbitmq", "edge"]),
        _monitor("kaohe-gateway", "app.kubernetes.io/name", ["gateway"], "figures", []),
        _monitor("patroni", "app.kubernetes.io/name", ["patroni"], "patroni", []),
        _monitor("rabbitmq", "app.kubernetes.io/name", ["rabbitmq"], "figures", []),
    ]


def door() -> dict[str, Any]:
    """The door as people see it, by its public name, which an overlay puts in: does it answer, how long is its certificate good."""
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "Probe",
        "metadata": {"name": "door"},
        "spec": {
            "jobName": "door",
            "interval": "30s",
            "module": "http_2xx",
            "prober": {"url": "blackbox-exporter.monitoring:9115"},
            "targets": {"staticConfig": {"static": ["https://kaohe.example.gov.cn/health/ready"]}},
        },
    }


def prometheus_rule(folder: Path) -> dict[str, Any]:
    groups = [
        group
        for file in sorted(folder.glob("*.yml"))
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
    ]
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "kaohe"},
        "spec": {"groups": groups},
    }


def _monitor(name: str, label: str, values: list[str], port: str, but: list[str]) -> dict[str, Any]:
    chosen = [{"key": label, "operator": "In", "values": values}]
    if but:
        chosen.append({"key": "app.kubernetes.io/name", "operator": "NotIn", "values": but})
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": name},
        "spec": {
            "jobLabel": "app.kubernetes.io/name",
            "selector": {"matchExpressions": chosen},
            "endpoints": [{"port": port, "path": "/metrics", "honorLabels": True, "interval": "15s"}],
        },
    }
