"""Closing a period (期末结账): checks, trials, publicity with objections, seal by two people (product.md §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ClosingState(StrEnum):
    """The words of the contract event `scoring.closing.v1`."""

    CHECKING = "checking"
    PUBLIC = "public"
    SEALED = "sealed"
    WITHDRAWN = "withdrawn"


MOVES: dict[ClosingState, frozenset[ClosingState]] = {
    ClosingState.CHECKING: frozenset({ClosingState.PUBLIC, ClosingState.WITHDRAWN}),
    ClosingState.PUBLIC: frozenset({ClosingState.CHECKING, ClosingState.SEALED, ClosingState.WITHDRAWN}),
    ClosingState.WITHDRAWN: frozenset({ClosingState.CHECKING}),
    ClosingState.SEALED: frozenset(),
}


class ObjectionState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"  # the figures are looked at again: a new trial and a new publicity follow
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Check:
    """Something to be looked at before a period is closed; `link` leads to the list of it."""

    code: str
    count: int
    blocks: bool
    zh: str
    en: str
    link: str | None


class ClosingMissing(NotFound):
    code = "closing-not-found"
    zh = "该考核周期尚未开始结账"
    en = "The closing of this period has not begun"


class ClosingStateWrong(Conflict):
    code = "closing-state"
    zh = "结账当前状态为 {status},不能如此处理"
    en = "The closing is {status}; this cannot be done"


class BeforeCutoff(Conflict):
    code = "closing-before-cutoff"
    zh = "{cutoff_at} 截止之前不能结账"
    en = "The period cannot be closed before its cut-off at {cutoff_at}"


class ClosingBlocked(Conflict):
    code = "closing-blocked"
    zh = "还有 {count} 项检查未通过"
    en = "{count} checks do not pass yet"


class TrialMissing(Conflict):
    code = "closing-no-trial"
    zh = "请先试算"
    en = "Run a trial first"


class TrialDiffers(Conflict):
    code = "closing-trial-differs"
    zh = "试算与台账不符,共 {different} 处"
    en = "The trial found {different} differences from the ledger"


class TrialOutdated(Conflict):
    code = "closing-trial-outdated"
    zh = "试算之后得分有变动,请重新试算"
    en = "The figures have moved since the trial; run another"


class WindowTooShort(Invalid):
    code = "closing-window-too-short"
    zh = "公示至少到 {earliest}"
    en = "The figures stay public until {earliest} at least"


class WindowOpen(Conflict):
    code = "closing-window-open"
    zh = "公示期到 {until} 为止,届时才能封存"
    en = "Objections are taken until {until}; the seal comes after that"


class WindowOver(Conflict):
    code = "closing-window-over"
    zh = "不在公示期内,不能提出异议"
    en = "Objections are taken while the figures are public only"


class NotConcerned(Forbidden):
    code = "objection-not-concerned"
    zh = "只能对本人或本单位的得分提出异议"
    en = "One objects to one's own figures or those of one's own unit"


class ObjectionMissing(NotFound):
    code = "objection-not-found"
    zh = "没有这件异议"
    en = "There is no such objection"


class ObjectionDecided(Conflict):
    code = "objection-decided"
    zh = "该异议已答复"
    en = "This objection has been answered"


class OwnObjection(Forbidden):
    code = "objection-own"
    zh = "不得答复自己提出的异议"
    en = "Nobody answers his own objection"


class SecondSignature(Forbidden):
    code = "seal-second-person"
    zh = "封存须由另一人复签"
    en = "Another person must give the second signature"


def move(status: str, to: ClosingState) -> ClosingState:
    if to not in MOVES[ClosingState(status)]:
        raise ClosingStateWrong(status=status)
    return to


def refuse_early(now: datetime, cutoff_at: datetime) -> None:
    if now < cutoff_at:
        raise BeforeCutoff(cutoff_at=cutoff_at.isoformat())


def refuse_blocked(checks: Iterable[Check]) -> None:
    open_ones = [check.code for check in checks if check.blocks and check.count]
    if open_ones:
        raise ClosingBlocked(count=len(open_ones), checks=open_ones)


def refuse_open_window(now: datetime, until: datetime | None) -> None:
    if until is None or now < until:
        raise WindowOpen(until=until.isoformat() if until else "")


def refuse_same_signature(first: UUID, second: UUID) -> None:
    if first == second:
        raise SecondSignature
