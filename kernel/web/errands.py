"""Errands as their owners see them: progress, result, file, calling off."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from kernel.errands import asking
from kernel.errands.asking import ErrandFinished, FileGone, Produced, Standing
from kernel.errands.running import Errand
from kernel.identity import Principal
from kernel.web.access import require
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems

State = Literal["waiting", "running", "done", "failed", "cancelled"]
Owner = Annotated[Principal, require("session:own")]


class ErrandOut(BaseModel):
    """`progress`: `done` of `total` of a step (null while not known). `problem` says why it failed, in both languages.

    `file`: fetched with GET …/file as often as one likes, or, if `once`, with POST …/file a single time.
    """

    id: UUID
    kind: str
    title_zh: str
    title_en: str
    state: State
    step: str
    done: int
    total: int | None
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_asked: bool
    file_name: str | None
    file_once: bool | None


class Asked(BaseModel):
    """What a route answers, with 202, that only asks for an errand: look at `/api/<service>/v1/errands/{errand_id}`."""

    errand_id: UUID


def attachment(name: str) -> dict[str, str]:
    """The header that makes a browser save an answer under this name."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


def make_router(service: str, errands: tuple[Errand, ...]) -> APIRouter:
    """The routes of one service."""
    router = APIRouter(prefix=f"/api/{service}/v1/errands", tags=["errands"])
    titles = {errand.name: (errand.zh, errand.en) for errand in errands}

    def out(standing: Standing) -> ErrandOut:
        zh, en = titles.get(standing.kind, (standing.kind, standing.kind))
        return ErrandOut(title_zh=zh, title_en=en, **asdict(standing))

    @router.get("", summary="我的后台任务 / My errands")
    async def errands_of_mine(
        me: Owner,
        app: App,
        page: PageQuery,
        kind: Annotated[str | None, Query(max_length=64)] = None,
        state: State | None = None,
    ) -> Page[ErrandOut]:
        """Newest first."""
        async with app.db.reading() as session:
            rows, following = await asking.own(session, page, owner_id=me.account_id, kind=kind, state=state)
        return Page[ErrandOut](items=[out(row) for row in rows], next=following)

    @router.get("/{errand_id}", summary="后台任务进度 / Progress of an errand")
    async def errand(errand_id: UUID, me: Owner, app: App) -> ErrandOut:
        async with app.db.reading() as session:
            return out(await asking.look(session, errand_id, owner_id=me.account_id))

    @router.post("/{errand_id}/cancel", responses=problems(ErrandFinished), summary="取消 / Call it off")
    async def cancel_errand(errand_id: UUID, me: Owner, app: App, once: Once) -> ErrandOut:
        """One at work stops at its next step; what it has already finished stays."""
        async with app.db.transaction(once=once) as tx:
            return await tx.answer(out(await asking.cancel(tx, errand_id, owner_id=me.account_id)))

    @router.get(
        "/{errand_id}/file",
        response_class=Response,
        responses=problems(FileGone),
        summary="下载结果 / Its file",
    )
    async def errand_file(errand_id: UUID, me: Owner, app: App) -> Response:
        async with app.db.reading() as session:
            return _response(await asking.file_of(session, errand_id, owner_id=me.account_id))

    @router.post(
        "/{errand_id}/file",
        response_class=Response,
        responses=problems(FileGone),
        summary="取走一次性文件 / Take a file that is handed out once",
    )
    async def take_errand_file(errand_id: UUID, me: Owner, app: App, once: Once) -> Response:
        """Destroyed by this answer: print it at once."""
        del once  # never remembered: a repetition must not show it again
        async with app.db.transaction() as tx:
            file = await asking.take(tx, errand_id, owner_id=me.account_id)
        return _response(file)

    return router


def _response(file: Produced) -> Response:
    headers = attachment(file.name) | {"Cache-Control": "no-store"}
    return Response(file.content, media_type=file.media_type, headers=headers)
