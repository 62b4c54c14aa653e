"""Receipts that every verifier must accept."""

from collections.abc import Iterator

from sealing.keys import ED25519, SM2, Key
from sealing.lines import b64
from sealing.note import Signature
from sealing.proofs import LogProof
from sealing.statements import leaf_hash
from tests.sealing import world
from tests.sealing.vectors.vector import Vector, edited, put

SM2_KEY = Key("sm2.kaohe.example", SM2, b"\x04" + bytes(range(64)))


_PLACES = [
    *[(1, 0), (2, 0), (2, 1), (3, 0), (3, 2), (4, 1), (7, 6), (8, 0), (8, 7), (9, 8), (15, 14), (16, 5)],
    *[(17, 16), (300, 0), (300, 157), (300, 299)],
]


def vectors() -> Iterator[Vector]:
    yield from _sizes()
    yield from _contents()
    yield from _corrections()
    yield from _signatures()
    yield from _comparisons()


def _sizes() -> Iterator[Vector]:
    for size, index in _PLACES:
        yield Vector(f"sound-size-{size}-index-{index}", world.period(size).receipt(index))
    for before, after in [(0, 1), (1, 0), (2, 4), (6, 0), (8, 3)]:
        sealed = world.period(3, before=before, after=after)
        yield Vector(f"sound-log-index-{before}-size-{before + after + 1}", sealed.receipt())


def _contents() -> Iterator[Vector]:
    sealed = world.period(9)
    yield Vector("sound-unit", sealed.receipt(sealed.tree.index("unit", "station-1")))
    yield Vector("sound-system", sealed.receipt(sealed.tree.index("system", "rule_set")))
    yield Vector("sound-without-sm3", world.period(9, sm3=False).receipt(4))
    many = [world.officer(n, entries=n * 20) for n in range(3)]
    for index, name in enumerate(("no-lines", "20-lines-below-zero", "40-lines")):
        yield Vector(f"sound-{name}", world.period(leaves=many).receipt(index))
    yield Vector("sound-supplement", _supplement().receipt())
    odd = dict(world.officer(1)) | {"unit": 'é𠀀派出所 "一" \\ / \u007f\u0080\u2028 <b>&'}
    yield Vector("sound-odd-text", world.period(leaves=[odd]).receipt())
    large = dict(world.officer(1), lines=[], total_milli=0, adjustments=[])
    line = dict(world.lines("x", 1)[0], points_milli=2**53 - 1)
    large |= {"lines": [line], "total_milli": 2**53 - 1}
    yield Vector("sound-largest-number", world.period(leaves=[large]).receipt())


def _corrections() -> Iterator[Vector]:
    for times, after, index in [(1, 0, 0), (1, 2, 1), (2, 1, 0), (3, 0, 2)]:
        receipt = world.corrected(times, after=after, index=index)
        yield Vector(f"sound-corrected-{times}-times-index-{index}-of-log-{times + after + 1}", receipt)
    unit = world.corrected(index=4)
    assert b"oa/unit-statement/1" in unit
    yield Vector("sound-corrected-unit", unit)
    three = world.corrected(approvers=["甲", "乙", "丙"])
    yield Vector("sound-corrected-by-three", three)


def _supplement() -> world.Period:
    first = world.period(3)
    old = leaf_hash(first.tree.statements[0]).hex()
    new = dict(world.officer(0, seal_no=2))
    new["adjustments"] = [{"leaf_sha256": old, "seal_no": 1, "reason": "复议改判", "approvers": ["甲", "乙"]}]
    seal = {"kind": "supplement", "supplements": 1, "period": "2026-01"}
    return world.period(before=1, leaves=[new], seal=seal)


