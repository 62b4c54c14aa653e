"""What a reorganisation must observe."""

from datetime import date

from kernel.errors import Conflict, Invalid


class ReorganisationPast(Invalid):
    code = "reorganisation-past"
    zh = "生效日期不能早于今天:已经发生的考核归属不变"
    en = "A reorganisation does not take effect in the past: what was assessed stays where it was"


class UnitClosed(Conflict):
    code = "unit-closed"
    zh = "单位已撤销"
    en = "The unit is closed"


class IntoItself(Conflict):
    code = "reorganisation-into-itself"
    zh = "不能调入(并入)本单位或其下级"
    en = "A unit cannot move or merge into itself or anything below it"


def check_day(effective_on: date, today: date) -> None:
    if effective_on < today:
        raise ReorganisationPast


def check_open(*, closed: bool) -> None:
    if closed:
        raise UnitClosed


def check_target(path: str, target: str, *, closed: bool) -> None:
    check_open(closed=closed)
    if target.startswith(path):
        raise IntoItself
