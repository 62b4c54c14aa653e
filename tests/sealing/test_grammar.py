"""One pattern says what decoding and the table of members say together."""

import json
import random

import pytest

from sealing.grammar import is_canonical, require
from sealing.profile import MAX_SAFE, decode, written
from sealing.refusal import Refused
from sealing.shapes import LEAVES, SHAPES, check
from tests.sealing import world

MUTATIONS = 3000


def slowly(data: bytes, shape: str) -> bool:
    try:
        check(decode(data), SHAPES[shape])
    except Refused:
        return False
    return True


@pytest.fixture(scope="module")
def statements() -> list[bytes]:
    return [written(statement) for statement in world.statements(9)]


def test_every_statement_and_seal_is_of_its_shape(statements):
    for text in statements:
        require(text, json.loads(text)["_t"])
    seal = world.period(3).seal
    require(written(seal), seal["_t"])


def test_bytes_changed_at_random_are_judged_as_decoding_judges_them(statements):
    chance, agreed = random.Random(17), {True: 0, False: 0}
    for _ in range(MUTATIONS):
        text = bytearray(chance.choice(statements))
        shape = json.loads(bytes(text))["_t"]
        at = chance.randrange(len(text))
        match chance.randrange(3):
            case 0:
                text[at] ^= 1 << chance.randrange(8)
            case 1:
                del text[at : at + chance.randrange(1, 4)]
            case _:
                text[at:at] = chance.choice(
                    [b'"', b"\\", b"0", b"a", b",", b"-", b" ", b"\xcc\x81", b"\\u0041"]
                )
        found = is_canonical(bytes(text), shape)
        assert found == slowly(bytes(text), shape), bytes(text)
        agreed[found] += 1
    assert min(agreed.values()) > 50


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("officer", 'a"b\\c'), ("officer", "\u0301a"), ("officer", "e\u0301"), ("officer", "\x7f"), ("officer", "\n"),
        ("officer", "x:9999999999999999,"), ("officer", ""), ("total_milli", MAX_SAFE), ("total_milli", MAX_SAFE + 1),
        ("total_milli", -MAX_SAFE), ("total_milli", -MAX_SAFE - 1), ("total_milli", -0), ("seal_no", -1), ("salt", "A" * 64),
    ],
)  # fmt: skip
def test_odd_values_are_judged_as_decoding_judges_them(statements, member, value):
    statement = json.loads(next(text for text in statements if b"officer-statement" in text)) | {
        member: value
    }
    text = json.dumps(statement, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    assert is_canonical(text, LEAVES[0]) == slowly(text, LEAVES[0])
