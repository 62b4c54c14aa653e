"""Checks that go on by themselves: what fails is written down, told to the auditor, and blocks a seal until it is mended."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from contracts.submissions import SubmissionStatus
from kernel.nightly import outcomes
from kernel.storage.copies import place_of
from sealing.note import Note
from services.scoring import jobs
from services.scoring.actions.rehashing import check_files, list_files
from tests.services.scoring.bureau import NOON, later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.keys import WITNESSES
from tests.services.scoring.test_awards import award
from tests.services.scoring.test_closing import closing, code, until, worked
from tests.services.scoring.test_sealing import as_owner, cosigned, public, sealed

__all__ = ["public", "sealed", "worked"]

Mend = Callable[[], Coroutine[Any, Any, None]]
Break = Callable[[Desk], Coroutine[Any, Any, Mend]]


async def execute(desk: Desk, statement: str, **named: Any) -> None:
    async with desk.db.engine.begin() as connection:
        await connection.execute(text(statement), named)


def by_sql(broken: str, mended: str) -> Break:
    """What only a fault brings about: written into the database, and taken out of it."""

    async def fault(desk: Desk) -> Mend:
        named = {"period": desk.bureau.period.id}
        await execute(desk, broken, **(named if ":period" in broken else {}))

        async def mend() -> None:
            await execute(desk, mended, **(named if ":period" in mended else {}))

        return mend

    return fault


def work_that_is(status: SubmissionStatus) -> Break:
    """Work of that state, decided later."""

    async def fault(desk: Desk) -> Mend:
        goal = desk.bureau.target("bo")
        work = desk.bureau.work("bo", goal, "2")
        await desk.hear(goal, later(work, status=status))
        await desk.roll_up()

        async def mend() -> None:
            await desk.hear(later(work, version=3, status=SubmissionStatus.REFUSED, accepted_quantity=None))
            await desk.roll_up()

        return mend

    return fault


async def unsigned_award(desk: Desk) -> Mend:
    made = await desk["office"].post(f"{API}/awards", award(desk, points="6"))
    assert made["status"] == "pending"

    async def mend() -> None:
        await desk["second"].post(f"{API}/awards/{made['id']}/confirm")
        await desk.roll_up()

    return mend


async def file_that_is_gone(desk: Desk) -> Mend:
    """Work with a file that the store does not have; it is put there afterwards."""
    runtime = desk.platform.runtimes["scoring"]
    await runtime.blobs.prepare()
    content = b"the evidence"
    name = "41f4a8ba1d9a2e1ae7f8ce24a0e1c2fb1a1e2cde6b1f4f58b1f3f5a6b7c8d9e0"
    await execute(
        desk, "INSERT INTO closing_file (period_id, sha256, state) VALUES (:period, :name, 'waiting')",
        period=desk.bureau.period.id, name=name,
    )  # fmt: skip
    await check_files(runtime, None)

    async def mend() -> None:
        stored = await runtime.blobs.put(content, "application/pdf")
        await execute(
            desk, "UPDATE closing_file SET sha256 = :new, state = 'waiting', checked_at = NULL WHERE sha256 = :old",
            new=stored, old=name,
        )  # fmt: skip
        await check_files(runtime, None)

    return mend


async def failed_night(desk: Desk) -> Mend:
    """A figure changed behind the program's back, found by the job, put right, and verified again."""
    total = "UPDATE statement SET total_milli = total_milli + (:by) WHERE subject_kind = 'officer'"
    await execute(desk, total, by=1)
    await jobs.verify_scores(desk.platform.runtimes["scoring"])

    async def mend() -> None:
        await execute(desk, total, by=-1)
        await jobs.verify_scores(desk.platform.runtimes["scoring"])

    return mend


CURSOR = "INSERT INTO bus.cursor (consumer, stream, hash, mode) VALUES ('scoring', 'submissions', '', 'fork')"
PARKED = (
    "INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, headers,"
    " created_at, state) VALUES ('scoring', 'org', gen_random_uuid(), 1, 9999, '', '', 'org.unit.v1', 'x', '{}', '{}',"
    " now(), 'parked')"
)
DUE = "INSERT INTO roll_up_due (unit_id, period_id) SELECT id, :period FROM unit WHERE level = 1"
BLOCKERS: dict[str, Break] = {
    "undecided": work_that_is(SubmissionStatus.IN_REVIEW),
    "under-appeal": work_that_is(SubmissionStatus.UNDER_APPEAL),
    "awards-pending": unsigned_award,
    "streams-stopped": by_sql(CURSOR, "UPDATE bus.cursor SET mode = 'live'"),
    "events-waiting": by_sql(PARKED, "UPDATE bus.inbox SET state = 'skipped' WHERE state = 'parked'"),
    "attachments": file_that_is_gone,
    "verification": failed_night,
    "figures-due": by_sql(DUE, "DELETE FROM roll_up_due"),
}


