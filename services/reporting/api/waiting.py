"""To-dos and messages of whoever asks."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.reporting.actions import marking
from services.reporting.actions.marking import KindObligatory, SnoozeTooLong
from services.reporting.api.access import Recipient
from services.reporting.domain.todos import OBLIGATORY, Action, News
from services.reporting.queries import waiting
from services.reporting.queries.waiting import Message, Tab, Todo

router = APIRouter(prefix="/api/reporting/v1", tags=["waiting"])
MOST = 200
Ids = Annotated[list[UUID], Field(min_length=1, max_length=MOST)]


class TodoOut(BaseModel):
    """`closed_by`: who did it, where that is known. `facts`: what to show of the object, such as its number."""

    id: UUID
    action: Action
    object_kind: str
    object_id: UUID
    period_id: UUID | None
    period_code: str | None
    indicator_id: UUID | None
    indicator_name: str | None
    subject_id: UUID | None
    subject_name: str | None
    unit_name: str | None
    facts: dict[str, Any]
    opened_at: datetime
    due_at: datetime | None
    snoozed_until: datetime | None
    done: bool
    closed_at: datetime | None
    closed_by: str | None

    @classmethod
    def of(cls, found: Todo) -> "TodoOut":
        row = found.row
        return cls(
            id=row.id, action=Action(row.action), object_kind=row.object_kind, object_id=row.object_id,
            period_id=row.period_id, period_code=found.period, indicator_id=row.indicator_id,
            indicator_name=found.indicator, subject_id=row.subject_id, subject_name=found.subject, unit_name=found.unit,
            facts=row.facts, opened_at=row.opened_at, due_at=found.due_at, snoozed_until=found.snoozed_until,
            done=row.closed, closed_at=row.closed_at, closed_by=found.closed_by,
        )  # fmt: skip


class CountsOut(BaseModel):
    """For the bell."""

    todos: dict[Action, int]
    overdue: int
    unread: int


class MessageOut(BaseModel):
    id: UUID
    news: News
    obligatory: bool
    object_kind: str
    object_id: UUID
    period_id: UUID | None
    period_code: str | None
    indicator_name: str | None
    subject_name: str | None
    facts: dict[str, Any]
    at: datetime
    unread: bool

    @classmethod
    def of(cls, found: Message) -> "MessageOut":
        row = found.row
        return cls(
            id=row.id, news=News(row.news), obligatory=row.news in OBLIGATORY, object_kind=row.object_kind,
            object_id=row.object_id, period_id=row.period_id, period_code=found.period, indicator_name=found.indicator,
            subject_name=found.subject, facts=row.facts, at=row.at, unread=found.unread,
        )  # fmt: skip


class Snooze(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ids: Ids
    until: AwareDatetime


class Snoozed(BaseModel):
    """Of those asked for, so many were open and one's own."""

    count: int


class Marked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ids: Ids


class Preferences(BaseModel):
    model_config = ConfigDict(extra="forbid")

    muted: set[News]


@router.get("/todos", summary="待办 / What waits for me")
async def todos(
    me: Recipient, app: App, page: PageQuery, *, tab: Tab = Tab.OPEN, action: Action | None = None
) -> Page[TodoOut]:
    """One for each object and action. What somebody else has done is closed, and says by whom."""
    async with app.db.reading() as session:
        found, following = await waiting.todos(
            session, me, tab, page, now=app.clock.now().astimezone(app.zone), action=action
        )
    return Page[TodoOut](items=[TodoOut.of(todo) for todo in found], next=following)


@router.get("/todos/summary", summary="待办与消息计数 / Counts for the bell")
async def todo_counts(me: Recipient, app: App) -> CountsOut:
    async with app.db.reading() as session:
        found, overdue = await waiting.counts(session, me, app.clock.now().astimezone(app.zone))
        unread = await waiting.unread(session, me)
    return CountsOut(todos={Action(k): n for k, n in found.items()}, overdue=overdue, unread=unread)


@router.post("/todos/snooze", responses=problems(SnoozeTooLong), summary="延后 / Put off")
async def snooze(body: Snooze, me: Recipient, app: App, once: Once) -> Snoozed:
    async with app.db.transaction(once=once) as tx:
        today = (await tx.now()).astimezone(app.zone).date()
        count = await marking.snooze(tx, body.ids, until=body.until, today=today, by=me)
        return await tx.answer(Snoozed(count=count))


@router.get("/messages", summary="消息 / Messages")
async def messages(
    me: Recipient,
    app: App,
    page: PageQuery,
    *,
    unread: Annotated[bool, Query()] = False,
    news: News | None = None,
) -> Page[MessageOut]:
    async with app.db.reading() as session:
        found, following = await waiting.messages(session, me, page, unread=unread, news=news)
    return Page[MessageOut](items=[MessageOut.of(message) for message in found], next=following)


@router.post("/messages/read", status_code=204, summary="标为已读 / Mark as read")
async def read(body: Marked, me: Recipient, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await marking.read(tx, body.ids, by=me)
        await tx.answer(None, status=204)


@router.post("/messages/read-all", status_code=204, summary="全部已读 / Mark all as read")
async def read_all(me: Recipient, app: App, once: Once) -> None:
    async with app.db.transaction(once=once) as tx:
        await marking.read_all(tx, by=me)
        await tx.answer(None, status=204)


@router.get("/messages/preferences", summary="消息设置 / Which kinds are muted")
async def preferences(me: Recipient, app: App) -> Preferences:
    async with app.db.reading() as session:
        row = await waiting.inbox(session, me)
    return Preferences(muted={News(kind) for kind in row.muted} if row else set())


@router.put("/messages/preferences", responses=problems(KindObligatory), summary="屏蔽消息种类 / Mute kinds")
async def mute(body: Preferences, me: Recipient, app: App, once: Once) -> Preferences:
    """All but the obligatory kinds."""
    async with app.db.transaction(once=once) as tx:
        row = await marking.mute(tx, body.muted, by=me)
        return await tx.answer(Preferences(muted={News(kind) for kind in row.muted}))
