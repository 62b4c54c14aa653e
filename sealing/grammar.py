"""Whether a text is the canonical encoding of a value of some shape, told from the text alone.

A seal has millions of lines. Keys stand in one order and every word has one spelling, so a shape's canonical texts are a
regular language: one pattern says what `decode` and `shapes.check` say together, many times faster. A test holds them equal.
"""

import re
import unicodedata
from functools import cache
from typing import Any, Final

from sealing.profile import MAX_BYTES, decode
from sealing.refusal import Refused
from sealing.shapes import LEAVES, SHAPES, WORDS, check

# Text between quotes: no controls, only a quote and a backslash are escaped.
_CHARACTER: Final = r'(?:[^"\\\x00-\x1f\ud800-\udfff]|\\["\\])'
_INTEGER: Final = "(?:0|-?[1-9][0-9]{0,15})"
_COUNT: Final = "(?:0|[1-9][0-9]{0,15})"
#: So long that it may be an integer beyond 2^53 - 1. Rare, so it is looked at slowly. No shape has a list of integers.
_LONG: Final = re.compile(r'":-?[0-9]{16}')


def require(data: bytes, shape: str) -> None:
    """Raises `Refused` unless these are the bytes that `encode` gives for some value of the shape of that name."""
    if not is_canonical(data, shape):
        raise Refused("not_canonical", shape)


def is_canonical(data: bytes, shape: str) -> bool:
    """Not for receipts, whose proof is a text of several lines."""
    try:
        text = data.decode() if len(data) <= MAX_BYTES else ""
    except UnicodeDecodeError:
        return False
    return (
        _pattern(shape).fullmatch(text) is not None
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
        and (_LONG.search(text) is None or _decodes(data, shape))
    )


def _decodes(data: bytes, shape: str) -> bool:
    try:
        check(decode(data), SHAPES[shape])
    except Refused:
        return False
    return True


@cache
def _pattern(shape: str) -> re.Pattern[str]:
    return re.compile(_of(SHAPES[shape]))


def _of(shape: Any) -> str:
    if isinstance(shape, dict):
        return r"\{" + ",".join(f'"{name}":{_of(shape[name])}' for name in sorted(shape)) + r"\}"
    if isinstance(shape, list):
        item = _of(shape[0])
        return rf"\[(?:{item}(?:,{item})*+)?\]"
    if shape.endswith("?"):
        return f"(?:null|{_of(shape[:-1])})"
    if shape.startswith("@"):
        name = shape[1:]
        return (
            "(?:" + "|".join(_of(SHAPES[leaf]) for leaf in LEAVES) + ")"
            if name == "leaf"
            else _of(SHAPES[name])
        )
    return _word(shape)


def _word(word: str) -> str:
    if word.startswith("="):
        return '"(?:' + "|".join(re.escape(one) for one in word[1:].split("|")) + ')"'
    plain = {"integer": _INTEGER, "count": _COUNT, "text": f'"{_CHARACTER}++"'}
    return plain[word] if word in plain else f'"(?:{WORDS[word].pattern})"'
