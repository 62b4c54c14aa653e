"""About oneself: first sign-in, own data, sign-ins, preferences, authenticator."""

from datetime import datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from kernel.web.access import self_checked
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Note
from services.org.actions import self_care
from services.org.actions.self_care import NoOfficer, ReportSettled
from services.org.api.access import Anyone, RosterAdmin, SessionEnder
from services.org.api.officers import today
from services.org.api.schemas import In, Out
from services.org.domain import passwords, second_factor
from services.org.domain.second_factor import CodeNotAsked, CodeWrong
from services.org.queries import access, people, personal
from services.org.queries.configured import demands
from services.org.settings import OrgSettings

router = APIRouter(prefix="/api/org/v1", tags=["me"])
Code6 = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class RuleOut(BaseModel):
    code: str
    zh: str
    en: str


class PolicyOut(BaseModel):
    """`rules` are what a new password must fulfil, one by one, so that a page can tick them off while one types."""

    policy: str
    least: int
    most: int
    classes: int
    rules: list[RuleOut]


class MeOut(BaseModel):
    account_id: UUID
    username: str
    name: str
    officer_id: UUID | None
    unit: str | None
    post: str | None
    confirmed_at: datetime | None
    password_changed_at: datetime
    password_expires_at: datetime | None
    authenticator: bool
    preferences: dict[str, Any]


class Preferences(In):
    """What is left out stays as it is. Quiet hours are times of the bureau's zone; messages wait until they end."""

    font_scale: Literal[100, 112, 125] | None = None
    density: Literal["compact", "default", "comfortable"] | None = None
    language: Literal["zh", "en"] | None = None
    shortcuts: bool | None = None
    home_cards: (
        Annotated[
            list[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]], Field(max_length=30)
        ]
        | None
    ) = None
    quiet_from: time | None = None
    quiet_to: time | None = None


class SignInOut(Out):
    id: UUID
    at: datetime
    outcome: str
    client: str
    address: str


class ReportIn(In):
    note: Note


class ReportOut(Out):
    id: UUID
    officer_id: UUID
    note: str
    status: str
    answer: str | None
    created_at: datetime
    settled_at: datetime | None


class AnswerIn(In):
    answer: Note


class AuthenticatorOut(BaseModel):
    """Shown once: the key, and the address that an authenticator reads from a QR code."""

    secret: str
    address: str


class CodeIn(In):
    code: Code6


@router.get("/password-policy", dependencies=[self_checked()], summary="口令要求 / Rules for passwords")
async def password_policy(app: App) -> PolicyOut:
    """Also for those who must change their password before anything else."""
    policy = passwords.Policy(
        app.settings.password_policy if isinstance(app.settings, OrgSettings) else "mlps3"
    )
    async with app.db.reading() as session:
        asked = await demands(session, today(app))
    rules = [RuleOut(code=code, zh=zh, en=en) for code, zh, en in passwords.rules(policy, asked)]
    least = passwords.least(policy, asked)
    classes = passwords.MLPS3_CLASSES if policy is passwords.Policy.MLPS3 else 1
    return PolicyOut(policy=policy, least=least, most=passwords.LONGEST, classes=classes, rules=rules)


@router.get("/me", summary="个人中心 / My data")
async def my_data(me: Anyone, app: App) -> MeOut:
    async with app.db.reading() as session:
        account = await access.account(session, me.account_id)
        place = await people.place(session, me.officer_id, today(app)) if me.officer_id else None
        asked = await demands(session, today(app))
    policy = passwords.Policy(
        app.settings.password_policy if isinstance(app.settings, OrgSettings) else "mlps3"
    )
    return MeOut(
        account_id=account.id,
        username=account.username,
        name=account.name,
        officer_id=account.officer_id,
        unit=place[0] if place else None,
        post=place[1] if place else None,
        confirmed_at=account.confirmed_at,
        password_changed_at=account.password_changed_at,
        password_expires_at=passwords.expires(policy, account.password_changed_at, asked),
        authenticator=account.totp_confirmed,
        preferences=account.preferences,
    )


@router.post("/me/confirm", summary="确认本人信息无误 / My data are right")
async def confirm_my_data(me: Anyone, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await self_care.confirm(tx, by=me)
        await tx.answer(None)


@router.post(
    "/me/report", status_code=201, responses=problems(NoOfficer), summary="信息有误 / My data are wrong"
)
async def report_my_data(body: ReportIn, me: Anyone, app: App, once: Once) -> ReportOut:
    """Goes to the roster administrator's list."""
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(ReportOut.of(await self_care.report(tx, body.note, by=me)), status=201)


@router.patch("/me/preferences", summary="偏好 / Preferences")
async def my_preferences(body: Preferences, me: Anyone, app: App, once: Once) -> dict[str, Any]:
    async with app.db.transaction(once=once) as tx:
        wanted = body.model_dump(mode="json", exclude_unset=True)
        return await tx.answer((await self_care.prefer(tx, wanted, by=me)).preferences)


@router.get("/me/sign-ins", summary="登录记录 / My sign-ins")
async def my_sign_ins(me: Anyone, app: App, page: PageQuery) -> Page[SignInOut]:
    """Newest first, wrong passwords included."""
    async with app.db.reading() as session:
        rows, following = await personal.sign_ins(session, page, account_id=me.account_id)
    return Page[SignInOut](items=[SignInOut.of(row) for row in rows], next=following)


@router.post("/me/authenticator", summary="绑定验证器 / Begin with an authenticator")
async def begin_authenticator(me: Anyone, app: App, once: Once) -> AuthenticatorOut:
    del once  # never remembered: the key is shown once
    async with app.db.transaction() as tx:
        row, secret = await self_care.begin_authenticator(tx, by=me)
    return AuthenticatorOut(secret=secret, address=second_factor.address(secret, row.username))


@router.post(
    "/me/authenticator/confirm",
    status_code=204,
    responses=problems(CodeWrong, CodeNotAsked),
    summary="启用验证器 / Put the authenticator in force",
)
async def confirm_authenticator(body: CodeIn, me: Anyone, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await self_care.confirm_authenticator(tx, body.code, by=me)
        await tx.answer(None, status=204)


@router.post(
    "/accounts/{account_id}/drop-authenticator",
    status_code=204,
    summary="解除验证器 / Drop a lost authenticator",
)
async def drop_authenticator(account_id: UUID, me: SessionEnder, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await self_care.drop_authenticator(tx, account_id, by=me)
        await tx.answer(None, status=204)


@router.get("/roster-reports", summary="信息有误反馈 / Reports of wrong data")
async def roster_reports(
    _: RosterAdmin, app: App, page: PageQuery, status: Literal["open", "settled"] | None = "open"
) -> Page[ReportOut]:
    async with app.db.reading() as session:
        rows, following = await personal.reports(session, page, status=status)
    return Page[ReportOut](items=[ReportOut.of(row) for row in rows], next=following)


@router.post(
    "/roster-reports/{report_id}/settle", responses=problems(ReportSettled), summary="答复 / Settle a report"
)
async def settle_report(report_id: UUID, body: AnswerIn, me: RosterAdmin, app: App, once: Once) -> ReportOut:
    async with app.db.transaction(once=once) as tx:
        row = await self_care.settle(tx, report_id, body.answer, by=me)
        await tx.session.refresh(row, ["created_at"])
        return await tx.answer(ReportOut.of(row))
