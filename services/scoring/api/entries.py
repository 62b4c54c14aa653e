"""The ledger, line by line."""

from uuid import UUID

from fastapi import APIRouter

from contracts.scoring import EntryKind
from kernel.web.app import App
from kernel.web.paging import Page, PageQuery
from kernel.web.text import Search
from services.scoring.api.access import Reader
from services.scoring.api.schemas import EntryOut
from services.scoring.queries import lists

router = APIRouter(prefix="/api/scoring/v1/entries", tags=["ledger"])


@router.get("", summary="台账 / Ledger entries")
async def entries(
    *,
    me: Reader,
    app: App,
    page: PageQuery,
    subject_id: UUID | None = None,
    period_id: UUID | None = None,
    indicator_id: UUID | None = None,
    submission_id: UUID | None = None,
    kind: EntryKind | None = None,
    under: Search | None = None,
) -> Page[EntryOut]:
    """In the order of posting: one's own, and what lies in the scope of one's roles."""
    async with app.db.reading() as session:
        rows, following = await lists.entries(
            session,
            page,
            me,
            subject_id=subject_id,
            period_id=period_id,
            indicator_id=indicator_id,
            submission_id=submission_id,
            kind=kind,
            under=under,
        )
    return Page[EntryOut](items=[EntryOut.of(row) for row in rows], next=following)


@router.get("/{entry_id}", summary="一条台账 / One entry")
async def entry(entry_id: UUID, me: Reader, app: App) -> EntryOut:
    async with app.db.reading() as session:
        return EntryOut.of(await lists.entry(session, entry_id, me))
