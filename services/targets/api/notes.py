"""督办单: supervision notes from a superior unit to an inferior one."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from contracts.supervision import NoteStatus
from kernel.db.paging import fetch_page
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.targets.actions import noting
from services.targets.api.access import Reader, Splitter, Supervisor
from services.targets.api.schemas import ReasonBody, StepOut, steps_of
from services.targets.api.supervision_schemas import (
    AnswerBody,
    CloseBody,
    NoteBody,
    NoteOut,
    NotesOut,
    ReturnBody,
)
from services.targets.domain.note import AnswerDueInvalid, NoteMoveRefused, NoteNotDownwards, NotYoursToAnswer
from services.targets.domain.target import OutsideScope
from services.targets.models import HistoryRow, NoteRow
from services.targets.queries.schemes import timeline_of
from services.targets.queries.supervision import get_note, notes_visible_to

router = APIRouter(prefix="/api/targets/v1/supervision/notes", tags=["supervision"])


@router.post(
    "",
    status_code=201,
    summary="发督办单 / Send supervision notes",
    responses=problems(NoteNotDownwards, AnswerDueInvalid, OutsideScope),
)
async def send_notes(body: NoteBody, by: Supervisor, app: App, once: Once) -> NotesOut:
    async with app.db.transaction(once=once) as tx:
        rows = await noting.send_notes(tx, body.said(), by=by)
        return await tx.answer(NotesOut(notes=[NoteOut.of(row) for row in rows]), status=201)


@router.get("", summary="督办单 / Supervision notes")
async def list_notes(
    by: Reader,
    app: App,
    page: PageQuery,
    status: NoteStatus | None = None,
    addressee_unit_id: UUID | None = None,
    issuer_unit_id: UUID | None = None,
    about_id: UUID | None = None,
    overdue: bool | None = None,  # noqa: FBT001
) -> Page[NoteOut]:
    """`overdue`: whether they wait for an answer that is overdue."""
    statement = select(NoteRow).where(notes_visible_to(by))
    filters = {
        NoteRow.status: status.value if status else None,
        NoteRow.addressee_unit_id: addressee_unit_id,
        NoteRow.issuer_unit_id: issuer_unit_id,
        NoteRow.about_id: about_id,
    }
    statement = statement.where(*(column == value for column, value in filters.items() if value is not None))
    if overdue is not None:
        waits = NoteRow.status.in_(["issued", "returned"]) & (NoteRow.answer_due < app.clock.now())
        statement = statement.where(waits if overdue else ~waits)
    async with app.db.reading() as session:
        rows, following = await fetch_page(
            session, statement, [NoteRow.id], page, key=lambda row: [row.id], descending=True
        )
    return Page(items=[NoteOut.of(row) for row in rows], next=following)


@router.get("/{note_id}", summary="一份督办单 / One supervision note")
async def read_note(note_id: UUID, by: Reader, app: App) -> NoteOut:
    async with app.db.reading() as session:
        return NoteOut.of(await get_note(session, note_id, by=by))


@router.get("/{note_id}/timeline", summary="督办单的经过 / Timeline of a supervision note")
async def note_timeline(note_id: UUID, by: Reader, app: App, page: PageQuery) -> Page[StepOut]:
    async with app.db.reading() as session:
        await get_note(session, note_id, by=by)
        rows, following = await fetch_page(
            session, timeline_of(note_id), [HistoryRow.id], page, key=lambda row: [row.id]
        )
        steps = await steps_of(session, rows)
    return Page(items=steps, next=following)


@router.post(
    "/{note_id}/answer",
    summary="答复督办单 / Answer a supervision note",
    responses=problems(NoteMoveRefused, NotYoursToAnswer),
)
async def answer_note(note_id: UUID, body: AnswerBody, by: Splitter, app: App, once: Once) -> NoteOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(NoteOut.of(await noting.answer_note(tx, note_id, text=body.text, by=by)))


@router.post(
    "/{note_id}/return",
    summary="退回答复 / Return an answer",
    responses=problems(NoteMoveRefused, AnswerDueInvalid, OutsideScope),
)
async def return_note(note_id: UUID, body: ReturnBody, by: Supervisor, app: App, once: Once) -> NoteOut:
    async with app.db.transaction(once=once) as tx:
        row = await noting.return_note(tx, note_id, reason=body.reason, answer_due=body.answer_due, by=by)
        return await tx.answer(NoteOut.of(row))


@router.post(
    "/{note_id}/close",
    summary="办结督办单 / Close a supervision note",
    responses=problems(NoteMoveRefused, OutsideScope),
)
async def close_note(note_id: UUID, body: CloseBody, by: Supervisor, app: App, once: Once) -> NoteOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(NoteOut.of(await noting.close_note(tx, note_id, reason=body.reason, by=by)))


@router.post(
    "/{note_id}/withdraw",
    summary="撤回督办单 / Withdraw a supervision note",
    responses=problems(NoteMoveRefused, OutsideScope),
)
async def withdraw_note(note_id: UUID, body: ReasonBody, by: Supervisor, app: App, once: Once) -> NoteOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(NoteOut.of(await noting.withdraw_note(tx, note_id, reason=body.reason, by=by)))
