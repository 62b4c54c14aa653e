"""A sealed period as one file, from which every score and the root follow without a database."""

import gzip
import hashlib
import random
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.bundle.verifying import verify_bundle
from cli.main import app
from sealing.bundle import RECORDS, line
from sealing.trust import By, Limit, Trust
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.keys import SYSTEM, TRUST, WITNESSES
from tests.services.scoring.test_closing import worked
from tests.services.scoring.test_sealing import cosigned, public, sealed

__all__ = ["public", "sealed", "worked"]

TRUSTED = Trust.parse(TRUST)


@pytest.fixture
async def bundle(sealed: Desk) -> bytes:
    await cosigned(sealed)
    answer = await sealed["office"].send("GET", f"{API}/seals/1/bundle")
    assert answer.status_code == 200, answer.text
    again = await sealed["auditor"].send("GET", f"{API}/verification/seals/1/bundle")
    assert again.content == answer.content
    return gzip.decompress(bytes(answer.content))


def lines(bundle: bytes) -> list[bytes]:
    return bundle.splitlines(keepends=True)


def rewritten(bundle: bytes, section: str, change: tuple[str, str]) -> list[bytes]:
    """The file as a careful forger leaves it: check sums right again, the last line too."""
    made = []
    for raw in lines(bundle)[:-1]:
        name, _, text = raw.decode().rstrip("\n").split(" ", 2)
        made.append(line(name, text.replace(*change, 1) if name == section else text))
    return [*made, line("end", hashlib.sha256(b"".join(made)).hexdigest())]


async def test_a_bundle_holds_and_names_what_it_compared(bundle: bytes):
    report = verify_bundle(lines(bundle), TRUSTED)
    assert report.holds, report.findings
    assert report.counts["officer"] >= 2
    assert report.counts["unit"] >= 2
    assert report.counts["facts"] >= 3
    assert {raw.split(b" ")[0].decode() for raw in lines(bundle)} >= {
        "rules",
        "organisation",
        "facts",
        "leaf",
    }


async def test_no_line_can_be_changed_without_being_named(bundle: bytes):
    chance = random.Random(5)
    every = lines(bundle)
    for number, raw in enumerate(every, 1):
        at = chance.randrange(len(raw))
        altered = bytearray(raw)
        altered[at] ^= 1 << chance.randrange(8)
        report = verify_bundle([*every[: number - 1], bytes(altered), *every[number:]], TRUSTED)
        assert not report.holds, raw
        assert any(f"line {number}" in f.place or f"line {number + 1}" in f.place for f in report.findings), (
            report.findings
        )
    for number in range(len(every)):
        left_out = [*every[:number], *every[number + 1 :]]
        assert not verify_bundle(left_out, TRUSTED).holds


@pytest.mark.parametrize(
    ("section", "change", "place"),
    [
        ("facts", ('"work"', '"target"'), "line"),
        ("facts", ('","2026-11', '9","2026-11'), "leaf"),
        ("rules", ('"each":"', '"each":"9'), "section rules"),
        ("organisation", ('"name":"', '"name":"X'), "section organisation"),
        ("leaf", ('"total_milli":', '"total_milli":9'), "leaf"),
        ("leaf", ('"salt":"', '"salt":"0'), "leaf"),
        ("leaf", ('"points_milli":', '"points_milli":9'), "leaf"),
        ("bundle", ('"total_milli":', '"total_milli":9'), "seal sums"),
        ("bundle", ('"root_sha256":"', '"root_sha256":"0'), "bundle"),
    ],
)  # fmt: skip
async def test_a_careful_forger_is_found_with_the_place(
    bundle: bytes, section: str, change: tuple[str, str], place: str
):
    forged = rewritten(bundle, section, change)
    assert forged != lines(bundle)
    report = verify_bundle(forged, TRUSTED)
    assert not report.holds
    assert any(place in finding.place for finding in report.findings), report.findings


@pytest.mark.parametrize(
    ("doubt", "said"),
    [
        ({(SYSTEM.key.name, SYSTEM.key.key_id): Limit(1, bytes(32), 1)}, "declared compromised"),
        (
            {(w.key.name, w.key.key_id): Limit(1, bytes(32), 1) for w in WITNESSES},
            "Too few trusted witnesses",
        ),
    ],
    ids=["system", "witnesses"],
)
async def test_signatures_of_compromised_keys_do_not_count(bundle: bytes, doubt: dict[By, Limit], said: str):
    report = verify_bundle(lines(bundle), replace(TRUSTED, limits=doubt))
    [finding] = report.findings
    assert (finding.place, said in finding.en) == ("signatures", True)


async def test_the_command_says_whether_it_holds(bundle: bytes, tmp_path: Path):
    file, keys = tmp_path / "seal-1.bundle", tmp_path / "keys.txt"
    file.write_bytes(bundle)
    keys.write_text(TRUST, encoding="utf-8")
    assert CliRunner().invoke(app, ["verify-bundle", str(file), "--trust", str(keys)]).exit_code == 0
    file.write_bytes(bundle[:-30])
    assert CliRunner().invoke(app, ["verify-bundle", str(file)]).exit_code == 1
    assert CliRunner().invoke(app, ["verify-bundle", str(tmp_path / "none")]).exit_code == 2


async def test_a_bundle_is_for_office_and_auditor(sealed: Desk):
    problem = await sealed["an"].problem("GET", f"{API}/seals/1/bundle")
    assert problem["code"] == "permission-denied"
    assert (await sealed["office"].problem("GET", f"{API}/seals/9/bundle"))["code"] == "seal-not-found"
    assert set(RECORDS) >= {"rules", "facts", "files"}
