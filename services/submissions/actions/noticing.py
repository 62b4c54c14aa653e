"""评分告知书: telling in writing what was decided against a claim, and how to object."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.ids import new_id
from services.submissions.domain.clocks import Days, working
from services.submissions.domain.names import numbered
from services.submissions.domain.quantity import trimmed
from services.submissions.domain.submission import State
from services.submissions.models import NoticeRow
from services.submissions.queries.cases import Case
from services.submissions.queries.facts import appeal_unit, calendar, next_number
from services.submissions.settings import SubmissionSettings


async def issue_notice(
    tx: Transaction, case: Case, *, by: Principal, now: datetime, settings: SubmissionSettings
) -> str:
    """The number of the new notice; called once the row says what was decided."""
    row, zone = case.row, ZoneInfo(settings.timezone)
    today = now.astimezone(zone).date()
    days = Days.of(await calendar(tx.session, since=today), since=today, zone=zone)
    hears = await appeal_unit(tx.session, authority_id=row.authority_unit_id, scheme_id=row.scheme_id)
    number = numbered(f"N{case.period.code}", await next_number(tx.session, "notice_number"))
    notice = NoticeRow(
        id=new_id(),
        number=number,
        submission_id=row.id,
        kind="refusal" if row.status == State.REFUSED else "reduction",
        issued_at=now,
        clause=row.decision_clause or "",
        reason=row.decision_reason or "",
        claimed=row.quantity,
        accepted=row.accepted_quantity or 0,
        facts={
            "number": row.number,
            "indicator_code": case.indicator.code,
            "indicator_name": case.indicator.name,
            "indicator_clause": case.indicator.clause,
            "period": case.period.code,
            "subject": case.subject_name,
            "unit": case.unit.name,
            "event_date": row.event_date.isoformat(),
            "claimed": str(trimmed(row.quantity)),
            "unit_of_measure": case.indicator.unit_of_measure,
            "summary": row.summary,
            "case_number": row.case_number,
        },
        files=list(row.evidence),
        decided_by=by.officer_id,
        decided_by_name=by.name,
        decided_by_unit_id=by.unit_id,
        appeal_to_unit_id=hears or case.unit.id,
        appeal_until=days.until(now, working("file", case.period.appeal_days)),
    )
    tx.session.add(notice)
    return number
