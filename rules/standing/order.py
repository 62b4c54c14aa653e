"""Putting subjects in order: who is strictly ahead of whom, and who stays equal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from rules.fields import name, some
from rules.reading import Reader
from rules.rounding import plain
from rules.sentences import Sentence
from rules.standing.conditions import TOTAL

HIGHER, LOWER = "higher_is_better", "lower_is_better"
DIRECTIONS = (HIGHER, LOWER)

#: The figures of each subject by name.
Figures = Mapping[str, Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True)
class Key:
    """One figure that orders, such as the total, or a module that breaks ties."""

    figure: str
    direction: str

    @classmethod
    def read(cls, reader: Reader) -> "Key":
        key = cls(name(reader, "figure"), reader.choice("direction", DIRECTIONS, HIGHER))
        reader.close()
        return key

    def to_data(self) -> dict[str, Any]:
        return {"figure": self.figure, "direction": self.direction}

    def words(self) -> Sentence:
        zh = "高者在前" if self.direction == HIGHER else "低者在前"
        en = "higher first" if self.direction == HIGHER else "lower first"
        return Sentence(f"“{self.figure}”{zh}", f"“{self.figure}” {en}")


@dataclass(frozen=True, slots=True)
class Block:
    """Subjects that nothing tells apart, by name; `by` is what parted them from those of the same total."""

    subjects: tuple[str, ...]
    by: tuple[Sentence, ...] = ()
    unknown: tuple[str, ...] = ()  # tie-breaks that could not be used: somebody has no such figure


def read_ties(reader: Reader) -> tuple[Key, ...]:
    return tuple(Key.read(item) for item in some(reader, "tie_breaks"))


def blocks(subjects: Iterable[str], figures: Figures, direction: str, ties: tuple[Key, ...]) -> list[Block]:
    """Best first; does not depend on the order in which the subjects come. Each has a total."""
    found: list[Block] = []
    for equal in _split(sorted(subjects), figures, Key(TOTAL, direction)):
        found += _part(Block(tuple(equal)), figures, ties)
    return found


def _part(block: Block, figures: Figures, ties: tuple[Key, ...]) -> list[Block]:
    """A tie-break is used on a tie only if everybody in it has the figure: missing is not zero."""
    if not ties or len(block.subjects) == 1:
        return [block]
    key, later = ties[0], ties[1:]
    if any(key.figure not in figures[subject] for subject in block.subjects):
        return _part(Block(block.subjects, block.by, (*block.unknown, key.figure)), figures, later)
    parts = _split(block.subjects, figures, key)
    if len(parts) == 1:
        return _part(block, figures, later)
    found = []
    for part in parts:
        value = plain(figures[part[0]][key.figure])
        words = key.words()
        by = Sentence(f"同分,按{words.zh}:{value}", f"equal totals, parted by {words.en}: {value}")
        found += _part(Block(tuple(part), (*block.by, by), block.unknown), figures, later)
    return found


def _split(subjects: Iterable[str], figures: Figures, key: Key) -> list[list[str]]:
    def value(subject: str) -> Fraction:
        return figures[subject][key.figure]

    ordered = sorted(subjects, key=value, reverse=key.direction == HIGHER)
    return [list(equal) for _, equal in groupby(ordered, key=value)]
