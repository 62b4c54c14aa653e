"""Images that look the same: perceptual hashes of 64 bits, near when few bits differ.

To find them without comparing all: a hash is cut into four bands of 16 bits. Of two hashes that differ in at most seven
bits, one band differs in at most one: it is found under the 17 values that a band can have then.
(Norouzi, Punjani, Fleet: Fast Search in Hamming Space with Multi-Index Hashing, 2012.)
"""

from typing import Final

BANDS: Final = 4
WIDTH: Final = 16
#: Up to this many bits of 64 may differ.
NEAR: Final = 7


def bands_of(look: int) -> tuple[int, ...]:
    """The four quarters of an unsigned hash, the highest first."""
    return tuple(look >> WIDTH * n & 0xFFFF for n in reversed(range(BANDS)))


def neighbours(band: int) -> list[int]:
    """The band and all that differ from it in one bit: 17 values."""
    return [band, *(band ^ 1 << bit for bit in range(WIDTH))]


def signed(look: int) -> int:
    """As a bigint holds it."""
    return look - 2**64 if look >= 2**63 else look


def unsigned(stored: int) -> int:
    return stored % 2**64


def distance(one: int, other: int) -> int:
    """How many bits differ."""
    return (one ^ other).bit_count()
