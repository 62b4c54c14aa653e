"""What is sealed stays; a correction is sealed beside it, by two people, and counts in the open period."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select

from sealing.note import Note
from sealing.receipt import Receipt
from services.scoring.models import EntryRow
from tests.services.scoring.bureau import NOON, later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.keys import WITNESSES
from tests.services.scoring.test_closing import closing, code, worked
from tests.services.scoring.test_sealing import as_owner, public, receipt, sealed, verdict

__all__ = ["public", "sealed", "worked"]


def correction(desk: Desk, who: str = "an", points: str = "2.5", **changes: Any) -> dict[str, Any]:
    kind, subject, unit = desk.bureau.subject(who)
    line = {
        "subject_kind": kind, "subject_id": str(subject), "unit_id": str(unit), "module": "mod_business", "points": points,
    }  # fmt: skip
    return {
        "lines": [line | changes],
        "reason": "复议改判:第二件应计分",
        "document_number": "考核办〔2026〕7号",
    }


async def corrected(desk: Desk, **changes: Any) -> dict[str, Any]:
    row = await desk["office"].post(closing(desk, "/corrections"), correction(desk, **changes))
    done = await desk["second"].post(f"{API}/corrections/{row['id']}/approve")
    await cosigned(desk, done["seal_number"])
    await desk.roll_up()
    return dict(done)


async def cosigned(desk: Desk, number: int) -> None:
    answer = await desk["office"].send("GET", f"{API}/seals/{number}/checkpoint")
    note = Note.parse(answer.text).signed(WITNESSES[0], at=1_795_000_000)
    await desk["office"].post(f"{API}/seals/{number}/signatures", {"note": note.source})


@pytest.fixture
async def next_month(sealed: Desk) -> Desk:
    period = sealed.bureau.period
    following = later(
        period, code="2026-12", month=12, starts_on=period.ends_on + timedelta(days=1),
        ends_on=period.ends_on + timedelta(days=31), cutoff_at=NOON + timedelta(days=30),
    ).model_copy(update={"id": sealed.bureau.scheme_id})  # fmt: skip
    await sealed.hear(following)
    return sealed


async def test_a_correction_is_sealed_beside_what_was_sealed(next_month: Desk):
    desk = next_month
    before = await desk.total("an")
    done = await corrected(desk)
    assert (done["status"], done["seal_number"], done["settled_period_id"]) == (
        "sealed",
        2,
        str(desk.bureau.scheme_id),
    )
    mine = next(total for total in done["totals"] if total["subject_kind"] == "officer")
    assert (mine["before_milli"], mine["after_milli"]) == (before, before + 2500)
    assert await desk.total("an") == before
    data = await receipt(desk, "an")
    assert verdict(data).outcome == "verified"
    read = Receipt.parse(data)
    assert [leaf["total_milli"] for leaf in read.leaves] == [before, before + 2500]
    assert read.supplements[0].leaf["adjustments"][0]["reason"] == "复议改判:第二件应计分"
    for who, name in (("leader", "XZ01"), ("office", "CITY")):
        unit = await receipt(desk, who, name)
        assert verdict(unit).outcome == "verified"
        assert len(Receipt.parse(unit).supplements) == 1
    assert Receipt.parse(await receipt(desk, "ding")).supplements == ()
    found = await desk.verified()
    assert (found.holds, found.seals) == (True, 2), found.differences


async def test_the_points_count_in_the_open_period(next_month: Desk):
    done = await corrected(next_month, points="-1.5")
    async with next_month.db.reading() as session:
        rows = (await session.scalars(select(EntryRow).where(EntryRow.kind == "adjustment"))).all()
    assert [(row.points_milli, str(row.period_id)) for row in rows] == [(-1500, done["settled_period_id"])]
    assert "补充封存 2 号" in rows[0].reason_zh


async def test_a_second_correction_replaces_the_first(next_month: Desk):
    await corrected(next_month)
    await corrected(next_month, points="0.5")
    read = Receipt.parse(await receipt(next_month, "an"))
    assert [each.seal["seal_no"] for each in read.supplements] == [2, 3]
    assert verdict(await receipt(next_month, "an")).outcome == "verified"
    assert (await next_month.verified()).holds


async def test_a_unit_is_corrected_with_all_above_it(next_month: Desk):
    done = await corrected(next_month, who="XZ01", points="3")
    kinds = [total["subject_kind"] for total in done["totals"]]
    assert "officer" not in kinds
    assert len(kinds) >= 2
    assert verdict(await receipt(next_month, "leader", "XZ01")).outcome == "verified"
    assert (await next_month.verified()).holds


async def test_without_an_open_period_it_is_sealed_all_the_same(sealed: Desk):
    done = await corrected(sealed)
    assert (done["seal_number"], done["settled_period_id"]) == (2, None)
    assert (await sealed.verified()).holds


async def test_who_may_correct_what_and_when(next_month: Desk):
    desk, path = next_month, closing(next_month, "/corrections")
    assert await code(desk, "an", path, correction(desk)) == "permission-denied"
    assert (
        await code(desk, "office", path, correction(desk, entry_id=str(desk.bureau.scheme_id)))
        == "correction-subject"
    )
    assert (
        await code(desk, "office", path, correction(desk, subject_id=str(desk.bureau.scheme_id)))
        == "correction-subject"
    )
    row = await desk["office"].post(path, correction(desk))
    assert await code(desk, "second", path, correction(desk)) == "correction-running"
    assert await code(desk, "office", f"{API}/corrections/{row['id']}/approve") == "correction-second-person"
    assert (await desk["office"].post(f"{API}/corrections/{row['id']}/withdraw"))["status"] == "withdrawn"
    assert await code(desk, "second", f"{API}/corrections/{row['id']}/approve") == "correction-decided"
    assert [one["status"] for one in (await desk["office"].get(path))["items"]] == ["withdrawn"]


async def test_an_open_period_needs_no_correction(worked: Desk):
    await worked["office"].post(closing(worked, "/begin"))
    assert await code(worked, "office", closing(worked, "/corrections"), correction(worked)) == "not-sealed"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE correction SET reason = '无'",
        "UPDATE correction SET lines = replace(lines::text, '2500', '2400')::jsonb",
        "UPDATE correction SET totals = '[]'",
        "DELETE FROM correction",
    ],
)
async def test_a_correction_changed_afterwards_is_found(next_month: Desk, change: str):
    await corrected(next_month)
    async with as_owner(next_month) as connection:
        await connection.exec_driver_sql(change)
    found = await next_month.verified()
    assert "seal-supplement" in {difference["check"] for difference in found.differences}


async def test_a_receipt_on_paper_carries_the_receipt(next_month: Desk):
    await corrected(next_month)
    kind, subject, _ = next_month.bureau.subject("an")
    path = f"{API}/receipts/{next_month.bureau.period.id}/{kind}/{subject}/paper"
    first = await next_month["an"].send("GET", path)
    again = await next_month["an"].send("GET", path)
    assert first.content == again.content
    data = await receipt(next_month, "an")
    with pypdfium2.PdfDocument(bytes(first.content)) as paper:
        assert bytes(paper.get_attachment(0).get_data()) == data
        words = "\n".join(page.get_textpage().get_text_bounded() for page in paper)
    leaf = Receipt.parse(data).supplements[-1].leaf
    digest = hashlib.sha256(
        b"\x00" + json.dumps(leaf, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    )
    assert digest.hexdigest() in "".join(words.split())
    assert "复议改判" in words
    kind, ding, _ = next_month.bureau.subject("ding")
    foreign = f"{API}/receipts/{next_month.bureau.period.id}/{kind}/{ding}/paper"
    assert (await next_month["an"].problem("GET", foreign))["status"] == 404
