"""Bonuses and penalties: who may enter them, when a second person signs, how they are undone."""

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from kernel.errors import Conflict, Forbidden, Invalid


class AwardState(StrEnum):
    PENDING = "pending"
    POSTED = "posted"
    REFUSED = "refused"
    REVERSED = "reversed"


MOVES: dict[AwardState, frozenset[AwardState]] = {
    AwardState.PENDING: frozenset({AwardState.POSTED, AwardState.REFUSED}),
    AwardState.POSTED: frozenset({AwardState.REVERSED}),
    AwardState.REFUSED: frozenset(),
    AwardState.REVERSED: frozenset(),
}


class AwardStateWrong(Conflict):
    code = "award-state"
    zh = "加减分当前状态为 {state},不能如此处理"
    en = "The entry is {state}; this cannot be done"


class OwnAward(Forbidden):
    code = "award-own"
    zh = "不得为本人或本单位登记、复核加减分"
    en = "Nobody enters or confirms points for himself or for his own unit"


class SecondPerson(Forbidden):
    code = "award-second-person"
    zh = "须由另一人复核"
    en = "Another person must sign"


class PointsNotPositive(Invalid):
    code = "award-points"
    zh = "分值应大于零"
    en = "The points must be above zero"


def move(state: AwardState, to: AwardState) -> AwardState:
    if to not in MOVES[state]:
        raise AwardStateWrong(state=state)
    return to


def first_state(points: Decimal, threshold: Decimal | None) -> AwardState:
    """Above the threshold a second person signs; raises PointsNotPositive."""
    if points <= 0:
        raise PointsNotPositive
    return AwardState.PENDING if threshold is not None and points > threshold else AwardState.POSTED


def refuse_partial(
    *, actor_officer: UUID | None, actor_path: str | None, subject_officer: UUID | None, subject_path: str
) -> None:
    """For an officer: not oneself. For a unit: not one's own unit, nor one above it."""
    own = subject_officer is not None and subject_officer == actor_officer
    home = subject_officer is None and actor_path is not None and actor_path.startswith(subject_path)
    if own or home:
        raise OwnAward


def refuse_same(first: UUID, second: UUID) -> None:
    if first == second:
        raise SecondPerson
