"""复议: who may ask for a second look, until when, its states, its instances."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from kernel.errors import Conflict, Forbidden
from services.submissions.domain.deadlines import local


class AppealState(StrEnum):
    FILED = "filed"
    ADMITTED = "admitted"
    WAITING = "waiting"
    NOT_ADMITTED = "not_admitted"
    UPHELD = "upheld"
    CHANGED = "changed"
    PARTLY = "partly"
    WITHDRAWN = "withdrawn"


_ENDS: Final = frozenset({AppealState.UPHELD, AppealState.CHANGED, AppealState.PARTLY, AppealState.WITHDRAWN})
MOVES: Final[dict[AppealState, frozenset[AppealState]]] = {
    AppealState.FILED: frozenset({AppealState.ADMITTED, AppealState.NOT_ADMITTED, AppealState.WITHDRAWN}),
    AppealState.ADMITTED: _ENDS | {AppealState.WAITING},
    AppealState.WAITING: frozenset({AppealState.ADMITTED, AppealState.WITHDRAWN}),
    AppealState.NOT_ADMITTED: frozenset(),
    **{state: frozenset() for state in _ENDS},
}

LIVE: Final = frozenset({AppealState.FILED, AppealState.ADMITTED, AppealState.WAITING})
#: What a second instance can be asked about: the appellant did not get all.
AGAIN: Final = frozenset({AppealState.NOT_ADMITTED, AppealState.UPHELD, AppealState.PARTLY})
LAST_INSTANCE: Final = 2

_ZH: Final[dict[AppealState, str]] = {
    AppealState.FILED: "已提出",
    AppealState.ADMITTED: "已受理",
    AppealState.WAITING: "待补材料",
    AppealState.NOT_ADMITTED: "不予受理",
    AppealState.UPHELD: "维持",
    AppealState.CHANGED: "变更",
    AppealState.PARTLY: "部分变更",
    AppealState.WITHDRAWN: "已撤回",
}


class Silence(StrEnum):
    """What happens when nobody decides in time."""

    UP = "up"  # it goes to the second instance; there it stays overdue, and keeps the period open
    GRANTED = "granted"  # what was claimed counts
    STANDS = "stands"  # the decision stands, and the second instance can be asked


class AppealWrongState(Conflict):
    code = "wrong-state"
    zh = "复议当前为“{from_zh}”,不能变为“{to_zh}”"
    en = "The appeal is {from}, which cannot become {to}"


class NothingToAppeal(Conflict):
    code = "nothing-to-appeal"
    zh = "没有对申报不利的决定,无需复议"
    en = "Nothing was decided against the claim, so there is nothing to appeal"


class AppealWindowClosed(Conflict):
    code = "appeal-window-closed"
    zh = "复议申请已于 {deadline} 截止"
    en = "The time to appeal ended at {deadline}"


class AppealExists(Conflict):
    code = "appeal-exists"
    zh = "该项已有正在办理的复议"
    en = "An appeal against this is already under way"


class AppealFinal(Conflict):
    code = "appeal-final"
    zh = "复议已有终局结果,不能再次申请"
    en = "The appeal has come to its final outcome; there is no further instance"


class NotYoursToAppeal(Forbidden):
    code = "not-yours-to-appeal"
    zh = "只有被考核人、被考核单位负责人或提交人可以申请复议"
    en = "Only the officer or the leader of the unit concerned, or whoever submitted it, may appeal"


class NotTheAppellant(Forbidden):
    code = "not-the-appellant"
    zh = "只有申请人可以办理"
    en = "Only the appellant may do this"


class NotWaiting(Conflict):
    code = "no-material-asked"
    zh = "没有要求补充材料"
    en = "No material has been asked for"


class ExtendedAlready(Conflict):
    code = "extended-already"
    zh = "裁决期限只能延长一次,最多 {days} 个工作日"
    en = "The time to decide is extended once, by {days} working days at most"


class TooEarlyForSilence(Conflict):
    code = "not-overdue"
    zh = "裁决期限未到"
    en = "The time to decide is not over"


def move_appeal(state: AppealState, to: AppealState) -> AppealState:
    if to not in MOVES[state]:
        raise AppealWrongState(**{"from": str(state), "to": str(to), "from_zh": _ZH[state], "to_zh": _ZH[to]})
    return to


def ensure_may_file(file_until: datetime | None, *, live: int, now: datetime, zone: ZoneInfo) -> datetime:
    """The last moment to file, which is that of the decision notice; without a notice nothing can be appealed."""
    if live:
        raise AppealExists
    if file_until is None:
        raise NothingToAppeal
    if now > file_until:
        raise AppealWindowClosed(deadline=local(file_until, zone))
    return file_until


def ensure_may_ask_again(
    state: AppealState, *, level: int, until: datetime | None, now: datetime, zone: ZoneInfo
) -> datetime:
    """The last moment to go to the second instance. Raises AppealExists, AppealFinal or AppealWindowClosed."""
    if state in LIVE:
        raise AppealExists
    if level >= LAST_INSTANCE or state not in AGAIN or until is None:
        raise AppealFinal
    if now > until:
        raise AppealWindowClosed(deadline=local(until, zone))
    return until