#: What the platform does by itself within seconds: there is no list to go to.
WORKED_OFF = {"figures-due"}


@pytest.mark.parametrize("name", BLOCKERS)
async def test_a_blocker_says_where_it_is_and_opens_when_mended(worked: Desk, name: str):
    await worked["office"].post(closing(worked, "/begin"))
    mend = await BLOCKERS[name](worked)
    check = await found(worked, name)
    assert check["blocks"]
    assert check["count"] > 0
    assert bool(check["link"]) == (name not in WORKED_OFF)
    await worked["office"].post(closing(worked, "/trials"))
    refused = await worked["office"].problem("POST", closing(worked, "/publish"), json=until(3))
    assert refused["code"] == "closing-blocked"
    await mend()
    assert (await found(worked, name))["count"] == 0
    await worked["office"].post(closing(worked, "/trials"))
    assert await code(worked, "office", closing(worked, "/publish"), until(3)) == "200"


async def found(desk: Desk, name: str) -> Any:
    return next(c for c in (await desk["office"].get(closing(desk)))["checks"] if c["code"] == name)


async def objection(desk: Desk) -> Mend:
    kind, an, _ = desk.bureau.subject("an")
    about = {"subject_kind": kind, "subject_id": str(an), "text": "漏计一件"}
    raised = await desk["an"].post(closing(desk, "/objections"), about)

    async def mend() -> None:
        words = {"upheld": False, "answer": "该件属上一周期"}
        await desk["office"].post(f"{API}/closings/objections/{raised['id']}/answer", words)

    return mend


