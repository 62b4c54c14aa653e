"""Accounts."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from kernel.errors import Finding, Findings
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.org.actions import accounts as actions
from services.org.actions.accounts import Slip, UsernameTaken
from services.org.api.access import AccountAdmin, GrantReader
from services.org.api.schemas import AccountIn, AccountOut, AccountsIn, SlipOut
from services.org.queries import access

router = APIRouter(prefix="/api/org/v1/accounts", tags=["accounts"])


class SlipsOut(BaseModel):
    accounts: list[SlipOut]


def _slip(slip: Slip) -> SlipOut:
    return SlipOut(
        account_id=slip.account.id,
        officer_id=slip.account.officer_id,
        police_number=slip.police_number,
        username=slip.account.username,
        one_time_password=slip.one_time_password,
    )


@router.get("", summary="账号列表 / Accounts")
async def accounts(
    _: GrantReader,
    app: App,
    page: PageQuery,
    q: Search | None = None,
    status: Literal["open", "closed"] | None = None,
) -> Page[AccountOut]:
    async with app.db.reading() as session:
        rows, following = await access.accounts(session, page, q=q, status=status)
    return Page[AccountOut](items=[AccountOut.of(row) for row in rows], next=following)


@router.post("", status_code=201, responses=problems(UsernameTaken), summary="开通账号 / Open an account")
async def open_account(body: AccountIn, me: AccountAdmin, app: App, once: Once) -> SlipOut:
    """The one-time password is in this answer and nowhere else; a repetition under the same key does not show it."""
    async with app.db.transaction(once=once) as tx:
        if body.officer_id is not None and body.username is None:
            [slip] = await actions.open_for_officers(tx, [body.officer_id], by=me)
        elif body.officer_id is None and body.username and body.name:
            slip = await actions.open_named(tx, body.username, body.name, by=me)
        else:
            raise Findings(
                [
                    Finding(
                        "body",
                        "account-of-whom",
                        "须给出人员,或用户名和姓名",
                        "give an officer, or a user name and a name",
                    )
                ]
            )
        out = _slip(slip)
        await tx.answer(out.model_copy(update={"one_time_password": ""}), status=201)
    return out


@router.post("/batch", status_code=201, responses=problems(UsernameTaken), summary="批量开通 / Open several")
async def open_accounts(body: AccountsIn, me: AccountAdmin, app: App, once: Once) -> SlipsOut:
    """All or none. The one-time passwords are in this answer and nowhere else."""
    async with app.db.transaction(once=once) as tx:
        slips = [_slip(slip) for slip in await actions.open_for_officers(tx, body.officer_ids, by=me)]
        hidden = [slip.model_copy(update={"one_time_password": ""}) for slip in slips]
        await tx.answer(SlipsOut(accounts=hidden), status=201)
    return SlipsOut(accounts=slips)


@router.post("/{account_id}/reset-password", summary="重置口令 / Reset the password")
async def reset_password(account_id: UUID, me: AccountAdmin, app: App, once: Once) -> SlipOut:
    async with app.db.transaction(once=once) as tx:
        out = _slip(await actions.reset_password(tx, account_id, by=me))
        await tx.answer(out.model_copy(update={"one_time_password": ""}))
    return out


@router.post("/{account_id}/close", summary="停用 / Close an account")
async def close(account_id: UUID, me: AccountAdmin, app: App, once: Once) -> AccountOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(AccountOut.of(await actions.set_status(tx, account_id, "closed", by=me)))


@router.post("/{account_id}/open", summary="启用 / Open it again")
async def reopen(account_id: UUID, me: AccountAdmin, app: App, once: Once) -> AccountOut:
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(AccountOut.of(await actions.set_status(tx, account_id, "open", by=me)))
