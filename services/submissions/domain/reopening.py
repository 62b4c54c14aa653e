"""Taking a decision back into review: soon, by whoever made it or the office, with a reason, and never behind a seal."""

from datetime import datetime, timedelta

from kernel.errors import Conflict, Forbidden
from services.submissions.domain.submission import WAITING, State, move, wrong_state


class NotYourDecision(Forbidden):
    code = "not-your-decision"
    zh = "只有作出决定的审核人或考核办可以重新打开"
    en = "Only whoever decided, or the assessment office, may reopen it"


class TooLateToReopen(Conflict):
    code = "too-late-to-reopen"
    zh = "决定已超过 {hours} 小时,不能重新打开;可由当事人申请复议"
    en = "The decision is more than {hours} hours old and cannot be reopened; whom it concerns may appeal"


class AppealedAlready(Conflict):
    code = "appealed-already"
    zh = "该项已申请复议,由复议裁决"
    en = "It was appealed against; the appeal decides"


class NothingToUndo(Conflict):
    code = "nothing-to-undo"
    zh = "没有可撤销的决定:已生效,或不是您作出的"
    en = "There is no decision to undo: it is effective already, or not yours"


def reopen(state: State, *, decided_at: datetime | None, appealed: bool, now: datetime, hours: int) -> State:
    """In review again. Raises WrongState, AppealedAlready or TooLateToReopen."""
    if state in WAITING:  # that would be a claim
        raise wrong_state(state, State.IN_REVIEW)
    after = move(state, State.IN_REVIEW)
    if appealed:
        raise AppealedAlready
    if decided_at is None or now > decided_at + timedelta(hours=hours):
        raise TooLateToReopen(hours=hours)
    return after
