"""Ten thousand receipts with one bit turned over, and random bytes: nothing altered is ever verified."""

import json
import random
from base64 import b64encode
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sealing.verify import verify
from tests.sealing import world
from tests.sealing.test_standalone import page_says
from tests.sealing.test_vectors import standalone
from tests.sealing.vectors import keylists

SEALED = world.period(21, before=3, after=2)
RECEIPT = SEALED.receipt(7)
CORRECTED = world.corrected(2, after=2)
TRUST = world.trust().encode()
MUTATIONS = 10_000
JUNK: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text() | st.just([]) | st.just({}) | st.floats()
)


def parts() -> dict[str, range]:
    """Where the parts of the receipt lie, in bytes. Together they are every byte of it: none is left unauthenticated.

    Of a corrected one: its supplements are one part, and have leaves, proofs and seals of their own.
    """
    starts = {name: CORRECTED.rindex(f'"{name}":'.encode()) for name in json.loads(CORRECTED)}
    starts["leaf"] = CORRECTED.index(b'"leaf":')
    starts["period_proof"] = CORRECTED.index(b'"period_proof":')
    starts["period_proof_sm3"] = CORRECTED.index(b'"period_proof_sm3":')
    starts["seal"] = CORRECTED.index(b'"seal":')
    order = sorted(starts, key=starts.__getitem__)
    ends = [*(starts[name] for name in order[1:]), len(CORRECTED)]
    return {name: range(starts[name], end) for name, end in zip(order, ends, strict=True)}


def chosen() -> list[tuple[int, int]]:
    """Byte and bit: equally many in each part, so that short ones are not missed, the same ones at every run."""
    chance = random.Random(20_260_101)
    places = [*parts().values(), range(1)]
    return [(chance.choice(places[i % len(places)]), i // len(places) % 8) for i in range(MUTATIONS)]


def test_no_bit_can_be_turned_over() -> None:
    program = standalone()
    plain_sm3, plain_signed = program.sm3, program.signed
    program.sm3, program.signed = (
        lru_cache(None)(plain_sm3),
        lru_cache(None)(plain_signed),
    )  # pure: only faster
    try:
        assert verify(CORRECTED, trust=TRUST).outcome == "verified"
        survivors = []
        for at, bit in chosen():
            altered = turned(CORRECTED, at, bit)
            package = verify(altered, trust=TRUST).outcome
            outcome, _ = program.verify({"receipt": altered, "trust": TRUST})
            assert outcome == package, (at, bit)
            if package == "verified":
                survivors.append((at, bit))
        assert survivors == []
    finally:
        program.sm3, program.signed = plain_sm3, plain_signed


def page_outcomes(name: str, flips: list[tuple[int, int]], tmp_path: Path, **given: bytes) -> list[str]:
    """What the page's script says when a bit of the file `name` is turned over, for each of the flips."""
    files = {key: b64encode(data).decode() for key, data in given.items()}
    asked = {"flips": flips, "name": name, "given": files}
    outcomes: list[str] = page_says({"all": asked}, tmp_path)["all"]
    return outcomes


def test_the_page_accepts_none_of_them(tmp_path: Path) -> None:
    outcomes = page_outcomes("receipt", chosen(), tmp_path, receipt=CORRECTED, trust=TRUST)
    assert len(outcomes) == MUTATIONS
    assert "verified" not in outcomes


def test_no_bit_of_a_list_of_keys_can_be_turned_over(tmp_path: Path) -> None:
    """Of lists that follow one another, whose last is signed by as many as are needed: all bits in the package, a
    sample in the others.
    """
    sound = keylists.RECEIPT
    lists = keylists.ROTATED.encode()
    assert verify(sound, trust=lists).outcome == "verified"
    flips = [
        (at, bit) for at in range(len(lists) - 1) for bit in range(8)
    ]  # the last line feed may be missing
    for at, bit in flips:
        assert verify(sound, trust=turned(lists, at, bit)).outcome == "unusable", (at, bit)
    sample = random.Random(7).sample(flips, 400)
    for at, bit in sample:
        altered = {"receipt": sound, "trust": turned(lists, at, bit)}
        assert standalone().verify(altered)[0] == "unusable", (at, bit)
    assert set(page_outcomes("trust", sample, tmp_path, receipt=sound, trust=lists)) == {"unusable"}


def turned(data: bytes, at: int, bit: int) -> bytes:
    altered = bytearray(data)
    altered[at] ^= 1 << bit
    return bytes(altered)


def test_no_bit_of_the_notice_board_can_be_turned_over() -> None:
    """Of what is compared: the three lines. Signatures under them are not looked at, because the board is believed for
    hanging where everybody sees it.
    """
    board = SEALED.log.checkpoint().text.encode()
    assert verify(RECEIPT, trust=TRUST, board=board).outcome == "verified"
    for at in range(len(board) - 1):  # the last line feed may be missing
        for bit in range(8):
            altered = turned(board, at, bit)
            assert verify(RECEIPT, trust=TRUST, board=altered).outcome != "verified", (at, bit)


def test_no_bit_of_a_consistency_proof_can_be_turned_over() -> None:
    note = SEALED.note
    board = SEALED.log.checkpoint(3).text.encode()
    proof = SEALED.log.consistency(3, note).source.partition("\n\n")[0].encode()
    assert verify(RECEIPT, trust=TRUST, board=board, consistency=proof).outcome == "verified"
    for at in range(len(proof)):
        for bit in range(8):
            found = verify(RECEIPT, trust=TRUST, board=board, consistency=turned(proof, at, bit))
            assert found.outcome != "verified", (at, bit)


@given(st.binary(max_size=200), st.binary(max_size=200), st.none() | st.binary(max_size=100))
def test_random_bytes_never_raise(receipt: bytes, trust: bytes, board: bytes | None) -> None:
    assert verify(receipt, trust=TRUST).outcome == "unusable"
    assert standalone().verify({"receipt": receipt, "trust": TRUST})[0] == "unusable"
    mine = verify(RECEIPT, trust=trust, board=board, consistency=board)
    other, steps = standalone().verify(
        {"receipt": RECEIPT, "trust": trust, "board": board, "consistency": board}
    )
    assert mine.outcome == other
    failed = mine.failed
    assert (failed.reason if failed else "") == steps[-1]["reason"]


@given(st.data())
@settings(max_examples=200)
def test_any_json_in_any_place_never_raises(data: st.DataObject) -> None:
    """A member anywhere in the receipt's leaf, proofs or seal becomes another value: both refuse, for one reason."""
    value = json.loads(RECEIPT)
    spot: Any = value
    key: Any = data.draw(
        st.sampled_from(["leaf", "period_proof", "period_proof_sm3", "seal", "seal_tlog_proof"])
    )
    for _ in range(data.draw(st.integers(1, 5))):
        inner = spot[key]
        if not isinstance(inner, dict | list) or not inner:
            break
        spot = inner
        key = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
    other: Any = data.draw(JUNK)
    if other == spot[key] and type(other) is type(spot[key]):
        return
    spot[key] = other
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(
        "utf-8", "replace"
    )
    mine = verify(raw, trust=TRUST)
    outcome, steps = standalone().verify({"receipt": raw, "trust": TRUST})
    assert mine.outcome != "verified"
    assert mine.failed
    assert (mine.outcome, mine.failed.reason) == (outcome, steps[-1]["reason"])
