"""What happens between filing and deciding: admission, material, more time, members' opinions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from services.submissions.actions.appealing import Heard, days_of, locked, stands
from services.submissions.actions.proving import from_library
from services.submissions.actions.recording import record_appeal, seen
from services.submissions.domain.appeal import (
    LIVE,
    AppealState,
    AppealWrongState,
    ExtendedAlready,
    NotTheAppellant,
    NotWaiting,
    move_appeal,
)
from services.submissions.domain.clocks import working
from services.submissions.domain.impartiality import FirstDecider, ensure_may_decide_appeal
from services.submissions.models import AppealRow, OpinionRow
from services.submissions.queries.cases import Case
from services.submissions.queries.papers import decided_in_place_of
from services.submissions.queries.people import judge_of
from services.submissions.settings import SubmissionSettings

MATERIAL_DAYS: Final = 20


async def judged(
    tx: Transaction, appeal_id: UUID, *, by: Principal, settings: SubmissionSettings
) -> tuple[AppealRow, Case, datetime, Principal]:
    """The locked appeal, if `by` may decide it: an adjudicator in scope without any part in it, in neither instance.

    And `by` again, with the absent person in whose place it is done.
    """
    appeal, case, now = await locked(tx, appeal_id, by=by)
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    first = await tx.session.get(AppealRow, appeal.first_id) if appeal.first_id else None
    heard = (appeal.first_admitted_by, *((first.admitted_by, first.decided_by) if first else ()))
    matter = case.matter
    people, deciders = matter.people | {appeal.appellant_id}, matter.deciders | {who for who in heard if who}
    matter = replace(matter, people=people, deciders=deciders)
    by = by.standing_in_for(ensure_may_decide_appeal(judge, matter))
    if await decided_in_place_of(tx.session, appeal.id, (by.account_id, by.acts_for_account)):
        raise FirstDecider
    return appeal, case, now, by


async def admit(tx: Transaction, appeal_id: UUID, *, by: Principal, settings: SubmissionSettings) -> Heard:
    """The appeal will be looked into."""
    appeal, case, now, by = await judged(tx, appeal_id, by=by, settings=settings)
    before = seen(appeal)
    appeal.status = move_appeal(AppealState(appeal.status), AppealState.ADMITTED).value
    appeal.admitted_by = by.officer_id
    await record_appeal(tx, appeal, by=by, action="appeal_admitted", now=now, before=before)
    return appeal, case


async def not_admit(
    tx: Transaction, appeal_id: UUID, *, reason: str, by: Principal, settings: SubmissionSettings
) -> Heard:
    """The appeal is not looked into, for a reason; the decision stands."""
    appeal, case, now, by = await judged(tx, appeal_id, by=by, settings=settings)
    before = seen(appeal)
    appeal.status = move_appeal(AppealState(appeal.status), AppealState.NOT_ADMITTED).value
    appeal.decided_by, appeal.decided_at, appeal.decision_reason = by.officer_id, now, reason
    appeal.again_until = await second_window(tx, appeal, now, settings)
    action = "appeal_not_admitted"
    await stands(tx, case, by=by, now=now, action=action, reason=reason)
    await record_appeal(tx, appeal, by=by, action=action, now=now, before=before, reason=reason)
    return appeal, case


async def ask_for_material(
    tx: Transaction, appeal_id: UUID, *, what: str, days: int, by: Principal, settings: SubmissionSettings
) -> Heard:
    """Ask the appellant for more. The clock stands until it comes, or until `days` working days are over."""
    appeal, case, now, by = await judged(tx, appeal_id, by=by, settings=settings)
    clock, before = await days_of(tx, now, settings), seen(appeal)
    appeal.status = move_appeal(AppealState(appeal.status), AppealState.WAITING).value
    appeal.stopped_at, appeal.days_left = now, clock.left(now, appeal.decide_until)
    appeal.material_asked, appeal.material_until = what, clock.until(now, working("material", days))
    await record_appeal(tx, appeal, by=by, action="material_asked", now=now, before=before, reason=what)
    return appeal, case


async def give_material(
    tx: Transaction,
    appeal_id: UUID,
    *,
    text: str,
    files: Sequence[str],
    by: Principal,
    settings: SubmissionSettings,
) -> Heard:
    """What was asked for: the clock runs again, with the days that were left."""
    appeal, case, now = await locked(tx, appeal_id, by=by)
    if appeal.appellant_id != by.officer_id:
        raise NotTheAppellant
    if appeal.status != AppealState.WAITING:
        raise NotWaiting
    has = {file["sha256"] for file in appeal.files}
    new = [sha256 for sha256 in files if sha256 not in has]
    room = settings.evidence_max_files - len(has)
    added = await from_library(tx, new, by=by, limit=room)
    appeal.files = [*appeal.files, *added]
    await go_on(tx, appeal, now, by=by, settings=settings, action="material_given", reason=text)
    return appeal, case


async def go_on(
    tx: Transaction,
    appeal: AppealRow,
    now: datetime,
    *,
    by: Principal,
    settings: SubmissionSettings,
    action: str,
    reason: str | None,
) -> None:
    """The clock runs again."""
    clock, before = await days_of(tx, now, settings), seen(appeal)
    appeal.status = move_appeal(AppealState(appeal.status), AppealState.ADMITTED).value
    appeal.decide_until = clock.again(now, appeal.days_left or 0)
    appeal.stopped_at = appeal.days_left = appeal.material_until = None
    await record_appeal(tx, appeal, by=by, action=action, now=now, before=before, reason=reason)


async def extend(
    tx: Transaction, appeal_id: UUID, *, days: int, reason: str, by: Principal, settings: SubmissionSettings
) -> Heard:
    """More time to decide, once, with a reason; counted on from the last day there was."""
    appeal, case, now, by = await judged(tx, appeal_id, by=by, settings=settings)
    if AppealState(appeal.status) not in LIVE:
        raise AppealWrongState(
            **{"from": appeal.status, "to": "extended", "from_zh": appeal.status, "to_zh": "延期"}
        )
    if appeal.extended_days or not 1 <= days <= settings.appeal_extend_days:
        raise ExtendedAlready(days=settings.appeal_extend_days)
    clock, before = await days_of(tx, now, settings), seen(appeal)
    appeal.extended_days = days
    if appeal.stopped_at is not None:
        appeal.days_left = (appeal.days_left or 0) + days
    appeal.decide_until = clock.until(appeal.decide_until, working("extension", days))
    await record_appeal(tx, appeal, by=by, action="appeal_extended", now=now, before=before, reason=reason)
    return appeal, case


async def give_opinion(
    tx: Transaction,
    appeal_id: UUID,
    *,
    outcome: str,
    quantity: Decimal | None,
    text: str,
    by: Principal,
    settings: SubmissionSettings,
) -> OpinionRow:
    """For whoever decides; the parties do not see it."""
    appeal, _, now, by = await judged(tx, appeal_id, by=by, settings=settings)
    if AppealState(appeal.status) not in LIVE or by.officer_id is None:
        raise AppealWrongState(
            **{"from": appeal.status, "to": "opinion", "from_zh": appeal.status, "to_zh": "提出意见"}
        )
    row = OpinionRow(
        id=tx.act("appeal_opinion", "appeal", appeal.id, by=by, after={"outcome": outcome}, reason=text),
        appeal_id=appeal.id, officer_id=by.officer_id, name=by.name, outcome=outcome, quantity=quantity, text=text,
        at=now,
    )  # fmt: skip
    tx.session.add(row)
    return row


async def second_window(
    tx: Transaction, appeal: AppealRow, now: datetime, settings: SubmissionSettings
) -> datetime | None:
    """Until when the second instance can be asked; None after it."""
    if appeal.level > 1:
        return None
    clock = await days_of(tx, now, settings)
    return clock.until(now, working("again", settings.appeal_again_days))
