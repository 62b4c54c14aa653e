"""The life of a supervision note: issued, answered, returned for a better answer, closed, withdrawn."""

from enum import StrEnum
from typing import Final

from kernel.errors import Conflict, Forbidden, Invalid


class NoteState(StrEnum):
    ISSUED = "issued"
    ANSWERED = "answered"
    RETURNED = "returned"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


_MOVES: Final = {
    NoteState.ISSUED: {NoteState.ANSWERED, NoteState.WITHDRAWN},
    NoteState.RETURNED: {NoteState.ANSWERED, NoteState.WITHDRAWN},
    NoteState.ANSWERED: {NoteState.RETURNED, NoteState.CLOSED},
    NoteState.CLOSED: set[NoteState](),
    NoteState.WITHDRAWN: set[NoteState](),
}
WAITING: Final = frozenset({NoteState.ISSUED, NoteState.RETURNED})


class NoteMoveRefused(Conflict):
    code = "note-move-refused"
    zh = "督办单当前状态为 {status},不能变为 {wanted}"
    en = "The supervision note is {status} and cannot become {wanted}"


class NoteNotDownwards(Invalid):
    code = "note-not-downwards"
    zh = "督办单只能发给您所督导范围内的下级单位"
    en = "A supervision note goes to a unit below one's own only"


class AnswerDueInvalid(Invalid):
    code = "answer-due-invalid"
    zh = "答复期限应在现在之后、一年之内"
    en = "The answer must be due after now and within a year"


class NotYoursToAnswer(Forbidden):
    code = "not-yours-to-answer"
    zh = "只能由被督办单位的负责人答复"
    en = "Only a leader of the unit that the note is for answers it"


def move(status: str, wanted: NoteState) -> str:
    if wanted not in _MOVES[NoteState(status)]:
        raise NoteMoveRefused(status=status, wanted=wanted.value)
    return wanted.value
