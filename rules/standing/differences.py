"""Who moved between two settlements of the same period, and why.

Where scores depend on the group, one upheld appeal moves others: the whole list is published again, with the rows that
changed. The same table shows what a trial run or a changed rule would do.
"""

from dataclasses import dataclass
from fractions import Fraction

from rules.rounding import plain
from rules.sentences import Sentence
from rules.standing.settlement import Outcome, Settlement

_NAMED = 5

#: Scope and subject → those of the same list whose totals changed.
_Movers = dict[tuple[str, str], dict[str, None]]


@dataclass(frozen=True, slots=True)
class Moved:
    """Before and after; a rank for each scope in which it changed. `why` has a sentence for each change."""

    subject: str
    score: tuple[Fraction | None, Fraction | None]
    ranks: dict[str, tuple[int | None, int | None]]
    grade: tuple[str | None, str | None]
    why: tuple[Sentence, ...]

    @property
    def only_by_others(self) -> bool:
        """Its own total is as it was."""
        return self.score[0] == self.score[1]


def who_moved(before: Settlement, after: Settlement) -> list[Moved]:
    """Only those with a change, by name."""
    names = sorted({*before.outcomes, *after.outcomes})
    movers = _movers(before, after)
    found = (_moved(name, before, after, movers) for name in names)
    return [moved for moved in found if moved is not None]


def _movers(before: Settlement, after: Settlement) -> _Movers:
    """For everybody on a list, whose totals changed on it."""
    found: _Movers = {}
    for ranked in (*before.lists, *after.lists):
        listed = [place.subject for place in ranked.places]
        changed = [name for name in listed if _value(before, name) != _value(after, name)]
        for name in listed:
            found.setdefault((ranked.scope, name), {}).update(dict.fromkeys(changed))
    return found


def _moved(name: str, before: Settlement, after: Settlement, movers: _Movers) -> Moved | None:
    one, other = before.outcomes.get(name), after.outcomes.get(name)
    score = (_value(before, name), _value(after, name))
    scopes = {**(one.positions if one else {}), **(other.positions if other else {})}
    ranks = {scope: (_rank(one, scope), _rank(other, scope)) for scope in sorted(scopes)}
    ranks = {scope: pair for scope, pair in ranks.items() if pair[0] != pair[1]}
    grade = (one.shown if one else None, other.shown if other else None)
    why: list[Sentence] = []
    if one is None or other is None:
        why.append(
            Sentence("新列入", "newly listed") if one is None else Sentence("不再列入", "no longer listed")
        )
    elif score[0] != score[1]:
        why.append(
            Sentence(
                f"总分 {_said(score[0])} → {_said(score[1])}", f"total {_said(score[0])} → {_said(score[1])}"
            )
        )
    if ranks and one is not None and other is not None:
        why += [_ranked(pair, scope, list(movers[scope, name]), name) for scope, pair in ranks.items()]
    if grade[0] != grade[1]:
        why.append(_graded(grade, other))
    return Moved(name, score, ranks, grade, tuple(why)) if why else None


def _ranked(pair: tuple[int | None, int | None], scope: str, movers: list[str], name: str) -> Sentence:
    by = Sentence("", "")
    if name not in movers and movers:
        more = len(movers) - _NAMED
        who = "、".join(movers[:_NAMED]) + (f" +{more}" if more > 0 else "")
        by = Sentence(f",自身总分未变,因 {who} 变动", f"; its own total is unchanged, {who} changed")
    said = f"{_said(pair[0])} → {_said(pair[1])}"
    return Sentence(f"名次({scope}){said}{by.zh}", f"rank ({scope}) {said}{by.en}")


def _graded(grade: tuple[str | None, str | None], after: Outcome | None) -> Sentence:
    lines = after.graded.lines if after is not None and after.graded is not None else ()
    reason = lines[-1] if lines else Sentence("", "")
    zh, en = f"等次 {grade[0] or '—'} → {grade[1] or '—'}", f"grade {grade[0] or '—'} → {grade[1] or '—'}"
    return Sentence(f"{zh}({reason.zh})", f"{en} ({reason.en})") if lines else Sentence(zh, en)


def _value(settlement: Settlement, name: str) -> Fraction | None:
    outcome = settlement.outcomes.get(name)
    return None if outcome is None else outcome.total.value


def _rank(outcome: Outcome | None, scope: str) -> int | None:
    return None if outcome is None else outcome.rank(scope)


def _said(value: Fraction | int | None) -> str:
    return "—" if value is None else plain(Fraction(value))
