"""Assessment offices and line authorities."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Code
from services.org.actions import authorising
from services.org.actions.authorising import AuthorityTwice, NewAuthority
from services.org.api.access import Reader, RosterAdmin
from services.org.api.schemas import AuthoritiesIn, AuthorityIn, AuthorityOut, LastDay, OfficeIn, OfficeOut
from services.org.domain.postings import DatesReversed
from services.org.domain.structure import UnitMissing
from services.org.queries import authority

router = APIRouter(prefix="/api/org/v1", tags=["authorities"])


class AuthoritiesOut(BaseModel):
    authorities: list[AuthorityOut]


@router.get("/assessment-offices", summary="考核办 / Assessment offices")
async def offices(_: Reader, app: App, page: PageQuery) -> Page[OfficeOut]:
    async with app.db.reading() as session:
        rows, following = await authority.offices(session, page)
    return Page[OfficeOut](items=[OfficeOut.of(row) for row in rows], next=following)


@router.post(
    "/assessment-offices",
    status_code=201,
    responses=problems(UnitMissing, DatesReversed),
    summary="设立考核办 / New assessment office",
)
async def add_office(body: OfficeIn, me: RosterAdmin, app: App, once: Once) -> OfficeOut:
    async with app.db.transaction(once=once) as tx:
        row = await authorising.add_office(
            tx,
            unit_id=body.unit_id,
            scope_unit_id=body.scope_unit_id,
            covers=tuple(kind.value for kind in body.covers),
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            by=me,
        )
        return await tx.answer(OfficeOut.of(row), status=201)


@router.post(
    "/assessment-offices/{office_id}/end", responses=problems(DatesReversed), summary="撤销考核办 / End it"
)
async def end_office(office_id: UUID, body: LastDay, me: RosterAdmin, app: App, once: Once) -> OfficeOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(OfficeOut.of(await authorising.end_office(tx, office_id, on=body.on, by=me)))


@router.get("/line-authorities", summary="归口单位 / Line authorities")
async def authorities(
    _: Reader, app: App, page: PageQuery, scope_unit_id: UUID | None = None, line: Code | None = None
) -> Page[AuthorityOut]:
    async with app.db.reading() as session:
        rows, following = await authority.authorities(session, page, scope_unit_id=scope_unit_id, line=line)
    return Page[AuthorityOut](items=[AuthorityOut.of(row) for row in rows], next=following)


@router.post(
    "/line-authorities",
    status_code=201,
    responses=problems(AuthorityTwice, UnitMissing, DatesReversed),
    summary="指定归口 / New line authority",
)
async def add_authority(body: AuthorityIn, me: RosterAdmin, app: App, once: Once) -> AuthorityOut:
    async with app.db.transaction(once=once) as tx:
        [row] = await authorising.add_authorities(tx, [NewAuthority(**body.model_dump())], by=me)
        return await tx.answer(AuthorityOut.of(row), status=201)


@router.post(
    "/line-authorities/batch",
    status_code=201,
    responses=problems(AuthorityTwice, UnitMissing, DatesReversed),
    summary="批量指定归口 / Several line authorities",
)
async def add_authorities(body: AuthoritiesIn, me: RosterAdmin, app: App, once: Once) -> AuthoritiesOut:
    """All or none."""
    async with app.db.transaction(once=once) as tx:
        wishes = [NewAuthority(**item.model_dump()) for item in body.authorities]
        rows = await authorising.add_authorities(tx, wishes, by=me)
        return await tx.answer(AuthoritiesOut(authorities=[AuthorityOut.of(row) for row in rows]), status=201)


@router.post(
    "/line-authorities/{authority_id}/end", responses=problems(DatesReversed), summary="终止归口 / End it"
)
async def end_authority(
    authority_id: UUID, body: LastDay, me: RosterAdmin, app: App, once: Once
) -> AuthorityOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(
            AuthorityOut.of(await authorising.end_authority(tx, authority_id, on=body.on, by=me))
        )
