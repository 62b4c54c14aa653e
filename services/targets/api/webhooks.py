"""对外通知接口: webhooks to outside channels, and how their deliveries went."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import select

from kernel.db.paging import fetch_page
from kernel.errors import NotFound
from kernel.runtime import Runtime
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Name, Orderly
from services.targets.actions import hooking
from services.targets.api.access import WebhookKeeper
from services.targets.api.schemas import Body, StepOut, Version, steps_of
from services.targets.domain.scheme import VersionStale
from services.targets.domain.webhook import WebhookAddressRefused
from services.targets.models import DeliveryRow, HistoryRow, WebhookRow
from services.targets.queries.schemes import timeline_of
from services.targets.settings import TargetSettings

router = APIRouter(prefix="/api/targets/v1/webhooks", tags=["webhooks"])
Kind = Literal["reminder", "supervision_note", "digest"]
Url = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=500, pattern=r"^https?://\S+$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class WebhookBody(Body):
    """`secret_name`: the file with the secret, in the folder that the operator set up; it is never sent or shown."""

    name: Name
    url: Url
    secret_name: FileName
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=10)]
    active: bool = True

    def said(self) -> hooking.Hook:
        return hooking.Hook(self.name, self.url, self.secret_name, self.kinds, self.active)


class WebhookChange(WebhookBody):
    version: Version


class WebhookOut(BaseModel):
    id: UUID
    version: int
    name: str
    url: str
    secret_name: str
    kinds: list[str]
    active: bool

    @classmethod
    def of(cls, row: WebhookRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class DeliveryOut(BaseModel):
    """`last_status` is the other side's; without one, `last_error` says why there was no answer."""

    id: UUID
    webhook_id: UUID
    kind: str
    thing_id: UUID
    thing_version: int
    body: dict[str, Any]
    status: str
    attempts: int
    created_at: datetime
    next_at: datetime
    last_at: datetime | None
    last_status: int | None
    last_error: str | None

    @classmethod
    def of(cls, row: DeliveryRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


@router.get("", summary="对外通知接口 / Webhooks")
async def list_webhooks(_: WebhookKeeper, app: App, page: PageQuery) -> Page[WebhookOut]:
    async with app.db.reading() as session:
        rows, following = await fetch_page(
            session, select(WebhookRow), [WebhookRow.id], page, key=lambda row: [row.id]
        )
    return Page(items=[WebhookOut.of(row) for row in rows], next=following)


@router.post(
    "",
    status_code=201,
    summary="新增接口 / Add a webhook",
    responses=problems(WebhookAddressRefused, hooking.WebhookNameTaken),
)
async def add_webhook(body: WebhookBody, by: WebhookKeeper, app: App, once: Once) -> WebhookOut:
    async with app.db.transaction(once=once) as tx:
        row = await hooking.set_webhook(tx, None, body.said(), version=None, hosts=_hosts(app), by=by)
        return await tx.answer(WebhookOut.of(row), status=201)


@router.put(
    "/{webhook_id}",
    summary="修改接口 / Change a webhook",
    responses=problems(WebhookAddressRefused, hooking.WebhookNameTaken, VersionStale),
)
async def change_webhook(
    webhook_id: UUID, body: WebhookChange, by: WebhookKeeper, app: App, once: Once
) -> WebhookOut:
    async with app.db.transaction(once=once) as tx:
        row = await hooking.set_webhook(
            tx, webhook_id, body.said(), version=body.version, hosts=_hosts(app), by=by
        )
        return await tx.answer(WebhookOut.of(row))


@router.get("/{webhook_id}/timeline", summary="接口的经过 / Timeline of a webhook")
async def webhook_timeline(webhook_id: UUID, _: WebhookKeeper, app: App, page: PageQuery) -> Page[StepOut]:
    async with app.db.reading() as session:
        rows, following = await fetch_page(
            session, timeline_of(webhook_id), [HistoryRow.id], page, key=lambda row: [row.id]
        )
        steps = await steps_of(session, rows)
    return Page(items=steps, next=following)


@router.get("/{webhook_id}/deliveries", summary="投递记录 / Deliveries")
async def list_deliveries(
    webhook_id: UUID,
    _: WebhookKeeper,
    app: App,
    page: PageQuery,
    status: Literal["waiting", "delivered", "given_up"] | None = None,
) -> Page[DeliveryOut]:
    statement = select(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id)
    if status is not None:
        statement = statement.where(DeliveryRow.status == status)
    async with app.db.reading() as session:
        if await session.get(WebhookRow, webhook_id) is None:
            raise NotFound
        rows, following = await fetch_page(
            session, statement, [DeliveryRow.id], page, key=lambda row: [row.id], descending=True
        )
    return Page(items=[DeliveryOut.of(row) for row in rows], next=following)


@router.post(
    "/deliveries/{delivery_id}/send-again",
    summary="重新投递 / Send a delivery again",
    responses=problems(hooking.DeliveryWaits),
)
async def send_again(delivery_id: UUID, by: WebhookKeeper, app: App, once: Once) -> DeliveryOut:
    async with app.db.transaction(once=once) as tx:
        out = await tx.answer(DeliveryOut.of(await hooking.send_again(tx, delivery_id, by=by)))
    app.wake("deliver-webhooks")
    return out


def _hosts(app: Runtime) -> str:
    return app.settings.webhook_hosts if isinstance(app.settings, TargetSettings) else ""
