"""The key to seal with is changed, lost, stolen: the log goes on, and receipts of before and after verify."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from sealing import keylist
from sealing.checkpoint import Checkpoint
from sealing.keylist import Change
from sealing.keys import ED25519, Signer
from sealing.note import Note
from sealing.trust import Trust
from sealing.verify import verify
from services.scoring.actions import verifying
from tests.services.scoring.bureau import NOON, later
from tests.services.scoring.conftest import API, Desk
from tests.services.scoring.keys import ORIGIN, SYSTEM, WITNESSES
from tests.services.scoring.test_closing import closing, code, until, worked
from tests.services.scoring.test_sealing import public, receipt, sealed

__all__ = ["public", "sealed", "worked"]

NEW = Signer(ORIGIN, ED25519, Ed25519PrivateKey.from_private_bytes(b"\x09" * 32))
FIRST = keylist.first(Trust(1, (SYSTEM.key,), tuple(each.key for each in WITNESSES)))
BY_SYSTEM = (SYSTEM.key.name, SYSTEM.key.key_id)
#: When the witnesses signed; `NOON` of the tests is in another year than the clocks of witnesses.
WITNESSED = 1_795_000_000


def install(desk: Desk, monkeypatch: pytest.MonkeyPatch, trust: str, signer: Signer) -> None:
    """What a restart with other secrets does."""
    pem = signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    runtime: Any = desk.platform.runtimes["scoring"]
    update = {"seal_trust": trust, "seal_key": SecretStr(pem)}
    monkeypatch.setattr(runtime, "settings", runtime.settings.model_copy(update=update))


def vouched(change: Change, *signers: Signer) -> str:
    source = keylist.following(FIRST, change)
    for signer in signers:
        source = keylist.signed(source, signer, WITNESSED)
    return source


async def checkpoint(desk: Desk, number: int) -> Note:
    return Note.parse((await desk["office"].send("GET", f"{API}/seals/{number}/checkpoint")).text)


async def witnessed(desk: Desk, number: int) -> None:
    note = (await checkpoint(desk, number)).signed(WITNESSES[0], at=WITNESSED)
    await desk["office"].post(f"{API}/seals/{number}/signatures", {"note": note.source})


async def seal_next_month(desk: Desk) -> None:
    """The last signature is left out."""
    bureau = desk.bureau
    bureau.period = later(
        bureau.period, code="2026-12", month=12, starts_on=bureau.period.ends_on + timedelta(days=1),
        ends_on=bureau.period.ends_on + timedelta(days=31), cutoff_at=NOON,
    ).model_copy(update={"id": bureau.scheme_id})  # fmt: skip
    goal = bureau.target("an")
    await desk.hear(bureau.period, goal, bureau.work("an", goal, "4"))
    await desk.close_out()
    for step, body in (("/begin", None), ("/trials", None), ("/publish", until(9))):
        await desk["office"].post(closing(desk, step), body)
    desk.clock.advance(timedelta(days=9))
    await desk["office"].post(closing(desk, "/approve"))


def outcome(data: bytes, trust: str) -> str:
    return verify(data, trust=trust.encode()).outcome


async def test_a_lost_key_is_replaced_and_the_next_period_is_sealed(
    sealed: Desk, monkeypatch: pytest.MonkeyPatch
):
    """The rehearsal of the runbook: lost, two witnesses vouch for the new one, sealed, everything verifies."""
    await witnessed(sealed, 1)
    before = await receipt(sealed, "an")
    trust = vouched(Change(system=[NEW.key]), *WITNESSES)
    install(sealed, monkeypatch, trust, NEW)
    first = sealed.bureau.period
    await seal_next_month(sealed)
    row = await sealed["second"].post(closing(sealed, "/approve"))
    assert row["seal_number"] == 2
    await witnessed(sealed, 2)
    after = await receipt(sealed, "an")
    sealed.bureau.period = first
    for data in (before, after, await receipt(sealed, "an")):
        assert outcome(data, trust) == "verified"
    assert outcome(after, FIRST) == "not_verified", "nobody vouched for the new key there"
    async with sealed.db.snapshot() as session:
        found = await verifying.verify(session, keys=Trust.parse(trust).keys)
    assert (found.holds, found.seals) == (True, 2), found.differences


async def test_a_key_that_is_not_on_the_list_does_not_seal(public: Desk, monkeypatch: pytest.MonkeyPatch):
    install(public, monkeypatch, FIRST, NEW)
    assert await code(public, "office", closing(public, "/approve")) == "seal-key-untrusted"
    stolen = {BY_SYSTEM: keylist.limit_of(Checkpoint(ORIGIN, 0, bytes(32)), WITNESSED)}
    install(public, monkeypatch, vouched(Change(compromised=stolen), *WITNESSES), SYSTEM)
    assert await code(public, "office", closing(public, "/approve")) == "seal-key-untrusted"
    install(public, monkeypatch, vouched(Change(system=[NEW.key]), *WITNESSES), NEW)
    assert await code(public, "office", closing(public, "/approve")) == "200"


async def test_after_a_theft_receipts_are_given_out_under_the_new_key(
    sealed: Desk, monkeypatch: pytest.MonkeyPatch
):
    """The stolen key's seal was witnessed by nobody: its receipt counts no longer, until the log is signed anew."""
    before = await receipt(sealed, "an")
    stolen = {BY_SYSTEM: keylist.limit_of(Checkpoint(ORIGIN, 5, bytes(32)), WITNESSED)}
    trust = vouched(Change(system=[NEW.key], compromised=stolen), *WITNESSES)
    install(sealed, monkeypatch, trust, NEW)
    assert outcome(before, trust) == "not_verified"
    path = f"{API}/seals/1/countersign"
    assert await code(sealed, "an", path) == "permission-denied"
    assert await code(sealed, "office", path) == "200"
    assert await code(sealed, "office", path) == "200", "a second time changes nothing"
    await witnessed(sealed, 1)
    assert outcome(await receipt(sealed, "an"), trust) == "verified"


async def test_only_the_newest_checkpoint_is_signed_anew_and_old_receipts_are_given_for_it(
    sealed: Desk, monkeypatch: pytest.MonkeyPatch
):
    first = sealed.bureau.period
    await seal_next_month(sealed)
    await sealed["second"].post(closing(sealed, "/approve"))
    stolen = {BY_SYSTEM: keylist.limit_of(Checkpoint(ORIGIN, 5, bytes(32)), WITNESSED)}
    trust = vouched(Change(system=[NEW.key], compromised=stolen), *WITNESSES)
    install(sealed, monkeypatch, trust, NEW)
    assert await code(sealed, "office", f"{API}/seals/1/countersign") == "seal-not-newest"
    assert await code(sealed, "office", f"{API}/seals/2/countersign") == "200"
    await witnessed(sealed, 2)
    sealed.bureau.period = first
    assert outcome(await receipt(sealed, "an"), trust) == "verified"
