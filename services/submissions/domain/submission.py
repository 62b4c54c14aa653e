"""The one state machine of a submission."""

from enum import StrEnum
from typing import Final

from kernel.errors import Conflict


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED = "refused"
    UNDER_APPEAL = "under_appeal"
    UPHELD = "upheld"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    SEALED = "sealed"


#: What each state may become. A released or expired claim goes back to `submitted`; what the author recalls before
#: anybody has begun to review it is a draft again, or what it was: returned for repair. A decision that is reopened is in
#: review again.
MOVES: Final[dict[State, frozenset[State]]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset({State.IN_REVIEW, State.WITHDRAWN, State.DRAFT, State.RETURNED}),
    State.IN_REVIEW: frozenset({State.ACCEPTED, State.RETURNED, State.REFUSED, State.SUBMITTED}),
    State.RETURNED: frozenset({State.SUBMITTED, State.IN_REVIEW}),
    State.ACCEPTED: frozenset({State.UNDER_APPEAL, State.IN_REVIEW}),
    State.REFUSED: frozenset({State.UNDER_APPEAL, State.IN_REVIEW}),
    State.UNDER_APPEAL: frozenset({State.UPHELD, State.CHANGED}),
    State.UPHELD: frozenset({State.UNDER_APPEAL}),
    State.CHANGED: frozenset({State.UNDER_APPEAL}),
    State.WITHDRAWN: frozenset(),
    State.SEALED: frozenset(),
}

#: In these the author may still change the words and the files.
EDITABLE: Final = frozenset({State.DRAFT, State.RETURNED})
#: These wait for a reviewer.
WAITING: Final = frozenset({State.SUBMITTED, State.IN_REVIEW})

_ZH: Final[dict[State, str]] = {
    State.DRAFT: "草稿",
    State.SUBMITTED: "已提交",
    State.IN_REVIEW: "审核中",
    State.ACCEPTED: "已通过",
    State.RETURNED: "已退回",
    State.REFUSED: "未通过",
    State.UNDER_APPEAL: "复议中",
    State.UPHELD: "复议维持",
    State.CHANGED: "复议变更",
    State.WITHDRAWN: "已撤回",
    State.SEALED: "已封存",
}


class WrongState(Conflict):
    """`from` and `to` are the states; `from` is also what the thing is in now."""

    code = "wrong-state"
    zh = "当前状态为“{from_zh}”,不能变为“{to_zh}”"
    en = "It is {from}, which cannot become {to}"


class NotEditable(Conflict):
    code = "not-editable"
    zh = "当前状态为“{from_zh}”,内容不能再修改"
    en = "It is {from} and can no longer be changed"


def move(state: State, to: State) -> State:
    """The new state; raises WrongState if the table does not know the move."""
    if to not in MOVES[state]:
        raise wrong_state(state, to)
    return to


def send(state: State) -> State:
    """The author's move to `submitted`; that of a reviewer who lets go of a claim is not the author's to make."""
    if state not in EDITABLE:
        raise wrong_state(state, State.SUBMITTED)
    return move(state, State.SUBMITTED)


def recall(state: State, *, repairing: bool) -> State:
    """The author's move back, to correct what was sent too early; `repairing`: it had been returned before."""
    if state is not State.SUBMITTED:
        raise wrong_state(state, State.DRAFT)
    return move(state, State.RETURNED if repairing else State.DRAFT)


def appeal_first(state: State) -> State:
    """Under appeal, in the first instance: what an appeal has decided goes to the second, which is another door."""
    if state in {State.UPHELD, State.CHANGED}:
        raise wrong_state(state, State.UNDER_APPEAL)
    return move(state, State.UNDER_APPEAL)


def wrong_state(state: State, to: State) -> WrongState:
    return WrongState(**{"from": str(state), "to": str(to), "from_zh": _ZH[state], "to_zh": _ZH[to]})


def ensure_editable(state: State) -> None:
    if state not in EDITABLE:
        raise NotEditable(**{"from": str(state), "from_zh": _ZH[state]})
