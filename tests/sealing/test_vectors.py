"""Every verifier says the same of every vector: the package, the stand-alone file, and the page's script."""

import importlib.util
import json
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sealing.standalone import tables
from sealing.verify import Attachment, verify
from tests.sealing.vectors.generate import PLACE, written

FILES = sorted(PLACE.glob("*.json"))
PROGRAM = tables.PLACE / "verify_receipt.py"
PAGE = tables.PLACE / "verify_receipt.html"
GIVEN = ("receipt", "trust", "board", "consistency")
EXIT = {"verified": 0, "not_verified": 1, "unusable": 2}


@cache
def vector(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data | {name: as_bytes(data[name]) for name in GIVEN}


def as_bytes(value: Any) -> bytes | None:
    if isinstance(value, dict):
        return b64decode(value["base64"])
    return None if value is None else str(value).encode()


@cache
def standalone() -> Any:
    spec = importlib.util.spec_from_file_location("verify_receipt", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(steps: Any) -> dict[str, str]:
    last = steps[-1]
    failed = last["state"] == "failed"
    return {"step": last["name"] if failed else "", "reason": last["reason"]}


@pytest.fixture(scope="session")
def page_says(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The verdicts of the page's script on all vectors, run once in node."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("node is missing: apt-get install nodejs")
    cases = {}
    for path in FILES:
        data = vector(path)
        given = {name: b64encode(data[name]).decode() for name in GIVEN if data[name] is not None}
        cases[path.stem] = {"files": given, "attachments": data["attachments"]}
    asked = tmp_path_factory.mktemp("page") / "cases.json"
    asked.write_text(json.dumps(cases), encoding="utf-8")
    runner = Path(__file__).parent / "page.js"
    done = subprocess.run([node, runner, PAGE, asked], check=True, capture_output=True, timeout=120)
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def test_the_vectors_are_those_of_the_generator() -> None:
    assert {path.name: path.read_text(encoding="utf-8") for path in FILES} == written()


def test_there_are_vectors_of_every_step_and_reason() -> None:
    reasons = {vector(path)["expect"]["reason"] for path in FILES} - {""}
    assert reasons == set(tables.TABLES["failed"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_package(path: Path) -> None:
    data = vector(path)
    given = {name: data[name] for name in GIVEN[1:]}
    attachments = [Attachment(**each) for each in data["attachments"]]
    verdict = verify(data["receipt"], **given, attachments=attachments)
    failed = verdict.failed
    found = {"step": failed.name if failed else "", "reason": failed.reason if failed else ""}
    assert {"outcome": verdict.outcome, **found} == data["expect"]
    assert all(step.zh and step.en and "{" not in step.zh + step.en for step in verdict.steps)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_standalone_file(path: Path) -> None:
    data = vector(path)
    attachments = [(each["name"], each["sha256"]) for each in data["attachments"]]
    outcome, steps = standalone().verify({name: data[name] for name in GIVEN}, attachments)
    assert {"outcome": outcome, **said(steps)} == data["expect"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_page(path: Path, page_says: dict[str, Any]) -> None:
    answer = page_says[path.stem]
    assert {"outcome": answer["outcome"], **said(answer["steps"])} == vector(path)["expect"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_all_say_the_same_sentences(path: Path, page_says: dict[str, Any]) -> None:
    data = vector(path)
    given = {name: data[name] for name in GIVEN[1:]}
    verdict = verify(
        data["receipt"], **given, attachments=[Attachment(**each) for each in data["attachments"]]
    )
    attachments = [(each["name"], each["sha256"]) for each in data["attachments"]]
    _, steps = standalone().verify({name: data[name] for name in GIVEN}, attachments)
    package = [[step.zh, step.en] for step in verdict.steps]
    assert (
        package
        == [step["text"] for step in steps]
        == [step["text"] for step in page_says[path.stem]["steps"]]
    )
    assert page_says[path.stem]["text"] == [verdict.zh, verdict.en]


@pytest.mark.parametrize("name", ["sound-everything", "tree-points-raised", "input-cut-short"])
def test_the_file_runs_alone(name: str, tmp_path: Path) -> None:
    """In an empty directory, isolated from every package; the exit code tells the outcome."""
    data = vector(PLACE / f"{name}.json")
    shutil.copy(PROGRAM, tmp_path / "verify.py")
    (tmp_path / "receipt.json").write_bytes(data["receipt"])
    (tmp_path / "keys.txt").write_bytes(data["trust"])
    arguments = ["verify.py", "receipt.json", "--trust", "keys.txt"]
    if data["board"]:
        (tmp_path / "board.txt").write_bytes(data["board"])
        arguments += ["--checkpoint", "board.txt"]
    done = subprocess.run(
        [sys.executable, "-I", "-S", *arguments], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == EXIT[data["expect"]["outcome"]], done.stderr
    assert "=> " in done.stdout.decode()


def test_a_missing_file_is_unusable_input(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", PROGRAM, tmp_path / "none", "--trust", tmp_path / "none"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
