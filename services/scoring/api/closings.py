"""The wizard that closes a period: begin, try out, make public, hear objections, sign."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict

from contracts.org import SubjectKind
from kernel.recusal import Recused
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Line, Note
from services.scoring.actions import closing as actions
from services.scoring.actions import objecting, sealing, trying
from services.scoring.api.access import Closer, Objector, Reader, Sealing, sealer_of, today
from services.scoring.api.closing_schemas import (
    CheckOut,
    ClosingDetail,
    ClosingFileOut,
    ClosingOut,
    ObjectionOut,
    StepOut,
    TrialLineOut,
    TrialOut,
)
from services.scoring.domain import closing as rules
from services.scoring.domain.checks import FileState
from services.scoring.domain.closing import ObjectionState
from services.scoring.queries import checks as checked
from services.scoring.queries import closing as queries

router = APIRouter(prefix="/api/scoring/v1/closings", tags=["closing"])


class Reason(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Line


class Publicity(BaseModel):
    model_config = ConfigDict(extra="forbid")

    objections_until: AwareDatetime


class ObjectionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    subject_kind: SubjectKind
    subject_id: UUID
    text: Note


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    upheld: bool
    answer: Note


@router.get("", summary="结账列表 / Closings")
async def closings(_: Reader, app: App, page: PageQuery, scheme_id: UUID | None = None) -> Page[ClosingOut]:
    async with app.db.reading() as session:
        rows, following = await queries.closings(session, page, scheme_id=scheme_id)
    return Page[ClosingOut](items=[ClosingOut.of(row) for row in rows], next=following)


@router.get(
    "/{period_id}",
    responses=problems(rules.ClosingMissing),
    summary="结账状态与检查 / Where a closing stands",
)
async def closing(period_id: UUID, _: Reader, app: App) -> ClosingDetail:
    """With every check, what blocks first, the last trial, and who did what."""
    async with app.db.reading() as session:
        row = await queries.closing(session, period_id)
        checks = await queries.checks(session, period_id)
        trial = await queries.last_trial(session, period_id)
        current = trial is not None and trial.digest == await queries.digest(session, period_id)
        steps = await queries.steps(session, period_id)
    return ClosingDetail(
        **ClosingOut.of(row).model_dump(),
        checks=[CheckOut.of(check) for check in sorted(checks, key=lambda c: (not c.count, not c.blocks))],
        trial=TrialOut.of(trial) if trial else None,
        current=current,
        steps=[StepOut.of(step) for step in steps],
    )


@router.post(
    "/{period_id}/begin",
    responses=problems(rules.ClosingMissing, rules.BeforeCutoff, rules.ClosingStateWrong),
    summary="开始结账 / Begin",
)
async def begin(period_id: UUID, me: Closer, app: App, once: Once) -> ClosingOut:
    """After the cut-off; from now on the period takes no new work."""
    async with app.db.transaction(once=once) as tx:
        answer = await tx.answer(ClosingOut.of(await actions.begin(tx, period_id, by=me)))
    app.wake("check-closing-files")
    return answer


@router.post(
    "/{period_id}/trials",
    status_code=201,
    responses=problems(rules.ClosingStateWrong),
    summary="试算 / Trial",
)
async def try_out(period_id: UUID, me: Closer, app: App, once: Once) -> TrialOut:
    """Everybody's figures anew from the event logs. While figures are public, it ends the publicity."""
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(TrialOut.of(await trying.try_out(tx, period_id, by=me)), status=201)


@router.get("/{period_id}/files", summary="附件核对情况 / The files of a period being closed")
async def files(
    period_id: UUID, me: Closer, app: App, page: PageQuery, state: FileState | None = None
) -> Page[ClosingFileOut]:
    """Each is hashed again once the closing has begun; what is not sound is looked at again every minute."""
    async with app.db.reading() as session:
        await queries.covered(session, period_id, me, "scoring:close")
        rows, following = await checked.files(session, page, period_id, state)
    return Page[ClosingFileOut](items=[ClosingFileOut.of(row) for row in rows], next=following)


