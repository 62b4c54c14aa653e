"""`kaohe verify` and `kaohe witness`: exit codes, and that a witness never signs two logs."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from sealing.keyfile import read_key
from sealing.keys import ED25519
from sealing.log import SealLog
from sealing.note import Note
from sealing.refusal import Refused
from sealing.tree import PeriodTree
from sealing.trust import Trust
from sealing.witness import cosign
from tests.sealing import world

AT = datetime(2026, 1, 31, tzinfo=UTC)
TRUST = Trust.parse(world.trust())
WITNESS = world.WITNESSES[0]


def grown(size: int, marker: str = "") -> SealLog:
    log = SealLog(world.ORIGIN)
    for _ in range(size):
        log.append(
            world.seal_of(PeriodTree(world.statements(2)), log, org_snapshot_sha256=world.digest(marker))
        )
    return log


def noted(log: SealLog) -> Note:
    return world.sign(log.checkpoint().text, world.SYSTEM)


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_a_witness_signs_the_first_and_what_continues_it() -> None:
    first = cosign(noted(grown(2)), WITNESS, TRUST, None, at=AT)
    line = first.signature_of(WITNESS.key)
    assert line
    assert WITNESS.key.verifies(first.text, line.signature)
    assert int.from_bytes(line.signature[:8]) == AT.timestamp()
    log = grown(5)
    proof = log.consistency(2, noted(log))
    assert cosign(noted(log), WITNESS, TRUST, first, proof, at=AT).signature_of(WITNESS.key)
    assert cosign(noted(grown(2)), WITNESS, TRUST, first, at=AT).signature_of(WITNESS.key)


def test_a_witness_refuses_everything_else() -> None:
    last = cosign(noted(grown(3)), WITNESS, TRUST, None, at=AT)
    log, other = grown(5), grown(5, "another view")
    proof = log.consistency(3, noted(log))
    system = Trust.parse(world.trust(system=[world.signer(world.ORIGIN, ED25519, seed="x").key]))
    for reason, note, shown, trust in [
        ("rollback", noted(grown(2)), None, TRUST),
        ("split_view", noted(grown(3, "another view")), None, TRUST),
        ("proof_missing", noted(log), None, TRUST),
        ("consistency_wrong", noted(other), proof, TRUST),
        ("consistency_wrong", noted(other), other.consistency(3, noted(other)), TRUST),
        ("consistency_wrong", noted(log), log.consistency(2, noted(log)), TRUST),
        ("system_signature_missing", world.sign(log.checkpoint().text, WITNESS), proof, TRUST),
        ("system_signature_missing", noted(log), proof, system),
        ("signature_wrong", Note(log.checkpoint().text, noted(grown(4)).signatures), proof, TRUST),
    ]:
        with pytest.raises(Refused) as caught:
            cosign(note, WITNESS, trust, last, shown, at=AT)
        assert caught.value.reason == reason


def test_the_key_of_the_system_is_no_witness() -> None:
    with pytest.raises(Refused, match="key_unusable"):
        cosign(noted(grown(1)), world.SYSTEM, TRUST, None, at=AT)


def test_verify_has_three_exit_codes(tmp_path: Path) -> None:
    sealed = world.period(5)
    names = {
        "r.json": sealed.receipt(),
        "k.txt": world.trust().encode(),
        "b.txt": sealed.note.source.encode(),
    }
    for name, data in names.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "bad.json").write_bytes(sealed.receipt().replace(b'"total_milli":', b'"total_milli":1'))
    (tmp_path / "cut.json").write_bytes(sealed.receipt()[:-1])
    (tmp_path / "file").write_bytes(b"of somebody else")
    receipt, keys = tmp_path / "r.json", tmp_path / "k.txt"
    assert run("verify", receipt, "--trust", keys)[0] == 0
    assert run("verify", receipt, "--trust", keys, "--checkpoint", tmp_path / "b.txt")[0] == 0
    assert run("verify", receipt, "--trust", keys, "--attachment", tmp_path / "file")[0] == 1
    assert run("verify", tmp_path / "bad.json", "--trust", keys)[0] == 1
    for unusable in ("cut.json", "none.json", "k.txt"):
        assert run("verify", tmp_path / unusable, "--trust", keys)[0] == 2
    assert run("verify", receipt, "--trust", receipt)[0] == 2


def test_verify_speaks_the_language_of_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "r").write_bytes(world.period(1).receipt())
    (tmp_path / "k").write_text(world.trust())
    for language, words in (("zh_CN.UTF-8", "已封存且未改动。"), ("C", "Included and unaltered.")):
        monkeypatch.setenv("LC_ALL", language)
        assert words in run("verify", tmp_path / "r", "--trust", tmp_path / "k")[1]


def test_a_pair_of_keys(tmp_path: Path) -> None:
    out = tmp_path / "w.key"
    code, printed = run("witness", "key", "w.example", "--out", out)
    assert code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    signer = read_key(out.read_bytes())
    assert printed == f"witness {signer.key.vkey}\n" == (tmp_path / "w.key.pub").read_text()
    assert run("witness", "key", "w.example", "--out", out)[0] == 2
    assert run("witness", "key", "two words", "--out", tmp_path / "x")[0] == 2


def test_a_key_under_a_passphrase(tmp_path: Path) -> None:
    out = tmp_path / "w.key"
    arguments = ["witness", "key", "w.example", "--out", str(out), "--passphrase"]
    assert CliRunner().invoke(app, arguments, input="秘密\n秘密\n").exit_code == 0
    assert read_key(out.read_bytes(), "秘密").key.name == "w.example"
    for wrong in (None, "other"):
        with pytest.raises(Refused):
            read_key(out.read_bytes(), wrong)
    with pytest.raises(Refused):
        read_key(out.read_bytes().replace(b"w.example", b"x.example"), "秘密")
    for junk in (b"", b"key x\n", b"key " + WITNESS.key.vkey.encode() + b"\n-----BEGIN", b"\xff"):
        with pytest.raises(Refused):
            read_key(junk)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A witness's machine: its key, the trusted keys, and three checkpoints as they arrive on a stick."""
    assert run("witness", "key", "w.example", "--out", tmp_path / "w.key")[0] == 0
    own = read_key((tmp_path / "w.key").read_bytes()).key
    (tmp_path / "keys.txt").write_text(world.trust(1, witnesses=[own]))
    log = grown(5)
    (tmp_path / "three").write_text(noted(grown(3)).source)
    (tmp_path / "five").write_text(noted(log).source)
    (tmp_path / "proof").write_text(log.consistency(3, noted(log)).source)
    (tmp_path / "split").write_text(noted(grown(3, "another view")).source)
    return tmp_path


