"""Two data nodes: what their configuration says, and that nobody is promoted by mistake."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

OPS = Path(__file__).parents[2] / "ops" / "patroni"
TWO = ("a=10.0.0.1", "b=10.0.0.2")
THREE = (*TWO, "w=10.0.0.3")
STANDBY, LOST = "127.0.1.31", "127.0.1.32"


def configured(what: str, name: str, address: str, *nodes: str) -> str:
    done = subprocess.run(
        [OPS / "configure", what, name, address, *nodes], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_data_node_is_promoted_only_with_everything_that_was_acknowledged() -> None:
    found = yaml.safe_load(configured("patroni", "a", "10.0.0.1", *THREE))
    rules = found["bootstrap"]["dcs"]
    assert rules["synchronous_mode"] is True
    assert rules["maximum_lag_on_failover"] == 0
    assert rules["postgresql"]["parameters"]["synchronous_commit"] == "on"
    assert rules["ttl"] >= rules["loop_wait"] + 2 * rules["retry_timeout"]
    assert "data-checksums" in found["bootstrap"]["initdb"]
    assert "@" not in json.dumps(found)


def test_nobody_but_data_nodes_may_command_or_replicate() -> None:
    found = yaml.safe_load(configured("patroni", "b", "10.0.0.2", *THREE))
    assert found["restapi"]["allowlist"] == ["10.0.0.1", "10.0.0.2"]
    replication = [rule for rule in found["postgresql"]["pg_hba"] if " replication " in rule]
    assert [rule.split()[3] for rule in replication] == ["10.0.0.1/32", "10.0.0.2/32"]
    assert not [rule for rule in found["postgresql"]["pg_hba"] if "trust" in rule or "0.0.0.0" in rule]


def test_three_agree_or_one_decides_but_never_two() -> None:
    three = yaml.safe_load(configured("patroni", "a", "10.0.0.1", *THREE))["etcd3"]["hosts"]
    assert three == ["10.0.0.1:2379", "10.0.0.2:2379", "10.0.0.3:2379"]
    assert configured("etcd", "w", "10.0.0.3", *THREE).count(":2380") == 5
    assert yaml.safe_load(configured("patroni", "b", "10.0.0.2", *TWO))["etcd3"]["hosts"] == ["10.0.0.1:2379"]


def test_the_address_follows_the_primary_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIP", "10.0.0.10/24")
    monkeypatch.setenv("INTERFACE", "eth0")
    found = " ".join(configured("keepalived", "b", "10.0.0.2", *THREE).split())
    assert "http://10.0.0.2:8008/primary" in found
    assert "unicast_src_ip 10.0.0.2 unicast_peer { 10.0.0.1 }" in found
    assert "virtual_ipaddress { 10.0.0.10/24 }" in found
    # A weight would only lower the priority of a node that is not the primary: it could still become master.
    assert "state BACKUP" in found
    assert "weight" not in found


@contextmanager
def patroni(address: str, role: str) -> Iterator[None]:
    """What Patroni's interface says, without a Patroni."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"role": role, "xlog": {"received_location": 42}}).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer((address, 8008), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def failover(folder: Path, confirmed: str) -> subprocess.CompletedProcess[str]:
    (folder / "config.yml").write_text("before\n", encoding="utf-8")
    noted = f"touch {folder / 'acted'}"
    env = os.environ | {
        "CONFIG": str(folder / "config.yml"), "ETCD_FILE": str(folder / "etcd"), "KAOHE_CONFIRMED": confirmed,
        "STOP": noted, "START": noted, "START_ETCD": noted, "no_proxy": "*",
    }  # fmt: skip
    return subprocess.run(
        [OPS / "failover", "b", STANDBY, LOST], env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("lost", "own", "confirmed"),
    [
        ("master", "replica", f"{LOST} 已断电 is off"),
        (None, "master", f"{LOST} 已断电 is off"),
        (None, None, f"{LOST} 已断电 is off"),
        (None, "replica", "yes"),
    ],
    ids=["the other still answers", "not a standby", "nobody here", "not confirmed"],
)
def test_a_failover_that_is_not_sure_changes_nothing(
    tmp_path: Path, lost: str | None, own: str | None, confirmed: str
) -> None:
    with ExitStack() as stack:
        for address, role in ((LOST, lost), (STANDBY, own)):
            if role:
                stack.enter_context(patroni(address, role))
        done = failover(tmp_path, confirmed)
    assert done.returncode == 4, done.stderr
    assert not (tmp_path / "acted").exists()
    assert (tmp_path / "config.yml").read_text(encoding="utf-8") == "before\n"
