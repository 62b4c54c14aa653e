"""Officers and postings."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from contracts.org import OfficerStatus
from kernel.runtime import Runtime
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.org.actions import departing, staffing
from services.org.actions.departing import DepartedAlready
from services.org.actions.staffing import NewPosting, PoliceNumberTaken
from services.org.actions.structuring import StaleVersion
from services.org.api.access import Reader, RosterAdmin
from services.org.api.schemas import (
    ChangeOfPlace,
    DepartureIn,
    LastDay,
    OfficerChange,
    OfficerDetail,
    OfficerIn,
    OfficerOut,
    PostingIn,
    PostingOut,
)
from services.org.domain.postings import (
    DatesReversed,
    DepartureAhead,
    MainMissing,
    PostingClashes,
    PrimaryMustBeRegular,
    PrimaryTwice,
)
from services.org.models import OfficerRow, PostingRow
from services.org.queries import people
from services.org.queries.changes import Change, changes

router = APIRouter(prefix="/api/org/v1", tags=["officers"])


def today(app: Runtime) -> date:
    return app.clock.now().astimezone(app.zone).date()


def _out(officer: OfficerRow, primary: PostingRow | None) -> OfficerOut:
    where = {"unit_id": primary.unit_id, "post": primary.post} if primary else {}
    return OfficerOut.of(officer).model_copy(update=where)


@router.get("/officers", summary="人员列表 / Officers")
async def officers(
    _: Reader,
    app: App,
    page: PageQuery,
    q: Search | None = None,
    unit_id: UUID | None = None,
    under: Search | None = None,
    status: OfficerStatus | None = None,
    series_id: UUID | None = None,
) -> Page[OfficerOut]:
    async with app.db.reading() as session:
        rows, following = await people.officers(
            session,
            page,
            day=today(app),
            q=q,
            unit_id=unit_id,
            under=under,
            status=status,
            series_id=series_id,
        )
    return Page[OfficerOut](items=[_out(officer, primary) for officer, primary in rows], next=following)


@router.get("/officers/{officer_id}", summary="人员 / An officer")
async def officer(officer_id: UUID, _: Reader, app: App) -> OfficerDetail:
    day = today(app)
    async with app.db.reading() as session:
        row = await people.officer(session, officer_id)
        postings = await people.postings(session, officer_id)
    now = [
        p
        for p in postings
        if p.is_primary and p.valid_from <= day and (p.valid_to is None or p.valid_to >= day)
    ]
    brief = _out(row, now[0] if now else None)
    return OfficerDetail(**brief.model_dump(), postings=[PostingOut.of(p) for p in postings])


@router.post(
    "/officers", status_code=201, responses=problems(PoliceNumberTaken), summary="新增人员 / New officer"
)
async def create_officer(body: OfficerIn, me: RosterAdmin, app: App, once: Once) -> OfficerOut:
    async with app.db.transaction(once=once) as tx:
        row = await staffing.create_officer(
            tx,
            police_number=body.police_number,
            name=body.name,
            category=body.category.value,
            status=body.status.value,
            series_id=body.series_id,
            by=me,
        )
        return await tx.answer(OfficerOut.of(row), status=201)


@router.patch(
    "/officers/{officer_id}", responses=problems(StaleVersion), summary="修改人员 / Change an officer"
)
async def change_officer(
    officer_id: UUID, body: OfficerChange, me: RosterAdmin, app: App, once: Once
) -> OfficerOut:
    async with app.db.transaction(once=once) as tx:
        row = await staffing.change_officer(
            tx,
            officer_id,
            version=body.version,
            name=body.name,
            category=body.category.value if body.category else None,
            status=body.status.value if body.status else None,
            series_id=body.series_id,
            by=me,
        )
        return await tx.answer(OfficerOut.of(row))


@router.post(
    "/officers/{officer_id}/departure",
    responses=problems(DepartureAhead, DepartedAlready, DatesReversed),
    summary="离岗、退休 / Leave or retire",
)
async def depart(officer_id: UUID, body: DepartureIn, me: RosterAdmin, app: App, once: Once) -> OfficerOut:
    """Ends every posting on the last day of service."""
    async with app.db.transaction(once=once) as tx:
        row = await departing.depart(
            tx, officer_id, status=body.status.value, on=body.on, today=today(app), by=me
        )
        return await tx.answer(OfficerOut.of(row))


@router.get("/postings", summary="人员变动 / Changes of where people serve")
async def changes_of_place(
    _: RosterAdmin, app: App, page: PageQuery, change: Change = Change.MOVED, q: Search | None = None
) -> Page[ChangeOfPlace]:
    """Newest first."""
    async with app.db.reading() as session:
        rows, following = await changes(session, page, change=change, q=q)
    items = [
        ChangeOfPlace(
            **PostingOut.of(posting).model_dump(),
            police_number=who.police_number, name=who.name, status=OfficerStatus(who.status), from_unit_id=came_from,
        )
        for posting, who, came_from in rows
    ]  # fmt: skip
    return Page[ChangeOfPlace](items=items, next=following)


@router.post(
    "/postings",
    status_code=201,
    responses=problems(PrimaryTwice, MainMissing, PostingClashes, DatesReversed, PrimaryMustBeRegular),
    summary="任职 / New posting",
)
async def create_posting(body: PostingIn, me: RosterAdmin, app: App, once: Once) -> PostingOut:
    async with app.db.transaction(once=once) as tx:
        row = await staffing.post(tx, NewPosting(**{**body.model_dump(), "kind": body.kind.value}), by=me)
        return await tx.answer(PostingOut.of(row), status=201)


@router.post("/postings/{posting_id}/end", responses=problems(DatesReversed), summary="免职 / End a posting")
async def end_posting(posting_id: UUID, body: LastDay, me: RosterAdmin, app: App, once: Once) -> PostingOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(PostingOut.of(await staffing.end_posting(tx, posting_id, on=body.on, by=me)))
