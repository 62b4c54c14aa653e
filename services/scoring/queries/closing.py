"""What closing a period reads: its row, what is still open, how far the figures have moved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.submissions import SubmissionStatus
from contracts.targets import TargetStatus
from kernel.db.paging import PageRequest, fetch_page
from kernel.identity import Principal
from services.scoring.domain.awards import AwardState
from services.scoring.domain.checks import SCORES, STALE
from services.scoring.domain.closing import Check, ClosingMissing, ObjectionMissing, ObjectionState
from services.scoring.models import (
    AwardRow,
    CheckRunRow,
    ClosingRow,
    ClosingStepRow,
    ObjectionRow,
    RollUpDueRow,
    TrialLineRow,
    TrialRow,
)
from services.scoring.queries import appeals, planned, replay, shortfalls
from services.scoring.queries import checks as checked
from services.scoring.replicas import (
    PeriodReplica,
    SchemeReplica,
    SubmissionReplica,
    TargetReplica,
    UnitReplica,
)

_DIGEST = text(
    "SELECT encode(sha256(convert_to(coalesce(string_agg("
    "subject_kind || ' ' || subject_id || ' ' || unit_id || ' ' || total_milli || ' ' || entries, ',' "
    "ORDER BY subject_kind, subject_id), ''), 'UTF8')), 'hex') FROM statement WHERE period_id = :period"
)


async def scope_path(session: AsyncSession, scheme_id: UUID) -> str:
    """The path of the unit that a scheme reaches from; whoever closes its periods has a grant that covers it."""
    query = select(UnitReplica.path).join(SchemeReplica, SchemeReplica.scope_unit_id == UnitReplica.id)
    path = await session.scalar(query.where(SchemeReplica.id == scheme_id))
    if path is None:
        raise ClosingMissing
    return path


async def period(session: AsyncSession, period_id: UUID) -> PeriodReplica:
    row = await session.get(PeriodReplica, period_id, populate_existing=True)
    if row is None:
        raise ClosingMissing
    return row


async def covered(
    session: AsyncSession, period_id: UUID, principal: Principal, permission: str
) -> PeriodReplica:
    """The period. Raises NotFound unless a grant gives `permission` where its scheme reaches from."""
    row = await period(session, period_id)
    if not principal.covers(permission, await scope_path(session, row.scheme_id)):
        raise ClosingMissing
    return row


async def closing(session: AsyncSession, period_id: UUID, *, lock: bool = False) -> ClosingRow:
    query = select(ClosingRow).where(ClosingRow.period_id == period_id)
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise ClosingMissing
    return row


async def closings(
    session: AsyncSession, page: PageRequest, *, scheme_id: UUID | None
) -> tuple[list[ClosingRow], str | None]:
    query = select(ClosingRow)
    if scheme_id is not None:
        query = query.where(ClosingRow.scheme_id == scheme_id)
    return await fetch_page(session, query, [ClosingRow.id], page, key=lambda row: [row.id])


async def steps(session: AsyncSession, period_id: UUID) -> Sequence[ClosingStepRow]:
    query = select(ClosingStepRow).where(ClosingStepRow.period_id == period_id)
    return (await session.scalars(query.order_by(ClosingStepRow.id))).all()


async def checks(session: AsyncSession, period_id: UUID) -> list[Check]:
    """All of them, those that pass too (count 0), so that a person sees what was looked at."""
    works = await _by_status(session, SubmissionReplica, period_id)
    goals = await _by_status(session, TargetReplica, period_id)
    undecided = works.get(SubmissionStatus.SUBMITTED, 0) + works.get(SubmissionStatus.IN_REVIEW, 0)
    pending = select(func.count()).where(
        AwardRow.period_id == period_id, AwardRow.status == AwardState.PENDING
    )
    due = select(func.count()).where(RollUpDueRow.period_id == period_id)
    waiting = int(await session.scalar(due) or 0) + await planned.due(session, period_id)
    begun_at = await session.scalar(select(ClosingRow.begun_at).where(ClosingRow.period_id == period_id))
    files = await checked.unsound(session, period_id, begun_at) if begun_at else 0
    nightly = await checked.latest_runs(session)
    objections = select(func.count()).where(
        ObjectionRow.period_id == period_id, ObjectionRow.state == ObjectionState.OPEN
    )
    work = f"/api/submissions/v1/submissions?period_id={period_id}&status="
    goal = f"/api/targets/v1/targets?period_id={period_id}&status="
    return [
        Check("undecided", undecided, True, "已提交尚未审核的工作", "submissions not decided", work + "submitted"),
        Check(
            "under-appeal", works.get(SubmissionStatus.UNDER_APPEAL, 0), True,
            "复议尚未裁决", "appeals not decided", work + "under_appeal",
        ),
        Check(
            "awards-pending", int(await session.scalar(pending) or 0), True,
            "加减分尚未复核", "bonuses and penalties not signed",
            f"/api/scoring/v1/awards?period_id={period_id}&status=pending",
        ),
        Check(
            "streams-stopped", await replay.stopped(session), True,
            "已停止接收的事件流(分叉或哈希不符)", "streams that stopped: forked, or not what their hash says",
            "/api/scoring/v1/integrity",
        ),
        Check(
            "events-waiting", await replay.waiting(session), True,
            "已收到尚未入账的事件", "events recorded and not applied", "/api/scoring/v1/integrity/parked",
        ),
        Check(
            "shortfalls-due", await shortfalls.waiting(session, period_id), True,
            "未完成目标尚未入账", "shortfalls not posted yet", None,
        ),
        Check(
            "entry-appeals", await appeals.open_in(session, period_id), True,
            "对得分的复议尚未裁决", "appeals against entries not decided",
            f"/api/scoring/v1/entry-appeals?period_id={period_id}&open=true",
        ),
        Check(
            "attachments", files, True, "附件尚未逐一核对,或不完好", "files not hashed again yet, or not whole",
            f"/api/scoring/v1/closings/{period_id}/files",
        ),
        Check(
            "verification", sum(run.failures for run in nightly), True, "夜间核验不通过", "a nightly check that failed",
            "/api/scoring/v1/verification/runs",
        ),
        Check("figures-due", waiting, True, "得分正在汇总", "figures being added up", None),
        Check(
            "objections", int(await session.scalar(objections) or 0), True,
            "异议尚未答复", "objections not answered", f"/api/scoring/v1/closings/{period_id}/objections?state=open",
        ),
        Check(
            "verification-stale", int(await _stale(session, nightly)), False,
            "五十小时内没有完整核验", "no verification of everything within fifty hours", "/api/scoring/v1/verification/runs",
        ),
        Check(
            "returned", works.get(SubmissionStatus.RETURNED, 0), False,
            "退回修改后未再提交的工作", "work returned and not sent again", work + "returned",
        ),
        Check(
            "targets-draft", goals.get(TargetStatus.DRAFT, 0), False,
            "尚未下达的目标", "targets not issued", goal + "draft",
        ),
        Check(
            "targets-unacknowledged", goals.get(TargetStatus.ISSUED, 0) + goals.get(TargetStatus.REVISED, 0), False,
            "尚未签收的目标", "targets not acknowledged", goal + "issued",
        ),
    ]  # fmt: skip


async def _stale(session: AsyncSession, nightly: Sequence[CheckRunRow]) -> bool:
    now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return not any(run.name == SCORES and run.ended_at > now - STALE for run in nightly)


async def digest(session: AsyncSession, period_id: UUID) -> str:
    """SHA-256 over all statements of the period; equal to a trial's when nothing has moved since."""
    return str(await session.scalar(_DIGEST, {"period": period_id}))


