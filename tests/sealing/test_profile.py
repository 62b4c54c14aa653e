"""One value, one encoding: what is refused, and that RFC 8785 says the same of what is accepted."""

import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sealing.profile import MAX_BYTES, MAX_SAFE, decode, encode
from sealing.refusal import Refused

texts = (
    st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]))
    .map(lambda t: unicodedata.normalize("NFC", t))
    .filter(lambda t: unicodedata.is_normalized("NFC", t))
)
keys = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1)
scalars = st.none() | st.booleans() | st.integers(-MAX_SAFE, MAX_SAFE) | texts
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=4) | st.dictionaries(keys, v, max_size=4), max_leaves=20
)

REFUSED = {
    "a float": b'{"a":1.5}',
    "a whole float": b'{"a":1.0}',
    "an exponent": b'{"a":1e3}',
    "minus zero": b'{"a":-0}',
    "an integer beyond 2^53-1": b'{"a":9007199254740992}',
    "a negative integer beyond": b'{"a":-9007199254740992}',
    "a very long integer": b"1" * 5000,
    "not a number": b"NaN",
    "infinity": b"-Infinity",
    "text that is not NFC": '{"a":"e\u0301"}'.encode(),
    "a C0 control as an escape": b'{"a":"\\u0007"}',
    "a line feed": b'{"a":"\\n"}',
    "a raw control": b'{"a":"\x01"}',
    "half a surrogate pair": b'{"a":"\\ud800"}',
    "an escape that is not needed": b'{"a":"\\u0041"}',
    "an escaped slash": b'{"a":"\\/"}',
    "a key in capitals": b'{"A":1}',
    "an empty key": b'{"":1}',
    "a Chinese key": '{"键":1}'.encode(),
    "a key twice": b'{"a":1,"a":1}',
    "keys in another order": b'{"b":1,"a":1}',
    "a space": b'{"a": 1}',
    "a leading space": b" 1",
    "a trailing line feed": b'{"a":1}\n',
    "a byte order mark": b'\xef\xbb\xbf{"a":1}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "broken UTF-8": b'{"a":"\xff"}',
    "an overlong form": b'{"a":"\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"a":"\xed\xa0\x80"}',
    "nothing": b"",
    "half an object": b'{"a":',
    "two values": b"1 2",
    "too deep": b"[" * 17 + b"]" * 17,
    "far too deep": b"[" * 100_000,
    "too long": b'"' + b"a" * MAX_BYTES + b'"',
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        decode(data)
    assert caught.value.reason == "not_canonical"


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        b"x",
        {1: 2},
        {"a": {3}},
        {"A": 1},
        MAX_SAFE + 1,
        "\ud800",
        "e\u0301",
        "\t",
        pytest.param([[[[]]]] * 3 + [object()], id="an object deep inside"),
    ],
    ids=repr,
)
def test_nothing_is_written_that_would_be_refused(value: Any) -> None:
    with pytest.raises(Refused):
        encode(value)


@given(values)
def test_what_is_written_is_read_back_and_is_rfc_8785(value: Any) -> None:
    data = encode(value)
    assert data == rfc8785.dumps(value)
    assert decode(data) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except Refused:
        return
    assert encode(value) == data


def test_line_feeds_only_where_they_are_allowed() -> None:
    data = b'{"note":"a\\nb"}'
    assert decode(data, lines=frozenset({"note"})) == {"note": "a\nb"}
    with pytest.raises(Refused):
        decode(data, lines=frozenset({"other"}))
    with pytest.raises(Refused):
        decode(b'{"note":"a\\tb"}', lines=frozenset({"note"}))
    with pytest.raises(Refused):
        decode(b'{"note":["a\\nb"]}', lines=frozenset({"note"}))


def test_sixteen_levels_and_one_mebibyte_are_accepted() -> None:
    decode(b"[" * 16 + b"]" * 16)
    decode(b'"' + b"a" * (MAX_BYTES - 2) + b'"')
