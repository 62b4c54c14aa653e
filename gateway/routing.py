"""Which path belongs to which service: the one table behind the embedded front, the forwarder and the Caddyfile."""

from typing import Final

from contracts.catalog import SERVICES

PREFIXES: Final[dict[str, str]] = {f"/api/{service}/": service for service in SERVICES}

DOTS: Final = frozenset({".", ".."})


def service_of(path: str) -> str | None:
    """The service that answers `path`; None for the gateway's own pages. `/internal` belongs to nobody."""
    if DOTS & set(
        path.replace("\\", "/").split("/")
    ):  # what is behind them is decided further on, so nobody may climb
        return None
    return next((service for prefix, service in PREFIXES.items() if path.startswith(prefix)), None)


def caddyfile() -> str:
    """The routes as Caddy reads them; upstreams are `<service>:8000`."""
    lines = [
        "# Generated from gateway/routing.py by `kaohe documents`.",
        "(kaohe_routes) {",
        "\trespond /internal/* 404",
        "\trespond /metrics 404",
    ]
    for prefix, service in PREFIXES.items():
        lines += [f"\thandle {prefix}* {{", f"\t\treverse_proxy {service}:8000", "\t}"]
    lines += ["\thandle {", "\t\treverse_proxy gateway:8000", "\t}", "}"]
    return "\n".join(lines) + "\n"
