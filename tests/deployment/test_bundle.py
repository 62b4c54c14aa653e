"""The county bundle as its files say it: every part bounded, watched, confined; names that exist; secrets that are made."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.deployment.secrets import new_secrets
from contracts.catalog import SERVICES

ROOT = Path(__file__).parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
RUNNING = {name: part for name, part in PARTS.items() if part.get("restart") != "no"}
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def test_the_file_is_what_compose_reads() -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", ROOT / "compose.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", RUNNING)
def test_every_part_that_stays_is_limited_watched_restarted_and_its_log_rotates(name: str) -> None:
    part = RUNNING[name]
    assert part["restart"] == "unless-stopped"
    assert part["healthcheck"].get("test")
    assert part["mem_limit"]
    assert part["pids_limit"]
    assert part["stop_grace_period"]
    assert part["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", PARTS)
def test_every_part_gives_up_what_it_does_not_need(name: str) -> None:
    part = PARTS[name]
    assert part["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in part["security_opt"]
    if part["image"].startswith("${KAOHE_IMAGE"):
        assert part["read_only"]
        assert part["user"] == "10001:10001"


def test_only_the_edge_is_reached_from_outside_and_the_inner_networks_lead_nowhere() -> None:
    published = {name: part["ports"] for name, part in PARTS.items() if "ports" in part}
    assert set(published) == {"edge", "grafana"}
    assert all(port.startswith("127.0.0.1:") for port in published["grafana"])
    assert {name for name, part in PARTS.items() if "front" in part["networks"]} == {"edge", "grafana"}
    assert all(COMPOSE["networks"][name]["internal"] for name in ("app", "data", "watch"))


def test_data_survive_a_careless_down() -> None:
    assert all(volume["external"] for volume in COMPOSE["volumes"].values())


def test_every_service_of_the_catalog_runs() -> None:
    commands = {tuple(part["command"][:2]) for part in PARTS.values() if "command" in part}
    assert {("serve", service) for service in SERVICES} <= commands


def test_every_process_of_ours_is_watched_where_it_tells_its_figures() -> None:
    watch = yaml.safe_load((ROOT / "ops/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    targets = {
        target
        for job in watch["scrape_configs"]
        for target in job.get("static_configs", [{"targets": []}])[0]["targets"]
    }
    assert {f"{service}:8000" for service in SERVICES} <= targets
    assert f"gateway:{PARTS['gateway']['environment']['KAOHE_METRICS_PORT']}" in targets
    (apart,) = (job for job in watch["scrape_configs"] if "dns_sd_configs" in job)
    assert apart["dns_sd_configs"][0]["names"] == [apart["job_name"]] == ["previews"]
    assert PARTS["previews"]["command"][1:4] == ["submissions", "--role", "files"]


def test_every_secret_that_is_mounted_is_made() -> None:
    made = set(new_secrets("seal.example/x", postgres="postgres:5432", rabbitmq="rabbitmq:5672"))
    files = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert files <= made
    mounted = {
        secret if isinstance(secret, str) else secret["source"]
        for part in PARTS.values()
        for secret in part.get("secrets", [])
    }
    assert mounted == set(COMPOSE["secrets"])


def test_only_org_holds_the_key_that_signs_sessions_and_only_scoring_the_one_that_seals() -> None:
    def holders(secret: str) -> list[str]:
        return [name for name, part in PARTS.items() if secret in part.get("secrets", [])]

    assert holders("kaohe_token_private_key") == ["org"]
    assert holders("kaohe_seal_key") == ["scoring"]


def test_every_variable_without_a_default_stands_in_the_example() -> None:
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert needed <= {line.split("=")[0] for line in EXAMPLE.splitlines() if "=" in line}


def test_both_sizes_name_the_same_limits_and_the_compose_file_knows_them() -> None:
    def names(size: str) -> set[str]:
        lines = (ROOT / "ops" / "sizes" / f"{size}.env").read_text(encoding="utf-8").splitlines()
        return {line.split("=")[0] for line in lines if line}

    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert names("16g") == names("32g")
    assert all(f"${{{name}:-" in text for name in names("16g"))


def test_database_connections_stay_under_what_the_server_allows() -> None:
    for size in ("16g", "32g"):
        limits = (ROOT / "ops" / "sizes" / f"{size}.env").read_text(encoding="utf-8")
        conf = (ROOT / "ops" / "postgres" / f"{size}.conf").read_text(encoding="utf-8")
        pool = int(re.search(r"KAOHE_POOL_SIZE=(\d+)", limits)[1])  # type: ignore[index]
        allowed = int(re.search(r"max_connections = (\d+)", conf)[1])  # type: ignore[index]
        leaders = 4  # stamper, scheduler, recorder, applier keep one each beside the pool
        assert len(SERVICES) * (pool + leaders) <= 0.8 * allowed


def test_the_passwords_of_the_roles_are_those_of_the_addresses() -> None:
    made = new_secrets("seal.example/x", postgres="db:5432", rabbitmq="mq:5672")
    passwords = json.loads(made["kaohe_database_passwords"])
    for service in SERVICES:
        assert made[f"{service}_database_url"] == (
            f"postgresql://kaohe_{service}_app:{passwords[service]['app']}@db:5432/kaohe_{service}"
        )


def test_the_control_script_has_no_finding() -> None:
    checker = Path(sys.executable).parent / "shellcheck"
    scripts = [ROOT / "kaohectl", ROOT / ".ci" / "run", *sorted((ROOT / "ops").rglob("*.sh"))]
    scripts += [ROOT / "ops/patroni/configure", ROOT / "ops/patroni/failover", ROOT / "bench/await-removal"]
    done = subprocess.run([checker, "-x", *scripts], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
