"""复议: who may ask for a second look, until when, and its states."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from kernel.errors import Conflict, Forbidden
from services.submissions.domain.deadlines import local


class AppealState(StrEnum):
    FILED = "filed"
    ADMITTED = "admitted"
    NOT_ADMITTED = "not_admitted"
    UPHELD = "upheld"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


MOVES: Final[dict[AppealState, frozenset[AppealState]]] = {
    AppealState.FILED: frozenset({AppealState.ADMITTED, AppealState.NOT_ADMITTED, AppealState.WITHDRAWN}),
    AppealState.ADMITTED: frozenset({AppealState.UPHELD, AppealState.CHANGED, AppealState.WITHDRAWN}),
    AppealState.NOT_ADMITTED: frozenset(),
    AppealState.UPHELD: frozenset(),
    AppealState.CHANGED: frozenset(),
    AppealState.WITHDRAWN: frozenset(),
}

LIVE: Final = frozenset({AppealState.FILED, AppealState.ADMITTED})

_ZH: Final[dict[AppealState, str]] = {
    AppealState.FILED: "已提出",
    AppealState.ADMITTED: "已受理",
    AppealState.NOT_ADMITTED: "不予受理",
    AppealState.UPHELD: "维持",
    AppealState.CHANGED: "变更",
    AppealState.WITHDRAWN: "已撤回",
}


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


class NotYoursToAppeal(Forbidden):
    code = "not-yours-to-appeal"
    zh = "只有被考核人、被考核单位负责人或提交人可以申请复议"
    en = "Only the officer or the leader of the unit concerned, or whoever submitted it, may appeal"


class NotTheAppellant(Forbidden):
    code = "not-the-appellant"
    zh = "只有申请人可以撤回复议"
    en = "Only the appellant may withdraw the appeal"


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
