"""Appeals against ledger entries: who may file, who may decide, in which order. (复议、复核)"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.errors import Conflict, Forbidden, Invalid, NotFound


class AppealState(StrEnum):
    FILED = "filed"
    UPHELD = "upheld"  # 维持: the entry stands
    CHANGED = "changed"  # 变更: the difference is posted
    SECOND = "second"  # 复核: the appellant went to the second instance
    FINAL_UPHELD = "final_upheld"
    FINAL_CHANGED = "final_changed"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        return self in {AppealState.FILED, AppealState.SECOND}


MOVES: dict[AppealState, frozenset[AppealState]] = {
    AppealState.FILED: frozenset({AppealState.UPHELD, AppealState.CHANGED, AppealState.WITHDRAWN}),
    AppealState.UPHELD: frozenset({AppealState.SECOND}),
    AppealState.CHANGED: frozenset({AppealState.SECOND}),
    AppealState.SECOND: frozenset(
        {AppealState.FINAL_UPHELD, AppealState.FINAL_CHANGED, AppealState.WITHDRAWN}
    ),
    AppealState.FINAL_UPHELD: frozenset(),
    AppealState.FINAL_CHANGED: frozenset(),
    AppealState.WITHDRAWN: frozenset(),
}


class AppealMissing(NotFound):
    code = "entry-appeal-not-found"
    zh = "没有这件复议"
    en = "There is no such appeal"


class AppealStateWrong(Conflict):
    code = "entry-appeal-state"
    zh = "复议当前状态为 {status},不能如此处理"
    en = "The appeal is {status}; this cannot be done"


class NotYourEntry(Forbidden):
    code = "entry-appeal-not-concerned"
    zh = "只能对本人或本单位的得分提出复议"
    en = "One appeals against one's own entries or those of one's own unit"


class AppealRunning(Conflict):
    code = "entry-appeal-running"
    zh = "对这条得分的复议正在处理中"
    en = "An appeal against this entry is being heard"


class AppealDecided(Conflict):
    code = "entry-appeal-decided"
    zh = "对这条得分的复议已经裁决;可在期限内申请复核"
    en = "An appeal against this entry has been decided; the second instance may be asked for in time"


class AppealTheWork(Conflict):
    code = "entry-appeal-the-work"
    zh = "这条得分来自工作提交,请对该提交的审核决定提出复议"
    en = "This entry comes from submitted work: appeal against the decision on that work"


class FilingOver(Conflict):
    code = "entry-appeal-filing-over"
    zh = "公示期已于 {until} 结束,不能再提出复议"
    en = "Appeals were taken until {until}, while the figures were public"


class SecondInstanceOver(Conflict):
    code = "entry-appeal-second-over"
    zh = "申请复核的期限已于 {until} 届满"
    en = "The second instance could be asked for until {until}"


class NotTheAppellant(Forbidden):
    code = "entry-appeal-not-the-appellant"
    zh = "只有提出复议的人可以如此处理"
    en = "Only the appellant can do this"


class NotImpartial(Forbidden):
    code = "entry-appeal-not-impartial"
    zh = "本人、记分人、原裁决人以及被考核单位的人员不得裁决"
    en = "Neither the appellant nor who scored it, decided before, or belongs to the unit concerned decides"


class OutcomeTheSame(Invalid):
    code = "entry-appeal-same"
    zh = "变更后的分值与原分值相同"
    en = "The points would be what they are"


class OutcomeWorse(Invalid):
    code = "entry-appeal-worse"
    zh = "复议不得使申请人更为不利"
    en = "Nobody is worse off for having appealed"


def move(status: str, to: AppealState) -> AppealState:
    if to not in MOVES[AppealState(status)]:
        raise AppealStateWrong(status=status)
    return to


def refuse_partial(judge: set[UUID], concerned: set[UUID | None]) -> None:
    """`judge` is the account and the officer who decides; `concerned` who filed, scored, signed or decided before."""
    if judge & concerned:
        raise NotImpartial


def wanted(entry_milli: int, current_milli: int, points_milli: int) -> int:
    """What the entry should have been, in thousandths: never less than what the appellant has now."""
    if points_milli == current_milli:
        raise OutcomeTheSame
    if points_milli < current_milli or points_milli < entry_milli:
        raise OutcomeWorse
    return points_milli


def refuse_late(now: datetime, until: datetime | None) -> None:
    if until is not None and now >= until:
        raise SecondInstanceOver(until=until.isoformat())


def may_ask_again(status: str, until: datetime | None, now: datetime) -> bool:
    """Whether the second instance may still be asked for."""
    return AppealState.SECOND in MOVES[AppealState(status)] and until is not None and now < until
