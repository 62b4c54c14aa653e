"""The Merkle tree of RFC 6962 §2.1: all levels are kept, so a proof costs as many steps as the tree is high."""

from collections.abc import Iterable, Sequence

from sealing.digests import SHA256, Algorithm


class Tree:
    """A tree over leaf *hashes*. Building is O(n); `root_at`, `inclusion` and `consistency` are O(log n)."""

    def __init__(self, leaves: Iterable[bytes] = (), algorithm: Algorithm = SHA256) -> None:
        self.algorithm = algorithm
        # Node i of level l covers leaves i·2^l up to (i+1)·2^l or the end; a lone last node is carried up unchanged.
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(self._above(self._levels[-1]))

    @property
    def size(self) -> int:
        return len(self._levels[0])

    @property
    def leaves(self) -> Sequence[bytes]:
        return self._levels[0]

    @property
    def root(self) -> bytes:
        return self._levels[-1][0] if self.size else self.algorithm.digest(b"")

    def root_at(self, size: int) -> bytes:
        """The root when the tree had only its first `size` leaves. Raises IndexError beyond the tree."""
        if not 0 <= size <= self.size:
            raise IndexError(size)
        root, end = b"", size
        for level in range(size.bit_length()):
            if size >> level & 1:
                node = self._levels[level][(end >> level) - 1]
                root = self.algorithm.node(node, root) if root else node
                end -= 1 << level
        return root or self.algorithm.digest(b"")

    def inclusion(self, index: int) -> list[bytes]:
        """PATH(index, D[n]): the siblings from the leaf up. Raises IndexError."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        path = []
        for nodes in self._levels[:-1]:
            if (sibling := index ^ 1) < len(nodes):
                path.append(nodes[sibling])
            index >>= 1
        return path

    def consistency(self, old: int) -> list[bytes]:
        """PROOF(old, D[n]): that the first `old` leaves are still the same. Empty for 0 and n. Raises IndexError."""
        if not 0 <= old <= self.size:
            raise IndexError(old)
        proof: list[bytes] = []
        start, end, whole = 0, self.size, True
        if old == 0:
            return proof
        while old != end:
            half = 1 << (end - start - 1).bit_length() - 1
            if old <= start + half:
                proof.append(self._range(start + half, end))
                end = start + half
            else:
                proof.append(self._range(start, start + half))
                start, whole = start + half, False
        if not whole:
            proof.append(self._range(start, end))
        return proof[::-1]

    def _above(self, nodes: list[bytes]) -> list[bytes]:
        node = self.algorithm.node
        pairs = [node(nodes[i], nodes[i + 1]) for i in range(0, len(nodes) - 1, 2)]
        return pairs + nodes[len(pairs) * 2 :]

    def _range(self, start: int, end: int) -> bytes:
        level = (end - start - 1).bit_length()
        return self._levels[level][start >> level]


def root_from_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], algorithm: Algorithm = SHA256
) -> bytes | None:
    """RFC 9162 §2.1.3.2: the root this proof leads to, or None when it cannot be a proof of that index and size."""
    if not 0 <= index < size:
        return None
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = algorithm.node(sibling, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = algorithm.node(root, sibling)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


def is_consistent(
    old: int,
    new: int,
    old_root: bytes,
    new_root: bytes,
    proof: Sequence[bytes],
    algorithm: Algorithm = SHA256,
) -> bool:
    """RFC 9162 §2.1.4.2, and the two cases it leaves out: from the empty tree, and to the same size."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == algorithm.digest(b"") and (new > 0 or new_root == old_root)
    if old == new:
        return not proof and old_root == new_root
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for node in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = algorithm.node(node, first), algorithm.node(node, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = algorithm.node(second, node)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == new_root
