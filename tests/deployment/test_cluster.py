"""The installation on Kubernetes as `kubectl kustomize` renders it: valid, confined, and of one piece with the program."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from cli.cluster.policies import arrows
from cli.cluster.processes import PROCESSES
from cli.cluster.workloads import USER
from cli.deployment.secrets import new_secrets
from contracts.catalog import SERVICES, SUBSCRIPTIONS
from gateway.routing import caddyfile
from tests.deployment.test_bundle import PARTS

ROOT = Path(__file__).parents[2]
OVERLAYS = sorted(folder.name for folder in (ROOT / "k8s/overlays").iterdir())
COMPONENT = "app.kubernetes.io/component"
#: Of operators; their schemas do not ship with Kubernetes.
OF_OPERATORS = {"ServiceMonitor", "PrometheusRule", "Probe"}
OPERATOR = json.loads((Path(__file__).parent / "operator.schema.json").read_text(encoding="utf-8"))
VERSION = "1.33"
Manifest = dict[str, Any]


def render(folder: Path) -> tuple[Manifest, ...]:
    kubectl = Path(sys.executable).parent / "kubectl"
    done = subprocess.run([kubectl, "kustomize", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return tuple(yaml.safe_load_all(done.stdout))


@cache
def rendered(overlay: str) -> tuple[Manifest, ...]:
    return render(ROOT / "k8s/overlays" / overlay)


def kind(overlay: str, *kinds: str) -> dict[str, Manifest]:
    return {m["metadata"]["name"]: m for m in rendered(overlay) if m["kind"] in kinds}


def pod_of(workload: Manifest) -> Manifest:
    return workload["spec"]["template"]["spec"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kubernetes_takes_every_manifest(overlay: str) -> None:
    for manifest in rendered(overlay):
        if manifest["kind"] in OF_OPERATORS:
            jsonschema.validate(manifest, OPERATOR)
        else:
            kubernetes_validate.validate(manifest, VERSION, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_keeps_the_standard_called_restricted_and_more(overlay: str) -> None:
    (namespace,) = kind(overlay, "Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for name, workload in kind(overlay, "Deployment", "Job").items():
        pod = pod_of(workload)
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] >= (999 if name == "rabbitmq" else USER)
        assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
        for container in pod["containers"]:
            confined = container["securityContext"]
            assert confined["allowPrivilegeEscalation"] is False
            assert confined["readOnlyRootFilesystem"] is True
            assert confined["capabilities"]["drop"] == ["ALL"]
            assert set(confined["capabilities"].get("add", [])) <= {"NET_BIND_SERVICE"}
            assert container["resources"]["limits"]["memory"]
            assert container["resources"]["requests"]["memory"]
        assert not {key for volume in pod["volumes"] for key in volume} & {"hostPath"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_everything_that_a_pod_names_is_there(overlay: str) -> None:
    maps, made = kind(overlay, "ConfigMap"), set(new_secrets("s.example/x", postgres="p:1", rabbitmq="r:1"))
    for workload in kind(overlay, "Deployment", "Job").values():
        pod = pod_of(workload)
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        for volume in volumes.values():
            if "configMap" in volume:
                assert volume["configMap"]["name"] in maps
            if volume.get("secret", {}).get("secretName") == "kaohe":
                assert {item["key"] for item in volume["secret"]["items"]} <= made
        for container in pod["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
            assert all(source["configMapRef"]["name"] in maps for source in container.get("envFrom", []))
            for mount in container["volumeMounts"]:
                volume = volumes[mount["name"]]
                if "subPath" in mount and "configMap" in volume:
                    assert mount["subPath"] in maps[volume["configMap"]["name"]]["data"]
            assert re.fullmatch(r"[\w./-]+:[\w.-]+|[\w./-]+@sha256:[0-9a-f]{64}", container["image"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_service_leads_to_ports_of_a_pod(overlay: str) -> None:
    workloads = kind(overlay, "Deployment").values()
    slices = {
        m["metadata"]["labels"]["kubernetes.io/service-name"]: m
        for m in kind(overlay, "EndpointSlice").values()
    }
    for name, service in kind(overlay, "Service").items():
        if "selector" not in service["spec"]:
            wanted = {port["port"] for port in service["spec"]["ports"]}
            assert {port["port"] for port in slices[name]["ports"]} == wanted
            assert "192.0.2.1" not in slices[name]["endpoints"][0]["addresses"]
            continue
        chosen = service["spec"]["selector"].items()
        (found,) = [w for w in workloads if chosen <= w["spec"]["template"]["metadata"]["labels"].items()]
        ports = {port["name"] for container in pod_of(found)["containers"] for port in container["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports
    for budget in kind(overlay, "PodDisruptionBudget").values():
        chosen = budget["spec"]["selector"]["matchLabels"].items()
        assert [w for w in workloads if chosen <= w["spec"]["template"]["metadata"]["labels"].items()]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_probes_ask_what_the_program_answers(overlay: str) -> None:
    health = (ROOT / "kernel/web/health.py").read_text(encoding="utf-8")
    front = (ROOT / "gateway/app.py").read_text(encoding="utf-8")
    for process in PROCESSES:
        (container,) = pod_of(kind(overlay, "Deployment")[process.name])["containers"]
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            path = container[probe]["httpGet"]["path"]
            assert f'"{path}"' in (front if process.name == "gateway" else health)
        # Two minutes for a start, and no process is killed for what another one does not answer.
        assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"


def test_both_ways_to_install_give_a_service_the_same_secrets_and_command() -> None:
    for service in SERVICES:
        mounted = {
            (s, s) if isinstance(s, str) else (s["target"], s["source"]) for s in PARTS[service]["secrets"]
        }
        apis = [p for p in PROCESSES if p.service == service and "files" not in p.command]
        assert {p.command[:2] for p in apis} == {tuple(PARTS[service]["command"][:2])}
        assert {p.command[3] for p in apis} == {"api", "worker"}
        assert all(set(p.secrets.items()) == mounted for p in apis)
    (files,) = [p for p in PROCESSES if "files" in p.command]
    mounted = {
        (s, s) if isinstance(s, str) else (s["target"], s["source"]) for s in PARTS["previews"]["secrets"]
    }
    assert set(files.secrets.items()) == mounted
    (gateway,) = [p for p in PROCESSES if p.name == "gateway"]
    assert set(gateway.secrets) == set(PARTS["gateway"]["secrets"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_both_ways_to_install_give_the_same_settings(overlay: str) -> None:
    (settings,) = [m["data"] for n, m in kind(overlay, "ConfigMap").items() if n.startswith("settings")]
    composed = {
        key for s in (*SERVICES, "gateway") for key in PARTS[s]["environment"] if key.startswith("KAOHE_")
    }
    of_processes = {key for p in PROCESSES for key in p.environment}
    assert composed - set(settings) - of_processes <= {"KAOHE_SCANNER"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_door_has_the_routes_of_the_gateway_and_leads_to_services_that_exist(overlay: str) -> None:
    (routes,) = [m["data"] for n, m in kind(overlay, "ConfigMap").items() if n.startswith("edge-routes")]
    assert routes["routes.caddy"] == caddyfile()
    upstreams = re.findall(r"reverse_proxy ([\w-]+):(\d+)", routes["routes.caddy"])
    services = kind(overlay, "Service")
    for name, port in upstreams:
        assert int(port) in {p["port"] for p in services[name]["spec"]["ports"]}
    published = [n for n, s in services.items() if s["spec"].get("type", "ClusterIP") != "ClusterIP"]
    assert published == ["edge"]


def _allows(policies: dict[str, Manifest], sender: str, to: str, port: int) -> bool:
    def meets(rules: list[Manifest], side: str, peer: str) -> bool:
        return any(
            {"port": port, "protocol": "TCP"} in rule["ports"]
            and {"podSelector": {"matchLabels": {COMPONENT: peer}}} in rule.get(side, [])
            for rule in rules
        )

    return meets(policies[sender]["spec"]["egress"], "to", to) and meets(
        policies[to]["spec"]["ingress"], "from", sender
    )


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_may_talk_but_along_the_arrows_which_hold_both_ways(overlay: str) -> None:
    policies = kind(overlay, "NetworkPolicy")
    assert policies["default-deny"]["spec"]["podSelector"] == {}
    assert set(kind(overlay, "Deployment")) <= set(policies)
    names = set(kind(overlay, "Deployment"))
    allowed = {
        (sender, to, port)
        for sender in names
        for to in names
        for port in (8000, 5672, 9000, 15692)
        if _allows(policies, sender, to, port)
    }
    assert allowed == set(arrows())
    for consumer, streams in SUBSCRIPTIONS.items():
        assert {(f"{consumer}-worker", producer, 8000) for producer in streams} <= allowed


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_databases_are_reached_by_whoever_has_an_address_of_one_and_nobody_else(overlay: str) -> None:
    policies = kind(overlay, "NetworkPolicy")
    (chosen,) = policies["to-postgres"]["spec"]["podSelector"]["matchExpressions"]
    has_address = {p.name for p in PROCESSES if "kaohe_database_url" in p.secrets}
    assert set(chosen["values"]) == has_address | {"migrate"}
    (slice_,) = [s for n, s in kind(overlay, "EndpointSlice").items() if n == "postgres"]
    block = policies["to-postgres"]["spec"]["egress"][0]["to"][0]["ipBlock"]["cidr"]
    assert block == f"{slice_['endpoints'][0]['addresses'][0]}/32"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_files_go_to_an_s3_server_on_each_data_node_and_nowhere_else(overlay: str) -> None:
    slices, services = kind(overlay, "EndpointSlice"), kind(overlay, "Service")
    (settings,) = [m["data"] for n, m in kind(overlay, "ConfigMap").items() if n.startswith("settings")]
    endpoints = [settings["KAOHE_S3_ENDPOINT"], settings.get("KAOHE_S3_SECOND_ENDPOINT")]
    named = [endpoint.split(":") for endpoint in endpoints if endpoint is not None]
    assert len(named) == (2 if overlay.startswith("city") else 1)
    assert all({int(port)} == {p["port"] for p in services[name]["spec"]["ports"]} for name, port in named)
    places = [address for name, _ in named for address in slices[name]["endpoints"][0]["addresses"]]
    assert len(set(places)) == len(named)
    if len(named) > 1:
        nodes = [address for e in slices["patroni"]["endpoints"] for address in e["addresses"]]
        assert sorted(places) == sorted(nodes)
    policy = kind(overlay, "NetworkPolicy")["to-objects"]["spec"]
    assert {peer["ipBlock"]["cidr"] for peer in policy["egress"][0]["to"]} == {f"{p}/32" for p in places}
    (chosen,) = policy["podSelector"]["matchExpressions"]
    assert set(chosen["values"]) == {p.name for p in PROCESSES if "kaohe_s3_access_key" in p.secrets}


@pytest.mark.parametrize("overlay", [name for name in OVERLAYS if name.startswith("city")])
def test_in_a_city_whatever_keeps_no_state_runs_twice_and_one_broker(overlay: str) -> None:
    for name, workload in kind(overlay, "Deployment").items():
        scaled = kind(overlay, "HorizontalPodAutoscaler").get(name)
        if scaled is not None:
            assert "replicas" not in workload["spec"], "each `apply` would bring it back to a number"
            assert scaled["spec"]["scaleTargetRef"]["name"] == name
        least = scaled["spec"]["minReplicas"] if scaled else workload["spec"]["replicas"]
        assert least == (1 if name == "rabbitmq" else 2), name
        if name != "rabbitmq":
            (spread,) = pod_of(workload)["topologySpreadConstraints"]
            assert spread["topologyKey"] == "kubernetes.io/hostname"
            assert spread["matchLabelKeys"] == ["pod-template-hash"], "of each revision by itself"
    assert all(
        "emptyDir" in v
        for v in pod_of(kind(overlay, "Deployment")["rabbitmq"])["volumes"]
        if v["name"] == "data"
    )


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_namespace_has_room_for_every_pod_while_all_are_replaced(overlay: str) -> None:
    (quota,) = [m["spec"]["hard"] for m in kind(overlay, "ResourceQuota").values()]
    scaled, pods, mebibytes = kind(overlay, "HorizontalPodAutoscaler"), 0, 0
    for name, workload in kind(overlay, "Deployment", "Job").items():
        most = scaled[name]["spec"]["maxReplicas"] if name in scaled else workload["spec"].get("replicas", 1)
        most += workload["spec"].get("strategy", {}).get("rollingUpdate", {}).get("maxSurge", 0)
        pods += most
        mebibytes += most * sum(
            int(c["resources"]["limits"]["memory"].removesuffix("Mi")) for c in pod_of(workload)["containers"]
        )
    assert pods <= int(quota["pods"])
    assert mebibytes <= int(quota["limits.memory"].removesuffix("Gi")) * 1024


@pytest.mark.parametrize("overlay", [name for name in OVERLAYS if name.startswith("city")])
def test_grafana_finds_every_dashboard(overlay: str) -> None:
    found = kind(overlay, "ConfigMap")["dashboards"]
    assert found["metadata"]["labels"] == {"grafana_dashboard": "1"}
    shipped = {
        f.name: f.read_text(encoding="utf-8") for f in (ROOT / "ops/grafana/dashboards").glob("*.json")
    }
    assert found["data"] == shipped
    assert sum(map(len, shipped.values())) < 900_000, "a ConfigMap takes a mebibyte"


@pytest.mark.parametrize("overlay", [name for name in OVERLAYS if name.startswith("city")])
def test_the_rules_are_those_of_the_county_and_every_process_is_watched(overlay: str) -> None:
    (rule,) = kind(overlay, "PrometheusRule").values()
    shipped = [
        group
        for file in sorted((ROOT / "ops/prometheus/rules").glob("*.yml"))
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
    ]
    assert rule["spec"]["groups"] == shipped
    watched = set()
    for monitor in kind(overlay, "ServiceMonitor").values():
        (endpoint,) = monitor["spec"]["endpoints"]
        assert endpoint["honorLabels"] is True
        for name, service in kind(overlay, "Service").items():
            labels, ports = (
                service["metadata"].get("labels", {}),
                {p.get("name") for p in service["spec"]["ports"]},
            )
            chosen = all(
                (labels.get(e["key"]) in e["values"]) == (e["operator"] == "In")
                for e in monitor["spec"]["selector"]["matchExpressions"]
            )
            if chosen and endpoint["port"] in ports:
                watched.add(name)
    assert watched == {p.name for p in PROCESSES} | {"rabbitmq", "patroni"}


@pytest.mark.parametrize("overlay", [name for name in OVERLAYS if name.startswith("city")])
def test_every_job_that_a_rule_names_is_watched_and_the_door_by_the_name_of_the_site(overlay: str) -> None:
    (rule,) = kind(overlay, "PrometheusRule").values()
    text = json.dumps(rule["spec"])
    named = {job for jobs in re.findall(r'job=~?\\"([^"\\]+)', text) for job in jobs.split("|")}
    services = kind(overlay, "Service").values()
    jobs = {s["metadata"].get("labels", {}).get("app.kubernetes.io/name") for s in services}
    (probe,) = kind(overlay, "Probe").values()
    assert named == (named & jobs) | {probe["spec"]["jobName"]}
    (site,) = [m["data"] for n, m in kind(overlay, "ConfigMap").items() if n.startswith("site")]
    assert probe["spec"]["targets"]["staticConfig"]["static"] == [
        f"https://{site['KAOHE_SITE']}/health/ready"
    ]


def test_traces_have_a_way_out_once_their_component_is_chosen(tmp_path: Path) -> None:
    to = os.path.relpath(ROOT / "k8s", tmp_path)
    site = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [f"{to}/overlays/county-single"],
        "components": [f"{to}/components/tracing"],
    }
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(site), encoding="utf-8")
    manifests = render(tmp_path)
    for manifest in manifests:
        kubernetes_validate.validate(manifest, VERSION, strict=True)
    by_name = {(m["kind"], m["metadata"]["name"].split("-")[0]): m for m in manifests}
    address = by_name["ConfigMap", "settings"]["data"]["KAOHE_OTLP_ENDPOINT"]
    (policy,) = [m for m in manifests if m["metadata"]["name"] == "to-collector"]
    assert address.endswith(f".monitoring:{policy['spec']['egress'][0]['ports'][0]['port']}")
    used = {
        source["configMapRef"]["name"]
        for workload in manifests
        if workload["kind"] == "Deployment" and workload["metadata"]["name"] in SERVICES
        for source in pod_of(workload)["containers"][0]["envFrom"]
    }
    assert by_name["ConfigMap", "settings"]["metadata"]["name"] in used
