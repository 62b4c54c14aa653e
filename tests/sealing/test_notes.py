"""Signed notes, checkpoints, proofs and key lists, as C2SP writes them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing.checkpoint import Checkpoint
from sealing.keys import COSIGNATURE, ED25519, SM2, Key, cosigned
from sealing.note import Note
from sealing.proofs import ConsistencyProof, LogProof
from sealing.refusal import Refused
from sealing.trust import Trust
from tests.sealing import world

# The example of the public Go module checksum database, as golang.org/x/mod/sumdb/note documents it.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_another_implementation_verifies() -> None:
    key, note = Key.of_vkey(GO_KEY), Note.parse(GO_NOTE)
    line = note.signature_of(key)
    assert line
    assert key.vkey == GO_KEY
    assert key.verifies(note.text, line.signature)
    assert not key.verifies(note.text + "\n", line.signature)
    assert note.source == GO_NOTE


def test_the_key_id_depends_on_name_type_and_key() -> None:
    public = world.KEYS[0].public
    ids = {Key(name, kind, public).key_id for name in ("a", "b") for kind in (ED25519, COSIGNATURE, SM2)}
    assert len(ids) == 6


def test_a_cosignature_is_over_the_time_too() -> None:
    signer = world.WITNESSES[0]
    signature = signer.sign("text\n", 1_679_315_147)
    assert cosigned("text\n", 1_679_315_147) == b"cosignature/v1\ntime 1679315147\ntext\n"
    assert int.from_bytes(signature[:8]) == 1_679_315_147
    assert signer.key.verifies("text\n", signature)
    assert not signer.key.verifies("text\n", (1).to_bytes(8) + signature[8:])
    assert not signer.key.verifies("text\n", (2**63).to_bytes(8) + signature[8:])


def test_signatures_of_types_not_known_here_say_nothing() -> None:
    assert Key("sm2.example", SM2, bytes(65)).verifies("text\n", bytes(64)) is None


def test_signing_again_replaces_the_line() -> None:
    note = world.sign("text\n", world.SYSTEM, *world.WITNESSES)
    again = note.signed(world.WITNESSES[0], 5)
    assert len(again.signatures) == len(note.signatures)
    assert Note.parse(again.source) == again


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.replace("\n\n", "\n"),
        lambda s: s[:-1],
        lambda s: s + "\n",
        lambda s: s.replace("—", "-"),
        lambda s: s.replace("— ", "—\u00a0"),
        lambda s: s.replace("seal.", "seal\t."),
        lambda s: s.replace("4\n", "4\r\n", 1),
        lambda s: s + s.splitlines()[-1] + "\n",
        lambda s: s + "— name AAAA\n",
        lambda s: s + "— na+me AAAAAAAA\n",
        lambda s: s + "—  AAAAAAAA\n",
        lambda s: s + "".join(f"— n{i} AAAAAAAA\n" for i in range(64)),
    ],
)
def test_malformed_notes(change: Callable[[str], str]) -> None:
    source = world.sign("seal.example\n4\nx\n", world.SYSTEM).source
    assert Note.parse(source).source == source
    with pytest.raises(Refused):
        Note.parse(change(source))


def test_sixteen_unknown_signatures_are_accepted() -> None:
    source = world.sign("text\n", world.SYSTEM).source + "".join(f"— n{i} AAAAAAAA\n" for i in range(16))
    assert len(Note.parse(source).signatures) == 17


@pytest.mark.parametrize(
    "text", ["a\n1\nAAAA\n", "a\n01\nR\n", "a\n-1\nR\n", "\n1\nR\n", "a\n1\nR\n\n", "a\n1\nR", "a\n1\n"]
)
def test_malformed_checkpoints(text: str) -> None:
    root = "A" * 43 + "="
    assert Checkpoint.parse(f"a\n1\n{root}\nmore\n").extensions == ("more",)
    with pytest.raises(Refused):
        Checkpoint.parse(text.replace("R", root))


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for parse in (
        Note.parse,
        Checkpoint.parse,
        Checkpoint.of_board,
        LogProof.parse,
        ConsistencyProof.parse,
        Trust.parse,
    ):
        try:
            parse(text)
        except Refused:
            continue


def test_proofs_are_written_and_read_back() -> None:
    sealed = world.period(3, before=4)
    proof = sealed.log.prove(2, sealed.note)
    assert LogProof.parse(proof.source) == proof
    assert proof.source.startswith("c2sp.org/tlog-proof@v1\nindex 2\n")
    grown = sealed.log.consistency(3, sealed.note)
    assert ConsistencyProof.parse(grown.source) == grown
    assert grown.source.startswith("old 3\n")
    bare = grown.source.partition("\n\n")[0] + "\n"
    assert ConsistencyProof.parse(bare) == ConsistencyProof(3, grown.path)


def test_a_list_of_keys() -> None:
    found = Trust.parse("\n# 注释\n" + world.trust(2).replace("\n", "\r\n"))
    assert (found.quorum, found.system, found.witnesses) == (2, world.KEYS[:1], world.KEYS[1:])


@pytest.mark.parametrize(
    "text", ["x+00000000+AAAA", "x", "", "x+y+z", "+", "a b+c74f20a3+AR", GO_KEY + "x", "y" + GO_KEY]
)
def test_malformed_vkeys(text: str) -> None:
    with pytest.raises(Refused):
        Key.of_vkey(text)
