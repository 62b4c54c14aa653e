"""Bonuses and penalties: who may enter them, when a second person signs, how they are undone."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from kernel.errors import Conflict, Finding, Findings, Forbidden, Invalid
from services.scoring.domain.ledger import milli, points


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


class NotInThePlan(Conflict):
    code = "award-not-in-plan"
    zh = "该方案的办法不能给这项加减分计分:{why}"
    en = "The scheme's plan cannot mark this: {why_en}"


class ParticipantsRefused(Findings):
    code = "award-participants"
    zh = "参与者有 {count} 处错误"
    en = "The participants have {count} errors"


class Weighed(Protocol):
    """A posted award, as far as its worth goes."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def points(self) -> Decimal: ...
    @property
    def cause(self) -> str | None: ...


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


def refuse_same(first: Collection[UUID | None], second: UUID) -> None:
    """`first`: who entered it, and in whose place."""
    if second in first:
        raise SecondPerson


def refuse_twice(subjects: Sequence[UUID]) -> None:
    """Nobody takes part in one deed twice."""
    findings = [
        Finding(
            f"participants.{index}.subject_id",
            "participant-twice",
            "参与者重复",
            "the participant comes twice",
        )
        for index, subject in enumerate(subjects)
        if subject in subjects[:index]
    ]
    if findings:
        raise ParticipantsRefused(findings)


def shares(total: Decimal, parts: Sequence[int]) -> list[Decimal]:
    """The points of a deed divided as its parts are, to a thousandth, so that they add up to it again.

    Each gets its share rounded down; the thousandths left over go to the largest remainders, the first named first
    (Hamilton's method). Raises PointsNotPositive where a part comes to nothing.
    """
    whole, every = milli(total), sum(parts)
    exact = [divmod(whole * part, every) for part in parts]
    found = [floor for floor, _ in exact]
    for index in sorted(range(len(parts)), key=lambda n: -exact[n][1])[: whole - sum(found)]:
        found[index] += 1
    if min(found) <= 0:
        raise PointsNotPositive
    return [points(each) for each in found]


def worths(posted: Iterable[Weighed]) -> dict[UUID, int]:
    """What each posted award of one subject in one period is worth, in thousandths, penalties below zero.

    Of bonuses, or of penalties, with the same cause the highest counts, of equal ones the first entered (A4, B5, C12).
    """
    highest: dict[tuple[str, str], Weighed] = {}
    found = {}
    for award in sorted(posted, key=lambda each: (-each.points, each.id)):
        if award.cause is not None and highest.setdefault((award.kind, award.cause), award) is not award:
            found[award.id] = 0
        else:
            found[award.id] = milli(award.points) if award.kind == "bonus" else -milli(award.points)
    return found
