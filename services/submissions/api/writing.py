"""Help with writing: forms saved on the way, last month's work, what it would be worth, receipts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, JsonValue, StringConstraints

from kernel.errors import NotFound
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import Orderly, Quantity
from services.submissions.actions import autosaving
from services.submissions.actions.arriving import signer
from services.submissions.api.access import PREFIX, Reader, Settings, Submitter
from services.submissions.api.schemas import FileOut, In
from services.submissions.domain.arrival import KEY_NAME
from services.submissions.domain.authorship import NotYours, Subject, ensure_author
from services.submissions.domain.estimate import Counted, Silence, estimate
from services.submissions.domain.quantity import trimmed
from services.submissions.queries.cases import SubmissionNotFound, get_case
from services.submissions.queries.facts import TargetFacts, TargetUnknown, target_facts
from services.submissions.queries.people import author_of
from services.submissions.queries.visibility import visible_to
from services.submissions.queries.writing import last_time, receipts_of, saved_form, saved_forms, worth_of

router = APIRouter(prefix=PREFIX, tags=["writing"])
Key = Annotated[str, Path(pattern="^[A-Za-z0-9_.:-]{1,100}$")]
Text = Annotated[str, Orderly, StringConstraints(max_length=4000)]


class FormNotSaved(NotFound):
    code = "form-not-saved"
    zh = "没有保存过这份表单"
    en = "No such form has been saved"


class FormIn(In):
    """`version` is the one that was seen, 0 for a new form; `content` is whatever the form has so far, complete or not."""

    version: Annotated[int, Field(ge=0, lt=2**31)]
    target_id: UUID | None = None
    content: Annotated[
        dict[Annotated[str, StringConstraints(max_length=64)], JsonValue], Field(max_length=40)
    ]


class FormSaved(BaseModel):
    key: str
    version: int
    saved_at: datetime


class FormOut(FormSaved):
    target_id: UUID | None
    content: dict[str, Any]


class FormsOut(BaseModel):
    items: list[FormOut]


class PrefillOut(BaseModel):
    """What was sent for the same indicator last time; to be read through and corrected, not to be sent as it is."""

    number: str | None
    event_date: date | None
    quantity: Decimal | None
    summary: str | None
    evidence: list[FileOut]


class EstimateOut(BaseModel):
    """`points`: what this work would add; null when it cannot be told, with the reason in words and as `silence`.

    `by_plan`: the scheme scores by a whole plan, so that the indicator's own rule is only a hint.
    """

    points: Decimal | None
    with_it: Decimal | None
    without_it: Decimal | None
    explanation_zh: str
    explanation_en: str
    silence: Silence | None
    by_plan: bool


class ReceiptOut(BaseModel):
    """`note` is a C2SP signed note; `key` verifies it."""

    version: int
    arrived_at: datetime
    note: str
    key: str


class ReceiptsOut(BaseModel):
    items: list[ReceiptOut]


class ReceiptKeyOut(BaseModel):
    name: str
    key: str


@router.get("/autosaves", summary="未提交的表单 / forms that are not finished")
async def list_autosaves(by: Submitter, app: App) -> FormsOut:
    async with app.db.reading() as session:
        rows = await saved_forms(session, by.account_id)
    return FormsOut(items=[FormOut.model_validate(row, from_attributes=True) for row in rows])


@router.get("/autosaves/{key}", summary="取回表单 / a saved form", responses=problems(FormNotSaved))
async def get_autosave(key: Key, by: Submitter, app: App) -> FormOut:
    async with app.db.reading() as session:
        row = await saved_form(session, by.account_id, key)
    if row is None:
        raise FormNotSaved
    return FormOut.model_validate(row, from_attributes=True)


@router.put(
    "/autosaves/{key}",
    summary="自动保存表单 / save a form on the way",
    responses=problems(autosaving.AutosaveConflict, autosaving.TooManyForms),
)
async def put_autosave(key: Key, body: FormIn, by: Submitter, app: App, once: Once) -> FormSaved:
    """Complete or not; nobody else sees it. What another device saved meanwhile is told, with its content, and kept."""
    async with app.db.transaction(once=once) as tx:
        version, at = await autosaving.autosave(
            tx, key, version=body.version, target_id=body.target_id, content=body.content, by=by
        )
        return await tx.answer(FormSaved(key=key, version=version, saved_at=at))


@router.delete("/autosaves/{key}", status_code=204, summary="删除保存的表单 / forget a saved form")
async def delete_autosave(key: Key, by: Submitter, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await autosaving.forget(tx, key, by=by)
        await tx.answer(None, status=204)


@router.get(
    "/targets/{target_id}/prefill",
    summary="复制上月 / what was sent last time",
    responses=problems(TargetUnknown, NotYours),
)
async def get_prefill(target_id: UUID, by: Submitter, app: App) -> PrefillOut:
    async with app.db.reading() as session:
        facts = await target_facts(session, target_id)
        ensure_author(author_of(by), _subject(facts), on_behalf=True)
        row = await last_time(session, facts)
    if row is None:
        return PrefillOut(number=None, event_date=None, quantity=None, summary=None, evidence=[])
    return PrefillOut(
        number=row.number,
        event_date=row.event_date,
        quantity=trimmed(row.quantity),
        summary=row.summary,
        evidence=[FileOut(**file) for file in row.evidence],
    )


@router.get(
    "/targets/{target_id}/estimate",
    summary="预计得分 / what work would be worth",
    responses=problems(TargetUnknown, NotYours),
)
async def get_estimate(
    target_id: UUID,
    by: Submitter,
    app: App,
    quantity: Annotated[Quantity, Query()],
    event_date: date,
    submission_id: UUID | None = None,
) -> EstimateOut:
    """By the published rule, beside what was sent and not refused so far. `submission_id`: the one being corrected."""
    async with app.db.reading() as session:
        facts = await target_facts(session, target_id)
        ensure_author(author_of(by), _subject(facts), on_behalf=True)
        worth = await worth_of(session, facts, without=submission_id)
        goal = facts.target.quantity
    work = Counted("this", event_date, quantity)
    found = estimate(worth.rule, target=goal, before=worth.before, work=work)
    return EstimateOut(
        points=found.points,
        with_it=found.with_it,
        without_it=found.without_it,
        explanation_zh=found.zh,
        explanation_en=found.en,
        silence=found.silence,
        by_plan=worth.by_plan,
    )


@router.get(
    "/submissions/{submission_id}/receipts",
    summary="收讫回执 / signed receipts of arrival",
    responses=problems(SubmissionNotFound),
)
async def get_receipts(submission_id: UUID, by: Reader, app: App, settings: Settings) -> ReceiptsOut:
    async with app.db.reading() as session:
        await get_case(session, submission_id, where=visible_to(by))
        rows = await receipts_of(session, submission_id)
    key = signer(settings.service_key).key.vkey
    items = [
        ReceiptOut(version=row.version, arrived_at=row.arrived_at, note=row.note, key=key) for row in rows
    ]
    return ReceiptsOut(items=items)


@router.get("/receipt-key", summary="回执公钥 / the key that receipts are verified with")
async def get_receipt_key(_: Reader, settings: Settings) -> ReceiptKeyOut:
    return ReceiptKeyOut(name=KEY_NAME, key=signer(settings.service_key).key.vkey)


def _subject(facts: TargetFacts) -> Subject:
    return Subject(facts.target.subject_kind, facts.target.subject_id, facts.unit.path)
