"""A sealed period that a whole plan scored: its bundle has what the plan was applied to, and derives every node again."""

import gzip
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.bundle.verifying import verify_bundle
from cli.main import app
from contracts.permissions import Role
from contracts.submissions import SubmissionStatus
from kernel.testing.people import grant
from sealing.bundle import line
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.keys import TRUST
from tests.services.scoring.planned import binding
from tests.services.scoring.test_bundle import TRUSTED, lines, rewritten
from tests.services.scoring.test_closing import closing, until
from tests.services.scoring.test_entry_appeals import APPEALS, change
from tests.services.scoring.test_people_and_time import decision
from tests.services.scoring.test_plan_scoring import score
from tests.services.scoring.test_sealing import cosigned


def plan() -> dict[str, Any]:
    """The small regulation, times the coefficient of the post, and one point less for whom a decision holds."""
    made = binding(circumstances={"病休": {}})
    nodes = made["plan"]["nodes"]
    ill = {"of": "ill", "op": "==", "than": "1"}
    nodes["less"] = {"type": "gate", "of": "total", "effect": "add", "amount": "-1", "when": ill}
    nodes["weighted"] = {"type": "arithmetic", "op": "multiply", "left": "less", "right": "coefficient"}
    made["plan"]["total"] = "weighted"
    made["sources"] |= {"ill": {"circumstance": "病休"}, "coefficient": {"person": "coefficient"}}
    return made


@pytest.fixture
async def bundle(desk: Desk) -> bytes:
    """Three officers with work, one of them ill; closed, sealed by two, signed by a witness."""
    desk.bureau.scheme = later(desk.bureau.scheme, plan=plan())
    assert await desk.hear(desk.bureau.scheme) == []
    for name, cases, deeds in (("an", "8", "2"), ("bo", "5", "3"), ("ding", "10", "1")):
        goals = [desk.bureau.target(name, desk.bureau.completion), desk.bureau.target(name)]
        work = [desk.bureau.work(name, goals[0], cases), desk.bureau.work(name, goals[1], deeds)]
        assert await desk.hear(*goals, *work) == []
    await score(desk)
    await desk["office"].post(f"{API}/circumstances", decision(desk, "bo", "病休"))
    await score(desk)
    return await sealed(desk)


async def sealed(desk: Desk) -> bytes:
    await desk.close_out()
    await score(desk)
    for step, body in (("/begin", {}), ("/trials", {}), ("/publish", until(3))):
        await desk["office"].post(closing(desk, step), body)
    desk.clock.advance(timedelta(days=3))
    await desk["office"].post(closing(desk, "/approve"))
    await desk["second"].post(closing(desk, "/approve"))
    await cosigned(desk)
    answer = await desk["office"].send("GET", f"{API}/seals/1/bundle")
    assert answer.status_code == 200, answer.text
    return gzip.decompress(bytes(answer.content))


async def test_an_appeal_that_succeeded_is_among_what_the_plan_is_applied_to(desk: Desk):
    city = desk.bureau.units["CITY"]
    desk.bureau.scheme = later(desk.bureau.scheme, plan=binding())
    desk.bureau.join("judge", "CITY", grant(Role.ADJUDICATOR, city.id, city.path))
    goal = desk.bureau.target("an", desk.bureau.completion)
    work = desk.bureau.work("an", goal, "8")
    heard = (desk.bureau.scheme, *desk.bureau.postings.values(), goal, work)
    assert await desk.hear(*heard, later(work, status=SubmissionStatus.UPHELD)) == []
    await score(desk)
    (entry, *_) = (await desk["an"].get(f"{API}/entries"))["items"]
    appeal = await desk["an"].post(f"{API}/entries/{entry['id']}/appeals", {"grounds": "目标应为六件"})
    await desk["judge"].post(f"{APPEALS}/{appeal['id']}/decide", change("9"))
    await score(desk)
    report = verify_bundle(lines(await sealed(desk)), TRUSTED)
    assert report.holds, report.findings


async def test_a_plan_is_applied_again_to_what_the_bundle_has(bundle: bytes):
    report = verify_bundle(lines(bundle), TRUSTED)
    assert report.holds, report.findings
    assert report.counts["plan-nodes"] == 9  # three officers; two lines and the rest of the total
    assert not report.notes


@pytest.mark.parametrize(
    ("section", "change", "part"),
    [
        ("facts", ('"8","2026', '"7","2026'), "section facts"),
        ("rules", ('"each":"0.5"', '"each":"0.4"'), "section rules"),
        ("assessed", ('"coefficient":"1"', '"coefficient":"6/5"'), "section assessed"),
        ("assessed", ('"name":"病休"', '"name":"病愈"'), "section assessed"),
    ],
    ids=["quantity", "weight", "posting", "circumstance"],
)
async def test_what_the_plan_was_applied_to_cannot_be_changed(
    bundle: bytes, section: str, change: tuple[str, str], part: str
):
    forged = rewritten(bundle, section, change)
    assert forged != lines(bundle)
    report = verify_bundle(forged, TRUSTED)
    places = [finding.place for finding in report.findings]
    assert part in places
    assert any("officer" in place and "node" in place for place in places), places


@pytest.mark.parametrize(
    ("section", "change", "part"),
    [
        ("leaf", ('"points_milli":', '"points_milli":9'), "node"),
        ("posted", ('"deeds"', '"done"'), "node done"),
        ("posted", ('"posted"', '"post"'), "line"),
        ("assessed", ('"since":"20', '"since":"x'), "line"),
    ],
)
async def test_a_changed_statement_or_entry_is_named(
    bundle: bytes, section: str, change: tuple[str, str], part: str
):
    forged = rewritten(bundle, section, change)
    assert forged != lines(bundle)
    report = verify_bundle(forged, TRUSTED)
    assert any(part in finding.place for finding in report.findings), report.findings


async def test_nobody_is_left_out_by_leaving_out_a_section_or_naming_an_older_form(bundle: bytes):
    kept = [raw for raw in lines(bundle)[:-1] if not raw.startswith((b"assessed ", b"posted "))]
    left_out = [*kept, line("end", hashlib.sha256(b"".join(kept)).hexdigest())]
    assert "section assessed" in {finding.place for finding in verify_bundle(left_out, TRUSTED).findings}
    older = rewritten(bundle, "bundle", ("oa/bundle/2", "oa/bundle/1"))
    report = verify_bundle(older, TRUSTED)
    assert any("older than the seal" in finding.en for finding in report.findings)
    assert report.notes


async def test_the_command_prints_what_it_found_as_json(bundle: bytes, tmp_path: Path):
    file, keys = tmp_path / "seal-1.bundle", tmp_path / "keys.txt"
    keys.write_text(TRUST, encoding="utf-8")
    file.write_bytes(bundle)
    good = CliRunner().invoke(app, ["verify-bundle", str(file), "--trust", str(keys), "--json"])
    assert (good.exit_code, json.loads(good.stdout)["holds"]) == (0, True)
    file.write_bytes(b"".join(rewritten(bundle, "facts", ('"8","2026', '"7","2026'))))
    bad = CliRunner().invoke(app, ["verify-bundle", str(file), "--json"])
    told = json.loads(bad.stdout)
    assert (bad.exit_code, told["holds"], told["signatures_checked"]) == (1, False, False)
    assert any("derived" in finding["en"] for finding in told["findings"])
