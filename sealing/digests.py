"""The two hash functions of a seal and how a tree uses them (RFC 6962 §2.1)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes

#: Both functions give 32 bytes.
SIZE: Final = 32


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """GB/T 32905-2016."""
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


@dataclass(frozen=True)
class Algorithm:
    """A hash function under its name in receipts."""

    name: str
    digest: Callable[[bytes], bytes]

    def leaf(self, data: bytes) -> bytes:
        return self.digest(b"\x00" + data)

    def node(self, left: bytes, right: bytes) -> bytes:
        return self.digest(b"\x01" + left + right)


SHA256: Final = Algorithm("sha256", sha256)
SM3: Final = Algorithm("sm3", sm3)
