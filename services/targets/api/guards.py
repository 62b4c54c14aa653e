"""The indicator guard: its list, what it finds in a scheme, exceptions that the legal unit signs."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from kernel.runtime import Runtime
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.targets.actions import guarding
from services.targets.api.access import Guardian, LegalSigner, Reader
from services.targets.api.guard_schemas import (
    ExceptionBody,
    ExceptionOut,
    GuardBody,
    GuardChange,
    GuardedOut,
    GuardOut,
    GuardsOut,
    MatchOut,
)
from services.targets.domain.guard import GuardInvalid
from services.targets.domain.scheme import SchemeNotPublished, VersionStale
from services.targets.models import GuardRow
from services.targets.queries.guarding import guarded
from services.targets.queries.schemes import get_scheme
from services.targets.queries.visibility import schemes_visible_to
from services.targets.settings import TargetSettings

router = APIRouter(prefix="/api/targets/v1", tags=["guard"])


@router.get("/guards", summary="禁用指标清单 / Indicators that must not be used")
async def list_guards(_: Reader, app: App) -> GuardsOut:
    async with app.db.reading() as session:
        rows = await session.scalars(select(GuardRow).order_by(GuardRow.id))
        return GuardsOut(guards=[GuardOut.of(row) for row in rows])


@router.post(
    "/guards", status_code=201, summary="新增禁用条目 / Add an entry", responses=problems(GuardInvalid)
)
async def add_guard(body: GuardBody, by: Guardian, app: App, once: Once) -> GuardOut:
    entry = guarding.Entry(body.title, body.words, body.ground, body.active)
    async with app.db.transaction(once=once) as tx:
        row = await guarding.keep_guard(tx, None, entry, version=None, by=by)
        return await tx.answer(GuardOut.of(row), status=201)


@router.put(
    "/guards/{guard_id}",
    summary="修改禁用条目 / Change an entry",
    responses=problems(GuardInvalid, VersionStale),
)
async def change_guard(guard_id: UUID, body: GuardChange, by: Guardian, app: App, once: Once) -> GuardOut:
    entry = guarding.Entry(body.title, body.words, body.ground, body.active)
    async with app.db.transaction(once=once) as tx:
        row = await guarding.keep_guard(tx, guard_id, entry, version=body.version, by=by)
        return await tx.answer(GuardOut.of(row))


@router.get(
    "/schemes/{scheme_id}/guard", summary="方案触碰的禁用条目与例外 / What the guard finds in a scheme"
)
async def read_guarded(scheme_id: UUID, by: Reader, app: App) -> GuardedOut:
    async with app.db.reading() as session:
        await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        found, signed = await guarded(session, scheme_id)
    return GuardedOut(
        matches=[MatchOut.of(match) for match in found], exceptions=[ExceptionOut.of(one) for one in signed]
    )


@router.post(
    "/schemes/{scheme_id}/guard-exceptions",
    status_code=201,
    summary="法制部门签署例外 / Sign an exception, as the legal unit",
    responses=problems(guarding.NotLegalUnit, guarding.NothingGuarded, SchemeNotPublished),
)
async def sign_exception(
    scheme_id: UUID, body: ExceptionBody, by: LegalSigner, app: App, once: Once
) -> ExceptionOut:
    today = app.clock.now().astimezone(app.zone).date()
    async with app.db.transaction(once=once) as tx:
        row = await guarding.sign_exception(
            tx,
            scheme_id,
            indicator_id=body.indicator_id,
            guard_id=body.guard_id,
            reason=body.reason,
            line=_legal_line(app),
            today=today,
            by=by,
        )
        return await tx.answer(ExceptionOut.of(row), status=201)


def _legal_line(app: Runtime) -> str:
    return app.settings.legal_line if isinstance(app.settings, TargetSettings) else ""
