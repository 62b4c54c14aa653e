"""Every number is a link: total → module → indicator → entry → submission → evidence."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from contracts.org import SubjectKind
from kernel.web.app import App
from services.reporting.api.access import Reader
from services.reporting.api.board_schemas import points
from services.reporting.queries import drill
from services.reporting.replicas import EntryReplica, SubmissionReplica

router = APIRouter(prefix="/api/reporting/v1", tags=["drill"])


class EntryBrief(BaseModel):
    id: UUID
    kind: str
    points: Decimal
    reason_zh: str
    reason_en: str
    occurred_on: date
    submission_id: UUID | None
    award_id: UUID | None


class IndicatorBrief(BaseModel):
    indicator_id: UUID | None
    code: str | None
    name: str
    points: Decimal
    entries: list[EntryBrief]


class ModuleBrief(BaseModel):
    """`points` is what counts, within the module's limits; `entries_points` the plain sum of its entries."""

    module: str
    points: Decimal
    entries_points: Decimal
    indicators: list[IndicatorBrief]


class SubjectOut(BaseModel):
    subject_id: UUID
    subject_kind: SubjectKind
    name: str
    period_id: UUID
    total: Decimal
    own: Decimal
    members: int
    members_figure: Decimal | None
    modules: list[ModuleBrief]


class FileOut(BaseModel):
    name: str
    size: int
    media_type: str
    sha256: str
    href: str


class SubmissionBrief(BaseModel):
    id: UUID
    number: str
    status: str
    event_date: date
    quantity: Decimal
    accepted_quantity: Decimal | None
    summary: str
    decided_at: datetime | None
    decision_reason: str | None
    decision_clause: str | None
    notice_number: str | None
    evidence: list[FileOut]


class EntryDetail(EntryBrief):
    submission: SubmissionBrief | None


def _entry(row: EntryReplica) -> EntryBrief:
    return EntryBrief(
        id=row.id,
        kind=row.kind,
        points=points(row.points_milli),
        reason_zh=row.reason_zh,
        reason_en=row.reason_en,
        occurred_on=row.occurred_on,
        submission_id=row.submission_id,
        award_id=row.award_id,
    )


@router.get("/subjects/{subject_id}/periods/{period_id}", summary="得分构成 / What a total is made of")
async def subject(subject_id: UUID, period_id: UUID, me: Reader, app: App) -> SubjectOut:
    """One's own, one's units', and what lies in the scope of one's roles."""
    async with app.db.reading() as session:
        row = await drill.statement(session, subject_id, period_id, me)
        entries = await drill.entries(session, subject_id, period_id, me)
        name = await drill.subject_name(session, row.subject_kind, subject_id)
    grouped: dict[str, dict[UUID | None, IndicatorBrief]] = defaultdict(dict)
    for entry, indicator in entries:
        brief = grouped[entry.module].setdefault(
            entry.indicator_id,
            IndicatorBrief(
                indicator_id=entry.indicator_id,
                code=indicator.code if indicator else None,
                name=indicator.name if indicator else "加减分 / bonuses and penalties",
                points=Decimal(0),
                entries=[],
            ),
        )
        brief.points += points(entry.points_milli)
        brief.entries.append(_entry(entry))
    counted = {m["module"]: m["points_milli"] for m in row.modules}
    modules = [
        ModuleBrief(
            module=module,
            points=points(counted.get(module, 0)),
            entries_points=sum((b.points for b in briefs.values()), Decimal(0)),
            indicators=list(briefs.values()),
        )
        for module, briefs in sorted(grouped.items())
    ]
    return SubjectOut(
        subject_id=subject_id,
        subject_kind=SubjectKind(row.subject_kind),
        name=name,
        period_id=period_id,
        total=points(row.total_milli),
        own=points(row.own_milli),
        members=row.members,
        members_figure=None if row.members_milli is None else points(row.members_milli),
        modules=modules,
    )


@router.get("/entries/{entry_id}", summary="由台账到佐证 / From an entry to the evidence")
async def entry(entry_id: UUID, me: Reader, app: App) -> EntryDetail:
    async with app.db.reading() as session:
        row, submission = await drill.entry(session, entry_id, me)
    return EntryDetail(**_entry(row).model_dump(), submission=_submission(submission) if submission else None)


def _submission(row: SubmissionReplica) -> SubmissionBrief:
    files = [
        FileOut(**file, href=f"/api/submissions/v1/submissions/{row.id}/evidence/{file['sha256']}")
        for file in row.evidence
    ]
    return SubmissionBrief(
        id=row.id,
        number=row.number,
        status=row.status,
        event_date=row.event_date,
        quantity=row.quantity,
        accepted_quantity=row.accepted_quantity,
        summary=row.summary,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        decision_clause=row.decision_clause,
        notice_number=row.notice_number,
        evidence=files,
    )
