"""Who may talk to whom. Everything else is denied, both ways."""

from typing import Any, Final

from cli.cluster.processes import PROCESSES
from contracts.catalog import SERVICES, SUBSCRIPTIONS

Peer = dict[str, Any]

#: Where databases and files are: outside the cluster; overlays put the address in.
OUTSIDE: Final = "192.0.2.1/32"
COMPONENT: Final = "app.kubernetes.io/component"
POSTGRES, RABBITMQ, S3 = 5432, 5672, 9000
_DNS: Final = {
    "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}
_WATCHERS: Final = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}


def arrows() -> list[tuple[str, str, int]]:
    """From process to process and port: requests of people, and what consumers pull from producers."""
    edge = [("edge", name, 8000) for name in (*SERVICES, "gateway")]
    looks = [("gateway", name, 8000) for name in SERVICES]  # whether they are ready
    pulls = [
        (f"{consumer}-worker", producer, 8000)
        for consumer, streams in SUBSCRIPTIONS.items()
        for producer in streams
    ]
    rings = [(p.name, "rabbitmq", RABBITMQ) for p in PROCESSES if "kaohe_rabbit_url" in p.secrets]
    return [*edge, *looks, *pulls, *rings]


def policies() -> list[dict[str, Any]]:
    names = ["edge", *(p.name for p in PROCESSES), "rabbitmq", "migrate"]
    of_services = [p.name for p in PROCESSES if p.service in SERVICES]
    return [
        _policy("default-deny", {}, [], []),
        *(_of(name) for name in names),
        _outwards("to-postgres", [*of_services, "migrate"], POSTGRES),
        _outwards("to-objects", of_services, S3),
    ]


def _of(name: str) -> dict[str, Any]:
    process = next((p for p in PROCESSES if p.name == name), None)
    ingress = [
        {"from": [_peer(sender)], "ports": [_tcp(port)]} for sender, to, port in arrows() if to == name
    ]
    egress = [{"to": [_peer(to)], "ports": [_tcp(port)]} for sender, to, port in arrows() if sender == name]
    if name == "edge":
        ingress.append({"ports": [_tcp(8080), _tcp(8443)]})
    if process:
        ingress.append({"from": [_WATCHERS], "ports": [_tcp(process.figures)]})
    if name == "rabbitmq":
        ingress.append({"from": [_WATCHERS], "ports": [_tcp(15692)]})
    return _policy(name, {"matchLabels": {COMPONENT: name}}, ingress, [*egress, _DNS])


def _outwards(name: str, senders: list[str], port: int) -> dict[str, Any]:
    """Policies add up; these two stand apart so that an overlay has one address to put in."""
    chosen = {"matchExpressions": [{"key": COMPONENT, "operator": "In", "values": senders}]}
    egress = [{"to": [{"ipBlock": {"cidr": OUTSIDE}}], "ports": [_tcp(port)]}]
    return _policy(name, chosen, None, egress)


def _policy(
    name: str, chosen: dict[str, Any], ingress: list[Any] | None, egress: list[Any]
) -> dict[str, Any]:
    incoming = {} if ingress is None else {"ingress": ingress}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name},
        "spec": {
            "podSelector": chosen,
            "policyTypes": ["Egress"] if ingress is None else ["Ingress", "Egress"],
            **incoming,
            "egress": egress,
        },
    }


def _peer(name: str) -> Peer:
    return {"podSelector": {"matchLabels": {COMPONENT: name}}}


def _tcp(port: int) -> dict[str, Any]:
    return {"port": port, "protocol": "TCP"}
