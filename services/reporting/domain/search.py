"""How things are found by what somebody types: all its words, each of them anywhere in a word of the thing."""

from enum import StrEnum

SHORTEST = 2
#: Of a summary so much is looked in.
BEGINNING = 60


class Found(StrEnum):
    UNIT = "unit"
    OFFICER = "officer"
    INDICATOR = "indicator"
    SUBMISSION = "submission"
    BULLETIN = "bulletin"


def words(text: str) -> list[str]:
    """What was typed, in lower case; words of a single letter say nothing."""
    return [word for word in text.lower().split() if len(word) >= SHORTEST]


def grams(text: str) -> list[str]:
    """Pieces of two letters of each word, each once, in order."""
    return sorted({word[n : n + 2] for word in words(text) for n in range(len(word) - 1)})
