"""`kaohe keys` and `kaohe witness compare`: a key is rotated, lost, compromised, and receipts go on verifying."""

import json
from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sealing.keyfile import written_key
from sealing.keylist import fingerprints, system_key, trust_list
from sealing.keys import Signer
from sealing.trust import Trust
from tests.sealing import world
from tests.sealing.test_vectors import standalone
from tests.sealing.test_witness import grown, noted, run

ORIGIN = world.ORIGIN


@pytest.fixture
def safe(tmp_path: Path) -> Path:
    """Where the list is kept: a key to seal with, three witnesses' keys, and the first version that asks for two."""
    assert run("keys", "new", ORIGIN, "--out", tmp_path / "old.key")[0] == 0
    witnesses = []
    for signer in world.WITNESSES:
        (tmp_path / signer.name).write_bytes(written_key(signer))
        witnesses.append(f"witness {signer.key.vkey}\n")
    plain = "quorum 2\n" + (tmp_path / "old.key.pub").read_text() + "".join(witnesses)
    (tmp_path / "plain.txt").write_text(plain)
    assert run("keys", "begin", tmp_path / "plain.txt", "--out", tmp_path / "keys.txt")[0] == 0
    return tmp_path


def signed(safe: Path, *names: str) -> None:
    for name in names:
        more = ["--origin", ORIGIN] if name.endswith(".key") else []
        assert run("keys", "sign", safe / "next.txt", "--key", safe / name, *more)[0] == 0


def drafted(safe: Path, *change: object) -> None:
    assert run("keys", "next", safe / "keys.txt", "--out", safe / "next.txt", *change)[0] == 0


def checked(safe: Path) -> int:
    return run("keys", "check", safe / "next.txt", "--known", safe / "keys.txt")[0]


def key_of(safe: Path, name: str) -> Signer:
    return system_key(ORIGIN, (safe / name).read_text())


def verdicts(safe: Path, receipt: bytes) -> set[str]:
    """Of the command and of the file that runs alone; the page is held to them by the vectors."""
    (safe / "receipt.json").write_bytes(receipt)
    code, _ = run("verify", safe / "receipt.json", "--trust", safe / "next.txt")
    alone, _ = standalone().verify({"receipt": receipt, "trust": (safe / "next.txt").read_bytes()})
    return {["verified", "not_verified", "unusable"][code], alone}


def sealed_by(period: world.Period, *signers: Signer) -> bytes:
    """The receipt of a period under these signatures."""
    return replace(period, signers=signers, keys=tuple(each.key for each in signers)).receipt(1)


def test_a_new_deployment_begins_with_a_first_version() -> None:
    private = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    trust = Trust.parse(trust_list(ORIGIN, private.decode()))
    assert (trust.version, trust.quorum, len(trust.system)) == (1, 0, 1)


def test_a_rotated_key_verifies_old_and_new(safe: Path) -> None:
    """Yearly: the old key and two witnesses vouch for the new one."""
    assert run("keys", "new", ORIGIN, "--out", safe / "new.key")[0] == 0
    drafted(safe, "--system", safe / "new.key.pub")
    assert checked(safe) == 1
    signed(safe, "old.key", world.WITNESSES[0].name)
    assert checked(safe) == 1
    signed(safe, world.WITNESSES[2].name)
    assert checked(safe) == 0
    for name in ("old.key", "new.key"):
        keys = key_of(safe, name), *world.WITNESSES
        assert verdicts(safe, sealed_by(world.period(5), *keys)) == {"verified"}


def test_a_lost_key_is_replaced_by_two_people(safe: Path) -> None:
    """Rehearsal: the key is gone, a new one seals the next period in the same log, and old receipts still verify."""
    old = key_of(safe, "old.key")
    before = sealed_by(world.period(5), old, *world.WITNESSES)
    (safe / "old.key").unlink()
    assert run("keys", "new", ORIGIN, "--out", safe / "new.key")[0] == 0
    drafted(safe, "--system", safe / "new.key.pub")
    signed(safe, world.WITNESSES[0].name)
    assert checked(safe) == 1, "one person is not enough"
    signed(safe, world.WITNESSES[1].name)
    assert checked(safe) == 0
    after = sealed_by(world.period(5, before=1), key_of(safe, "new.key"), *world.WITNESSES)
    assert json.loads(before)["seal"]["period"] != json.loads(after)["seal"]["period"]
    assert verdicts(safe, before) == verdicts(safe, after) == {"verified"}


