"""The life of a bulletin: drafted, sent for signature, issued with a number, perhaps recalled."""

from enum import StrEnum

from kernel.errors import Conflict, Forbidden, NotFound


class BulletinState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ISSUED = "issued"
    RECALLED = "recalled"


class BulletinMissing(NotFound):
    code = "bulletin-not-found"
    zh = "没有这份通报,或您无权查看"
    en = "There is no such bulletin, or it is not visible to you"


class BulletinStateWrong(Conflict):
    code = "bulletin-state"
    zh = "通报当前状态为 {state},不能这样操作"
    en = "The bulletin is {state}; this cannot be done now"


class SameSigner(Forbidden):
    code = "bulletin-same-signer"
    zh = "送签人不能自己签发"
    en = "Whoever sent it for signature does not sign it"


class FiguresMoved(Conflict):
    code = "bulletin-figures-moved"
    zh = "数据版本已变化,请先刷新数据再送签"
    en = "The figures have moved: refresh them before it is sent for signature"


MOVES: dict[str, tuple[frozenset[BulletinState], BulletinState]] = {
    "edit": (frozenset({BulletinState.DRAFT}), BulletinState.DRAFT),
    "refresh": (frozenset({BulletinState.DRAFT}), BulletinState.DRAFT),
    "send": (frozenset({BulletinState.DRAFT}), BulletinState.SENT),
    "return": (frozenset({BulletinState.SENT}), BulletinState.DRAFT),
    "sign": (frozenset({BulletinState.SENT}), BulletinState.ISSUED),
    "recall": (frozenset({BulletinState.ISSUED}), BulletinState.RECALLED),
}


def move(state: str, action: str) -> BulletinState:
    """The state after the action; raises BulletinStateWrong."""
    allowed, then = MOVES[action]
    if state not in allowed:
        raise BulletinStateWrong(state=state)
    return then