async def test_an_objection_blocks_the_signatures_until_it_is_answered(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    await worked["office"].post(closing(worked, "/trials"))
    await worked["office"].post(closing(worked, "/publish"), until(3))
    mend = await objection(worked)
    worked.clock.advance(timedelta(days=3))
    check = await found(worked, "objections")
    assert (check["count"], check["blocks"], bool(check["link"])) == (1, True, True)
    assert await code(worked, "office", closing(worked, "/approve")) == "closing-blocked"
    await mend()
    assert await code(worked, "office", closing(worked, "/approve")) == "200"


async def test_shortfalls_block_until_they_are_posted(desk: Desk):
    goal = desk.bureau.target("an")
    await desk.hear(goal, desk.bureau.work("an", goal, "4"))
    await desk.roll_up()
    await desk["office"].post(closing(desk, "/begin"))
    await desk["office"].post(closing(desk, "/trials"))
    check = await found(desk, "shortfalls-due")
    assert (check["count"], check["blocks"]) == (1, True)
    assert await code(desk, "office", closing(desk, "/publish"), until(3)) == "closing-blocked"
    await desk.close_out()
    assert (await found(desk, "shortfalls-due"))["count"] == 0
    await desk["office"].post(closing(desk, "/trials"))
    assert await code(desk, "office", closing(desk, "/publish"), until(3)) == "200"


async def test_what_fails_after_the_publicity_blocks_the_signatures(public: Desk):
    mend = await failed_night(public)
    assert await code(public, "office", closing(public, "/approve")) == "closing-blocked"
    await mend()
    assert await code(public, "office", closing(public, "/approve")) == "200"


async def test_every_file_is_hashed_again_before_the_seal(worked: Desk, tmp_path: Path):
    """Listed from the events when the closing begins; wrong bytes and a missing second copy are told, then mended."""
    runtime = worked.platform.runtimes["scoring"]
    await runtime.blobs.prepare()
    content = b"%PDF evidence"
    name = await runtime.blobs.put(content, "application/pdf")
    goal = worked.bureau.target("bo")
    work = worked.bureau.work("bo", goal, "2")
    file = {"sha256": name, "name": "a.pdf", "size": len(content), "media_type": "application/pdf"}
    await worked.hear(goal, type(work).model_validate(work.model_dump() | {"evidence": [file]}))
    await worked.roll_up()
    await worked["office"].post(closing(worked, "/begin"))
    assert await states(worked) == {name: "waiting"}
    await check_files(runtime, tmp_path)
    assert await states(worked) == {name: "uncopied"}
    copy = place_of(tmp_path, name)
    copy.parent.mkdir()
    copy.write_bytes(content)
    worked.clock.advance(timedelta(minutes=2))
    await list_files(runtime)
    await check_files(runtime, tmp_path)
    assert await states(worked) == {name: "sound"}
    await worked["office"].post(closing(worked, "/trials"))
    worked.clock.move_to(NOON + timedelta(minutes=3))
    assert await code(worked, "office", closing(worked, "/publish"), until(3)) == "200"
    worked.clock.move_to(NOON + timedelta(days=4))
    await worked["office"].post(closing(worked, "/approve"))
    await execute(worked, "DELETE FROM closing_file")
    assert await code(worked, "second", closing(worked, "/approve")) == "closing-blocked", "not even listed"
    await list_files(runtime)
    await check_files(runtime, None)
    assert await code(worked, "second", closing(worked, "/approve")) == "200"


async def states(desk: Desk) -> dict[str, str]:
    rows = (await desk["office"].get(closing(desk, "/files")))["items"]
    return {row["sha256"]: row["state"] for row in rows}


async def test_the_night_is_told_to_the_auditor_and_in_figures(sealed: Desk):
    await cosigned(sealed)
    runtime: Any = sealed.platform.runtimes["scoring"]
    await jobs.verify_scores(runtime)
    await jobs.compare_checkpoints(runtime)
    rows = (await sealed["auditor"].get(f"{API}/verification/runs"))["items"]
    assert {row["name"]: row["failures"] for row in rows} == {"scores": 0, "witnessed-checkpoints": 0}
    assert next(row["looked_at"] for row in rows if row["name"] == "witnessed-checkpoints") == 1
    assert (outcomes()["scores"], outcomes()["witnessed-checkpoints"]) == (0, 0)
    assert await code(sealed, "office", f"{API}/verification/witnessed") == "permission-denied"


async def test_a_log_that_was_written_anew_is_not_what_a_witness_signed(
    sealed: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whoever has the database can compute everything again and drop signatures; the witness's own copy stays."""
    await cosigned(sealed)
    signed = (await sealed["office"].send("GET", f"{API}/seals/1/checkpoint")).text
    (tmp_path / "discipline.txt").write_text(signed)
    runtime: Any = sealed.platform.runtimes["scoring"]
    update = {"seal_witnessed": tmp_path}
    monkeypatch.setattr(runtime, "settings", runtime.settings.model_copy(update=update))
    assert (await sealed["auditor"].post(f"{API}/verification/witnessed"))["failures"] == 0
    async with as_owner(sealed) as connection:
        for table in ("seal", "seal_signature"):
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        await connection.exec_driver_sql("UPDATE seal SET statement = replace(statement, '2026', '2025')")
        await connection.exec_driver_sql("DELETE FROM seal_signature WHERE role = 'witness'")
    await jobs.compare_checkpoints(runtime)
    assert outcomes()["witnessed-checkpoints"] == 1
    run = (await sealed["auditor"].get(f"{API}/verification/runs", name="witnessed-checkpoints"))["items"][0]
    assert run["findings"][0]["check"] == "split-view"
    compared = await sealed["auditor"].post(f"{API}/verification/checkpoints", {"checkpoint": signed})
    assert (compared["agrees"], compared["size"], compared["log_size"]) == (False, 1, 1)


async def test_what_lies_in_the_folder_must_be_of_a_witness(
    sealed: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    note = Note.parse((await sealed["office"].send("GET", f"{API}/seals/1/checkpoint")).text)
    stranger = type(WITNESSES[0])("stranger.example.cn", WITNESSES[0].kind, WITNESSES[1].private)
    (tmp_path / "a").write_text("torn")
    (tmp_path / "b").write_text(note.signed(stranger, at=1).source)
    runtime: Any = sealed.platform.runtimes["scoring"]
    monkeypatch.setattr(runtime, "settings", runtime.settings.model_copy(update={"seal_witnessed": tmp_path}))
    run = await sealed["auditor"].post(f"{API}/verification/witnessed")
    assert [finding["check"] for finding in run["findings"]] == ["unreadable", "no-witness"]


async def test_a_printed_checkpoint_is_compared(sealed: Desk):
    note = (await sealed["office"].send("GET", f"{API}/seals/1/checkpoint")).text
    three = note.split("\n\n")[0]
    path = f"{API}/verification/checkpoints"
    assert (await sealed["auditor"].post(path, {"checkpoint": three}))["agrees"] is True
    larger = three.replace("\n1\n", "\n7\n")
    answer = await sealed["auditor"].post(path, {"checkpoint": larger})
    assert (answer["agrees"], answer["root"]) == (False, None)
    assert await code(sealed, "auditor", path, {"checkpoint": "x"}) == "checkpoint-unreadable"
