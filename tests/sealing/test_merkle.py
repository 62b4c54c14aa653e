"""The tree is RFC 6962's: against its own recursive definition, and against the figures of Certificate Transparency."""

import random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealing.digests import SHA256, SM3, Algorithm, sm3
from sealing.merkle import Tree, is_consistent, root_from_inclusion
from tests.sealing import naive

# The eight leaves and roots that the reference implementations of Certificate Transparency test with.
CT_LEAVES = [
    bytes.fromhex(x)
    for x in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int, algorithm: Algorithm = SHA256) -> list[bytes]:
    return [algorithm.leaf(i.to_bytes(4)) for i in range(count)]


def test_roots_are_those_of_certificate_transparency() -> None:
    hashes = [SHA256.leaf(leaf) for leaf in CT_LEAVES]
    assert [Tree(hashes[:n]).root.hex() for n in range(9)] == CT_ROOTS
    assert [Tree(hashes).root_at(n).hex() for n in range(9)] == CT_ROOTS


def test_a_proof_is_that_of_certificate_transparency() -> None:
    tree = Tree(SHA256.leaf(leaf) for leaf in CT_LEAVES)
    assert [h.hex() for h in tree.inclusion(5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [h.hex() for h in tree.consistency(6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_sm3_is_that_of_the_standard() -> None:
    # GB/T 32905-2016, appendix A
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@pytest.mark.parametrize("algorithm", [SHA256, SM3], ids=lambda a: a.name)
def test_every_tree_up_to_300_leaves_has_the_root_of_the_definition(algorithm: Algorithm) -> None:
    hashes = leaves(300, algorithm)
    whole = Tree(hashes, algorithm)
    for size in range(301):
        expected = naive.root(hashes[:size], algorithm.digest)
        assert Tree(hashes[:size], algorithm).root == expected
        assert whole.root_at(size) == expected


def test_every_inclusion_proof_up_to_300_leaves_verifies() -> None:
    hashes = leaves(300)
    for size in range(1, 301):
        tree = Tree(hashes[:size])
        for index in range(size):
            found = root_from_inclusion(hashes[index], index, size, tree.inclusion(index))
            assert found == tree.root


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 64, 65, 100])
def test_proofs_are_those_of_the_definition(size: int) -> None:
    hashes = leaves(size)
    tree = Tree(hashes)
    for index in range(size):
        assert tree.inclusion(index) == naive.path(index, hashes, SHA256.digest)
    for old in range(1, size + 1):
        assert tree.consistency(old) == naive.proof(old, hashes, SHA256.digest)


def test_every_consistency_proof_up_to_300_leaves_verifies() -> None:
    hashes = leaves(300)
    whole = Tree(hashes)
    roots = [whole.root_at(n) for n in range(301)]
    for new in range(301):
        tree = Tree(hashes[:new])
        for old in range(new + 1):
            proof = tree.consistency(old)
            assert is_consistent(old, new, roots[old], roots[new], proof)
            if old:
                assert not is_consistent(old, new, roots[old - 1], roots[new], proof)


@settings(max_examples=25)
@given(st.integers(1, 20_000), st.randoms(use_true_random=False))
def test_large_trees(size: int, chance: random.Random) -> None:
    tree = Tree(leaves(size))
    for index in {0, size - 1, chance.randrange(size), chance.randrange(size)}:
        path = tree.inclusion(index)
        assert len(path) <= (size - 1).bit_length()
        assert root_from_inclusion(tree.leaves[index], index, size, path) == tree.root
    old = chance.randint(0, size)
    assert is_consistent(old, size, tree.root_at(old), tree.root, tree.consistency(old))


@given(st.integers(1, 200), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_no_proof_serves_another_leaf_place_or_size(size: int, chance: random.Random) -> None:
    tree = Tree(leaves(size))
    index = chance.randrange(size)
    path = tree.inclusion(index)
    leaf = tree.leaves[index]
    assert root_from_inclusion(SHA256.leaf(b"other"), index, size, path) != tree.root
    assert root_from_inclusion(leaf, index, size, [*path, leaf]) != tree.root
    assert root_from_inclusion(leaf, size, size, path) is None
    assert root_from_inclusion(leaf, -1, size, path) is None
    if path:
        assert root_from_inclusion(leaf, index, size, path[:-1]) != tree.root
        assert root_from_inclusion(leaf, index ^ 1, size, path) != tree.root


def test_a_consistency_proof_refuses_what_it_does_not_show() -> None:
    tree = Tree(leaves(9))
    proof = tree.consistency(5)
    old, new = tree.root_at(5), tree.root
    assert not is_consistent(5, 9, old, new, proof[:-1])
    assert not is_consistent(5, 9, old, new, [*proof, new])
    assert not is_consistent(6, 9, old, new, proof)
    assert not is_consistent(9, 5, new, old, proof)
    assert not is_consistent(5, 9, old, new, [])
    assert not is_consistent(-1, 9, old, new, proof)
    assert not is_consistent(0, 9, new, new, [])
    assert not is_consistent(0, 0, SHA256.digest(b""), new, [])


def test_asking_beyond_the_tree_is_an_error() -> None:
    tree = Tree(leaves(3))
    for ask in (lambda: tree.inclusion(3), lambda: tree.consistency(4), lambda: tree.root_at(4)):
        with pytest.raises(IndexError):
            ask()


def test_proofs_for_twelve_thousand_officers_are_cheap() -> None:
    tree = Tree(leaves(12_000))
    start = process_time()
    paths = [tree.inclusion(i) for i in range(12_000)]
    assert process_time() - start < 2
    assert max(map(len, paths)) == 14
