"""Rows as the events that the other services get."""

from collections.abc import Callable, Sequence
from uuid import UUID

from contracts import deciding, scoring
from contracts.org import SubjectKind
from contracts.targets import ModuleKind
from services.scoring.domain.ledger import milli
from services.scoring.models import (
    AwardRow,
    ClosingRow,
    CorrectionRow,
    EntryAppealRow,
    EntryRow,
    ObjectionRow,
    StatementRow,
)


def entry(row: EntryRow) -> scoring.Entry:
    return scoring.Entry(
        id=row.id,
        version=1,
        seq=row.seq,
        scheme_id=row.scheme_id,
        period_id=row.period_id,
        subject_kind=SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        unit_id=row.unit_id,
        module=ModuleKind(row.module),
        indicator_id=row.indicator_id,
        kind=scoring.EntryKind(row.kind),
        points_milli=row.points_milli,
        rule_revision=row.rule_revision,
        source_event_id=row.source_event_id,
        submission_id=row.submission_id,
        award_id=row.award_id,
        reason_zh=row.reason_zh,
        reason_en=row.reason_en,
        actor_id=row.actor_id,
        occurred_on=row.occurred_on,
    )


def statement(row: StatementRow) -> scoring.Statement:
    return scoring.Statement(
        id=row.id,
        version=row.version,
        scheme_id=row.scheme_id,
        period_id=row.period_id,
        subject_kind=SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        unit_id=row.unit_id,
        modules=tuple(
            scoring.ModulePoints(module=ModuleKind(code), points_milli=value)
            for code, value in sorted(row.modules.items())
        ),
        entries=row.entries,
        entries_milli=row.entries_milli,
        own_milli=row.own_milli,
        members_milli=row.members_milli,
        members=row.members,
        total_milli=row.total_milli,
    )


def closing_in(scope_unit_id: UUID) -> Callable[[ClosingRow], scoring.Closing]:
    """`scope_unit_id`: where the scheme reaches from."""
    return lambda row: scoring.Closing(
        id=row.id,
        version=row.version,
        scheme_id=row.scheme_id,
        period_id=row.period_id,
        status=scoring.ClosingStatus(row.status),
        trial_number=row.trial_number,
        public_from=row.public_from,
        objections_until=row.objections_until,
        sealed_at=row.sealed_at,
        seal_number=row.seal_number,
        root_sha256=row.root_sha256,
        scope_unit_id=scope_unit_id,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )


def supplement(row: CorrectionRow) -> scoring.Supplement:
    """Of a correction that is sealed."""
    if row.seal_number is None or row.decided_at is None:
        raise ValueError(row.status)
    return scoring.Supplement(
        id=row.id,
        version=row.version,
        scheme_id=row.scheme_id,
        period_id=row.period_id,
        seal_number=row.seal_number,
        reason=row.reason,
        document_number=row.document_number,
        sealed_at=row.decided_at,
        settled_period_id=row.settled_period_id,
        totals=tuple(scoring.CorrectedTotal(**total) for total in row.totals),
    )


def award(rows: Sequence[AwardRow]) -> deciding.Award:
    """All rows of one deed, in the order of entry."""
    first = rows[0]
    shares = tuple(
        deciding.AwardShare(
            award_id=row.id,
            subject_kind=SubjectKind(row.subject_kind),
            subject_id=row.subject_id,
            unit_id=row.unit_id,
            points_milli=milli(row.points),
        )
        for row in rows
    )
    return deciding.Award(
        id=first.deed_id,
        version=first.version,
        scheme_id=first.scheme_id,
        period_id=first.period_id,
        kind=first.kind,
        status=deciding.AwardStatus(first.status),
        points_milli=milli(first.deed_points),
        category=first.category,
        level=first.level,
        document_number=first.document_number,
        reason=first.reason,
        shares=shares,
        entered_by=first.entered_by,
        entered_for=first.entered_for,
        entered_at=first.entered_at,
        confirmed_by=first.confirmed_by,
        confirmed_at=first.confirmed_at,
    )


def objection_in(scope_unit_id: UUID) -> Callable[[ObjectionRow], deciding.Objection]:
    return lambda row: deciding.Objection(
        id=row.id,
        version=row.version,
        scope_unit_id=scope_unit_id,
        period_id=row.period_id,
        subject_kind=SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        unit_id=row.unit_id,
        text=row.text,
        raised_by=row.raised_by,
        raised_at=row.raised_at,
        status=deciding.ObjectionStatus(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def correction_in(scope_unit_id: UUID) -> Callable[[CorrectionRow], deciding.Correction]:
    return lambda row: deciding.Correction(
        id=row.id,
        version=row.version,
        scope_unit_id=scope_unit_id,
        period_id=row.period_id,
        status=deciding.CorrectionStatus(row.status),
        reason=row.reason,
        document_number=row.document_number,
        lines=len(row.lines),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def entry_appeal_of(scorers: Sequence[UUID]) -> Callable[[EntryAppealRow], deciding.EntryAppeal]:
    """`scorers`: who had a hand in the entry."""
    return lambda row: deciding.EntryAppeal(
        id=row.id,
        version=row.version,
        entry_id=row.entry_id,
        period_id=row.period_id,
        subject_kind=SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        unit_id=row.unit_id,
        indicator_id=row.indicator_id,
        entry_milli=row.entry_milli,
        grounds=row.second_grounds or row.grounds,
        status=deciding.EntryAppealStatus(row.status),
        filed_by=row.filed_by,
        filed_at=row.filed_at,
        scorers=tuple(scorers),
        decided_by=row.decided_by,
        decided_for=row.decided_for,
        decided_at=row.decided_at,
        second_filed_at=row.second_filed_at,
        final_by=row.final_by,
        final_at=row.final_at,
    )