@router.get("/{period_id}/trials/{number}", summary="试算明细与差异 / The lines of a trial")
async def trial_lines(
    period_id: UUID,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    me: Closer,
    app: App,
    page: PageQuery,
    moved: bool = False,  # noqa: FBT001, FBT002 -- a query parameter
) -> Page[TrialLineOut]:
    """`moved=true`: only those whose figure is another than in the trial before."""
    async with app.db.reading() as session:
        await queries.covered(session, period_id, me, "scoring:close")
        rows, following = await queries.trial_lines(session, page, period_id, number, moved=moved)
    return Page[TrialLineOut](items=[TrialLineOut.of(row) for row in rows], next=following)


@router.post(
    "/{period_id}/publish",
    responses=problems(
        rules.ClosingStateWrong, rules.ClosingBlocked, rules.TrialMissing, rules.TrialOutdated, rules.TrialDiffers,
        rules.WindowTooShort,
    ),
    summary="公示 / Make public",
)  # fmt: skip
async def publish(period_id: UUID, body: Publicity, me: Closer, app: App, once: Once) -> ClosingOut:
    until: datetime = body.objections_until
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(ClosingOut.of(await actions.make_public(tx, period_id, until=until, by=me)))


@router.post(
    "/{period_id}/withdraw", responses=problems(rules.ClosingStateWrong), summary="撤回结账 / Give up"
)
async def withdraw(period_id: UUID, body: Reason, me: Closer, app: App, once: Once) -> ClosingOut:
    """The period takes work again."""
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(
            ClosingOut.of(await actions.withdraw(tx, period_id, reason=body.reason, by=me))
        )


@router.post(
    "/{period_id}/approve",
    responses=problems(
        rules.ClosingStateWrong, rules.ClosingBlocked, rules.WindowOpen, rules.TrialOutdated, rules.TrialDiffers,
        rules.SecondSignature, sealing.SealKeyMissing, sealing.SealKeyUntrusted,
    ),
    summary="签署封存 / Sign",
)  # fmt: skip
async def approve(period_id: UUID, me: Sealing, app: App, once: Once) -> ClosingOut:
    """The first signature waits for one by somebody else; the second seals the period."""
    async with app.db.snapshot() as beside, app.db.transaction(once=once) as tx:
        row = await sealing.approve(tx, beside, period_id, sealer=sealer_of(app), by=me)
        return await tx.answer(ClosingOut.of(row))


@router.get("/{period_id}/objections", summary="异议 / Objections")
async def objections(
    period_id: UUID, me: Reader, app: App, page: PageQuery, state: ObjectionState | None = None
) -> Page[ObjectionOut]:
    async with app.db.reading() as session:
        rows, following = await queries.objections(session, page, me, period_id, state)
    return Page[ObjectionOut](items=[ObjectionOut.of(row) for row in rows], next=following)


@router.post(
    "/{period_id}/objections",
    status_code=201,
    responses=problems(rules.WindowOver, rules.NotConcerned),
    summary="提出异议 / Object",
)
async def object_to(period_id: UUID, body: ObjectionIn, me: Objector, app: App, once: Once) -> ObjectionOut:
    """About one's own figures, or, as a leader, about the unit and everybody below it."""
    async with app.db.transaction(once=once) as tx:
        row = await objecting.raise_objection(
            tx, period_id, subject_kind=body.subject_kind.value, subject_id=body.subject_id, words=body.text, by=me
        )  # fmt: skip
        return await tx.answer(ObjectionOut.of(row), status=201)


@router.post(
    "/objections/{objection_id}/answer",
    responses=problems(rules.ObjectionMissing, rules.ObjectionDecided, rules.OwnObjection, Recused),
    summary="答复异议 / Answer",
)
async def answer(objection_id: UUID, body: Answer, me: Closer, app: App, once: Once) -> ObjectionOut:
    """An upheld one ends the publicity: figures are put right, tried out and made public again."""
    async with app.db.transaction(once=once) as tx:
        row = await objecting.answer(
            tx, objection_id, upheld=body.upheld, words=body.answer, today=await today(tx, app), by=me
        )
        return await tx.answer(ObjectionOut.of(row))
