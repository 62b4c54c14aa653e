"""What waits for one person, and what he was told: one rule of visibility for lists, counts and marks."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    any_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from contracts.permissions import permissions_of
from kernel.db.paging import PageRequest, cut, keyset
from kernel.identity import GrantClaim, Principal
from services.reporting.domain.todos import OBLIGATORY
from services.reporting.models import InboxRow, MessageMarkRow, MessageRow, TodoMarkRow, TodoRow
from services.reporting.queries.waiting_items import TodoItem
from services.reporting.replicas import (
    GrantReplica,
    IndicatorReplica,
    OfficerReplica,
    PeriodReplica,
    PostingReplica,
    RecusalReplica,
    UnitReplica,
)

_FAR = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


class Tab(StrEnum):
    """`mine`: what others are to do for me."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"
    MINE = "mine"


_PERMISSIONS = (
    "submissions:review",
    "submissions:decide_appeals",
    "targets:acknowledge",
    "targets:cascade",
    "targets:supervise",
    "targets:calendar",
    "org:grants_propose",
    "org:grants_approve",
    "reporting:sign",
    "scoring:confirm_award",
    "scoring:close",
    "scoring:seal",
    "scoring:decide_appeals",
)
#: What is asked of a whole scheme and still decides about one of its people: a matter for nobody who is recused.
_ABOUT_ONE = ("answer_objection",)
_via = aliased(UnitReplica)
_subject = aliased(OfficerReplica)
_closer = aliased(OfficerReplica)
_barred = aliased(UnitReplica)
_home = aliased(UnitReplica)


def for_me(me: Principal, today: date) -> ColumnElement[bool]:
    """For `_todos`: given to me, or to whoever has my part of the tree and my lines; never what I must not judge."""
    ways: list[ColumnElement[bool]] = []
    if me.officer_id is not None:
        ways.append(TodoItem.officer_id == me.officer_id)
    for permission in _PERMISSIONS:
        for held in (grant for grant in me.grants if permission in permissions_of(grant.role)):
            here = and_(
                TodoItem.permission == permission,
                UnitReplica.path.startswith(held.scope_path, autoescape=True),
                _routed(me, held, today),
            )
            if held.lines:
                here = and_(here, or_(TodoItem.indicator_id.is_(None), IndicatorReplica.line.in_(held.lines)))
            ways.append(here)
    return and_(or_(false(), *ways), _impartial(me, today))


def _impartial(me: Principal, today: date) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    if me.officer_id is not None:
        judged = or_(TodoItem.judges, TodoItem.action.in_(_ABOUT_ONE))
        found.append(not_(and_(judged, _recused(me.officer_id, today))))
        found.append(not_(literal(me.officer_id) == any_(TodoItem.never)))
    found.append(not_(literal(me.account_id) == any_(TodoItem.never)))
    if me.unit_path is not None:
        own = func.starts_with(literal(me.unit_path), UnitReplica.path)
        found.append(or_(not_(TodoItem.judges), not_(func.coalesce(own, False))))
    return and_(True, *found)


def _routed(me: Principal, held: GrantClaim, today: date) -> ColumnElement[bool]:
    """To nobody in particular, or to a unit in which the holder of the right serves: oneself, or who is absent."""
    if held.delegated_by is not None:
        here: ColumnElement[bool] = exists().where(
            GrantReplica.account_id == held.delegated_by,
            PostingReplica.officer_id == GrantReplica.officer_id,
            ~PostingReplica.deleted,
            PostingReplica.valid_from <= today,
            or_(PostingReplica.valid_to.is_(None), PostingReplica.valid_to >= today),
            _home.id == PostingReplica.unit_id,
            func.starts_with(_home.path, _via.path),
        ).correlate(_via)  # fmt: skip
    else:
        here = (
            func.coalesce(func.starts_with(literal(me.unit_path), _via.path), False)
            if me.unit_path
            else true()
        )
    return or_(TodoItem.via_unit_id.is_(None), here)


