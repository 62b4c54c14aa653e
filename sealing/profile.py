"""Canonical JSON: RFC 8785 without what two programs could read differently.

Objects, arrays, text, booleans, null and integers within ±(2^53 - 1). Text is NFC without C0 controls, keys are
`[a-z0-9_]+`, at most 1 MiB, at most 16 levels. One value has exactly one encoding, and `decode` accepts no other.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from sealing.refusal import Refused

MAX_SAFE: Final = 2**53 - 1
MAX_BYTES: Final = 2**20
MAX_DEPTH: Final = 16

#: Members that hold a text of several lines; only there U+000A is allowed.
NO_LINES: Final[frozenset[str]] = frozenset()

#: Names that have passed once; there are few different ones, and each is met again and again.
_KNOWN_KEYS: set[str] = set()
MOST_KNOWN_KEYS: Final = 1000

_KEY = re.compile(r"[a-z0-9_]+")
_FORBIDDEN = re.compile("[\x00-\x1f\ud800-\udfff]")


def encode(value: Any, *, lines: frozenset[str] = NO_LINES) -> bytes:
    """The one encoding, in bytes. `lines` names the members whose text may have line feeds. Raises `Refused`."""
    check(value, lines=lines)
    return written(value)


def check(value: Any, *, lines: frozenset[str] = NO_LINES) -> None:
    """Raises `Refused` for what has no canonical form."""
    _check(value, depth=1, lines=lines, multiline=False)


def written(value: Any) -> bytes:
    """The encoding of a value that has passed `check` already. Raises `Refused` for one that is too long."""
    # Keys are ASCII, so sorting by code point is RFC 8785's order; `json` escapes exactly what RFC 8785 escapes.
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    data = text.encode()
    if len(data) > MAX_BYTES:
        _refuse(f"{len(data)} bytes")
    return data


def decode(data: bytes, *, lines: frozenset[str] = NO_LINES) -> Any:
    """The value of exactly these bytes. Raises `Refused` for any byte sequence that `encode` does not give."""
    if len(data) > MAX_BYTES:
        _refuse(f"{len(data)} bytes")
    try:
        text = data.decode("utf-8")
        value = json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except Refused:
        raise
    except (ValueError, RecursionError) as error:
        _refuse(str(error))
    if encode(value, lines=lines) != data:
        _refuse("another encoding of this value is the canonical one")
    return value


def _check(value: Any, *, depth: int, lines: frozenset[str], multiline: bool) -> None:
    """Texts and integers first: a sealed period has millions of them."""
    if depth > MAX_DEPTH:
        _refuse("too deep")
    kind = type(value)
    if kind is str:
        if not (value.isascii() and value.isprintable()):
            _check_text(value.replace("\n", "") if multiline else value)
    elif kind is int:
        if abs(value) > MAX_SAFE:
            _refuse("an integer beyond 2^53 - 1")
    elif value is not None and kind is not bool:
        _check_members(value, depth=depth + 1, lines=lines)


def _check_members(value: Any, *, depth: int, lines: frozenset[str]) -> None:
    if isinstance(value, Mapping):
        for key, member in value.items():
            if key not in _KNOWN_KEYS:
                _check_key(key)
            _check(member, depth=depth, lines=lines, multiline=key in lines)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth=depth, lines=lines, multiline=False)
    else:
        _refuse(f"{type(value).__name__} has no canonical form")


def _check_key(key: object) -> None:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        _refuse(f"key {key!r}")
    if len(_KNOWN_KEYS) < MOST_KNOWN_KEYS:
        _KNOWN_KEYS.add(key)


def _check_text(text: str) -> None:
    if _FORBIDDEN.search(text):
        _refuse("control character or half a surrogate pair in text")
    if not unicodedata.is_normalized("NFC", text):
        _refuse("text is not NFC")


def _no_float(text: str) -> NoReturn:
    _refuse(f"number {text[:40]}")


def _refuse(detail: str) -> NoReturn:
    raise Refused("not_canonical", detail)