def _signatures() -> Iterator[Vector]:
    system, first, second, third = (world.SYSTEM, *world.WITNESSES)
    sealed = world.period(3)
    yield Vector("sound-two-of-three-witnesses", sealed.signed_by(system, first, third).receipt())
    yield Vector("sound-signed-in-another-order", sealed.signed_by(third, second, system).receipt())
    yield Vector("sound-no-witness-asked", sealed.signed_by(system).receipt(), trust=world.trust(0).encode())
    stranger = world.signer("stranger.kaohe.example")
    strange = world.Period(
        sealed.tree, sealed.log, sealed.seal, (system, first, second, stranger), (*world.KEYS, stranger.key)
    )
    yield Vector("sound-with-an-untrusted-witness", strange.receipt())
    yield Vector("sound-with-lines-of-unknown-keys", edited(sealed.receipt(), _with_unknown_lines))
    yield Vector("sound-with-an-sm2-line", _with_sm2(sealed))
    windows = ("\ufeff" + world.trust()).replace("\n", "\r\n").replace("system ", "  system\t")
    yield Vector("sound-keys-from-windows", sealed.receipt(), trust=windows.encode())
    next_system = world.signer(world.ORIGIN, ED25519, seed="next year").key
    keys = world.trust(system=(next_system, system.key)).encode()
    yield Vector("sound-two-system-keys", sealed.receipt(), trust=keys)
    extended = world.sign(sealed.log.checkpoint().text + "an extension\n", *sealed.signers)
    proof = LogProof(0, (), extended).source
    yield Vector("sound-checkpoint-extension", edited(sealed.receipt(), put("seal_tlog_proof", to=proof)))


def _with_unknown_lines(value: dict[str, str]) -> None:
    """Types that are not known here: ECDSA, ML-DSA and an unlisted key."""
    lines = [Signature(f"键-{n}.example", bytes([n] * 4), bytes(60 + n)).line for n in range(3)]
    value["seal_tlog_proof"] += "".join(lines)


def _with_sm2(sealed: world.Period) -> bytes:
    def change(value: dict[str, object]) -> None:
        line = Signature(SM2_KEY.name, SM2_KEY.key_id, bytes(64)).line
        value["seal_tlog_proof"] = f"{value['seal_tlog_proof']}{line}"
        keys = value["keys"]
        assert isinstance(keys, list)
        keys.append(
            {
                "name": SM2_KEY.name,
                "key_id": SM2_KEY.key_id.hex(),
                "alg": SM2_KEY.algorithm,
                "public": SM2_KEY.public.hex(),
            }
        )

    return edited(sealed.receipt(), change)


def _comparisons() -> Iterator[Vector]:
    sealed = world.period(5, before=2, after=1)
    board = sealed.note.source.encode()
    receipt = sealed.receipt()
    yield Vector("sound-board", receipt, board=board)
    yield Vector("sound-board-without-signatures", receipt, board=sealed.note.text.encode())
    yield Vector("sound-board-without-last-line-feed", receipt, board=sealed.note.text.rstrip().encode())
    windows = ("\ufeff" + sealed.note.source).replace("\n", "\r\n").encode()
    yield Vector("sound-board-from-windows", receipt, board=windows)
    for size in (0, 1, 2, 3):
        older = sealed.log.checkpoint(size).text.encode()
        proof = sealed.log.consistency(size, sealed.note).source.encode()
        yield Vector(f"sound-older-board-{size}", receipt, board=older, consistency=proof)
    late = world.period(5, before=2, after=7)
    newer = world.sign(late.log.checkpoint().text, *late.signers)
    grown = late.log.consistency(4, newer)
    yield Vector("sound-newer-board", receipt, board=newer.source.encode(), consistency=grown.source.encode())
    bare = f"old 4\n{''.join(b64(h) + chr(10) for h in grown.path)}".encode()
    yield Vector("sound-consistency-without-checkpoint", receipt, board=newer.text.encode(), consistency=bare)
    own = world.lines("officer-00000", 1, "2026-03")[0]["attachments_sha256"][0]
    yield Vector("sound-attachment", receipt, attachments=[("照片.jpg", own)])
    yield Vector(
        "sound-everything", receipt, board=board, attachments=[("a.jpg", own), ("the same again.jpg", own)]
    )
