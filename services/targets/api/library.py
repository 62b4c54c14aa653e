"""指标库: all indicators that ever were, where they were used, and into a draft again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from contracts.targets import ModuleKind
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.targets.actions import copying, describing
from services.targets.api.access import Drafter, Reader
from services.targets.api.indicator_schemas import IndicatorOut
from services.targets.api.library_schemas import LibraryRowOut, ReuseBody, UseOut, UsesOut
from services.targets.domain.scheme import SchemeNotDraft
from services.targets.domain.target import OutsideScope
from services.targets.queries.library import library, uses_of
from services.targets.queries.schemes import get_indicator
from services.targets.queries.visibility import schemes_visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["indicators"])


@router.get("/library", summary="指标库 / All indicators that ever were")
async def search_library(
    by: Reader,
    app: App,
    page: PageQuery,
    q: Annotated[
        Search | None, Query(description="名称、编码、依据、拼音首字母 / name, code, basis, initials")
    ] = None,
    module: ModuleKind | None = None,
    line: Annotated[Search | None, Query()] = None,
    year: Annotated[int | None, Query(ge=2000, le=2199)] = None,
) -> Page[LibraryRowOut]:
    async with app.db.reading() as session:
        rows, following = await library(
            session,
            page,
            where=schemes_visible_to(by),
            q=q,
            module=module.value if module else None,
            line=line,
            year=year,
        )
    return Page(items=[LibraryRowOut.of(row) for row in rows], next=following)


@router.get(
    "/indicators/{indicator_id}/uses", summary="指标的使用情况 / Where an indicator was used, and how it went"
)
async def read_uses(indicator_id: UUID, by: Reader, app: App) -> UsesOut:
    async with app.db.reading() as session:
        row, _ = await get_indicator(session, indicator_id, where=schemes_visible_to(by))
        found = await uses_of(session, row.code, where=schemes_visible_to(by))
    return UsesOut(uses=[UseOut.model_validate(use, from_attributes=True) for use in found])


@router.post(
    "/schemes/{scheme_id}/indicators/reuse",
    status_code=201,
    summary="从指标库引用 / Indicators of the library into a draft",
    responses=problems(describing.IndicatorCodeTaken, SchemeNotDraft, OutsideScope),
)
async def reuse_indicators(
    scheme_id: UUID, body: ReuseBody, by: Drafter, app: App, once: Once
) -> Page[IndicatorOut]:
    async with app.db.transaction(once=once) as tx:
        rows = await copying.reuse_indicators(tx, scheme_id, body.indicator_ids, by=by)
        return await tx.answer(Page(items=[IndicatorOut.of(row) for row in rows], next=None), status=201)
