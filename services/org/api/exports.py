"""Lists as workbooks."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from contracts.org import GrantStatus, OfficerStatus, UnitKind
from contracts.permissions import Role
from kernel.errands.worker import BELL
from kernel.web.app import App
from kernel.web.errands import Asked
from kernel.web.idempotency import Once
from kernel.web.text import Search
from services.org.actions import exporting
from services.org.api.access import GrantReader, Reader
from services.org.api.schemas import In

router = APIRouter(prefix="/api/org/v1", tags=["exports"])


class OfficerFilters(In):
    """As the list of officers has them."""

    q: Search | None = None
    unit_id: UUID | None = None
    under: Search | None = None
    status: OfficerStatus | None = None
    series_id: UUID | None = None


class UnitFilters(In):
    """As the list of units has them."""

    q: Search | None = None
    parent_id: UUID | None = None
    level: Annotated[int | None, Field(ge=1, le=4)] = None
    kind: UnitKind | None = None
    series_id: UUID | None = None
    under: Search | None = None


@router.post("/officers/export", status_code=202, summary="导出人员 / Export officers")
async def export_officers(body: OfficerFilters, me: Reader, app: App, once: Once) -> Asked:
    """An errand; its file has what the list shows under these filters."""
    return await _export(app, once, "officers", body, me)


@router.post("/units/export", status_code=202, summary="导出单位 / Export units")
async def export_units(body: UnitFilters, me: Reader, app: App, once: Once) -> Asked:
    return await _export(app, once, "units", body, me)


class AccountFilters(In):
    """As the list of accounts has them."""

    q: Search | None = None
    status: Literal["open", "closed"] | None = None


class GrantFilters(In):
    """As the list of grants has them."""

    account_id: UUID | None = None
    role: Role | None = None
    status: GrantStatus | None = None


@router.post("/accounts/export", status_code=202, summary="导出账号 / Export accounts")
async def export_accounts(body: AccountFilters, me: GrantReader, app: App, once: Once) -> Asked:
    """For those who keep accounts, approve rights, or audit both. No password and no key is in it."""
    return await _export(app, once, "accounts", body, me)


@router.post("/grants/export", status_code=202, summary="导出授权 / Export grants")
async def export_grants(body: GrantFilters, me: GrantReader, app: App, once: Once) -> Asked:
    """Who holds what where, since when and until when, proposed and decided by whom; those refused and revoked too."""
    return await _export(app, once, "grants", body, me)


async def _export(app: App, once: Once, what: str, filters: In, me: Reader) -> Asked:
    async with app.db.transaction(once=once) as tx:
        errand_id = await exporting.start(tx, what, filters.model_dump(mode="json"), by=me)
        asked = await tx.answer(Asked(errand_id=errand_id), status=202)
    app.wake(BELL)
    return asked
