"""The fast encoder writes what RFC 8785 says, whatever is in the texts and names."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kernel.bus.canonical import canonical_json

_TEXT = st.text(st.characters(exclude_categories=("Cs",)))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_TEXT, inner, max_size=5),
    max_leaves=20,
)


@given(_VALUES)
def test_the_text_is_that_of_the_standard(value: object):
    assert canonical_json(value) == rfc8785.dumps(value).decode()  # type: ignore[arg-type]


def test_names_beyond_the_basic_plane_are_sorted_by_utf_16_units():
    assert canonical_json({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'


def test_a_lone_surrogate_has_no_canonical_form():
    with pytest.raises(UnicodeEncodeError):
        canonical_json("\ud800")
