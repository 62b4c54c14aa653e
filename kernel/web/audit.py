"""The audit log for the auditor: pages, a permanent link to each record, files, the chain checked."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Row

from kernel.audit import exporting, reading
from kernel.audit.reading import Filter
from kernel.audit.verification import verify_audit
from kernel.errors import NotFound
from kernel.identity import Principal
from kernel.runtime import Runtime
from kernel.web.access import require
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems

Auditor = Annotated[Principal, require("audit:read")]
Name = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class RecordNotFound(NotFound):
    code = "audit-record-not-found"
    zh = "审计日志中没有这条记录"
    en = "The audit log has no such record"


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"


class ActorOut(BaseModel):
    kind: str
    name: str
    account: UUID | None
    officer: UUID | None
    session: UUID | None


class ObjectOut(BaseModel):
    kind: str
    id: str


class RecordOut(BaseModel):
    """`seq`, `prev_hash` and `hash` are null in the moments between commit and numbering."""

    id: UUID
    at: datetime
    service: str
    actor: ActorOut
    on_behalf_of: UUID | None
    action: str
    object: ObjectOut
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str | None
    request: str | None
    seq: int | None
    prev_hash: str | None
    hash: str | None


class AuditChainOut(BaseModel):
    """`first_wrong`: the number of the first record that does not fit; `strays`: records outside the chain."""

    holds: bool
    records: int
    head: str
    first_wrong: int | None
    strays: int


class TallyOut(BaseModel):
    """`by_night`: before seven and from ten in the evening, by the bureau's clock."""

    action: str
    kind: str
    count: int
    by_night: int
    last_at: datetime


class SummaryOut(BaseModel):
    """Of people and machines since `since`. `first_at`: the oldest record of the log; `waiting`: not in the chain yet."""

    since: datetime
    first_at: datetime | None
    waiting: int
    tallies: list[TallyOut]


async def _filter(
    account: UUID | None = None,
    action: Name = None,
    kind: Name = None,
    object: Name = None,  # noqa: A002 -- the name in the query string
    request: Name = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> Filter:
    return Filter(account, action, kind, object, request, since, until)


Chosen = Annotated[Filter, Depends(_filter)]


def make_router(service: str) -> APIRouter:
    router = APIRouter(prefix=f"/api/{service}/v1/audit", tags=["audit"])

    @router.get("/records", summary="审计日志 / The audit log, newest first")
    async def audit_records(_: Auditor, app: App, chosen: Chosen, page: PageQuery) -> Page[RecordOut]:
        async with app.db.reading() as session:
            rows, after = await reading.page_of(session, chosen, page)
        return Page(items=[_out(row) for row in rows], next=after)

    @router.get("/summary", summary="审计概况 / What was done of late, by kind")
    async def audit_summary(_: Auditor, app: App, days: Annotated[int, Query(ge=1, le=92)] = 7) -> SummaryOut:
        since = app.clock.now() - timedelta(days=days)
        async with app.db.reading() as session:
            found = await reading.tallies(session, since, app.zone.key)
            first, waiting = await reading.first_at(session), await reading.unchained(session)
        tallies = [
            TallyOut(
                action=one.action, kind=one.kind, count=one.count, by_night=one.by_night, last_at=one.last_at
            )
            for one in found
        ]
        return SummaryOut(since=since, first_at=first, waiting=waiting, tallies=tallies)

    @router.get(
        "/records/{record_id}",
        summary="审计记录 / One record, by its permanent link",
        responses=problems(RecordNotFound),
    )
    async def audit_record(record_id: UUID, _: Auditor, app: App) -> RecordOut:
        async with app.db.reading() as session:
            row = await reading.one(session, record_id)
        if row is None:
            raise RecordNotFound
        return _out(row)

    @router.get(
        "/export",
        summary="导出审计日志 / The audit log as signed JSON lines or CSV",
        response_class=Response,
        responses={200: {"content": {"application/jsonl": {}, "text/csv": {}}}},
    )
    async def audit_export(by: Auditor, app: App, chosen: Chosen, format: Format = Format.JSONL) -> Response:  # noqa: A002
        headers = {"Content-Disposition": f'attachment; filename="audit-{service}.{format.value}"'}
        rows = _rows(app, chosen)
        if format is Format.CSV:
            return StreamingResponse(exporting.csv_lines(rows), headers=headers, media_type="text/csv")
        lines = exporting.json_lines(
            rows, sign=app.services.sign_bytes, by=str(by.account_id), now=app.clock.now()
        )
        return StreamingResponse(lines, headers=headers, media_type="application/jsonl")

    @router.post("/verify", summary="核验审计日志 / Re-hash the whole audit log")
    async def verify_audit_log(_: Auditor, app: App, once: Once) -> AuditChainOut:
        del once  # reads only; the key is accepted because every unsafe method accepts it
        async with app.db.snapshot() as session:
            found = await verify_audit(session)
        return AuditChainOut(
            holds=found.holds,
            records=found.records,
            head=found.head,
            first_wrong=found.first_wrong,
            strays=found.strays,
        )

    return router


async def _rows(app: Runtime, chosen: Filter) -> AsyncIterator[Row[Any]]:
    async with app.db.snapshot() as session:
        async for row in reading.in_order(session, chosen):
            yield row


def _out(row: Row[Any]) -> RecordOut:
    record: dict[str, Any] = json.loads(row.body)
    return RecordOut(**record, seq=row.seq, prev_hash=row.prev_hash, hash=row.hash)
