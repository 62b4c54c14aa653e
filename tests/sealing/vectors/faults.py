"""Receipts with one fault each, and the step and reason every verifier must name."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sealing.keys import ED25519
from sealing.log import SealLog
from sealing.tree import PeriodTree
from tests.sealing import world
from tests.sealing.vectors.vector import Vector, edited, fails, put, unusable

SEALED = world.period(5, before=2, after=1)
SOUND = SEALED.receipt(1)
H = "0" * 64
PROOF = "seal_tlog_proof"


def vectors() -> Iterator[Vector]:
    yield from _encodings()
    yield from _members()
    yield from _trusts()
    yield from _companions()
    yield from _trees()
    yield from _contents()
    yield from _logs()
    yield from _corrections()
    yield from _signatures()
    yield from _comparisons()


def _encodings() -> Iterator[Vector]:
    text = SOUND.decode()
    for name, data in {
        "nothing": b"",
        "line-feed-at-the-end": SOUND + b"\n",
        "byte-order-mark": b"\xef\xbb\xbf" + SOUND,
        "cut-short": SOUND[:-1],
        "broken-utf8": SOUND.replace("业".encode(), b"\xff\xfe"),
        "spaces": text.replace(",", ", ").encode(),
        "member-twice": text.replace('"index":1,', '"index":1,"index":1,', 1).encode(),
        "other-order": text.replace('"index":1,', "", 1)
        .replace('"alg":"sha256",', '"index":1,"alg":"sha256",')
        .encode(),
        "a-fraction": text.replace('"total_milli":3250', '"total_milli":3250.5').encode(),
        "a-whole-fraction": text.replace('"total_milli":3250', '"total_milli":3250.0').encode(),
        "an-exponent": text.replace('"total_milli":3250', '"total_milli":325e1').encode(),
        "number-too-large": text.replace('"total_milli":3250', '"total_milli":9007199254740993').encode(),
        "minus-zero": text.replace('"total_milli":3250', '"total_milli":-0').encode(),
        "not-nfc": text.replace("业务工作-1", "e\u0301").encode(),
        "control-character": text.replace("业务工作-1", "\\u0001").encode(),
        "line-feed-in-text": text.replace("业务工作-1", "a\\nb").encode(),
        "half-a-pair": text.replace("业务工作-1", "\\ud800").encode(),
        "needless-escape": text.replace("业务工作-1", "\\u4e1a务工作-1").encode(),
        "capital-in-key": text.replace('"total_milli"', '"Total_milli"').encode(),
        "too-deep": b"[" * 40 + b"]" * 40,
    }.items():
        yield unusable(f"input-{name}", data, "not_canonical")


def _members() -> Iterator[Vector]:
    def drop(*path: str) -> Callable[[Any], object]:
        return put(*path[:-1], to=lambda inner: {k: v for k, v in inner.items() if k != path[-1]})

    changes: dict[str, Callable[[Any], object]] = {
        "unknown-member": put("extra", to=1),
        "unknown-member-in-a-line": put("leaf", "lines", 0, to=lambda line: {**line, "note": "x"}),
        "missing-salt": drop("leaf", "salt"),
        "other-type": put("_t", to="oa/receipt/2"),
        "unknown-leaf": put("leaf", "_t", to="oa/other-statement/1"),
        "leaf-of-another-kind": put("leaf", "_t", to="oa/unit-statement/1"),
        "a-list-for-a-leaf": put("leaf", to=[]),
        "hash-in-capitals": put("leaf", "salt", to="A" * 64),
        "hash-too-short": put("leaf", "salt", to="a" * 63),
        "hash-with-line-feed-length": put("leaf", "salt", to="a" * 65),
        "time-without-fraction": put("seal", "sealed_at", to="2026-01-01T00:00:00Z"),
        "time-in-other-digits": put("seal", "sealed_at", to="202६-01-01T00:00:00.000000Z"),
        "points-as-text": put("leaf", "total_milli", to="3250"),
        "points-as-truth": put("leaf", "total_milli", to=True),
        "negative-index": put("period_proof", "index", to=-1),
        "uuid-in-capitals": put("leaf", "lines", 0, "entry_id", to=str.upper),
        "empty-text": put("leaf", "unit", to=""),
        "null-where-none-may-be": put("seal", "rule_set_sha256", to=None),
        "unknown-kind-of-seal": put("seal", "kind", to="draft"),
        "other-algorithm": put("period_proof", "alg", to="sm3"),
        "unknown-key-algorithm": put("keys", 0, "alg", to="rsa"),
    }
    for name, change in changes.items():
        yield unusable(f"members-{name}", edited(SOUND, change), "not_a_receipt")
    for name, change in {
        "key-id": put("keys", 1, "key_id", to="00000000"),
        "key-name": put("keys", 1, "name", to="other.example"),
        "key-public": put("keys", 1, "public", to=H),
        "key-algorithm": put("keys", 1, "alg", to="ed25519"),
        "key-length": put("keys", 1, "public", to="00"),
    }.items():
        yield unusable(f"members-wrong-{name}", edited(SOUND, change), "key_id_wrong")


def _trusts() -> Iterator[Vector]:
    good = world.trust()
    first = world.KEYS[1].vkey
    for name, text in {
        "empty": "",
        "no-system-key": good.replace("system", "# system"),
        "no-quorum": good.replace("quorum 2\n", ""),
        "two-quorums": good + "quorum 1\n",
        "quorum-too-large": good.replace("quorum 2", "quorum 4"),
        "quorum-with-zero": good.replace("quorum 2", "quorum 02"),
        "key-twice": good + f"witness {first}\n",
        "system-key-as-witness": good + f"witness {world.SYSTEM.key.vkey}\n",
        "witness-key-as-system": good.replace("witness", "system", 1),
        "unknown-word": good + "auditor x\n",
        "wrong-id": good.replace(world.KEYS[1].key_id.hex(), "01234567"),
        "broken-base64": good.replace("+ASV", "+AS"),
        "three-words": good.replace("quorum 2", "quorum 2 3"),
    }.items():
        yield unusable(f"trust-{name}", SOUND, "trust_unusable", trust=text.encode())
    yield unusable("trust-not-utf8", SOUND, "trust_unusable", trust=b"\xff" + good.encode())


def _companions() -> Iterator[Vector]:
    text = SEALED.note.text
    for name, board in {
        "empty": "",
        "two-lines": "\n".join(text.split("\n")[:2]) + "\n",
        "size-with-zero": text.replace("\n4\n", "\n04\n"),
        "size-too-large": text.replace("\n4\n", "\n9007199254740992\n"),
        "root-too-short": text.replace("=\n", "\n"),
        "with-a-tab": text.replace("\n4", "\n\t4"),
    }.items():
        yield unusable(f"board-{name}", SOUND, "board_unusable", board=board.encode())
    for name, proof in {
        "empty": "",
        "other-word": "new 1\n",
        "no-number": "old\n",
        "not-base64": "old 1\nabc\n",
    }.items():
        yield unusable(
            f"consistency-{name}",
            SOUND,
            "consistency_unusable",
            board=text.encode(),
            consistency=proof.encode(),
        )


def _trees() -> Iterator[Vector]:
    def flipped(node: str) -> str:
        return f"{node[:-1]}{int(node[-1], 16) ^ 1:x}"

    changes: dict[str, Callable[[Any], object]] = {
        "points-raised": put("leaf", "total_milli", to=9999),
        "line-removed": put("leaf", "lines", to=lambda lines: lines[:1]),
        "other-name": put("leaf", "officer", to="officer-00009"),
        "other-salt": put("leaf", "salt", to=H),
        "index-0": put("period_proof", "index", to=0),
        "index-beyond": put("period_proof", "index", to=5),
        "index-huge": put("period_proof", "index", to=2**53 - 1),
        "path-shorter": put("period_proof", "path", to=lambda path: path[:-1]),
        "path-longer": put("period_proof", "path", to=lambda path: [*path, H]),
        "path-empty": put("period_proof", "path", to=[]),
        "path-altered": put("period_proof", "path", 0, to=flipped),
        "path-swapped": put("period_proof", "path", to=lambda path: path[::-1]),
        "seal-root-altered": put("seal", "tree", "root_sha256", to=flipped),
    }
    for name, change in changes.items():
        yield fails(f"tree-{name}", "period_tree", "not_in_tree", edited(SOUND, change))
    for name, change in {
        "sm3-proof-missing": put("period_proof_sm3", to=None),
        "sm3-root-missing": put("seal", "tree", "root_sm3", to=None),
        "sm3-path-altered": put("period_proof_sm3", "path", 0, to=flipped),
        "sm3-other-index": put("period_proof_sm3", "index", to=2),
        "sm3-root-altered": put("seal", "tree", "root_sm3", to=flipped),
    }.items():
        yield fails(f"tree-{name}", "period_tree", "sm3_differs", edited(SOUND, change))
    change = put("period_proof", "size", to=6)
    yield fails("tree-other-size", "period_tree", "size_differs", edited(SOUND, change))
    text = edited(SOUND, put("seal", "tree", "size", to=0))
    text = edited(text, put("period_proof", "size", to=0))
    yield fails("tree-empty", "period_tree", "not_in_tree", text)


def _contents() -> Iterator[Vector]:
    """What the system itself sealed wrongly: the tree, the log and the signatures are sound."""
    whole = dict(world.officer(0))
    unit = dict(world.statements(3)[-1])
    lines = whole["lines"]
    for name, reason, leaf in [
        ("sum", "sum_differs", whole | {"total_milli": 3_251}),
        ("sum-of-unit", "sum_differs", unit | {"own_milli": 1}),
        ("order", "lines_unordered", whole | {"lines": lines[::-1]}),
        (
            "line-twice",
            "lines_unordered",
            whole | {"lines": [lines[0]] * 2, "total_milli": 2 * lines[0]["points_milli"]},
        ),
        ("rules", "rule_set_differs", whole | {"rule_set": dict(world.RULES, sha256=H)}),
        ("period", "other_seal", whole | {"period": "2026-02"}),
        ("seal-no", "other_seal", whole | {"seal_no": 2}),
    ]:
        yield fails(f"content-{name}", "sums", reason, world.period(leaves=[leaf]).receipt())


def _logs() -> Iterator[Vector]:
    def proof(change: Callable[[str], str]) -> bytes:
        return edited(SOUND, put(PROOF, to=change))

    head, _, note = SEALED.log.prove(2, SEALED.note).source.partition("\n\n")
    hashes = head.split("\n")[2:]
    for name, change in {
        "header": lambda text: text.replace("@v1", "@v2"),
        "extra": lambda text: text.replace("index", "extra AAAA\nindex"),
        "no-index": lambda text: text.replace("index 2\n", ""),
        "index-with-zero": lambda text: text.replace("index 2", "index 02"),
        "hash-with-loose-bits": lambda text: text.replace(
            hashes[0], hashes[0][:-2] + chr(ord(hashes[0][-2]) + 1) + "="
        ),
        "hash-too-short": lambda text: text.replace(hashes[0], "AAAA"),
        "only-the-header": lambda _: "c2sp.org/tlog-proof@v1",
    }.items():
        yield fails(f"log-{name}", "seal_log", "log_proof_malformed", proof(change))
    for name, change in {
        "no-note": lambda _: head,
        "no-signatures": lambda _: f"{head}\n\n{SEALED.note.text}",
        "no-line-feed-at-the-end": lambda text: text[:-1],
        "hyphen-for-a-dash": lambda text: text.replace("—", "-", 1),
        "two-spaces": lambda text: text.replace("— ", "—  ", 1),
        "plus-in-a-name": lambda text: text.replace("— audit", "— au+dit"),
        "line-twice": lambda text: text + note.splitlines()[-1] + "\n",
        "size-with-zero": lambda text: text.replace("\n4\n", "\n04\n"),
        "empty-line-in-checkpoint": lambda text: text.replace("\n4\n", "\n4\n\n"),
    }.items():
        yield fails(f"log-{name}", "seal_log", "note_malformed", proof(change))
    for name, text in {
        "index-altered": proof(lambda text: text.replace("index 2", "index 1")),
        "index-beyond": proof(lambda text: text.replace("index 2", "index 4")),
        "hash-left-out": proof(lambda text: text.replace(hashes[0] + "\n", "")),
        "hash-more": proof(lambda text: text.replace(hashes[0], f"{hashes[0]}\n{hashes[0]}")),
        "size-altered": proof(lambda text: text.replace("\n4\n", "\n5\n")),
        "seal-altered": edited(SOUND, put("seal", "sealed_at", to="2026-01-01T00:00:00.000000Z")),
        "seal-counts-altered": edited(SOUND, put("seal", "counts", "skipped", to=1)),
        "root-altered": proof(lambda text: text.replace(note.split("\n")[2], "A" * 43 + "=")),
    }.items():
        yield fails(f"log-{name}", "seal_log", "not_in_log", text)
    foreign = proof(lambda text: text.replace("\n\nseal.kaohe", "\n\nother.kaohe"))
    yield fails("log-other-origin", "seal_log", "origin_differs", foreign)


def _signatures() -> Iterator[Vector]:
    system, first, second, third = SEALED.signers
    lines = [signature.line for signature in SEALED.note.signatures]
    wrong: dict[str, Callable[[str], str]] = {
        "of-another-text": lambda text: text.replace(lines[0], OTHER.signatures[0].line),
        "cosignature-of-another-text": lambda text: text.replace(lines[2], OTHER.signatures[2].line),
        "time-altered": lambda text: text.replace("AAAABpVbk", "AAAABpVbl"),
    }
    for name, change in wrong.items():
        yield fails(
            f"signature-{name}", "signatures", "signature_wrong", edited(SOUND, put(PROOF, to=change))
        )
    missing: dict[str, Callable[[str], str]] = {
        "system-line-left-out": lambda text: text.replace(lines[0], ""),
        "witness-line-left-out": lambda text: text.replace(lines[3], ""),
        "witness-renamed": lambda text: text.replace("— audit", "— audits"),
    }
    for name, change in missing.items():
        yield fails(
            f"signature-{name}", "signatures", "signature_missing", edited(SOUND, put(PROOF, to=change))
        )
    forger = world.signer(world.ORIGIN, ED25519, seed="forger")
    forged = world.Period(
        SEALED.tree, SEALED.log, SEALED.seal, (forger, first, second), (forger.key, *world.KEYS)
    )
    yield fails("signature-forged-system-key", "signatures", "system_signature_missing", forged.receipt(1))
    yield fails(
        "signature-no-system",
        "signatures",
        "system_signature_missing",
        SEALED.signed_by(first, second, third).receipt(1),
    )
    yield fails(
        "signature-one-witness", "signatures", "witnesses_missing", SEALED.signed_by(system, first).receipt(1)
    )
    strangers = tuple(world.signer(signer.name, seed="forger") for signer in SEALED.signers[1:])
    crowd = world.Period(
        SEALED.tree, SEALED.log, SEALED.seal, (system, *strangers), (system.key, *(s.key for s in strangers))
    )
    yield fails("signature-forged-witnesses", "signatures", "witnesses_missing", crowd.receipt(1))
    name = "seal.elsewhere.example"
    other = world.signer(name, ED25519)
    trust = world.trust(system=[other.key]).encode()
    keys = (*world.KEYS, other.key)
    foreign = world.Period(SEALED.tree, SEALED.log, SEALED.seal, (*SEALED.signers, other), keys).receipt(1)
    yield fails(
        "signature-system-of-another-log", "signatures", "system_signature_missing", foreign, trust=trust
    )


OTHER = world.sign(SEALED.log.checkpoint(3).text, *SEALED.signers)


def _comparisons() -> Iterator[Vector]:
    log, note = SEALED.log, SEALED.note
    split = _split_view().checkpoint()
    assert split.size == log.size
    yield fails("board-other-root", "notice_board", "board_root_differs", SOUND, board=split.text.encode())
    other = note.text.replace("city", "county").encode()
    yield fails("board-other-log", "notice_board", "board_origin_differs", SOUND, board=other)
    older = log.checkpoint(3).text.encode()
    yield fails("board-older-without-proof", "consistency", "consistency_missing", SOUND, board=older)
    for name, board, proof in [
        ("for-another-size", older, log.consistency(2, note)),
        ("cut-short", older, replace(log.consistency(3, note), path=log.consistency(3, note).path[:-1])),
        ("without-hashes", older, replace(log.consistency(3, note), path=())),
        ("from-a-split-view", _split_view().checkpoint(3).text.encode(), log.consistency(3, note)),
    ]:
        yield fails(
            f"consistency-{name}",
            "consistency",
            "consistency_wrong",
            SOUND,
            board=board,
            consistency=proof.source.encode(),
        )
    empty = f"{world.ORIGIN}\n0\n{'A' * 43}=\n".encode()
    proof_of_nothing = b"old 0\n"
    yield fails(
        "consistency-wrong-empty-root",
        "consistency",
        "consistency_wrong",
        SOUND,
        board=empty,
        consistency=proof_of_nothing,
    )
    yield fails(
        "attachment-unknown", "attachments", "attachment_unknown", SOUND, attachments=[("照片.jpg", H)]
    )
    system = SEALED.receipt(SEALED.tree.index("system", "rule_set"))
    yield fails("attachment-of-a-record", "attachments", "attachment_unknown", system, attachments=[("x", H)])


def _split_view() -> SealLog:
    """The log that another audience was shown: same origin and size, other seals."""
    log = SealLog(world.ORIGIN)
    for turn in range(SEALED.log.size):
        tree = PeriodTree(world.statements(2, period=f"2026-{turn + 1:02d}", seal_no=turn + 1))
        log.append(world.seal_of(tree, log, rule_set_sha256=H))
    return log


def _corrections() -> Iterator[Vector]:
    once, twice = world.corrected(after=1), world.corrected(2)
    step, first = "supplements", ("supplements", 0)
    for name, change, reason in [
        ("path-altered", put(*first, "period_proof", "path", 0, to=H), "not_in_tree"),
        ("sm3-proof-missing", put(*first, "period_proof_sm3", to=None), "sm3_differs"),
        ("size-altered", put(*first, "period_proof", "size", to=7), "size_differs"),
        ("points-altered", put(*first, "leaf", "total_milli", to=99), "not_in_tree"),
        ("reason-altered", put(*first, "leaf", "adjustments", 0, "reason", to="无"), "not_in_tree"),
        ("seal-altered", put(*first, "seal", "sealed_at", to="2026-01-28T02:00:00.000000Z"), "not_in_log"),
        ("log-path-altered", put(*first, "log_proof", "path", 0, to=H), "not_in_log"),
        ("log-index-altered", put(*first, "log_proof", "index", to=0), "not_in_log"),
        ("log-of-another-size", put(*first, "log_proof", "size", to=2), "not_in_log"),
        ("main-seal-called-supplement", put(*first, "seal", "kind", to="main"), "supplement_foreign"),
        ("of-another-seal", put(*first, "seal", "supplements", to=2), "supplement_foreign"),
        ("of-another-period", put(*first, "seal", "period", to="2026-02"), "supplement_foreign"),
        ("of-another-log", put(*first, "seal", "origin", to="other.example"), "supplement_foreign"),
        ("of-somebody-else", put(*first, "leaf", "officer", to="officer-00009"), "supplement_foreign"),
    ]:
        yield fails(f"supplement-{name}", step, reason, edited(once, change))
    wanting = {
        "another-leaf-replaced": {"leaf_sha256": H}, "another-seal-replaced": {"seal_no": 7}, "one-approver": {"approvers": ["甲"]},
        "the-same-approver-twice": {"approvers": ["甲", "甲"]}, "no-approver": {"approvers": []},
    }  # fmt: skip
    for name, changes in wanting.items():
        yield fails(f"supplement-{name}", step, "supplement_unreasoned", world.corrected(**changes))
    left_out = edited(twice, lambda value: value["supplements"].pop(0))
    yield fails("supplement-left-out", step, "supplement_unreasoned", left_out)
    turned = edited(twice, lambda value: value["supplements"].reverse())
    yield fails("supplement-in-another-order", step, "supplement_unreasoned", turned)
    again = edited(once, lambda value: value["supplements"].append(value["supplements"][0]))
    yield fails("supplement-twice", step, "supplement_foreign", again)
    yield unusable("supplement-none", edited(once, put("supplements", to=[])), "not_a_receipt")
    yield unusable(
        "supplement-in-a-receipt-without", edited(once, put("_t", to="oa/receipt/1")), "not_a_receipt"
    )
    yield unusable(
        "supplement-member-missing",
        edited(once, lambda value: value["supplements"][0].pop("seal")),
        "not_a_receipt",
    )
    other = edited(once, put(*first, "log_proof", "alg", to="sm3"))
    yield unusable("supplement-other-algorithm", other, "not_a_receipt")
