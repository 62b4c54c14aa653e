"""A list of ranks: its places, who is on it without a rank, and whether it is whole."""

from dataclasses import dataclass
from fractions import Fraction

from rules.facts import State
from rules.findings import Finding
from rules.rounding import plain
from rules.sentences import Sentence
from rules.standing.records import Position
from rules.standing.subjects import NoGrade, Outside, Subject, Total

_OUTSIDE = {
    Outside.EXEMPT: Sentence("免考核,不排名", "exempt: not ranked"),
    Outside.OVERSIGHT: Sentence("监督单位,不排名", "oversight unit: not ranked"),
    Outside.NOT_ASSESSED: Sentence("不参加考核,不排名", "not assessed: not ranked"),
    Outside.HELD: Sentence("待定,暂不排名", "held: not ranked for now"),
}
_STATES = {
    State.NOT_APPLICABLE: Sentence("不适用,不排名", "not applicable: not ranked"),
    State.NOT_SUBMITTED: Sentence("未报送,没有总分,不排名", "nothing submitted, no total: not ranked"),
    State.NOT_ASSESSED: Sentence("未考核,不排名", "not assessed: not ranked"),
    State.ABSTAINED: Sentence("弃权,不排名", "abstained: not ranked"),
    State.SCORED: Sentence("没有总分,不排名", "no total: not ranked"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """`position` is None for those without a rank; `why` says why, or how a tie was parted."""

    subject: str
    position: Position | None
    value: Fraction | None
    why: tuple[Sentence, ...] = ()

    @property
    def rank(self) -> int | None:
        return None if self.position is None else self.position.rank


@dataclass(frozen=True, slots=True)
class RankList:
    """Best first, then those without a rank. `group` is empty for the list of all."""

    scope: str
    group: str
    places: tuple[Place, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def ranks(self) -> dict[str, int | None]:
        return {place.subject: place.rank for place in self.places}

    @property
    def ranked(self) -> int:
        return sum(place.position is not None for place in self.places)


def place(
    subject: str, total: Total, position: Position, why: tuple[Sentence, ...], whole: int | None
) -> Place:
    """A rank is printed only as far down as the list is whole: beyond, others may stand between."""
    if whole is not None and position.rank > whole:
        zh, en = (
            f"名单只完整到第 {whole} 名,名次不明",
            f"the list is whole only down to {whole}: rank unknown",
        )
        return Place(subject, None, total.value, (Sentence(zh, en),))
    value = plain(total.value or Fraction(0))
    zh = f"第 {position.rank} 名:{value} 分,前面有 {position.ahead} 个"
    en = f"rank {position.rank}: {value} points, {position.ahead} ahead"
    return Place(subject, position, total.value, (Sentence(zh, en), *why))


def outside(subject: Subject, total: Total) -> tuple[Sentence, ...] | None:
    """Why the subject is listed without a rank; None if it is ranked."""
    if subject.outside is not None:
        return (_with(_OUTSIDE[subject.outside], subject.outside_reason),)
    ungraded = subject.ungraded
    if ungraded is not None and ungraded.state is not NoGrade.COMMENT_ONLY:
        return (_with(_OUTSIDE[Outside(ungraded.state.value)], ungraded.reason),)
    if total.state is not State.SCORED or total.value is None:
        return (_STATES[total.state],)
    return None


def check_count(key: str, listed: int, announced: int | None) -> list[Finding]:
    """25 announced and 24 listed is said, not hidden."""
    if announced is None or announced == listed:
        return []
    zh = f"公布 {announced} 个,名单上 {listed} 个,相差 {abs(announced - listed)} 个"
    en = f"{announced} announced, {listed} listed: {abs(announced - listed)} unaccounted for"
    return [Finding(key, "count-differs", zh, en)]


def _with(sentence: Sentence, reason: str) -> Sentence:
    return Sentence(f"{sentence.zh}({reason})", f"{sentence.en} ({reason})") if reason else sentence
