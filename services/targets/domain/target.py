"""The life of a target: drafted, issued, acknowledged, revised, withdrawn."""

from enum import StrEnum
from typing import Final

from kernel.errors import Conflict, Forbidden, Invalid


class TargetState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"


MOVES: Final = {
    TargetState.DRAFT: frozenset({TargetState.ISSUED, TargetState.WITHDRAWN}),
    TargetState.ISSUED: frozenset({TargetState.ACKNOWLEDGED, TargetState.REVISED, TargetState.WITHDRAWN}),
    TargetState.ACKNOWLEDGED: frozenset({TargetState.REVISED, TargetState.WITHDRAWN}),
    TargetState.REVISED: frozenset({TargetState.ACKNOWLEDGED, TargetState.REVISED, TargetState.WITHDRAWN}),
    TargetState.WITHDRAWN: frozenset[TargetState](),
}
#: Binding on the subject; work may be submitted for it and it may be split.
BINDING: Final = frozenset({TargetState.ISSUED, TargetState.ACKNOWLEDGED, TargetState.REVISED})
UNANSWERED: Final = frozenset({TargetState.ISSUED, TargetState.REVISED})


class TargetMoveRefused(Conflict):
    code = "target-move-refused"
    zh = "目标当前状态为 {status},不能变为 {wanted}"
    en = "The target is {status} and cannot become {wanted}"


class TargetNotBinding(Conflict):
    code = "target-not-issued"
    zh = "目标尚未下达或已撤回"
    en = "The target is not issued, or is withdrawn"


class PeriodNotOpen(Conflict):
    code = "period-not-open"
    zh = "考核周期 {period} 已不再开放"
    en = "The period {period} is no longer open"


class HasChildren(Conflict):
    code = "target-has-children"
    zh = "该目标已向下分解 {children} 个,撤回时须一并撤回(cascade=true)"
    en = "The target has been split into {children} live parts; withdraw them with it (cascade=true)"


class NotYoursToAcknowledge(Forbidden):
    code = "not-yours-to-acknowledge"
    zh = "只能由本人或单位负责人签收"
    en = "Only the officer himself, or a leader of the unit, acknowledges a target"


class NotYoursToSplit(Forbidden):
    code = "not-yours-to-split"
    zh = "只能由承担该目标的单位负责人分解"
    en = "Only a leader of the unit that carries the target splits it"


class RefusedAlready(Conflict):
    code = "target-refused-already"
    zh = "该目标已提出拒收,等待下达单位处理"
    en = "The target has been refused; its issuer has to decide first"


class NothingRefused(Conflict):
    code = "nothing-refused"
    zh = "该目标没有待处理的拒收"
    en = "Nobody has refused this target"


class NotOrphaned(Conflict):
    code = "not-orphaned"
    zh = "该目标仍有承接对象"
    en = "The target still has its subject"


class NobodyToTake(Invalid):
    code = "nobody-to-take"
    zh = "所选对象不能承接:不在该单位,或指标不考核此类对象"
    en = "The chosen subject cannot take it: not of the unit, or the indicator is not for it"


class SplitAcknowledged(Conflict):
    code = "split-acknowledged"
    zh = "已有 {parts} 份被签收、再分解或已开展工作,不能撤销分解;请逐份修订或撤回"
    en = "{parts} parts were acknowledged, split or worked on: the split cannot be undone; revise or withdraw them one by one"


class NothingSplit(Conflict):
    code = "nothing-split"
    zh = "该目标没有可以撤销的分解"
    en = "There is no split of this target to undo"


class OutsideScope(Forbidden):
    code = "outside-scope"
    zh = "超出您的授权范围"
    en = "This is outside the scope of your grant"


class TargetOfOfficerIndivisible(Invalid):
    code = "target-of-officer-indivisible"
    zh = "个人目标不能再分解"
    en = "A target of an officer cannot be split further"


def move(status: TargetState, wanted: TargetState) -> TargetState:
    if wanted not in MOVES[status]:
        raise TargetMoveRefused(status=status.value, wanted=wanted.value)
    return wanted


def revised(status: TargetState) -> TargetState:
    """A draft stays a draft; what was issued has to be acknowledged again."""
    return status if status is TargetState.DRAFT else move(status, TargetState.REVISED)


def ensure_binding(status: str) -> None:
    if status not in BINDING:
        raise TargetNotBinding


def ensure_period_open(status: str, code: str) -> None:
    if status != "open":
        raise PeriodNotOpen(period=code)


def ensure_unanswered(status: str) -> None:
    """What was acknowledged cannot be refused any more."""
    if status not in UNANSWERED:
        raise TargetMoveRefused(status=status, wanted="refused")


def ensure_childless(children: int) -> None:
    if children:
        raise HasChildren(children=children)


def subject_kind_fits(indicator_takes: str, subject_kind: str) -> bool:
    """An indicator of units is still carried by units on its way down; one of officers passes through units."""
    return subject_kind == "unit" or indicator_takes in {"officer", "both"}
