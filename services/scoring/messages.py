"""Rows as the events that the other services get."""

from contracts import scoring
from contracts.org import SubjectKind
from contracts.targets import ModuleKind
from services.scoring.models import ClosingRow, CorrectionRow, EntryRow, StatementRow


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


def closing(row: ClosingRow) -> scoring.Closing:
    return scoring.Closing(
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
