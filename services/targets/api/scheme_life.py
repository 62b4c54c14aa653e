"""The life of a scheme beyond drafting: consultation, copying, versions, revisions, comparison."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import fetch_page
from kernel.identity import Principal
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.targets.actions import consulting, copying, drafting, scheme_revising
from services.targets.actions.versioning import scheme_state
from services.targets.api.access import Commentator, Drafter, Reader
from services.targets.api.schemas import FindingOut, ReasonBody, SchemeOut
from services.targets.api.scheme_life_schemas import (
    AnswerCommentBody,
    CheckedOut,
    CommentBody,
    CommentOut,
    ConsultBody,
    CopyBody,
    DifferenceOut,
    RevisionBody,
    RevisionChange,
    SchemeRevisionOut,
    SchemeStateOut,
    SchemeVersionOut,
    SchemeVersionsOut,
)
from services.targets.domain import checks
from services.targets.domain.checks import SchemeNotReady
from services.targets.domain.difference import difference
from services.targets.domain.scheme import SchemeMoveRefused, SchemeNotPublished, VersionStale
from services.targets.domain.target import OutsideScope
from services.targets.models import CommentRow
from services.targets.queries.schemes import (
    get_revision,
    get_scheme,
    get_version,
    indicators_of,
    revisions_of_scheme,
    versions_of,
)
from services.targets.queries.visibility import schemes_visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["schemes"])


@router.post(
    "/schemes/{scheme_id}/consultation",
    summary="征求意见 / Open a draft for comments",
    responses=problems(consulting.ConsultationDayInvalid, SchemeMoveRefused, OutsideScope),
)
async def open_consultation(
    scheme_id: UUID, body: ConsultBody, by: Drafter, app: App, once: Once
) -> SchemeOut:
    async with app.db.transaction(once=once) as tx:
        row = await consulting.consult(tx, scheme_id, until=body.until, by=by, zone=app.zone)
        return await tx.answer(SchemeOut.of(row))


@router.post(
    "/schemes/{scheme_id}/consultation/end",
    summary="结束征求意见 / End the consultation",
    responses=problems(consulting.NotInConsultation, OutsideScope),
)
async def end_consultation(scheme_id: UUID, by: Drafter, app: App, once: Once) -> SchemeOut:
    async with app.db.transaction(once=once) as tx:
        row = await consulting.end_consultation(tx, scheme_id, by=by)
        return await tx.answer(SchemeOut.of(row))


@router.get("/schemes/{scheme_id}/comments", summary="意见与答复 / Comments and their answers")
async def list_comments(
    scheme_id: UUID,
    by: Reader,
    app: App,
    page: PageQuery,
    indicator_id: UUID | None = None,
    answered: bool | None = None,  # noqa: FBT001
) -> Page[CommentOut]:
    """Everybody who sees the scheme sees what was said of it, and what became of it."""
    statement = select(CommentRow).where(CommentRow.scheme_id == scheme_id)
    if indicator_id is not None:
        statement = statement.where(CommentRow.indicator_id == indicator_id)
    if answered is not None:
        given = CommentRow.answer.is_not(None)
        statement = statement.where(given if answered else ~given)
    async with app.db.reading() as session:
        await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        rows, following = await fetch_page(
            session, statement, [CommentRow.id], page, key=lambda row: [row.id]
        )
    return Page(items=[CommentOut.of(row) for row in rows], next=following)


@router.post(
    "/schemes/{scheme_id}/comments",
    status_code=201,
    summary="提出意见 / Comment",
    responses=problems(consulting.NotInConsultation, consulting.IndicatorUnknown),
)
async def comment(scheme_id: UUID, body: CommentBody, by: Commentator, app: App, once: Once) -> CommentOut:
    async with app.db.transaction(once=once) as tx:
        row = await consulting.comment(
            tx, scheme_id, indicator_id=body.indicator_id, text=body.text, by=by, zone=app.zone
        )
        return await tx.answer(CommentOut.of(row), status=201)


@router.post(
    "/comments/{comment_id}/answer",
    summary="答复意见 / Answer a comment",
    responses=problems(consulting.NotInConsultation, OutsideScope),
)
async def answer_comment(
    comment_id: UUID, body: AnswerCommentBody, by: Drafter, app: App, once: Once
) -> CommentOut:
    async with app.db.transaction(once=once) as tx:
        row = await consulting.answer_comment(tx, comment_id, answer=body.answer, adopted=body.adopted, by=by)
        return await tx.answer(CommentOut.of(row))


@router.post(
    "/schemes/{scheme_id}/copy",
    status_code=201,
    summary="复制方案 / A new draft from a scheme",
    responses=problems(drafting.SchemeCodeTaken, OutsideScope),
)
async def copy_scheme(scheme_id: UUID, body: CopyBody, by: Drafter, app: App, once: Once) -> SchemeOut:
    async with app.db.transaction(once=once) as tx:
        row = await copying.copy_scheme(tx, scheme_id, code=body.code, name=body.name, year=body.year, by=by)
        return await tx.answer(SchemeOut.of(row), status=201)


@router.get("/schemes/{scheme_id}/versions", summary="方案的各版本 / Versions of a scheme")
async def list_versions(scheme_id: UUID, by: Reader, app: App) -> SchemeVersionsOut:
    async with app.db.reading() as session:
        await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        rows = await versions_of(session, scheme_id)
    return SchemeVersionsOut(versions=[SchemeVersionOut.of(row) for row in rows])


@router.get("/schemes/{scheme_id}/versions/{revision}", summary="方案的一个版本 / A version of a scheme")
async def read_version(
    scheme_id: UUID, revision: Annotated[int, Path(ge=1, lt=2**31)], by: Reader, app: App
) -> SchemeStateOut:
    async with app.db.reading() as session:
        await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        return SchemeStateOut.of(await get_version(session, scheme_id, revision))


@router.get("/schemes/{scheme_id}/compare", summary="版本比较 / What differs from another version or scheme")
async def compare(
    scheme_id: UUID,
    by: Reader,
    app: App,
    revision: Annotated[
        int | None, Query(ge=1, lt=2**31, description="本方案的版本 / of this scheme")
    ] = None,
    with_scheme_id: UUID | None = None,
    with_revision: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> DifferenceOut:
    """From the other (`with_…`) to this one; without a revision a scheme stands as it is now."""
    async with app.db.reading() as session:
        after = await _state(session, scheme_id, revision, by=by)
        before = await _state(session, with_scheme_id or scheme_id, with_revision, by=by)
    return DifferenceOut.of(difference(before, after))


@router.get("/schemes/{scheme_id}/revisions", summary="方案的修订 / Revisions of a scheme")
async def list_revisions(scheme_id: UUID, by: Drafter, app: App, page: PageQuery) -> Page[SchemeRevisionOut]:
    """The newest first."""
    async with app.db.reading() as session:
        await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        rows, following = await revisions_of_scheme(session, scheme_id, page)
    return Page(items=[SchemeRevisionOut.of(row) for row in rows], next=following)


@router.post(
    "/schemes/{scheme_id}/revisions",
    status_code=201,
    summary="起草修订 / Begin a revision",
    responses=problems(scheme_revising.RevisionPending, SchemeNotPublished, OutsideScope),
)
async def open_revision(
    scheme_id: UUID, body: RevisionBody, by: Drafter, app: App, once: Once
) -> SchemeRevisionOut:
    async with app.db.transaction(once=once) as tx:
        row = await scheme_revising.open_revision(
            tx,
            scheme_id,
            effective_from=body.effective_from,
            reason=body.reason,
            changes=body.changes.data(),
            by=by,
        )
        return await tx.answer(SchemeRevisionOut.of(row), status=201)


@router.put(
    "/revisions/{revision_id}",
    summary="修改修订 / Change a revision that is not in force",
    responses=problems(scheme_revising.RevisionSettled, VersionStale, OutsideScope),
)
async def change_revision(
    revision_id: UUID, body: RevisionChange, by: Drafter, app: App, once: Once
) -> SchemeRevisionOut:
    async with app.db.transaction(once=once) as tx:
        row = await scheme_revising.change_revision(
            tx,
            revision_id,
            version=body.version,
            effective_from=body.effective_from,
            reason=body.reason,
            changes=body.changes.data(),
            by=by,
        )
        return await tx.answer(SchemeRevisionOut.of(row))


@router.get("/revisions/{revision_id}/check", summary="修订的检查 / What stands against a revision")
async def check_revision(revision_id: UUID, by: Drafter, app: App) -> CheckedOut:
    today: date = app.clock.now().astimezone(app.zone).date()
    async with app.db.transaction() as tx:
        row = await get_revision(tx.session, revision_id, where=schemes_visible_to(by))
        scheme = await get_scheme(tx.session, row.scheme_id, where=schemes_visible_to(by))
        found = await scheme_revising.findings_of(tx, scheme, row.changes, today=today)
    return CheckedOut(
        ready=not any(c.severity is checks.Severity.ERROR for c in found),
        findings=[FindingOut.of(c) for c in found],
    )


@router.post(
    "/revisions/{revision_id}/publish",
    summary="发布修订 / Make a revision binding from its day",
    responses=problems(
        SchemeNotReady, scheme_revising.RevisionSettled, scheme_revising.EffectiveDayInvalid, OutsideScope
    ),
)
async def publish_revision(revision_id: UUID, by: Drafter, app: App, once: Once) -> SchemeRevisionOut:
    async with app.db.transaction(once=once) as tx:
        row = await scheme_revising.schedule_revision(tx, revision_id, by=by, zone=app.zone)
        return await tx.answer(SchemeRevisionOut.of(row))


@router.post(
    "/revisions/{revision_id}/drop",
    summary="放弃修订 / Drop a revision",
    responses=problems(scheme_revising.RevisionSettled, OutsideScope),
)
async def drop_revision(
    revision_id: UUID, body: ReasonBody, by: Drafter, app: App, once: Once
) -> SchemeRevisionOut:
    async with app.db.transaction(once=once) as tx:
        row = await scheme_revising.drop_revision(tx, revision_id, reason=body.reason, by=by)
        return await tx.answer(SchemeRevisionOut.of(row))


async def _state(
    session: AsyncSession, scheme_id: UUID, revision: int | None, *, by: Principal
) -> dict[str, Any]:
    scheme = await get_scheme(session, scheme_id, where=schemes_visible_to(by))
    if revision is not None:
        return (await get_version(session, scheme_id, revision)).state
    return scheme_state(scheme, await indicators_of(session, scheme_id))