def sign(desk: Path, name: str, *more: object) -> tuple[int, str]:
    state, keys = desk / "state", desk / "keys.txt"
    return run(
        "witness", "sign", desk / name, "--key", desk / "w.key", "--trust", keys, "--state", state, *more
    )


def test_signing_keeps_the_last_checkpoint(desk: Path) -> None:
    code, line = sign(desk, "three", "--first", "--out", desk / "signed")
    assert code == 0
    assert line.startswith("— w.example ")
    assert (desk / "signed").read_text().endswith(line)
    assert sign(desk, "five", "--proof", desk / "proof")[0] == 0
    assert Note.parse((desk / "state").read_text()).text == noted(grown(5)).text


def test_signing_refuses_rollback_split_view_and_a_lost_record(desk: Path) -> None:
    assert sign(desk, "three")[0] == 1
    assert not (desk / "state").exists()
    assert sign(desk, "three", "--first")[0] == 0
    kept = (desk / "state").read_text()
    assert sign(desk, "three", "--first")[0] == 1
    assert sign(desk, "split")[0] == 1
    assert sign(desk, "five")[0] == 1
    assert (desk / "state").read_text() == kept
    assert sign(desk, "five", "--proof", desk / "proof")[0] == 0
    code, said = sign(desk, "three")
    assert code == 1
    assert "3 < 5" in said


def test_what_cannot_be_read_is_refused(desk: Path) -> None:
    (desk / "junk").write_bytes(b"\xff\xfe")
    assert sign(desk, "junk", "--first")[0] == 1
    assert sign(desk, "none", "--first")[0] == 2
    (desk / "state").write_text("torn")
    assert sign(desk, "three")[0] == 1
