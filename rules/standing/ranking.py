"""Ranks: one set of totals, ranked as a whole and inside groups.

"Same kind grouped, compared inside the group" (A1 of the published schemes: 24 stations are ranked as 4 + 20). Competition
ranking is what published tables use: 8, 8, 10.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.fields import names
from rules.findings import Finding
from rules.reading import Reader
from rules.sentences import Sentence
from rules.standing.listing import Place, RankList, check_count, outside, place
from rules.standing.order import DIRECTIONS, HIGHER, LOWER, Block, Key, blocks, read_ties
from rules.standing.records import Position
from rules.standing.subjects import Context, Total, figures

COMPETITION, DENSE, ORDINAL = "competition", "dense", "ordinal"
METHODS = (COMPETITION, DENSE, ORDINAL)
#: The scope of all subjects; every other scope is a kind of group that subjects belong to.
OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Ranking:
    """`ordinal` gives everybody a rank of their own; what the tie-breaks leave equal is then ordered by name, and said so."""

    method: str = COMPETITION
    direction: str = HIGHER
    scopes: tuple[str, ...] = (OVERALL,)
    ties: tuple[Key, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> "Ranking":
        ranking = cls(
            reader.choice("method", METHODS, COMPETITION),
            reader.choice("direction", DIRECTIONS, HIGHER),
            names(reader, "scopes") or (OVERALL,),
            read_ties(reader),
        )
        reader.close()
        return ranking

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "method": self.method,
            "direction": self.direction,
            "scopes": list(self.scopes),
        }
        return data | ({"tie_breaks": [key.to_data() for key in self.ties]} if self.ties else {})

    def rank(self, totals: Mapping[str, Total], context: Context) -> list[RankList]:
        """A list for each scope, and in a scope of groups one for each group."""
        found = []
        for scope in self.scopes:
            groups: dict[str, dict[str, Total]] = {}
            for subject in sorted(totals):
                group = "" if scope == OVERALL else context.about(subject).groups.get(scope)
                if group is not None:
                    groups.setdefault(group, {})[subject] = totals[subject]
            found += [self._list(scope, group, groups[group], context) for group in sorted(groups)]
        return found

    def order(self, subjects: Mapping[str, Total], context: Context) -> list[Block]:
        """Those who have a total, best first, equals together."""
        known = {
            name: figures(context.about(name), total)
            for name, total in subjects.items()
            if total.value is not None
        }
        return blocks(known, known, self.direction, self.ties)

    def _list(self, scope: str, group: str, members: Mapping[str, Total], context: Context) -> RankList:
        key = f"{scope}/{group}" if group else scope
        reasons = {name: outside(context.about(name), total) for name, total in members.items()}
        inside = {name: total for name, total in members.items() if reasons[name] is None}
        whole = context.complete_to.get(key)
        findings = check_count(key, len(members), context.announced.get(key))
        partial = bool(findings) or whole is not None
        places: list[Place] = []
        for ahead, rank, block in self._ranks(self.order(inside, context)):
            findings += [_unused(key, block, figure) for figure in block.unknown]
            if self.method == ORDINAL and len(block.subjects) > 1:
                findings.append(_by_name(key, block))
            for offset, subject in enumerate(block.subjects):
                position = self._position((ahead, rank, block), offset, len(inside), partial=partial)
                places.append(place(subject, members[subject], position, self._why(block), whole))
        listed = [
            Place(name, None, members[name].value, why) for name, why in reasons.items() if why is not None
        ]
        return RankList(scope, group, (*places, *listed), tuple(findings))

    def _position(self, found: tuple[int, int, Block], offset: int, of: int, *, partial: bool) -> Position:
        """Where nobody shares a rank, each of a tie is ahead of the next."""
        ahead, rank, block = found
        behind = of - ahead - len(block.subjects)
        if self.method == ORDINAL:
            rank, ahead, behind = rank + offset, ahead + offset, behind + len(block.subjects) - 1 - offset
        return Position(rank, ahead, None if partial else behind, of)

    def _ranks(self, ordered: list[Block]) -> list[tuple[int, int, Block]]:
        found, ahead = [], 0
        for number, block in enumerate(ordered, start=1):
            found.append((ahead, number if self.method == DENSE else ahead + 1, block))
            ahead += len(block.subjects)
        return found

    def _why(self, block: Block) -> tuple[Sentence, ...]:
        if len(block.subjects) == 1:
            return block.by
        shared = Sentence(
            f"与其他 {len(block.subjects) - 1} 个并列", f"tied with {len(block.subjects) - 1} more"
        )
        if self.method == ORDINAL:
            shared = Sentence(f"{shared.zh},按名称排序", f"{shared.en}, ordered by name")
        return (*block.by, shared)

    def describe(self, language: str) -> str:
        zh = language == "zh"
        methods = {
            COMPETITION: Sentence(
                "并列占位(1、2、2、4)", "equals share a rank and the next is skipped (1, 2, 2, 4)"
            ),
            DENSE: Sentence("并列不占位(1、2、2、3)", "equals share a rank and none is skipped (1, 2, 2, 3)"),
            ORDINAL: Sentence("不设并列(1、2、3、4)", "nobody shares a rank (1, 2, 3, 4)"),
        }
        way = (
            Sentence("低者在前", "lower is better")
            if self.direction == LOWER
            else Sentence("高者在前", "higher is better")
        )
        scopes = [("全体" if zh else "all") if scope == OVERALL else f"“{scope}”" for scope in self.scopes]
        among = f"排名范围:{'、'.join(scopes)}" if zh else f"ranked among: {', '.join(scopes)}"
        parts = [way.say(language), methods[self.method].say(language), among]
        if self.ties:
            keys = (",再按" if zh else ", then ").join(key.words().say(language) for key in self.ties)
            parts.append(f"同分先按{keys}" if zh else f"equal totals are parted by {keys}")
        return (";" if zh else "; ").join(parts)


def _by_name(place: str, block: Block) -> Finding:
    who = "、".join(block.subjects)
    zh, en = f"{who} 无从区分,按名称排序", f"nothing parts {who}: ordered by name"
    return Finding(place, "ordered-by-name", zh, en)


def _unused(place: str, block: Block, figure: str) -> Finding:
    who = "、".join(block.subjects)
    return Finding(
        place,
        "tie-break-unknown",
        f"{who} 同分,但有人没有“{figure}”,未按它区分",
        f"{who} have equal totals, but not all of them have “{figure}”: it was not used",
    )
