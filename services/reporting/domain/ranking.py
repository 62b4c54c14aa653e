"""Who stands where: ranks by the stored figures, by the rules of `rules.standing`; ties as ties, change since the last time."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Generic, TypeVar

from rules.sentences import Sentence
from rules.standing.order import HIGHER, Block, blocks
from rules.standing.ranking import DENSE, ORDINAL, Ranking

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Figure(Generic[S]):
    """What a subject is ranked by, in thousandths: its total, and what may part it from equals, by name.

    `code` orders those who stay equal, for display only.
    """

    subject: S
    code: str
    milli: int
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rank(Generic[S]):
    """`ahead` and `behind`: how many stand strictly before and after; `tied` with so many others; `by`: what parted equals."""

    subject: S
    rank: int
    ahead: int
    behind: int
    tied: int
    by: tuple[Sentence, ...] = ()


def ranked(figures: Sequence[Figure[S]], ranking: Ranking) -> list[Rank[S]]:
    """Best first. The rule for ties is asked only where there is one: ten thousand subjects are ranked at every change."""
    sign = -1 if ranking.direction == HIGHER else 1
    ordered = sorted(figures, key=lambda figure: (sign * figure.milli, figure.code))
    found: list[Rank[S]] = []
    groups = 0
    for _, equal in groupby(ordered, key=lambda figure: figure.milli):
        for members, by in _parted(list(equal), ranking):
            ahead, groups = len(found), groups + 1
            behind = len(ordered) - ahead - len(members)
            for offset, figure in enumerate(members):
                own = offset if ranking.method == ORDINAL else 0
                place = groups if ranking.method == DENSE else ahead + 1 + own
                after = behind + (len(members) - 1 - offset if ranking.method == ORDINAL else 0)
                found.append(Rank(figure.subject, place, ahead + own, after, len(members) - 1, by))
    return found


def _parted(
    equal: list[Figure[S]], ranking: Ranking
) -> Iterator[tuple[list[Figure[S]], tuple[Sentence, ...]]]:
    if len(equal) == 1 or not ranking.ties:
        yield equal, ()
        return
    names = {str(number): figure for number, figure in enumerate(equal)}
    values = {
        name: {key: Fraction(value, 1000) for key, value in figure.figures.items()}
        | {"total": Fraction(figure.milli, 1000)}
        for name, figure in names.items()
    }
    found: list[Block] = blocks(names, values, ranking.direction, ranking.ties)
    for block in found:
        yield sorted((names[name] for name in block.subjects), key=lambda figure: figure.code), block.by


def unnamed(behind: int, of: int, last: int) -> bool:
    """Whether somebody stands so far back that a public board does not name him: the last places, of at most half the board."""
    return behind < min(last, of // 2)


def share_of_best(total: int, best: int) -> float:
    """The length of a bar, from 0 to 1; nothing below zero has one. For drawing only."""
    return max(total, 0) / best if best > 0 else 0.0
