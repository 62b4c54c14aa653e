"""Sealing a period: two people, nothing posted behind it, receipts that anybody can verify."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from kernel.db.engine import async_url
from sealing.note import Note
from sealing.trust import Trust
from sealing.verify import Verdict, verify
from services.scoring.models import EntryRow, SealLeafRow
from tests.services.scoring.bureau import NOON, later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.keys import TRUST, WITNESSES
from tests.services.scoring.test_awards import award
from tests.services.scoring.test_closing import closing, code, until, worked

__all__ = ["worked"]


@pytest.fixture
async def public(worked: Desk) -> Desk:
    """The window for objections has passed."""
    await worked["office"].post(f"{API}/awards", award(worked))
    await worked.roll_up()
    await worked["office"].post(closing(worked, "/begin"))
    await worked["office"].post(closing(worked, "/trials"))
    await worked["office"].post(closing(worked, "/publish"), until(3))
    worked.clock.advance(timedelta(days=3))
    return worked


@pytest.fixture
async def sealed(public: Desk) -> Desk:
    await public["office"].post(closing(public, "/approve"))
    await public["second"].post(closing(public, "/approve"))
    return public


async def cosigned(desk: Desk) -> None:
    """A witness takes the checkpoint home, signs it and gives it back."""
    answer = await desk["office"].send("GET", f"{API}/seals/1/checkpoint")
    note = Note.parse(answer.text).signed(WITNESSES[0], at=1_795_000_000)
    await desk["office"].post(f"{API}/seals/1/signatures", {"note": note.source})


@asynccontextmanager
async def as_owner(desk: Desk) -> AsyncIterator[AsyncConnection]:
    """Somebody with the keys of the database, who can switch triggers off."""
    engine = create_async_engine(async_url(desk.platform.owner_urls["scoring"]))
    async with engine.begin() as connection:
        yield connection
    await engine.dispose()


def verdict(data: bytes) -> Verdict:
    return verify(data, trust=TRUST.encode())


async def receipt(desk: Desk, who: str, name: str | None = None) -> bytes:
    kind, subject_id, _ = desk.bureau.subject(name or who)
    answer = await desk[who].send("GET", f"{API}/receipts/{desk.bureau.period.id}/{kind}/{subject_id}")
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


async def test_one_person_never_seals_alone(public: Desk):
    assert await code(public, "office", closing(public, "/approve")) == "200"
    assert await code(public, "office", closing(public, "/approve")) == "seal-second-person"
    row = await public["second"].post(closing(public, "/approve"))
    assert (row["status"], row["seal_number"]) == ("sealed", 1)


async def test_the_window_for_objections_is_waited_for(public: Desk):
    public.clock.move_to(NOON + timedelta(days=3) - timedelta(seconds=1))
    assert await code(public, "office", closing(public, "/approve")) == "closing-window-open"


async def test_figures_that_moved_after_the_first_signature_are_not_sealed(public: Desk):
    await public["office"].post(closing(public, "/approve"))
    goal = public.bureau.target("bo")
    await public.hear(goal, public.bureau.work("bo", goal, "2"))
    await public.roll_up()
    assert await code(public, "second", closing(public, "/approve")) == "closing-trial-outdated"


async def test_a_new_trial_makes_signatures_void(public: Desk):
    await public["office"].post(closing(public, "/approve"))
    await public["office"].post(closing(public, "/trials"))
    detail = await public["office"].get(closing(public))
    assert (detail["status"], detail["approved_by"]) == ("checking", None)


async def test_nothing_is_posted_behind_a_seal(sealed: Desk):
    assert await code(sealed, "office", f"{API}/awards", award(sealed)) == "period-closed"
    goal = sealed.bureau.target("bo")
    assert await sealed.hear(goal, sealed.bureau.work("bo", goal, "2")) == ["parked"]
    async with sealed.db.reading() as session:
        entry = await session.scalar(select(EntryRow).limit(1))
    columns = {c.name: getattr(entry, c.name) for c in EntryRow.__table__.columns}
    columns |= {"id": goal.id, "seq": 10**6, "hash": "f" * 64, "line_no": 9}
    with pytest.raises(DBAPIError, match="is sealed"):
        async with sealed.db.engine.begin() as connection:
            await connection.execute(EntryRow.__table__.insert().values(columns))  # type: ignore[attr-defined]
    with pytest.raises(DBAPIError, match="is sealed"):
        async with sealed.db.engine.begin() as connection:
            await connection.execute(text("UPDATE statement SET total_milli = 0"))


async def test_everybodys_receipt_verifies(sealed: Desk):
    await cosigned(sealed)
    for who, name in (("an", "an"), ("ding", "ding"), ("leader", "XZ01"), ("office", "CITY")):
        found = verdict(await receipt(sealed, who, name))
        assert found.outcome == "verified", found.failed
    total = json.loads(await receipt(sealed, "an"))["leaf"]["total_milli"]
    assert total == await sealed.total("an")


async def test_without_enough_witnesses_a_receipt_does_not_verify(sealed: Desk):
    assert verdict(await receipt(sealed, "an")).outcome == "not_verified"


async def test_a_receipt_with_another_score_does_not_verify(sealed: Desk):
    await cosigned(sealed)
    data = await receipt(sealed, "an")
    before = f'"total_milli":{await sealed.total("an")}'.encode()
    assert before in data
    assert verdict(data.replace(before, b'"total_milli":9000')).outcome == "not_verified"


async def test_a_leaf_changed_in_the_database_gives_receipts_that_fail(sealed: Desk):
    await cosigned(sealed)
    async with as_owner(sealed) as connection:
        await connection.execute(text("ALTER TABLE seal_leaf DISABLE TRIGGER append_only"))
        await connection.execute(
            text("UPDATE seal_leaf SET leaf = replace(leaf, :was, :forged) WHERE kind = 'officer'"),
            {"was": f'"total_milli":{await sealed.total("an")},', "forged": '"total_milli":9000,'},
        )
    assert verdict(await receipt(sealed, "an")).outcome == "not_verified"


async def test_a_receipt_is_for_those_who_may_see_the_score(sealed: Desk):
    kind, an, _ = sealed.bureau.subject("an")
    path = f"{API}/receipts/{sealed.bureau.period.id}/{kind}/{an}"
    assert (await sealed["ding"].problem("GET", path))["status"] == 404


async def test_a_cosignature_of_a_stranger_is_refused(sealed: Desk):
    stranger = type(WITNESSES[0])("stranger.example.cn", WITNESSES[0].kind, WITNESSES[1].private)
    note = Note.parse((await sealed["office"].send("GET", f"{API}/seals/1/checkpoint")).text)
    path = f"{API}/seals/1/signatures"
    signed = {"note": note.signed(stranger, at=1).source}
    assert await code(sealed, "office", path, signed) == "seal-signature-refused"
    foreign = {"note": Note(note.text.replace("\n1\n", "\n2\n")).signed(WITNESSES[0], at=1).source}
    assert await code(sealed, "office", path, foreign) == "seal-note-foreign"
    assert await code(sealed, "office", path, {"note": "x"}) == "seal-note-foreign"


async def test_the_leaves_add_up_to_the_ledger(sealed: Desk):
    async with sealed.db.reading() as session:
        leaves = [json.loads(text) for text in await session.scalars(select(SealLeafRow.leaf))]
        entries = {str(row.id): row.points_milli for row in await session.scalars(select(EntryRow))}
    lines = [line for leaf in leaves for line in leaf.get("lines", ())]
    assert {line["entry_id"]: line["points_milli"] for line in lines} == entries
    seal = json.loads((await sealed["office"].get(f"{API}/seals/1"))["statement"])
    assert seal["sums"]["total_milli"] == sum(entries.values())
    assert seal["counts"]["officers"] == sum(leaf["_t"].startswith("oa/officer") for leaf in leaves)


async def test_salts_differ_from_leaf_to_leaf(sealed: Desk):
    async with sealed.db.reading() as session:
        salts = [json.loads(text)["salt"] for text in await session.scalars(select(SealLeafRow.leaf))]
    assert len(set(salts)) == len(salts)


async def test_the_second_seal_follows_the_first_in_the_log(sealed: Desk):
    bureau = sealed.bureau
    following = later(
        bureau.period, code="2026-12", month=12, starts_on=bureau.period.ends_on + timedelta(days=1),
        ends_on=bureau.period.ends_on + timedelta(days=31), cutoff_at=NOON,
    ).model_copy(update={"id": bureau.scheme_id})  # fmt: skip
    bureau.period, first = following, bureau.period
    await sealed.hear(following)
    await sealed.close_out()
    for step, body in (("/begin", None), ("/trials", None), ("/publish", until(9))):
        await sealed["office"].post(closing(sealed, step), body)
    sealed.clock.advance(timedelta(days=9))
    await sealed["office"].post(closing(sealed, "/approve"))
    await sealed["second"].post(closing(sealed, "/approve"))
    seals = (await sealed["office"].get(f"{API}/seals"))["items"]
    assert [(s["number"], s["log_index"], s["period_id"]) for s in seals] == [
        (1, 0, str(first.id)),
        (2, 1, str(following.id)),
    ]
    proof = await sealed["office"].send("GET", f"{API}/seals/2/consistency", params={"old": 1})
    assert proof.text.startswith("old 1\n")


async def test_without_a_key_nothing_is_sealed(public: Desk, monkeypatch: pytest.MonkeyPatch):
    runtime: Any = public.platform.runtimes["scoring"]
    monkeypatch.setattr(runtime, "settings", runtime.settings.model_copy(update={"seal_key": None}))
    assert await code(public, "office", closing(public, "/approve")) == "seal-key-missing"


def test_the_trust_list_of_the_tests_is_one():
    assert Trust.parse(TRUST).quorum == 1


async def test_what_was_sealed_verifies_as_a_whole(sealed: Desk):
    found = await sealed.verified()
    assert (found.holds, found.seals) == (True, 1), found.differences


@pytest.mark.parametrize(
    ("table", "change", "check"),
    [
        ("statement", "UPDATE statement SET total_milli = total_milli + 500", "seal-statement"),
        ("ledger_entry", "UPDATE ledger_entry SET points_milli = 9000 WHERE seq = 1", "seal-ledger"),
        ("ledger_entry", "DELETE FROM ledger_entry WHERE seq = 1", "seal-ledger"),
        ("seal_leaf", "UPDATE seal_leaf SET leaf = replace(leaf, 'lines', 'linez')", "seal-tree"),
        ("seal_leaf", "DELETE FROM seal_leaf WHERE idx = 0", "seal-tree"),
        ("seal", "UPDATE seal SET statement = replace(statement, '2026', '2025')", "seal-log"),
        (
            "seal_signature",
            "UPDATE seal_signature SET line = left(line, -9) || E'AAAAAAE=\n'",
            "seal-signature",
        ),
        ("seal_signature", "UPDATE seal_signature SET line = 'x'", "seal-signature"),
        ("seal_signature", "DELETE FROM seal_signature", "seal-signature"),
    ],
)
async def test_whoever_has_the_database_cannot_change_a_seal_unseen(
    sealed: Desk, table: str, change: str, check: str
):
    async with as_owner(sealed) as connection:
        await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        await connection.exec_driver_sql(change)
    found = await sealed.verified()
    assert not found.holds
    assert check in {difference["check"] for difference in found.differences}
