"""Nobody judges own work, nor the work of the own unit, nor what he is recused from; nor in the place of such a one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kernel.errors import Conflict, Forbidden
from kernel.recusal import Absent, Party, Recused, Standing


class OwnWork(Forbidden):
    code = "own-work"
    zh = "不能审核本人提交或涉及本人的工作"
    en = "Nobody reviews own work"


class OwnUnitsWork(Forbidden):
    code = "own-units-work"
    zh = "不能审核本单位的工作"
    en = "Nobody reviews the work of the own unit"


class NotCompetent(Forbidden):
    code = "not-competent"
    zh = "该项工作不归您审核"
    en = "This is not for you to review"


class NotADecider(Forbidden):
    code = "not-a-decider"
    zh = "该复议不归您裁决"
    en = "This appeal is not for you to decide"


class FirstDecider(Forbidden):
    code = "first-decider"
    zh = "复议不得由原审核人裁决"
    en = "An appeal is never decided by the one who decided before"


class ClaimedByOther(Conflict):
    code = "claimed-by-other"
    zh = "已由其他审核人领取,{until} 前有效"
    en = "Somebody else has claimed it until {until}"


class NotYourClaim(Conflict):
    code = "not-your-claim"
    zh = "请先领取再审核"
    en = "Claim it before you decide"


@dataclass(frozen=True, slots=True)
class Reach:
    """A subtree and its lines (none: all) in which somebody judges; `absent`: by whose grant, where not by his own."""

    path: str
    lines: tuple[str, ...] = ()
    absent: Party | None = None

    def covers(self, matter: "Matter") -> bool:
        return matter.unit_path.startswith(self.path) and (not self.lines or matter.line in self.lines)

    def holder(self, me: Party) -> Party:
        """Whose right it is: where a right takes a place in the competent unit, it is his place that is asked."""
        return self.absent or me


@dataclass(frozen=True, slots=True)
class Judge:
    """Who judges, with all units served in today and all bars, and where.

    `offices` are the scopes held as an assessment office, `assessors` and `adjudicators` those of the other two roles.
    """

    me: Party
    account_id: UUID | None = None
    offices: tuple[Reach, ...] = ()
    assessors: tuple[Reach, ...] = ()
    adjudicators: tuple[Reach, ...] = ()

    @property
    def officer_id(self) -> UUID | None:
        return self.me.officer_id

    def is_office_for(self, matter: "Matter") -> bool:
        """Whether an assessment office's scope is asked, whoever it was routed to."""
        return any(reach.covers(matter) for reach in self.offices)


@dataclass(frozen=True, slots=True)
class Matter:
    """What is judged."""

    line: str
    unit_path: str
    authority_path: str | None
    people: frozenset[UUID]  # the subject and whoever wrote or sent it
    deciders: frozenset[UUID] = frozenset()


def ensure_impartial(judge: Judge, matter: Matter) -> None:
    if judge.officer_id is None:
        raise NotCompetent
    if judge.officer_id in matter.people:
        raise OwnWork
    if judge.me.serves_in(matter.unit_path):
        raise OwnUnitsWork
    if judge.me.bars.cover(matter.people, matter.unit_path):
        raise Recused


def ensure_may_review(judge: Judge, matter: Matter) -> Absent | None:
    """The assessors of the competent unit, or an assessment office in whose scope the unit is; never one's own.

    A substitute may serve elsewhere: the absent serves there. In whose place it is reviewed; None: by a right of one's own.
    """
    ensure_impartial(judge, matter)
    authority = matter.authority_path
    members = [
        reach for reach in judge.assessors
        if authority is not None and reach.holder(judge.me).serves_in(authority)
    ]  # fmt: skip
    return _right((*judge.offices, *members), matter, NotCompetent)


def ensure_still_impartial(standing: Standing, matter: Matter) -> None:
    """Asked again of whoever decided when it takes effect, and of the absent in whose place he did."""
    ensure_impartial(Judge(standing.me), matter)
    if not all(_is_impartial(party, matter) for party in standing.absent.values()):
        raise Recused


def ensure_may_decide_appeal(judge: Judge, matter: Matter) -> Absent | None:
    """An adjudicator in scope who neither decided before nor belongs to the people or the unit concerned."""
    ensure_impartial(judge, matter)
    if judge.officer_id in matter.deciders:
        raise FirstDecider
    return _right(judge.adjudicators, matter, NotADecider, apart=matter.deciders)


def _right(
    reaches: Sequence[Reach],
    matter: Matter,
    otherwise: type[Forbidden],
    *,
    apart: frozenset[UUID] = frozenset(),
) -> Absent | None:
    """One's own right before that of somebody absent, who must be as impartial as whoever stands in for him."""
    absent = [reach.absent for reach in reaches if reach.covers(matter)]
    if not absent:
        raise otherwise
    if None in absent:
        return None
    for party in absent:
        if party is not None and _is_impartial(party, matter) and party.officer_id not in apart:
            return party.absent
    raise Recused


def _is_impartial(party: Party, matter: Matter) -> bool:
    concerned = party.officer_id in matter.people or party.serves_in(matter.unit_path)
    return not (concerned or party.bars.cover(matter.people, matter.unit_path))
