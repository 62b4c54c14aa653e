"""What somebody may have meant who wrote a word that is not there."""

from collections.abc import Iterable
from difflib import get_close_matches

from rules.sentences import Sentence

_NEAR = 0.6
_MOST = 8


def meant(word: str, known: Iterable[str]) -> Sentence:
    """The nearest known word; failing that what there is, if it is not too much; else nothing. Begins with its own comma."""
    words = sorted(known)
    near = get_close_matches(word, words, 1, _NEAR)
    if near:
        return Sentence(f",是否应为 {near[0]}?", f", was {near[0]} meant?")
    if words and len(words) <= _MOST:
        return Sentence(f",有:{'、'.join(words)}", f", there are: {', '.join(words)}")
    return Sentence("", "")
