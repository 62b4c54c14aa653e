"""The manifests of k8s/ that follow from the program: processes, who may talk to whom, what is watched. `kaohe documents` writes them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from cli.cluster.policies import policies
from cli.cluster.processes import PROCESSES
from cli.cluster.watching import door, monitors, prometheus_rule
from cli.cluster.workloads import deployment, disruption, migration, scaling, service
from cli.dashboards import dashboard_pages
from gateway.routing import caddyfile

HEAD: Final = "# Written by `kaohe documents` from cli/cluster; do not edit.\n"
COPIES: Final = {
    "edge.caddy": "ops/caddy/Caddyfile",
    "rabbitmq.conf": "ops/rabbitmq/rabbitmq.conf",
    "enabled_plugins": "ops/rabbitmq/enabled_plugins",
}


def cluster_pages(root: Path) -> Mapping[str, str]:
    """What the files should say, by path from the root of the repository."""
    scaled = [process for process in PROCESSES if process.replicas_most > 1]
    return {
        "k8s/base/processes.yaml": _text(
            [made for p in PROCESSES for made in (deployment(p), service(p), disruption(p))]
        ),
        "k8s/base/routes.caddy": caddyfile(),
        "k8s/base/migration.yaml": _text([migration()]),
        # A kustomization reads nothing outside its folder: these are copies of what the county bundle mounts.
        **{
            f"k8s/base/{name}": (root / source).read_text(encoding="utf-8") for name, source in COPIES.items()
        },
        **{f"k8s/components/monitoring/{Path(name).name}": text for name, text in dashboard_pages().items()},
        "k8s/components/scaling/scaling.yaml": _text([scaling(p) for p in scaled]),
        "k8s/components/network-policy/policies.yaml": _text(policies()),
        "k8s/components/monitoring/monitors.yaml": _text([*monitors(), door()]),
        "k8s/components/monitoring/rules.yaml": _text([prometheus_rule(root / "ops/prometheus/rules")]),
    }


def _text(manifests: list[dict[str, Any]]) -> str:
    apart = json.loads(json.dumps(manifests))  # what two manifests share would be written as an anchor
    body: str = yaml.safe_dump_all(apart, sort_keys=False, allow_unicode=True, width=160, explicit_start=True)
    return HEAD + body
