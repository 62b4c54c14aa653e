"""The indicator guard: kinds of indicators that orders ban or burden rules exclude, found by the words of an indicator."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from kernel.errors import Finding, Invalid

_MOST_GROUPS = 50
_MOST_WORDS = 6


class GuardInvalid(Invalid):
    code = "guard-invalid"
    zh = "关键词组有误:每组 1 至 6 个词,每词至少 2 个字,至多 50 组"
    en = "The words are not valid: 1 to 6 words a group, each of 2 characters at least, at most 50 groups"


@dataclass(frozen=True, slots=True)
class Guard:
    """`words` are groups; a group matches when all its words are found. A word that begins with "!" must not be there."""

    id: UUID
    title: str
    words: Sequence[Sequence[str]]
    ground: str


@dataclass(frozen=True, slots=True)
class Guarded:
    """An indicator as the guard reads it."""

    id: UUID
    code: str
    name: str
    unit_of_measure: str


@dataclass(frozen=True, slots=True)
class Match:
    indicator: Guarded
    guard: Guard
    words: tuple[str, ...]


def checked_words(words: Sequence[Sequence[str]]) -> list[list[str]]:
    """Without duplicates and white space; raises GuardInvalid."""
    found = [[_plain(word) for word in group] for group in words]
    right = all(
        1 <= len(group) <= _MOST_WORDS and all(len(word.lstrip("!")) > 1 for word in group) for group in found
    )
    if not found or len(found) > _MOST_GROUPS or not right:
        raise GuardInvalid
    return found


def matches(indicators: Iterable[Guarded], guards: Sequence[Guard]) -> list[Match]:
    """Each indicator with each guard that it meets, by the first group of words that is found."""
    found = []
    for indicator in indicators:
        text = _plain(f"{indicator.name} {indicator.unit_of_measure}")
        for guard in guards:
            group = next((group for group in guard.words if _meets(group, text)), None)
            if group is not None:
                found.append(Match(indicator, guard, tuple(word for word in group if word[0] != "!")))
    return found


def finding(match: Match) -> Finding:
    """What stands against publishing until the legal unit has signed an exception."""
    words = "、".join(match.words)
    return Finding(
        f"indicators.{match.indicator.code}",
        "indicator-guarded",
        f"指标“{match.indicator.name}”属于不得设置的“{match.guard.title}”(含“{words}”;依据:{match.guard.ground}),"
        "须由法制部门签署例外",
        f"{match.indicator.name!r} is of a kind that must not be used, {match.guard.title!r} (it has {words}; "
        f"ground: {match.guard.ground}); the legal unit has to sign an exception",
    )


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """The list that a new platform begins with; the bureau keeps it from then on."""
    text = (files("services.targets.domain.guards") / "customary.json").read_text(encoding="utf-8")
    return tuple(json.loads(text))


def _meets(group: Sequence[str], text: str) -> bool:
    return all((word[1:] not in text) if word[0] == "!" else (word in text) for word in group)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
