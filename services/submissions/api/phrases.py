"""Phrases to choose from instead of typing."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from kernel.identity import Principal
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import Line, Orderly
from services.submissions.actions import phrasing
from services.submissions.api.access import PREFIX, Reader
from services.submissions.api.schemas import In
from services.submissions.domain.phrases import PhraseKind, PhraseNotYours, SharingNotYours
from services.submissions.models import PhraseRow
from services.submissions.queries.phrases import phrases_of

router = APIRouter(prefix=f"{PREFIX}/phrases", tags=["phrases"])


class PhraseIn(In):
    """`unit_id`: shared with that unit and all below it; left out, it is one's own."""

    kind: PhraseKind
    text: Line
    clause: Annotated[str, Orderly, StringConstraints(min_length=1, max_length=500)] | None = None
    indicator_id: UUID | None = None
    unit_id: UUID | None = None


class PhraseOrder(In):
    ids: Annotated[list[UUID], Field(max_length=200)]


class PhraseOut(BaseModel):
    id: UUID
    kind: PhraseKind
    text: str
    clause: str | None
    indicator_id: UUID | None
    shared: bool
    mine: bool
    author: str
    position: int

    @classmethod
    def of(cls, row: PhraseRow, by: Principal) -> Self:
        return cls(
            id=row.id, kind=PhraseKind(row.kind), text=row.text, clause=row.clause,
            indicator_id=row.indicator_id, shared=row.unit_path is not None,
            mine=row.account_id == by.account_id, author=row.author, position=row.position,
        )  # fmt: skip


class PhrasesOut(BaseModel):
    items: list[PhraseOut]


@router.get("", summary="常用语 / phrases to choose from")
async def list_phrases(
    by: Reader, app: App, kind: PhraseKind | None = None, indicator_id: UUID | None = None
) -> PhrasesOut:
    """One's own first; of an indicator, those for it and those for any."""
    async with app.db.reading() as session:
        rows = await phrases_of(session, by, kind=kind, indicator_id=indicator_id)
    return PhrasesOut(items=[PhraseOut.of(row, by) for row in rows])


@router.post(
    "",
    status_code=201,
    summary="新增常用语 / keep a phrase",
    responses=problems(SharingNotYours, phrasing.TooManyPhrases),
)
async def add_phrase(body: PhraseIn, by: Reader, app: App, once: Once) -> PhraseOut:
    async with app.db.transaction(once=once) as tx:
        row = await phrasing.add_phrase(tx, phrasing.Wording(**body.model_dump()), by=by)
        return await tx.answer(PhraseOut.of(row, by), status=201)


@router.put("/order", status_code=204, summary="常用语排序 / order one's phrases")
async def order_phrases(body: PhraseOrder, by: Reader, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await phrasing.order_phrases(tx, body.ids, by=by)
        await tx.answer(None, status=204)


@router.put(
    "/{phrase_id}",
    summary="修改常用语 / reword a phrase",
    responses=problems(phrasing.PhraseNotFound, PhraseNotYours, SharingNotYours),
)
async def reword_phrase(phrase_id: UUID, body: PhraseIn, by: Reader, app: App, once: Once) -> PhraseOut:
    async with app.db.transaction(once=once) as tx:
        row = await phrasing.reword_phrase(tx, phrase_id, phrasing.Wording(**body.model_dump()), by=by)
        return await tx.answer(PhraseOut.of(row, by))


@router.delete(
    "/{phrase_id}",
    status_code=204,
    summary="删除常用语 / remove a phrase",
    responses=problems(phrasing.PhraseNotFound, PhraseNotYours),
)
async def remove_phrase(phrase_id: UUID, by: Reader, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await phrasing.remove_phrase(tx, phrase_id, by=by)
        await tx.answer(None, status=204)
