"""What members of the deciding body see and do before an appeal is decided; like work after a clause was wrong."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from kernel.storage.blobs import FileMissing
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import Note, Quantity
from services.submissions.actions import hearing, rechecking
from services.submissions.actions.keeping_files import FileNotInLibrary
from services.submissions.actions.proving import EvidenceNotFound
from services.submissions.api.access import PREFIX, Adjudicator, Appellant, Reader, Reviewer, Settings
from services.submissions.api.appeals import HEARING, AppealOut
from services.submissions.api.ranges import attachment
from services.submissions.api.receiving import ensure_may_open
from services.submissions.api.refusals import JUDGING
from services.submissions.api.schemas import Hash, In
from services.submissions.domain.appeal import ExtendedAlready, NotTheAppellant, NotWaiting
from services.submissions.queries.library import files_by_hash
from services.submissions.queries.papers import AppealNotFound, get_appeal
from services.submissions.queries.people import judge_of
from services.submissions.queries.precedents import open_rechecks, opinions_of, precedents_of
from services.submissions.queries.visibility import competent_for, visible_to

router = APIRouter(prefix=PREFIX, tags=["appeals"])
Days = Annotated[int, Field(ge=1, le=60)]


class MaterialAskedIn(In):
    what: Note
    days: Annotated[int, Field(ge=1, le=hearing.MATERIAL_DAYS)] = 5
    """Working days in which it is to come."""


class MaterialIn(In):
    text: Note
    evidence: Annotated[list[Hash], Field(max_length=50, default_factory=list)]


class MoreTime(In):
    days: Days
    reason: Note


class OpinionIn(In):
    outcome: Literal["upheld", "changed"]
    quantity: Quantity | None = None
    text: Note


class OpinionOut(BaseModel):
    officer_id: UUID
    name: str
    outcome: str
    quantity: Decimal | None
    text: str
    at: datetime


class OpinionsOut(BaseModel):
    items: list[OpinionOut]


class PrecedentOut(BaseModel):
    """`gained`: whether it ended better for the appellant than before."""

    number: str
    outcome: str
    level: int
    decided_at: datetime | None
    reason: str | None
    indicator_code: str
    indicator_name: str
    claimed: Decimal
    before: Decimal | None
    after: Decimal | None
    clause_wrong: bool


class PrecedentsOut(BaseModel):
    clause: str | None
    items: list[PrecedentOut]


class RecheckIn(In):
    again: bool
    reason: Note


class RecheckOut(BaseModel):
    """`state` sealed: its period is sealed, so that only a supplement to the seal can correct it."""

    id: UUID
    appeal_id: UUID
    submission_id: UUID
    number: str
    subject_name: str
    unit_name: str
    clause: str
    state: str
    claimed: Decimal
    accepted: Decimal | None


class RechecksOut(BaseModel):
    items: list[RecheckOut]


@router.post(
    "/appeals/{appeal_id}/ask-material",
    summary="要求补充材料 / ask for material",
    responses=problems(*HEARING),
)
async def ask_for_material(
    appeal_id: UUID, body: MaterialAskedIn, by: Adjudicator, app: App, settings: Settings, once: Once
) -> AppealOut:
    """The clock stands until it comes, or until the days given for it are over."""
    async with app.db.transaction(once=once) as tx:
        heard = await hearing.ask_for_material(
            tx, appeal_id, what=body.what, days=body.days, by=by, settings=settings
        )
        return await tx.answer(AppealOut.of(*heard))


@router.post(
    "/appeals/{appeal_id}/material",
    summary="补充材料 / bring the material",
    responses=problems(AppealNotFound, NotTheAppellant, NotWaiting, FileNotInLibrary),
)
async def give_material(
    appeal_id: UUID, body: MaterialIn, by: Appellant, app: App, settings: Settings, once: Once
) -> AppealOut:
    async with app.db.transaction(once=once) as tx:
        heard = await hearing.give_material(
            tx, appeal_id, text=body.text, files=body.evidence, by=by, settings=settings
        )
        return await tx.answer(AppealOut.of(*heard))


@router.post(
    "/appeals/{appeal_id}/extend",
    summary="延长裁决期限 / more time to decide",
    responses=problems(*HEARING, ExtendedAlready),
)
async def extend(
    appeal_id: UUID, body: MoreTime, by: Adjudicator, app: App, settings: Settings, once: Once
) -> AppealOut:
    async with app.db.transaction(once=once) as tx:
        heard = await hearing.extend(
            tx, appeal_id, days=body.days, reason=body.reason, by=by, settings=settings
        )
        return await tx.answer(AppealOut.of(*heard))


@router.post(
    "/appeals/{appeal_id}/opinions",
    status_code=201,
    summary="合议意见 / a member's opinion",
    responses=problems(*HEARING),
)
async def give_opinion(
    appeal_id: UUID, body: OpinionIn, by: Adjudicator, app: App, settings: Settings, once: Once
) -> OpinionOut:
    async with app.db.transaction(once=once) as tx:
        row = await hearing.give_opinion(tx, appeal_id, **body.model_dump(), by=by, settings=settings)
        return await tx.answer(OpinionOut.model_validate(row, from_attributes=True), status=201)


@router.get(
    "/appeals/{appeal_id}/opinions",
    summary="查看合议意见 / members' opinions",
    responses=problems(AppealNotFound),
)
async def list_opinions(appeal_id: UUID, by: Adjudicator, app: App) -> OpinionsOut:
    """For members of the deciding body who are no party to it."""
    async with app.db.reading() as session:
        appeal, case = await get_appeal(session, appeal_id, where=visible_to(by))
        if by.officer_id in case.matter.people or by.officer_id == appeal.appellant_id:
            raise AppealNotFound
        rows = await opinions_of(session, appeal_id)
    return OpinionsOut(items=[OpinionOut.model_validate(row, from_attributes=True) for row in rows])


@router.get(
    "/appeals/{appeal_id}/precedents",
    summary="同类裁决 / how like appeals ended",
    responses=problems(AppealNotFound),
)
async def list_precedents(appeal_id: UUID, by: Reader, app: App) -> PrecedentsOut:
    """Under the same clause; outcomes and reasons without names, for both sides to see."""
    async with app.db.reading() as session:
        appeal, _ = await get_appeal(session, appeal_id, where=visible_to(by))
        rows: Any = await precedents_of(session, appeal) if appeal.clause else ()
    items = [
        PrecedentOut(
            number=row.number, outcome=row.status, level=row.level, decided_at=row.decided_at,
            reason=row.decision_reason, indicator_code=row.indicator_code, indicator_name=row.indicator_name,
            claimed=row.claimed, before=row.before_quantity, after=row.accepted_quantity,
            clause_wrong=row.clause_wrong,
        )
        for row in rows
    ]  # fmt: skip
    return PrecedentsOut(clause=appeal.clause, items=items)


@router.get(
    "/appeals/{appeal_id}/evidence/{sha256}",
    summary="下载复议材料 / download material of an appeal",
    response_class=StreamingResponse,
    responses=problems(AppealNotFound, EvidenceNotFound, FileMissing),
)
async def download_material(
    appeal_id: UUID,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    request: Request,
    by: Reader,
    app: App,
    settings: Settings,
) -> Response:
    async with app.db.reading() as session:
        appeal, case = await get_appeal(session, appeal_id, where=visible_to(by))
        known = (await files_by_hash(session, [sha256])).get(sha256)
    file = next((found for found in appeal.files if found["sha256"] == sha256), None)
    if file is None:
        raise EvidenceNotFound
    ensure_may_open(case, known, by=by, settings=settings)
    return await attachment(
        request, app.blobs, sha256=sha256, name=file["name"], size=file["size"], media_type=file["media_type"]
    )


@router.get("/rechecks", summary="同类复查 / like work to be looked at again")
async def list_rechecks(by: Reviewer, app: App) -> RechecksOut:
    """What was decided under a clause that an appeal found wrongly applied, as far as one may review it."""
    async with app.db.reading() as session:
        judge = await judge_of(session, by, today=app.clock.now().astimezone(app.zone).date())
        found = await open_rechecks(session, visible_to(by), competent_for(judge))
    items = [
        RecheckOut(
            id=row.id, appeal_id=row.appeal_id, submission_id=row.submission_id, number=case.row.number,
            subject_name=case.subject_name, unit_name=case.unit.name, clause=row.clause, state=row.state,
            claimed=case.row.quantity, accepted=case.row.accepted_quantity,
        )
        for row, case in found
    ]  # fmt: skip
    return RechecksOut(items=items)


@router.post(
    "/rechecks/{recheck_id}",
    summary="处理同类复查 / settle a recheck",
    responses=problems(rechecking.RecheckNotFound, rechecking.RecheckSettled, *JUDGING),
)
async def settle_recheck(
    recheck_id: UUID, body: RecheckIn, by: Reviewer, app: App, settings: Settings, once: Once
) -> RecheckOut:
    async with app.db.transaction(once=once) as tx:
        row, case = await rechecking.recheck(
            tx, recheck_id, again=body.again, reason=body.reason, by=by, settings=settings
        )
        out = RecheckOut(
            id=row.id, appeal_id=row.appeal_id, submission_id=row.submission_id, number=case.row.number,
            subject_name=case.subject_name, unit_name=case.unit.name, clause=row.clause, state=row.state,
            claimed=case.row.quantity, accepted=case.row.accepted_quantity,
        )  # fmt: skip
        return await tx.answer(out)
