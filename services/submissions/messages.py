"""Rows as the events that the other services get."""

from contracts.org import SubjectKind
from contracts.submissions import Appeal, AppealStatus, EvidenceFile, Submission, SubmissionStatus
from services.submissions.domain.quantity import trimmed, trimmed_or_none
from services.submissions.models import AppealRow, SubmissionRow


def submission(row: SubmissionRow) -> Submission:
    return Submission(
        id=row.id,
        version=row.version,
        number=row.number,
        scheme_id=row.scheme_id,
        period_id=row.period_id,
        indicator_id=row.indicator_id,
        target_id=row.target_id,
        subject_kind=SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        unit_id=row.unit_id,
        event_date=row.event_date,
        quantity=trimmed(row.quantity),
        accepted_quantity=trimmed_or_none(row.accepted_quantity),
        summary=row.summary,
        case_number=row.case_number,
        evidence=tuple(EvidenceFile.model_validate(file) for file in row.evidence),
        status=SubmissionStatus(row.status),
        late=row.late,
        created_by=row.created_by,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        authority_unit_id=row.authority_unit_id,
        reviewer_id=row.reviewer_id,
        first_decided_by=row.first_decided_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        decision_clause=row.decision_clause,
        notice_number=row.notice_number,
        appeal_id=row.appeal_id,
        on_behalf=row.on_behalf,
        source=row.source,
    )


def appeal(row: AppealRow) -> Appeal:
    return Appeal(
        id=row.id,
        version=row.version,
        number=row.number,
        submission_id=row.submission_id,
        appellant_id=row.appellant_id,
        grounds=row.grounds,
        status=AppealStatus(row.status),
        filed_at=row.filed_at,
        file_until=row.file_until,
        decide_until=row.decide_until,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        accepted_quantity=trimmed_or_none(row.accepted_quantity),
        level=row.level,
        first_id=row.first_id,
        clause=row.clause,
        before_quantity=trimmed_or_none(row.before_quantity),
        wanted=trimmed_or_none(row.wanted),
        again_until=row.again_until,
        by_silence=row.by_silence,
        clause_wrong=row.clause_wrong,
    )
