"""Signing in and out."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, StringConstraints

from contracts.permissions import PERMISSIONS
from kernel.errors import Unauthenticated
from kernel.observability.metrics import LOGINS
from kernel.runtime import Runtime
from kernel.web.access import check_origin, public, self_checked, session_cookie, signed_in, token_cookie
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.org.actions import accounts, door, hashing, signing_in
from services.org.actions.door import OneTimeExpired
from services.org.actions.signing_in import SessionEnded, SignedIn
from services.org.api.access import Anyone
from services.org.api.schemas import In, Out, Password, UnitOut, Username
from services.org.domain.lockout import AccountLocked, WrongCredentials
from services.org.domain.passwords import PasswordWeak
from services.org.domain.second_factor import CodeNeeded, CodeWrong
from services.org.queries import access, structure
from services.org.settings import OrgSettings

router = APIRouter(prefix="/api/org/v1", tags=["session"])


class Credentials(In):
    """`code`: the six digits of an authenticator, for accounts that have one."""

    username: Username
    password: Password
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None


class AccountBrief(Out):
    id: UUID
    username: str
    name: str


class SessionOut(BaseModel):
    account: AccountBrief
    officer_id: UUID | None
    unit_id: UUID | None
    csrf: str
    must_change_password: bool
    expires_at: datetime


class PermissionOut(BaseModel):
    name: str
    zh: str
    en: str


class GrantBrief(BaseModel):
    role: str
    scope_unit_id: UUID
    scope_path: str
    lines: list[str]


class WhoOut(BaseModel):
    account: AccountBrief
    officer_id: UUID | None
    unit: UnitOut | None
    csrf: str
    grants: list[GrantBrief]
    permissions: list[PermissionOut]


class SessionItem(Out):
    id: UUID
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    client: str
    current: bool = False


class SessionsOut(BaseModel):
    items: list[SessionItem]


class NewPassword(In):
    current: Password
    new: Password


def _settings(app: Runtime) -> OrgSettings:
    if not isinstance(app.settings, OrgSettings):
        raise TypeError("org runs with its own settings")
    return app.settings


@router.post(
    "/session",
    dependencies=[public()],
    responses=problems(WrongCredentials, AccountLocked, CodeNeeded, CodeWrong, OneTimeExpired),
    summary="登录 / Sign in",
)
async def sign_in(
    body: Credentials, request: Request, response: Response, app: App, once: Once
) -> SessionOut:
    """Never remembered under an Idempotency-Key: each sign-in is a session of its own."""
    del once
    check_origin(request, app.settings)
    client, address = request.headers.get("user-agent", ""), request.client.host if request.client else ""
    try:
        async with app.db.transaction() as tx:
            await signing_in.refuse_locked(tx, body.username)
            account = await access.account_by_name(tx.session, body.username)
            stored, is_open = (account.password_hash, account.status == "open") if account else (None, False)
    except AccountLocked:
        async with app.db.transaction() as tx:
            signing_in.refused(tx, body.username, "locked")
        raise
    # Hashing takes long; no row is locked meanwhile.
    if not await hashing.matches(stored, body.password) or not is_open:
        async with app.db.transaction() as tx:
            await signing_in.count_failure(tx, body.username, settings=_settings(app))
            if account is not None:
                await door.note(tx, account, "wrong", client=client, address=address)
        LOGINS.labels("password", "bad").inc()
        raise WrongCredentials
    async with app.db.transaction() as tx:
        await signing_in.refuse_locked(tx, body.username)
        account = await access.account_by_name(tx.session, body.username)
        if account is None or account.password_hash != stored or account.status != "open":
            raise WrongCredentials
        await door.check(tx, account, body.code)
        if hashing.is_outdated(account.password_hash):
            await accounts.rehash(account, body.password)
        done = await signing_in.begin(tx, account, client=client, address=address, settings=_settings(app))
        await door.note(tx, account, "ok", client=client, address=address)
    LOGINS.labels("password", "ok").inc()
    return _answer(app, response, done)


@router.post(
    "/session/refresh",
    dependencies=[public()],
    responses=problems(SessionEnded),
    summary="续期 / Go on with the session",
)
async def refresh(request: Request, response: Response, app: App, once: Once) -> SessionOut:
    del once
    check_origin(request, app.settings)
    secret = request.cookies.get(session_cookie(app.settings))
    if not secret:
        raise Unauthenticated
    async with app.db.transaction() as tx:
        done = await signing_in.refresh(tx, secret, settings=_settings(app))
    if done.row.revoked_at is not None:
        raise SessionEnded
    return _answer(app, response, done)


def _answer(app: Runtime, response: Response, done: SignedIn) -> SessionOut:
    token, expires_at = app.sessions.sign(done.principal, done.row.csrf, until=done.rights_until)
    shared: dict[str, Any] = {
        "httponly": True,
        "secure": app.settings.cookie_secure,
        "samesite": "lax",
        "path": "/",
    }
    response.set_cookie(token_cookie(app.settings), token, **shared)
    if done.secret is not None:
        response.set_cookie(session_cookie(app.settings), done.secret, **shared)
    return SessionOut(
        account=AccountBrief.of(done.account),
        officer_id=done.principal.officer_id,
        unit_id=done.principal.unit_id,
        csrf=done.row.csrf,
        must_change_password=done.must_change_password,
        expires_at=expires_at,
    )


@router.get("/session", dependencies=[self_checked()], summary="我是谁 / Who am I")
async def who(request: Request, app: App) -> WhoOut:
    """Also for those who must change their password first: they see that they may do nothing."""
    token = signed_in(request, app)
    me = token.principal
    async with app.db.reading() as session:
        account = await access.account(session, me.account_id)
        unit = await structure.unit(session, me.unit_id) if me.unit_id else None
    return WhoOut(
        account=AccountBrief.of(account),
        officer_id=me.officer_id,
        unit=UnitOut.of(unit) if unit else None,
        csrf=token.csrf,
        grants=[
            GrantBrief(role=g.role, scope_unit_id=g.scope_id, scope_path=g.scope_path, lines=list(g.lines))
            for g in me.grants
        ],
        permissions=[PermissionOut(name=n, zh=zh, en=en) for n, (zh, en) in PERMISSIONS.items() if me.may(n)],
    )


@router.delete("/session", status_code=204, dependencies=[self_checked()], summary="退出 / Sign out")
async def sign_out(request: Request, response: Response, app: App, once: Once) -> None:
    del once
    me = signed_in(request, app).principal
    async with app.db.transaction() as tx:
        await signing_in.end(tx, me.session_id, by=me, own_only=True)
    app.revoked.add(me.session_id)
    for name in (token_cookie(app.settings), session_cookie(app.settings)):
        response.delete_cookie(
            name, path="/", secure=app.settings.cookie_secure, httponly=True, samesite="lax"
        )


@router.get("/sessions", summary="我的会话 / My sessions")
async def sessions(me: Anyone, app: App) -> SessionsOut:
    async with app.db.reading() as session:
        rows = await access.own_sessions(session, me.account_id)
    items = [SessionItem.of(row) for row in rows]
    return SessionsOut(items=[i.model_copy(update={"current": i.id == me.session_id}) for i in items])


@router.delete("/sessions/{session_id}", status_code=204, summary="结束会话 / End a session")
async def end_session(session_id: UUID, me: Anyone, app: App, once: Once) -> None:
    """One's own; somebody else's for the security administrator."""
    async with app.db.transaction(once=once) as tx:
        await signing_in.end(tx, session_id, by=me, own_only=not me.may("org:sessions_revoke"))
        await tx.answer(None, status=204)
    app.revoked.add(session_id)


@router.post(
    "/password",
    status_code=204,
    dependencies=[self_checked()],
    responses=problems(accounts.WrongPassword, PasswordWeak),
    summary="修改口令 / Change the password",
)
async def change_password(body: NewPassword, request: Request, app: App, once: Once) -> None:
    """All sessions end; sign in with the new password."""
    del once
    me = signed_in(request, app).principal
    async with app.db.transaction() as tx:
        await accounts.change_password(tx, current=body.current, new=body.new, by=me, settings=_settings(app))
    app.revoked.add(me.session_id)
