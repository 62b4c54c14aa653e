"""A real Prometheus with the project's recording rules that watches a rehearsal, and what the exporters beside it say."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import yaml

from kernel.local.child import Child, free_port, listens

ROOT = Path(__file__).parents[2]
EXPORTERS = Path(__file__).parent / "exporters"


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {".prom": "text/plain; version=0.0.4"}  # noqa: RUF012 -- as the base class has it

    def log_message(self, *_: Any) -> None:
        pass


class Prometheus:
    """Asked by its HTTP interface."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"

    def ask(self, path: str, **values: str | float) -> Any:
        answer = httpx2.get(f"{self._url}/api/v1/{path}", params=values, timeout=60, trust_env=False)
        answer.raise_for_status()
        return answer.json()["data"]

    def has_data(self, query: str, begin: float, end: float) -> bool:
        """Whether the query gives a value anywhere in between."""
        return bool(self.ask("query_range", query=query, start=begin, end=end, step=3)["result"])


@contextmanager
def prometheus(folder: Path, targets: Path) -> Iterator[Prometheus]:
    """Scrapes every five seconds the processes that `targets` names and the pages of `exporters`."""
    pages = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(EXPORTERS)))
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    port = free_port()
    (folder / "prometheus.yml").write_text(
        json.dumps(_configuration(targets, pages.server_port, port)), encoding="utf-8"
    )
    command = [
        "prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
    ]  # fmt: skip
    child = Child("prometheus", command, log=folder / "prometheus.log", env={})
    try:
        child.wait_until(lambda: listens(port), seconds=30)
        yield Prometheus(port)
    finally:
        child.stop()
        pages.shutdown()
        pages.server_close()


def queries() -> list[str]:
    """Of all panels, with every service chosen."""
    boards = [
        json.loads(file.read_text(encoding="utf-8"))
        for file in sorted((ROOT / "ops/grafana/dashboards").glob("*.json"))
    ]
    found = [
        target["expr"] for board in boards for panel in board["panels"] for target in panel.get("targets", [])
    ]
    return [query.replace("$job", ".*") for query in found]


def _configuration(targets: Path, pages: int, itself: int) -> dict[str, Any]:
    shipped = yaml.safe_load((ROOT / "ops/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    kept = {job["job_name"] for job in shipped["scrape_configs"]}
    exporters = [
        {"job_name": name, "metrics_path": f"/{name}.prom", "static_configs": [{"targets": [f"127.0.0.1:{pages}"]}]}
        for name in sorted(kept & {"machine", "postgres", "rabbitmq", "door"} | {"backups", "patroni"})
    ]  # fmt: skip
    return {
        "global": {"scrape_interval": "5s", "evaluation_interval": "5s"},
        "rule_files": [str(ROOT / "ops/prometheus/rules/*.yml")],
        "scrape_configs": [
            {
                "job_name": "processes",
                "honor_labels": True,
                "file_sd_configs": [{"files": [str(targets)], "refresh_interval": "1s"}],
            },
            *exporters,
            {"job_name": "prometheus", "static_configs": [{"targets": [f"127.0.0.1:{itself}"]}]},
        ],
    }
