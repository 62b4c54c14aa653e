"""One box for everything: units, people, indicators, submissions, bulletins."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from kernel.web.app import App
from kernel.web.text import Line
from services.reporting.api.access import Reader
from services.reporting.domain.search import Found
from services.reporting.queries import search as queries

router = APIRouter(prefix="/api/reporting/v1", tags=["search"])


class HitOut(BaseModel):
    id: UUID
    code: str
    title: str
    detail: str | None


class GroupOut(BaseModel):
    """`more`: there are further ones of this kind."""

    kind: Found
    items: list[HitOut]
    more: bool


class SearchOut(BaseModel):
    """Kinds without a hit are left out."""

    groups: list[GroupOut]


@router.get("/search", summary="全局搜索 / Search")
async def search(
    me: Reader, app: App, q: Annotated[Line, Query()], *, kind: Annotated[list[Found] | None, Query(max_length=5)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> SearchOut:  # fmt: skip
    """By name, number, or initials of the pinyin, from two letters on; all the words must be there."""
    kinds = frozenset(kind or Found)
    async with app.db.reading() as session:
        hits = await queries.search(session, q, me, kinds=kinds, most=limit)
    groups = []
    for each in Found:
        found = [HitOut(id=h.id, code=h.code, title=h.title, detail=h.detail) for h in hits if h.kind is each]
        if found:
            groups.append(GroupOut(kind=each, items=found[:limit], more=len(found) > limit))
    return SearchOut(groups=groups)
