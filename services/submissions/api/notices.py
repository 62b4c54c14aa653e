"""评分告知书: as data, and as a paper to take along."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from kernel.typesetting.press import typeset
from kernel.web.app import App
from kernel.web.problems import problems
from services.submissions.api.access import PREFIX, Reader
from services.submissions.api.schemas import FileOut
from services.submissions.domain.quantity import trimmed
from services.submissions.models import NoticeRow
from services.submissions.queries.cases import Case, SubmissionNotFound, get_case
from services.submissions.queries.facts import unit
from services.submissions.queries.papers import NoticeNotFound, notices_of
from services.submissions.queries.visibility import visible_to

router = APIRouter(prefix=f"{PREFIX}/submissions/{{submission_id}}", tags=["notices"])
_TEMPLATE = Path(__file__).with_name("notice.typ")


class NoticeOut(BaseModel):
    """评分告知书. `in_force`: false of one that a later decision took the place of."""

    number: str
    submission_id: UUID
    kind: Literal["refusal", "reduction"]
    issued_at: datetime
    clause: str
    reason: str
    claimed: Decimal
    accepted: Decimal
    facts: dict[str, Any]
    files: list[FileOut]
    decided_by: UUID
    decided_by_name: str
    decided_by_unit_id: UUID | None
    appeal_to_unit_id: UUID
    appeal_to_unit_name: str
    appeal_until: datetime
    appeal_last_day: date
    right_zh: str
    right_en: str
    in_force: bool


class NoticesOut(BaseModel):
    items: list[NoticeOut]


@router.get(
    "/notice",
    summary="评分告知书 / the decision notice",
    responses=problems(SubmissionNotFound, NoticeNotFound),
)
async def get_notice(submission_id: UUID, by: Reader, app: App) -> NoticeOut:
    """The one in force."""
    _, notices = await _read(submission_id, by, app)
    return next((notice for notice in notices if notice.in_force), None) or _none()


@router.get("/notices", summary="历次告知书 / all decision notices", responses=problems(SubmissionNotFound))
async def list_notices(submission_id: UUID, by: Reader, app: App) -> NoticesOut:
    """The latest first; those that no longer hold too."""
    _, notices = await _read(submission_id, by, app)
    return NoticesOut(items=notices)


@router.get(
    "/notice.pdf",
    summary="评分告知书(PDF)/ the decision notice on paper",
    response_class=Response,
    responses=problems(SubmissionNotFound, NoticeNotFound),
)
async def get_notice_pdf(submission_id: UUID, by: Reader, app: App) -> Response:
    """The same notice gives the same bytes, whoever asks and whenever."""
    case, notices = await _read(submission_id, by, app)
    notice = next((found for found in notices if found.in_force), None) or _none()
    paper = await typeset(_TEMPLATE, _data(notice, case, app.zone), at=notice.issued_at)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'评分告知书-{notice.number}.pdf', safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(paper, media_type="application/pdf", headers=headers)


def _none() -> NoticeOut:
    raise NoticeNotFound


async def _read(submission_id: UUID, by: Reader, app: App) -> tuple[Case, list[NoticeOut]]:
    async with app.db.reading() as session:
        case = await get_case(session, submission_id, where=visible_to(by))
        rows = await notices_of(session, submission_id)
        units = {row.appeal_to_unit_id: await unit(session, row.appeal_to_unit_id) for row in rows}
    names = {unit_id: found.name if found else "" for unit_id, found in units.items()}
    return case, [_told(row, case, hears=names[row.appeal_to_unit_id], zone=app.zone) for row in rows]


def _told(notice: NoticeRow, case: Case, *, hears: str, zone: ZoneInfo) -> NoticeOut:
    last_day = notice.appeal_until.astimezone(zone).date()
    shown = {name: getattr(notice, name) for name in NoticeOut.model_fields if hasattr(notice, name)}
    more = {
        "claimed": trimmed(notice.claimed),
        "accepted": trimmed(notice.accepted),
        "appeal_to_unit_name": hears,
        "appeal_last_day": last_day,
        "right_zh": f"如有异议,可在 {last_day} 前(含当日)向{hears}的复议人员申请复议;复议不会使结果更不利。",
        "right_en": f"You may appeal to the adjudicators of {hears} up to and including {last_day}; "
        "an appeal never makes the outcome worse.",
        "in_force": notice.number == case.row.notice_number,
    }
    return NoticeOut.model_validate(shown | more)


def _data(notice: NoticeOut, case: Case, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "number": notice.number,
        "issuer": case.authority.name if case.authority else "",
        "kind": "不予认定" if notice.kind == "refusal" else "核减",
        "issued": f"{notice.issued_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "clause": notice.clause,
        "reason": notice.reason,
        "claimed": str(notice.claimed),
        "accepted": str(notice.accepted),
        "facts": {name: "" if value is None else str(value) for name, value in notice.facts.items()},
        "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in notice.files],
        "decided_by": notice.decided_by_name,
        "right_zh": notice.right_zh,
        "right_en": notice.right_en,
        "to": notice.appeal_to_unit_name,
        "last_day": notice.appeal_last_day.isoformat(),
    }
