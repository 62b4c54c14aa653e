"""Machine accounts: other systems that report figures."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from kernel.runtime import Runtime
from kernel.web.access import public
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import Name, Note
from services.org.actions import machines
from services.org.actions.machines import MachineRefused, MachineState, MachineTaken, MachineTooLong
from services.org.actions.signing_in import end_of
from services.org.api.access import GrantReader, MachineApprover, MachineProposer
from services.org.api.officers import today
from services.org.api.schemas import Day, In, Lines, Out
from services.org.domain.roles import OwnGrant
from services.org.queries import configured
from services.org.settings import OrgSettings

router = APIRouter(prefix="/api/org/v1", tags=["machines"])


class MachineOut(Out):
    id: UUID
    name: str
    purpose: str
    scope_unit_id: UUID
    lines: list[str]
    status: str
    expires_on: date
    key_made_at: datetime | None
    seen_at: datetime | None
    proposed_by: UUID
    decided_by: UUID | None


class MachinesOut(BaseModel):
    items: list[MachineOut]


class MachineIn(In):
    name: Name
    purpose: Note
    scope_unit_id: UUID
    lines: Lines = ()
    expires_on: Day


class KeyOut(BaseModel):
    """The key is in this answer and nowhere else."""

    machine_id: UUID
    key: str


class KeyIn(In):
    key: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class TokenOut(BaseModel):
    """For `Authorization: Bearer`, until `expires_at`."""

    token: str
    expires_at: datetime


def _settings(app: Runtime) -> OrgSettings:
    if not isinstance(app.settings, OrgSettings):
        raise TypeError("org runs with its own settings")
    return app.settings


@router.get("/machines", summary="接口账号 / Machine accounts")
async def machine_accounts(_: GrantReader, app: App) -> MachinesOut:
    async with app.db.reading() as session:
        return MachinesOut(items=[MachineOut.of(row) for row in await configured.machines(session)])


@router.post(
    "/machines",
    status_code=201,
    responses=problems(MachineTaken, MachineTooLong),
    summary="提出接口账号 / Propose",
)
async def propose_machine(body: MachineIn, me: MachineProposer, app: App, once: Once) -> MachineOut:
    async with app.db.transaction(once=once) as tx:
        row = await machines.propose(
            tx, **body.model_dump(), today=today(app), settings=_settings(app), by=me
        )
        return await tx.answer(MachineOut.of(row), status=201)


@router.post(
    "/machines/{machine_id}/{decision}",
    responses=problems(MachineState, OwnGrant),
    summary="批准、不批准、吊销 / Decide",
)
async def decide_machine(
    machine_id: UUID,
    decision: Literal["approve", "refuse", "revoke"],
    me: MachineApprover,
    app: App,
    once: Once,
) -> MachineOut:
    to = {"approve": "approved", "refuse": "refused", "revoke": "revoked"}[decision]
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(MachineOut.of(await machines.decide(tx, machine_id, to, by=me)))


@router.put("/machines/{machine_id}/key", responses=problems(MachineState), summary="生成密钥 / Make a key")
async def make_machine_key(machine_id: UUID, me: MachineProposer, app: App, once: Once) -> KeyOut:
    """The one before is worth nothing any more."""
    del once  # never remembered: the key is shown once
    async with app.db.transaction() as tx:
        row, key = await machines.new_key(tx, machine_id, by=me)
    return KeyOut(machine_id=row.id, key=key)


@router.post(
    "/machine-token",
    dependencies=[public()],
    responses=problems(MachineRefused),
    summary="以密钥换取令牌 / A token for a key",
)
async def machine_token(body: KeyIn, app: App, once: Once) -> TokenOut:
    del once
    async with app.db.transaction() as tx:
        principal, last_day = await machines.enter(tx, body.key, today=today(app))
    token, expires_at = app.sessions.sign_machine(principal, until=end_of(last_day, app.zone))
    return TokenOut(token=token, expires_at=expires_at)
