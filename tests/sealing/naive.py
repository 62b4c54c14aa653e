"""RFC 6962 §2.1 as it is written, recursion for recursion: the definition the quick tree is held against."""

from collections.abc import Callable, Sequence

Hash = Callable[[bytes], bytes]


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root(leaves: Sequence[bytes], h: Hash) -> bytes:
    """MTH over leaf hashes."""
    if not leaves:
        return h(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return h(b"\x01" + root(leaves[:k], h) + root(leaves[k:], h))


def path(m: int, leaves: Sequence[bytes], h: Hash) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k], h), root(leaves[k:], h)]
    return [*path(m - k, leaves[k:], h), root(leaves[:k], h)]


def proof(m: int, leaves: Sequence[bytes], h: Hash) -> list[bytes]:
    return _subproof(m, leaves, h, whole=True)


def _subproof(m: int, leaves: Sequence[bytes], h: Hash, *, whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [root(leaves, h)]
    k = split(len(leaves))
    if m <= k:
        return [*_subproof(m, leaves[:k], h, whole=whole), root(leaves[k:], h)]
    return [*_subproof(m - k, leaves[k:], h, whole=False), root(leaves[:k], h)]
