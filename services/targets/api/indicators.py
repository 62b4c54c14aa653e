"""Indicators with their rules, and their import from a workbook."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import or_, select

from contracts.targets import ModuleKind
from kernel.db.paging import fetch_page
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.targets.actions import describing
from services.targets.api.access import Drafter, Reader
from services.targets.api.indicator_schemas import (
    IndicatorBody,
    IndicatorChange,
    IndicatorOut,
    IndicatorWithRevisionsOut,
    RevisionOut,
    stored,
)
from services.targets.domain.rule_check import ExampleInvalid, RuleInvalid
from services.targets.domain.scheme import SchemeNotDraft, VersionStale
from services.targets.domain.target import OutsideScope
from services.targets.models import IndicatorRow
from services.targets.queries.schemes import get_indicator, get_scheme, revisions_of
from services.targets.queries.visibility import schemes_visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["indicators"])


@router.get("/schemes/{scheme_id}/indicators", summary="方案的指标 / Indicators of a scheme")
async def list_indicators(
    scheme_id: UUID,
    by: Reader,
    app: App,
    page: PageQuery,
    module: ModuleKind | None = None,
    line: Annotated[Search | None, Query()] = None,
    q: Annotated[Search | None, Query()] = None,
) -> Page[IndicatorOut]:
    statement = select(IndicatorRow).where(IndicatorRow.scheme_id == scheme_id)
    if module is not None:
        statement = statement.where(IndicatorRow.module == module.value)
    if line is not None:
        statement = statement.where(IndicatorRow.line == line)
    if q:
        found = or_(
            IndicatorRow.name.contains(q, autoescape=True), IndicatorRow.code.contains(q, autoescape=True)
        )
        statement = statement.where(found)
    async with app.db.reading() as session:
        await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        rows, following = await fetch_page(
            session,
            statement,
            [IndicatorRow.position, IndicatorRow.id],
            page,
            key=lambda row: [row.position, row.id],
        )
    return Page(items=[IndicatorOut.of(row) for row in rows], next=following)


@router.post(
    "/schemes/{scheme_id}/indicators",
    status_code=201,
    summary="增加指标 / Add an indicator",
    responses=problems(
        RuleInvalid, ExampleInvalid, SchemeNotDraft, describing.IndicatorCodeTaken, OutsideScope
    ),
)
async def add_indicator(
    scheme_id: UUID, body: IndicatorBody, by: Drafter, app: App, once: Once
) -> IndicatorOut:
    said = describing.Indicator(**{name: stored(getattr(body, name)) for name in IndicatorBody.model_fields})
    async with app.db.transaction(once=once) as tx:
        row = await describing.add_indicator(tx, scheme_id, said, by=by)
        return await tx.answer(IndicatorOut.of(row), status=201)


@router.get("/indicators/{indicator_id}", summary="一个指标及其各版本 / An indicator with its revisions")
async def read_indicator(indicator_id: UUID, by: Reader, app: App) -> IndicatorWithRevisionsOut:
    async with app.db.reading() as session:
        row, _ = await get_indicator(session, indicator_id, where=schemes_visible_to(by))
        revisions = await revisions_of(session, row.id)
    out = IndicatorWithRevisionsOut.of(row)
    out.revisions = [RevisionOut.of(revision) for revision in revisions]
    return out


@router.patch(
    "/indicators/{indicator_id}",
    summary="修订指标 / Change or revise an indicator",
    responses=problems(
        RuleInvalid,
        ExampleInvalid,
        VersionStale,
        describing.ReasonMissing,
        describing.CodeFixed,
        describing.IndicatorCodeTaken,
        OutsideScope,
    ),
)
async def change_indicator(
    indicator_id: UUID, body: IndicatorChange, by: Drafter, app: App, once: Once
) -> IndicatorOut:
    async with app.db.transaction(once=once) as tx:
        row = await describing.change_indicator(
            tx, indicator_id, body.changes(), version=body.version, reason=body.reason, by=by
        )
        return await tx.answer(IndicatorOut.of(row))
