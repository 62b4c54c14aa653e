"""The folder that `kaohe secrets` writes is one that a drill can read."""

from pathlib import Path

import pytest

from cli.deployment.prove import settings_of
from cli.deployment.secrets import make_secrets
from cli.manifests import load
from contracts.catalog import SERVICES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "secrets"
    make_secrets(made, "seal.test/JZ", "postgres:5432", "rabbitmq:5672")
    monkeypatch.setenv("KAOHE_SECRETS_DIR", str(made))
    return made


@pytest.mark.parametrize("name", SERVICES)
def test_a_drill_reads_every_service_key_under_its_name(folder: Path, name: str):
    settings = settings_of(load(name), "postgresql://app:secret@scratch:5432/x")
    assert settings.service_key.get_secret_value() == (folder / f"{name}_service_key").read_text("utf-8")
