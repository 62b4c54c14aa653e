"""Names of files and numbers of papers as people read them."""

import unicodedata

from services.submissions.domain.evidence import NAME_LENGTH, FileNameInvalid

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def file_name(sent: str) -> str:
    """The bare name in NFC; folders are cut off, control and direction-changing characters are refused."""
    bare = sent.replace("\\", "/").rsplit("/", 1)[-1]
    try:
        bare.encode()
    except UnicodeEncodeError as error:
        raise FileNameInvalid(limit=NAME_LENGTH) from error
    name = unicodedata.normalize("NFC", bare).strip()
    odd = any(unicodedata.category(c) in {"Cc", "Cs"} or c in _BIDI for c in name)
    if not name or len(name) > NAME_LENGTH or odd or name in {".", ".."}:
        raise FileNameInvalid(limit=NAME_LENGTH)
    return name


def numbered(prefix: str, n: int) -> str:
    """Such as "2026-11-000123"."""
    return f"{prefix}-{n:06d}"
