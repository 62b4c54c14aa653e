"""Parameters, dictionaries, accounts of a whole roster, everybody's sessions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from kernel.errands.worker import BELL
from kernel.web.app import App
from kernel.web.errands import Asked
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Code, Name, Note, Search
from services.org.actions import configuring, opening_accounts
from services.org.actions.configuring import ParameterPast, ParameterState, ParameterTwice, TermTaken
from services.org.actions.opening_accounts import NobodyWithoutAccount
from services.org.actions.structuring import StaleVersion
from services.org.api.access import (
    AccountAdmin,
    GrantReader,
    ParameterApprover,
    ParameterProposer,
    Reader,
    SessionReader,
)
from services.org.api.officers import today
from services.org.api.schemas import Day, In, Out
from services.org.domain.parameters import DEFINITIONS, ParameterOut, ParameterUnknown
from services.org.domain.roles import OwnGrant
from services.org.models import ParameterRow
from services.org.queries import configured, personal

router = APIRouter(prefix="/api/org/v1", tags=["configuration"])
Key = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class ParameterNow(BaseModel):
    """What holds today, and its bounds. `protects`: it guards who comes in; `weaker`: less than is recommended."""

    key: str
    zh: str
    en: str
    least: int
    most: int
    default: str
    value: str
    protects: bool
    weaker: bool


class ParametersOut(BaseModel):
    items: list[ParameterNow]


class ChangeOut(Out):
    id: UUID
    key: str
    value: str
    effective_on: date
    reason: str
    status: str
    proposed_by: UUID
    decided_by: UUID | None
    decided_at: datetime | None


class ChangeLine(ChangeOut):
    """`now`: the value that holds today; `label_zh`, `label_en`: what the parameter is called, its key if there is none any more."""

    label_zh: str
    label_en: str
    now: str
    proposed_by_name: str | None
    decided_by_name: str | None


class ChangeIn(In):
    key: Key
    value: Annotated[str, StringConstraints(max_length=64)]
    effective_on: Day
    reason: Note


class TermOut(Out):
    id: UUID
    version: int
    dictionary: str
    code: str
    zh: str
    en: str
    position: int
    enabled: bool


class TermIn(In):
    dictionary: Literal["modules", "unit-kinds", "series", "reasons", "posts"]
    code: Code
    zh: Name
    en: Name
    position: Annotated[int, Field(ge=0, le=10_000)] = 0


class TermChange(In):
    version: Annotated[int, Field(ge=1, le=2**53)]
    zh: Name | None = None
    en: Name | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None
    enabled: bool | None = None


class TermsOut(BaseModel):
    items: list[TermOut]


class ScopeIn(In):
    """Path of a unit: everybody in its subtree who has no account."""

    under: Annotated[Search, StringConstraints(min_length=1)]


class OpenSessionOut(BaseModel):
    id: UUID
    account_id: UUID
    username: str
    name: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    client: str
    address: str


@router.get("/parameters", summary="系统参数 / Parameters")
async def parameters(_: Reader, app: App) -> ParametersOut:
    """What holds today."""
    async with app.db.reading() as session:
        held = await configured.held(session, today(app))
    return ParametersOut(
        items=[
            ParameterNow(
                key=d.key, zh=d.zh, en=d.en, least=d.least, most=d.most, default=str(d.default),
                value=(value := held.get(d.key, str(d.default))), protects=d.protects, weaker=d.weaker(int(value)),
            )
            for d in DEFINITIONS.values()
        ]
    )  # fmt: skip


@router.get("/parameters/changes", summary="参数变更 / Changes of parameters")
async def parameter_changes(
    _: GrantReader,
    app: App,
    page: PageQuery,
    status: Literal["proposed", "approved", "refused", "withdrawn"] | None = None,
) -> Page[ChangeLine]:
    async with app.db.reading() as session:
        rows, following = await configured.changes(session, page, status=status)
        held = await configured.held(session, today(app))
    return Page[ChangeLine](items=[_line(row, held) for row in rows], next=following)


def _line(found: tuple[ParameterRow, str | None, str | None], held: Mapping[str, str]) -> ChangeLine:
    row, proposer, decider = found
    known = DEFINITIONS.get(row.key)
    return ChangeLine(
        **ChangeOut.of(row).model_dump(),
        label_zh=known.zh if known else row.key,
        label_en=known.en if known else row.key,
        now=held.get(row.key, str(known.default) if known else ""),
        proposed_by_name=proposer,
        decided_by_name=decider,
    )


@router.post(
    "/parameters/changes",
    status_code=201,
    responses=problems(ParameterUnknown, ParameterOut, ParameterTwice, ParameterPast),
    summary="提出参数变更 / Propose a change",
)
async def propose_parameter(body: ChangeIn, me: ParameterProposer, app: App, once: Once) -> ChangeOut:
    async with app.db.transaction(once=once) as tx:
        row = await configuring.propose(tx, **body.model_dump(), today=today(app), by=me)
        return await tx.answer(ChangeOut.of(row), status=201)


async def _decide(app: App, once: Once, change_id: UUID, to: str, me: ParameterApprover) -> ChangeOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(
            ChangeOut.of(await configuring.decide(tx, change_id, to, today=today(app), by=me))
        )


@router.post(
    "/parameters/changes/{change_id}/approve",
    responses=problems(ParameterState, ParameterPast, ParameterUnknown, ParameterOut, OwnGrant),
    summary="批准参数变更 / Approve",
)
async def approve_parameter(change_id: UUID, me: ParameterApprover, app: App, once: Once) -> ChangeOut:
    return await _decide(app, once, change_id, "approved", me)


@router.post(
    "/parameters/changes/{change_id}/refuse", responses=problems(ParameterState), summary="不批准 / Refuse"
)
async def refuse_parameter(change_id: UUID, me: ParameterApprover, app: App, once: Once) -> ChangeOut:
    return await _decide(app, once, change_id, "refused", me)


@router.post(
    "/parameters/changes/{change_id}/withdraw", responses=problems(ParameterState), summary="撤回 / Withdraw"
)
async def withdraw_parameter(change_id: UUID, me: ParameterProposer, app: App, once: Once) -> ChangeOut:
    return await _decide(app, once, change_id, "withdrawn", me)


@router.get("/terms", summary="字典 / Dictionaries")
async def terms(_: Reader, app: App, dictionary: Key | None = None) -> TermsOut:
    async with app.db.reading() as session:
        return TermsOut(items=[TermOut.of(row) for row in await configured.terms(session, dictionary)])


@router.post("/terms", status_code=201, responses=problems(TermTaken), summary="新增字典项 / Add a word")
async def add_term(body: TermIn, me: ParameterProposer, app: App, once: Once) -> TermOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(
            TermOut.of(await configuring.add_term(tx, **body.model_dump(), by=me)), status=201
        )


@router.patch(
    "/terms/{term_id}", responses=problems(StaleVersion), summary="修改、停用字典项 / Change or disable"
)
async def change_term(
    term_id: UUID, body: TermChange, me: ParameterProposer, app: App, once: Once
) -> TermOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(
            TermOut.of(await configuring.change_term(tx, term_id, **body.model_dump(), by=me))
        )


@router.post(
    "/accounts/roster",
    status_code=202,
    responses=problems(NobodyWithoutAccount),
    summary="为单位全员开通账号 / Accounts for all",
)
async def open_roster_accounts(body: ScopeIn, me: AccountAdmin, app: App, once: Once) -> Asked:
    """An errand; its file has the slips with the one-time passwords, and is handed out once."""
    async with app.db.transaction(once=once) as tx:
        asked = await tx.answer(
            Asked(errand_id=await opening_accounts.start(tx, under=body.under, by=me)), status=202
        )
    app.wake(BELL)
    return asked


@router.get("/sessions/everybody", summary="在线会话 / Everybody's sessions")
async def everybodys_sessions(_: SessionReader, app: App, page: PageQuery) -> Page[OpenSessionOut]:
    async with app.db.reading() as session:
        rows, following = await personal.all_sessions(session, page)
    items = [
        OpenSessionOut(
            username=account.username, name=account.name,
            **{name: getattr(row, name) for name in OpenSessionOut.model_fields if name not in {"username", "name"}},
        )
        for row, account in rows
    ]  # fmt: skip
    return Page[OpenSessionOut](items=items, next=following)