def test_a_compromised_key_counts_for_what_was_witnessed_before(safe: Path) -> None:
    assert run("keys", "new", ORIGIN, "--out", safe / "new.key")[0] == 0
    old = key_of(safe, "old.key")
    (safe / "board.txt").write_text(world.sign(grown(4).checkpoint().text, old).source)
    name = f"{ORIGIN}+{old.key.key_id.hex()}"
    drafted(
        safe, "--system", safe / "new.key.pub", "--compromised", name, "--last-good", safe / "board.txt",
        "--since", "2026-01-02T00:00:00",
    )  # fmt: skip
    signed(safe, "old.key", world.WITNESSES[0].name)
    assert checked(safe) == 1, "the key in doubt does not count"
    signed(safe, world.WITNESSES[1].name)
    assert checked(safe) == 0
    code, said = run("keys", "check", safe / "next.txt")
    assert code == 0
    assert f"{name}  compromised" in said
    keys = (old, *world.WITNESSES)
    earlier, later = world.period(5, before=1), world.period(5, before=4)
    for sealed, signers, outcome in [
        (earlier, keys, "verified"),
        (earlier, (old,), "not_verified"),
        (later, keys, "not_verified"),
        (later, (key_of(safe, "new.key"), *keys), "verified"),
    ]:
        assert verdicts(safe, sealed_by(sealed, *signers)) == {outcome}


def test_a_witness_does_not_sign_what_only_a_compromised_key_signed(safe: Path) -> None:
    old = key_of(safe, "old.key")
    (safe / "board.txt").write_text(grown(2).checkpoint().text)
    name = f"{ORIGIN}+{old.key.key_id.hex()}"
    drafted(safe, "--compromised", name, "--last-good", safe / "board.txt")
    signed(safe, *(each.name for each in world.WITNESSES))
    (safe / "three").write_text(world.sign(grown(3).checkpoint().text, old).source)
    by, trust, state = safe / world.WITNESSES[0].name, safe / "next.txt", safe / "state"
    asked = ("witness", "sign", safe / "three", "--key", by, "--state", state, "--first", "--trust")
    assert run(*asked, trust)[0] == 1
    assert run(*asked, safe / "keys.txt")[0] == 0


def test_a_list_with_another_beginning_is_not_what_follows(safe: Path) -> None:
    other = safe / "other.txt"
    assert run("keys", "begin", safe / "plain.txt", "--out", safe / "keys.txt")[0] == 2, "never written over"
    other.write_text((safe / "keys.txt").read_text().replace("quorum 2", "quorum 1"))
    assert run("keys", "check", other, "--known", safe / "keys.txt")[0] == 1
    copy(safe / "keys.txt", safe / "next.txt")
    assert checked(safe) == 0
    assert fingerprints((safe / "plain.txt").read_text()) == []
    assert run("keys", "next", safe / "plain.txt", "--out", safe / "next.txt")[0] == 1
    assert run("keys", "next", safe / "keys.txt", "--out", safe / "next.txt", "--system", other)[0] == 1
    assert run("keys", "sign", safe / "keys.txt", "--key", other)[0] == 2
    assert run("keys", "check", safe / "nowhere")[0] == 2


def test_two_checkpoints_are_of_one_log_or_not(tmp_path: Path) -> None:
    log = grown(5)
    for name, text in {
        "three": noted(grown(3)).text, "five": noted(log).source, "proof": log.consistency(3, noted(log)).source,
        "split": noted(grown(3, "another view")).text, "junk": "x",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    proof = ("--proof", tmp_path / "proof")

    def compared(*arguments: object) -> int:
        return run(
            "witness",
            "compare",
            *(tmp_path / a if isinstance(a, str) and a[0] != "-" else a for a in arguments),
        )[0]

    assert (
        compared("three", "three")
        == compared("five", "three", *proof)
        == compared("three", "five", *proof)
        == 0
    )
    assert compared("three", "split") == compared("three", "five") == compared("split", "five", *proof) == 1
    assert compared("junk", "five") == 1
    assert compared("none", "five") == 2
