"""What may be sealed, in which order, and which receipt comes of it."""

import json
from typing import Any

import pytest

from sealing import receipt
from sealing.digests import SHA256, SM3
from sealing.log import SealLog
from sealing.merkle import Tree
from sealing.note import Note
from sealing.profile import encode
from sealing.refusal import Refused
from sealing.shapes import SHAPES
from sealing.statements import leaf_hash, officer_statement, seal_statement, subject_of, total
from sealing.tree import PeriodTree, StoredTree
from sealing.verify import points_text, verify
from tests.sealing import world


def test_the_total_is_the_sum_of_the_lines_and_these_are_in_order() -> None:
    statement = world.officer(1, entries=9)
    ids = [line["entry_id"] for line in statement["lines"]]
    assert statement["total_milli"] == total(world.lines("officer-00001", 9))
    assert ids == sorted(ids)
    assert set(statement) == set(SHAPES["oa/officer-statement/1"])


def test_one_entry_stands_once() -> None:
    facts: dict[str, Any] = {
        k: v for k, v in world.officer(1).items() if k not in {"_t", "lines", "total_milli"}
    }
    with pytest.raises(Refused, match="lines_unordered"):
        officer_statement(world.lines("a", 1) * 2, **facts)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("salt", "short"),
        ("officer", ""),
        ("seal_no", -1),
        ("name_hash", None),
        ("period", "e\u0301"),
        ("unit", "a\nb"),
    ],
)
def test_what_would_not_verify_is_not_made(member: str, value: Any) -> None:
    facts: dict[str, Any] = {
        k: v for k, v in world.officer(1).items() if k not in {"_t", "lines", "total_milli"}
    }
    with pytest.raises(Refused):
        officer_statement([], **(facts | {member: value}))


def test_leaves_are_ordered_by_kind_then_subject_bytewise() -> None:
    numbers = [world.officer(n) for n in (10, 9, 100, 1)]
    ordered = PeriodTree([*world.statements(5)[3:], *numbers]).statements
    assert [subject_of(statement) for statement in ordered] == [
        ("officer", "officer-00001"),
        ("officer", "officer-00009"),
        ("officer", "officer-00010"),
        ("officer", "officer-00100"),
        ("system", "rule_set"),
        ("unit", "station-1"),
    ]


def test_a_subject_has_one_statement() -> None:
    for made in ([], [world.officer(1), world.officer(1, entries=3)]):
        with pytest.raises(Refused):
            PeriodTree(made)


def test_both_roots_are_over_the_same_texts() -> None:
    tree = PeriodTree(world.statements(9))
    texts = [encode(statement) for statement in tree.statements]
    assert tree.head == {
        "size": 9,
        "root_sha256": Tree(map(SHA256.leaf, texts)).root.hex(),
        "root_sm3": Tree(map(SM3.leaf, texts), SM3).root.hex(),
    }
    assert tree.leaf_hashes == [leaf_hash(statement) for statement in tree.statements]


def test_a_tree_from_stored_hashes_gives_the_same_receipt() -> None:
    sealed = world.period(9)
    statements = sealed.tree.statements
    stored = StoredTree(
        Tree(leaf_hash(s) for s in statements),
        Tree((leaf_hash(s, SM3) for s in statements), SM3),
        {4: statements[4]},
    )
    again = receipt.build(receipt.Place(stored, 4, sealed.seal), sealed.log, sealed.note, sealed.keys)
    assert again == sealed.receipt(4)


def test_a_supplement_says_what_it_supplements() -> None:
    facts: dict[str, Any] = {k: v for k, v in world.period(1).seal.items() if k != "_t"}
    for changes in ({"kind": "supplement"}, {"supplements": 1}):
        with pytest.raises(Refused):
            seal_statement(**(facts | changes))


def test_the_log_refuses_what_does_not_follow() -> None:
    sealed = world.period(2, before=1)
    log, tree = sealed.log, sealed.tree
    for changes in (
        {"prev_seal_sha256": None},
        {"seal_no": 2},
        {"origin": "seal.elsewhere.example"},
        {"kind": "supplement", "supplements": 7},
    ):
        with pytest.raises(Refused):
            log.append(world.seal_of(tree, log, **changes))
    assert log.size == 2
    assert log.append(world.seal_of(tree, log, kind="supplement", supplements=1)) == 2


def test_a_log_is_read_back_from_its_texts() -> None:
    log = SealLog(world.ORIGIN)
    texts = []
    for _ in range(5):
        seal = world.seal_of(PeriodTree(world.statements(2)), log)
        log.append(seal)
        texts.append(encode(seal))
    assert SealLog(world.ORIGIN, texts).checkpoint() == log.checkpoint()
    with pytest.raises(Refused):
        SealLog(world.ORIGIN, texts[1:])
    with pytest.raises(IndexError):
        log.checkpoint(6)


def test_no_proof_is_given_for_a_foreign_checkpoint() -> None:
    sealed, other = world.period(2, before=1), world.period(3, before=1)
    with pytest.raises(Refused):
        sealed.log.prove(0, other.note)
    with pytest.raises(Refused):
        receipt.build(receipt.Place(other.tree, 0, sealed.seal), sealed.log, sealed.note, world.KEYS)
    with pytest.raises(Refused):
        receipt.build(receipt.Place(other.tree, 0, other.seal), sealed.log, sealed.note, world.KEYS)


def test_a_receipt_leaves_out_signatures_nobody_can_check() -> None:
    sealed = world.period(2)
    stranger = world.signer("stranger.example")
    noted = Note(
        sealed.note.text, (*sealed.note.signatures, *world.sign(sealed.note.text, stranger).signatures)
    )
    data = receipt.build(sealed.place(), sealed.log, noted, world.KEYS)
    assert "stranger" not in data.decode()
    assert [key["name"] for key in json.loads(data)["keys"]] == [key.name for key in world.KEYS]


def test_a_receipt_for_ten_thousand_officers_is_small() -> None:
    leaves = [world.officer(n) for n in range(10_000)]
    sealed = world.period(leaves=leaves, after=3)
    data = sealed.receipt(7_777)
    assert len(json.loads(data)["period_proof"]["path"]) <= 14
    assert len(data) < 8_000
    assert verify(data, trust=world.trust().encode()).outcome == "verified"


@pytest.mark.parametrize(
    ("milli", "text"),
    [
        (0, "0.00"),
        (5, "0.005"),
        (-5, "-0.005"),
        (1500, "1.50"),
        (-282_500, "-282.50"),
        (1_234_567, "1234.567"),
    ],
)
def test_points_are_shown_with_two_decimals_or_three(milli: int, text: str) -> None:
    assert points_text(milli) == text
