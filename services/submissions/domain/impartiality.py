"""Nobody judges own work, nor the work of the own unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kernel.errors import Conflict, Forbidden


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
class Judge:
    """Who judges: the officer, the paths of all units served in today, and the subtrees of the relevant grants.

    `offices` are the scopes held as an assessment office, `lines` the scopes held as an assessor: (path, lines).
    """

    officer_id: UUID | None
    member_of: tuple[str, ...]
    offices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    assessors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    adjudicators: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def is_office_for(self, matter: "Matter") -> bool:
        """Whether an assessment office's scope is asked, whoever it was routed to."""
        return _covers(self.offices, matter)


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
    if any(path.startswith(matter.unit_path) for path in judge.member_of):
        raise OwnUnitsWork


def ensure_may_review(judge: Judge, matter: Matter) -> None:
    """The assessors of the competent unit, or an assessment office in whose scope the unit is; never one's own."""
    ensure_impartial(judge, matter)
    authority = matter.authority_path
    member = authority is not None and any(path.startswith(authority) for path in judge.member_of)
    if not (_covers(judge.offices, matter) or (member and _covers(judge.assessors, matter))):
        raise NotCompetent


def ensure_may_decide_appeal(judge: Judge, matter: Matter) -> None:
    """An adjudicator in scope who neither decided before nor belongs to the people or the unit concerned."""
    ensure_impartial(judge, matter)
    if judge.officer_id in matter.deciders:
        raise FirstDecider
    if not _covers(judge.adjudicators, matter):
        raise NotADecider


def _covers(scopes: Sequence[tuple[str, tuple[str, ...]]], matter: Matter) -> bool:
    return any(
        matter.unit_path.startswith(path) and (not lines or matter.line in lines) for path, lines in scopes
    )