async def last_trial(session: AsyncSession, period_id: UUID) -> TrialRow | None:
    query = select(TrialRow).where(TrialRow.period_id == period_id)
    return await session.scalar(query.order_by(TrialRow.number.desc()).limit(1))


async def trial_lines(
    session: AsyncSession, page: PageRequest, period_id: UUID, number: int, *, moved: bool
) -> tuple[list[TrialLineRow], str | None]:
    query = select(TrialLineRow).where(TrialLineRow.period_id == period_id, TrialLineRow.number == number)
    if moved:
        query = query.where(TrialLineRow.moved_milli > 0)
    return await fetch_page(session, query, [TrialLineRow.subject_id], page, key=lambda row: [row.subject_id])


def objections_visible_to(principal: Principal) -> ColumnElement[bool]:
    """One's own, those about one's own figures or one's subtree, and all within a grant to close. Joined to the unit."""
    ways: list[ColumnElement[bool]] = [ObjectionRow.raised_by == principal.account_id]
    if principal.officer_id is not None:
        ways.append(
            and_(ObjectionRow.subject_kind == "officer", ObjectionRow.subject_id == principal.officer_id)
        )
    for permission in ("scoring:close", "scoring:object"):
        ways += [func.starts_with(UnitReplica.path, scope.path) for scope in principal.scopes(permission)]
    return or_(false(), *ways)


async def objections(
    session: AsyncSession, page: PageRequest, principal: Principal, period_id: UUID, state: str | None
) -> tuple[list[ObjectionRow], str | None]:
    query = (
        select(ObjectionRow)
        .join(UnitReplica, UnitReplica.id == ObjectionRow.unit_id)
        .where(ObjectionRow.period_id == period_id, objections_visible_to(principal))
    )
    if state is not None:
        query = query.where(ObjectionRow.state == state)
    return await fetch_page(session, query, [ObjectionRow.id], page, key=lambda row: [row.id])


async def lock_objection(session: AsyncSession, objection_id: UUID) -> ObjectionRow:
    row = await session.get(ObjectionRow, objection_id, with_for_update=True)
    if row is None:
        raise ObjectionMissing
    return row


async def _by_status(session: AsyncSession, row: type[Any], period_id: UUID) -> dict[str, int]:
    query = select(row.status, func.count()).where(row.period_id == period_id).group_by(row.status)
    return {status: int(count) for status, count in (await session.execute(query)).all()}