def _recused(officer_id: UUID, today: date) -> ColumnElement[bool]:
    """From the subject, from whoever sent the work, or from the unit or one above it."""
    row = RecusalReplica
    above = exists().where(_barred.id == row.subject_id, func.starts_with(UnitReplica.path, _barred.path))
    sender = and_(TodoItem.permission == "submissions:review", row.subject_id == any_(TodoItem.never))
    return exists().where(
        row.officer_id == officer_id,
        row.in_force,
        row.valid_from <= today,
        or_(row.valid_to.is_(None), row.valid_to >= today),
        or_(row.subject_id == TodoItem.subject_id, sender, above.correlate(row, UnitReplica)),
    )


@dataclass(frozen=True, slots=True)
class Todo:
    row: TodoRow
    indicator: str | None
    period: str | None
    subject: str | None
    unit: str | None
    closed_by: str | None
    due_at: datetime | None
    snoozed_until: datetime | None


def _closed_by() -> ColumnElement[Any]:
    """By his name; where an account did it, by that of the officer whose role it was."""
    held = (
        select(func.min(OfficerReplica.name))
        .join(GrantReplica, GrantReplica.officer_id == OfficerReplica.id)
        .where(GrantReplica.account_id == TodoItem.closed_by)
    )
    return func.coalesce(_closer.name, held.correlate(TodoItem).scalar_subquery())


def _due() -> ColumnElement[Any]:
    """A submission that waits to be sent is due at the period's cut-off."""
    cutoff = case((TodoItem.action == "submit", PeriodReplica.cutoff_at))
    return func.coalesce(TodoItem.due_at, cutoff, _FAR)


def _todos(me: Principal, *columns: Any) -> Select[Any]:
    """`TodoItem` and the names beside it."""
    mark = and_(TodoMarkRow.todo_id == TodoItem.id, TodoMarkRow.account_id == me.account_id)
    return (
        select(*columns)
        .select_from(TodoItem)
        .outerjoin(UnitReplica, UnitReplica.id == TodoItem.unit_id)
        .outerjoin(_via, _via.id == TodoItem.via_unit_id)
        .outerjoin(IndicatorReplica, IndicatorReplica.id == TodoItem.indicator_id)
        .outerjoin(PeriodReplica, PeriodReplica.id == TodoItem.period_id)
        .outerjoin(_subject, _subject.id == TodoItem.subject_id)
        .outerjoin(_closer, _closer.id == TodoItem.closed_by)
        .outerjoin(TodoMarkRow, mark)
        .params(me=me.account_id, mine=me.unit_id)
    )


def _on(tab: Tab, me: Principal, now: datetime) -> ColumnElement[bool]:
    later = TodoMarkRow.snoozed_until > now
    match tab:
        case Tab.OPEN:
            return and_(for_me(me, now.date()), not_(TodoItem.closed), func.coalesce(later, False).is_(False))
        case Tab.SNOOZED:
            return and_(for_me(me, now.date()), not_(TodoItem.closed), later)
        case Tab.DONE:
            return and_(for_me(me, now.date()), TodoItem.closed)
        case _:
            mine = TodoItem.subject_id == me.officer_id
            return and_(mine, TodoItem.officer_id.is_distinct_from(me.officer_id), not_(TodoItem.closed))


async def todos(
    session: AsyncSession, me: Principal, tab: Tab, page: PageRequest, *, now: datetime, action: str | None
) -> tuple[list[Todo], str | None]:
    """`now` in the bureau's zone. Open ones by their due date, done ones by when they were done, newest first."""
    due = _due()
    done = tab is Tab.DONE
    order = (func.coalesce(TodoItem.closed_at, TodoItem.opened_at) if done else due, TodoItem.id)
    query = _todos(
        me, TodoItem, IndicatorReplica.name, PeriodReplica.code, _subject.name, UnitReplica.name, _closed_by(),
        order[0], TodoMarkRow.snoozed_until, due,
    ).where(_on(tab, me, now))  # fmt: skip
    if action is not None:
        query = query.where(TodoItem.action == action)
    rows = (await session.execute(keyset(query, order, page, descending=done))).all()
    shown, following = cut(rows, page, lambda row: (row[6], row[0].id))
    return [_todo(row) for row in shown], following


