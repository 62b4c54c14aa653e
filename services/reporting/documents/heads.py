"""What an official paper has beside its text: head, number, date, and the code that leads back to the record."""

import re
from dataclasses import dataclass
from datetime import date

#: A line of the title has so many characters at most (2号, 22 pt, in a block of 156 mm).
LONGEST = 18
#: After these a line may end: a date, or a word that leads on.
_BREAKS = re.compile(r"\d+年(?:\d+月|第?\w季度|[上下]半年|度)?|关于|的|和|与|及|、|，")


@dataclass(frozen=True, slots=True)
class Imprint:
    """`number` is empty in a draft. `code`: printed small at the foot."""

    head: str
    number: str
    date: str
    code: str
    draft: bool


def document_number(word: str, year: int, number: int) -> str:
    """发文字号: the year in hexagonal brackets, no leading zero, no 第."""
    return f"{word}〔{year}〕{number}号"


def written(day: date) -> str:
    """2026年4月3日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def title_lines(title: str) -> list[str]:
    """The title on as few lines as it needs, each about as long as the next, broken where words end and never in a date."""
    if len(title) <= LONGEST:
        return [title]
    count = -(-len(title) // LONGEST)
    lines, rest = [], title
    for left in range(count, 1, -1):
        wanted = -(-len(rest) // left) + 1
        least = len(rest) - LONGEST * (left - 1)
        places = [match.end() for match in _BREAKS.finditer(rest) if least <= match.end() <= LONGEST]
        cut = min(places, key=lambda place: abs(place - wanted), default=min(wanted, LONGEST))
        lines.append(rest[:cut])
        rest = rest[cut:]
    return [*lines, rest]
