"""What the image is built of: the wheel is the same bytes for the same sources, and has all that a process reads."""

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "kernel", "rules", "sealing", "services", "gateway", "cli")
EPOCH = "315532800"


def tracked(*paths: str) -> list[str]:
    git = shutil.which("git") or "git"
    done = subprocess.run([git, "ls-files", "-z", *paths], cwd=ROOT, capture_output=True, check=True)
    return [name for name in done.stdout.decode().rstrip("\0").split("\0") if (ROOT / name).exists()]


def checked_out(folder: Path, *, mode: int, date: int) -> Path:
    """The sources as git has them now, changed files as they are; with rights and dates of another machine."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in tracked(*PACKAGES, "pyproject.toml", "README.md", "LICENSE", "ops/image"):
            archive.add(ROOT / name, arcname=name)
    packed.seek(0)
    folder.mkdir()
    with tarfile.open(fileobj=packed) as archive:
        archive.extractall(folder, filter="data")
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode | mode)
        os.utime(path, (date, date))
    return folder


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder, found = tmp_path_factory.mktemp("wheels"), []
    for number, (mode, date) in enumerate(((0o020, 1_600_000_000), (0o004, 1_700_000_000))):
        sources = checked_out(folder / f"sources{number}", mode=mode, date=date)
        out = folder / f"out{number}"
        environment = os.environ | {
            "SOURCE_DATE_EPOCH": EPOCH,
            "PYTHONHASHSEED": str(number),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        pip = Path(sys.executable).parent / "pip"
        done = subprocess.run(
            [sources / "ops/image/wheel", pip, out], cwd=sources, env=environment, capture_output=True, text=True, check=False
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found.append(next(out.iterdir()).read_bytes())
    return found


def test_the_same_sources_make_the_same_wheel_on_any_machine_on_any_day(wheels: list[bytes]) -> None:
    assert len({hashlib.sha256(wheel).hexdigest() for wheel in wheels}) == 1


def test_the_wheel_has_every_file_of_the_packages_but_those_for_people(wheels: list[bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(wheels[0])) as wheel:
        packed = set(wheel.namelist())
    missing = {name for name in tracked(*PACKAGES) if name not in packed}
    assert {name for name in missing if not name.endswith((".md", ".gitignore"))} == {
        "gateway/Caddyfile"  # for the door of the bundle, which is not ours
    }


def test_what_the_image_is_built_with_is_sent_to_the_builder() -> None:
    recipe = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", recipe, re.MULTILINE):
        for source in line.split():
            assert source == "." or source.startswith("web") or f"!{source}\n" in sent, source


def test_no_lock_names_an_index_or_anything_without_its_hash() -> None:
    for lock in (
        "requirements.lock",
        "requirements-tracing.lock",
        "requirements-dev.lock",
        "ops/image/build.lock",
    ):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert not re.findall(r"^-|://", text, re.MULTILINE), lock
        pins = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
        assert pins
        assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)
