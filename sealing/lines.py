"""The small forms that C2SP texts are made of. Each value has one spelling; every other is refused with None."""

import base64
import re
from typing import Final

from sealing.profile import MAX_SAFE

#: U+2014, which opens a signature line.
DASH: Final = "—"

_NUMBER = re.compile("0|[1-9][0-9]{0,15}")
_ID = re.compile("[0-9a-f]{8}")
# Key names have no spaces of any script, no controls and no plus.
_NOT_IN_NAMES = re.compile(
    "[\x00-\x20\x7f-\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+\ud800-\udfff]"
)
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f]")


def b64(data: bytes) -> str:
    """RFC 4648 §4."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes | None:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if b64(data) == text else None


def unb64_hash(text: str) -> bytes | None:
    data = unb64(text)
    return data if data is not None and len(data) == 32 else None  # noqa: PLR2004 -- one SHA-256 hash


def number(text: str) -> int | None:
    """ASCII decimal without leading zeros, up to 2^53 - 1."""
    if not _NUMBER.fullmatch(text):
        return None
    value = int(text)
    return value if value <= MAX_SAFE else None


def is_key_name(text: str) -> bool:
    return bool(text) and not _NOT_IN_NAMES.search(text)


def is_key_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def has_controls(text: str) -> bool:
    """Controls other than line feed, which no signed note may contain."""
    return bool(_CONTROLS.search(text))