def _todo(row: Any) -> Todo:
    due = None if row[8] == _FAR else row[8]
    return Todo(row[0], row[1], row[2], row[3], row[4], row[5], due, row[7])


async def counts(session: AsyncSession, me: Principal, now: datetime) -> tuple[dict[str, int], int]:
    """`now` in the bureau's zone. Open to-dos by action, and how many of them are overdue."""
    query = _todos(me, TodoItem.action, func.count(), func.count().filter(_due() < now))
    rows = (await session.execute(query.where(_on(Tab.OPEN, me, now)).group_by(TodoItem.action))).all()
    return {row[0]: row[1] for row in rows}, sum(row[2] for row in rows)


async def visible_ids(session: AsyncSession, me: Principal, ids: list[UUID], today: date) -> list[UUID]:
    """Those of the to-dos that are for me and still open."""
    query = _todos(me, TodoItem.id).where(for_me(me, today), TodoItem.id.in_(ids), not_(TodoItem.closed))
    return list((await session.scalars(query)).all())


def told_me(me: Principal) -> ColumnElement[bool]:
    """For messages: to me, to everybody, or to whoever leads a unit of mine."""
    ways: list[ColumnElement[bool]] = [MessageRow.everybody.is_(True)]
    if me.officer_id is not None:
        ways.append(MessageRow.officer_id == me.officer_id)
    for permission in _PERMISSIONS:
        for scope in me.scopes(permission):
            path = UnitReplica.path.startswith(scope.path, autoescape=True)
            ways.append(and_(MessageRow.permission == permission, path))
    return or_(*ways)


def _messages(me: Principal, *columns: Any) -> Select[Any]:
    mark = and_(MessageMarkRow.message_id == MessageRow.id, MessageMarkRow.account_id == me.account_id)
    muted = select(func.unnest(InboxRow.muted)).where(InboxRow.account_id == me.account_id)
    return (
        select(*columns)
        .select_from(MessageRow)
        .outerjoin(UnitReplica, UnitReplica.id == MessageRow.unit_id)
        .outerjoin(IndicatorReplica, IndicatorReplica.id == MessageRow.indicator_id)
        .outerjoin(PeriodReplica, PeriodReplica.id == MessageRow.period_id)
        .outerjoin(_subject, _subject.id == MessageRow.subject_id)
        .outerjoin(MessageMarkRow, mark)
        .outerjoin(InboxRow, InboxRow.account_id == me.account_id)
        .where(told_me(me), or_(MessageRow.news.in_(list(OBLIGATORY)), MessageRow.news.not_in(muted)))
    )


def _unread() -> ColumnElement[bool]:
    return and_(
        MessageMarkRow.read_at.is_(None), or_(InboxRow.read_to.is_(None), MessageRow.at > InboxRow.read_to)
    )


@dataclass(frozen=True, slots=True)
class Message:
    row: MessageRow
    unread: bool
    indicator: str | None
    period: str | None
    subject: str | None


async def messages(
    session: AsyncSession, me: Principal, page: PageRequest, *, unread: bool, news: str | None
) -> tuple[list[Message], str | None]:
    """Newest first."""
    query = _messages(me, MessageRow, _unread(), IndicatorReplica.name, PeriodReplica.code, _subject.name)
    query = query.where(_unread()) if unread else query
    query = query.where(MessageRow.news == news) if news is not None else query
    rows = (await session.execute(keyset(query, (MessageRow.at, MessageRow.id), page, descending=True))).all()
    shown, following = cut(rows, page, lambda row: (row[0].at, row[0].id))
    return [Message(*row) for row in shown], following


async def unread(session: AsyncSession, me: Principal) -> int:
    return await session.scalar(_messages(me, func.count()).where(_unread())) or 0


async def inbox(session: AsyncSession, me: Principal) -> InboxRow | None:
    return await session.get(InboxRow, me.account_id)
