"""What events bring beside copies: to-dos and messages."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time

from sqlalchemy import select

from contracts import deciding, org, scoring, submissions, supervision, targets
from contracts.deadlines import LateApplication
from contracts.scoring import ClosingStatus
from kernel.delivery.handlers import Delivered, MissingReference
from kernel.delivery.replicas import Replica
from kernel.delivery.transaction import Transaction
from services.reporting.actions import following, following_scoring, freezing
from services.reporting.actions.indexing import submissions_kept
from services.reporting.actions.waiting import keep_and_follow, settle, submissions_due
from services.reporting.domain.todos import Audience, Follow, News, Thing, Told
from services.reporting.replicas import (
    AppealReplica,
    AwardReplica,
    CorrectionReplica,
    EntryAppealReplica,
    GrantReplica,
    LateApplicationReplica,
    ObjectionReplica,
    ReminderReplica,
    SubmissionReplica,
    SupervisionNoteReplica,
    TargetReplica,
)


async def submissions_moved(tx: Transaction, events: Sequence[submissions.Submission]) -> None:
    await keep_and_follow(tx, SubmissionReplica, events, following.submission)
    await submissions_due(tx, (event.target_id for event in events))
    await submissions_kept(tx, events)


async def appeals_moved(tx: Transaction, events: Sequence[submissions.Appeal]) -> None:
    """An appeal comes after its submission, in one order."""
    ids = {event.submission_id for event in events}
    rows = await tx.session.scalars(
        select(SubmissionReplica).where(SubmissionReplica.id.in_(ids)),
        execution_options={"populate_existing": True},
    )
    about = {row.id: row for row in rows}
    if ids - about.keys():
        raise MissingReference(what="submission")

    def follow(event: submissions.Appeal, _: str | None) -> Iterator[Follow]:
        return following.appeal(event, about[event.submission_id])

    await keep_and_follow(tx, AppealReplica, events, follow)


async def targets_moved(tx: Transaction, events: Sequence[targets.Target]) -> None:
    await keep_and_follow(tx, TargetReplica, events, following.target)
    await submissions_due(tx, (event.id for event in events))


async def grants_moved(tx: Transaction, events: Sequence[org.Grant]) -> None:
    """A grant does not say when it was proposed; it is listed by the day from which it is to hold."""

    def follow(event: org.Grant, _: str | None) -> Iterator[Follow]:
        return following.grant(event, datetime.combine(event.valid_from, time(), UTC))

    await keep_and_follow(tx, GrantReplica, events, follow)


async def notes_moved(tx: Transaction, events: Sequence[supervision.SupervisionNote]) -> None:
    await keep_and_follow(tx, SupervisionNoteReplica, events, following.note)


async def late_applications_moved(tx: Transaction, events: Sequence[LateApplication]) -> None:
    def follow(event: LateApplication, _: str | None) -> Iterator[Follow]:
        return following.late(event)

    await keep_and_follow(tx, LateApplicationReplica, events, follow)


async def reminders_moved(tx: Transaction, events: Sequence[supervision.Reminder]) -> None:
    def follow(event: supervision.Reminder, _: str | None) -> Iterator[Follow]:
        return following.reminder(event)

    await keep_and_follow(tx, ReminderReplica, events, follow, status="NULL")


async def awards_moved(tx: Transaction, events: Sequence[deciding.Award]) -> None:
    await keep_and_follow(tx, AwardReplica, events, following_scoring.award)


async def objections_moved(tx: Transaction, events: Sequence[deciding.Objection]) -> None:
    await keep_and_follow(tx, ObjectionReplica, events, following_scoring.objection)


async def corrections_moved(tx: Transaction, events: Sequence[deciding.Correction]) -> None:
    await keep_and_follow(tx, CorrectionReplica, events, following_scoring.correction)


async def entry_appeals_moved(tx: Transaction, events: Sequence[deciding.EntryAppeal]) -> None:
    await keep_and_follow(tx, EntryAppealReplica, events, following_scoring.entry_appeal)


async def closing_moved(tx: Transaction, event: scoring.Closing, delivered: Delivered) -> None:
    """Figures stand still, and everybody is told when they are public and when they are sealed."""
    if not await freezing.closing_moved(tx, event, delivered):
        return
    await settle(tx, following_scoring.closing(event))
    thing = Thing("closing", event.id, event.period_id, facts={"status": event.status})
    everybody = Audience(everybody=True)
    if event.status is ClosingStatus.PUBLIC and event.public_from is not None:
        until = event.objections_until.isoformat() if event.objections_until else None
        thing = Thing("closing", event.id, event.period_id, facts={"objections_until": until})
        await settle(
            tx, [Told(News.PUBLIC, thing, everybody, event.public_from, event.public_from.isoformat())]
        )
    elif event.status is ClosingStatus.SEALED and event.sealed_at is not None:
        await settle(tx, [Told(News.SEALED, thing, everybody, event.sealed_at, "sealed")])


#: Copies that are kept by the functions above.
FOLLOWED: tuple[type[Replica], ...] = (
    SubmissionReplica,
    AppealReplica,
    TargetReplica,
    GrantReplica,
    SupervisionNoteReplica,
    LateApplicationReplica,
    ReminderReplica,
    AwardReplica,
    ObjectionReplica,
    CorrectionReplica,
    EntryAppealReplica,
)
