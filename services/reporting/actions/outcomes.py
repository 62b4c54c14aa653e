"""A named person confirms, dismisses or lifts a consequence; and sets how a scheme ranks and what follows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.delivery.transaction import Transaction
from kernel.errors import Finding, Findings, Forbidden
from kernel.identity import Principal
from kernel.ids import new_id
from rules import RuleError
from rules.standing import parse_standing
from services.reporting.domain.outcomes import (
    Decision,
    OutcomeMissing,
    OutcomeState,
    OutcomeWaits,
    check_dates,
    check_move,
    state_of,
)
from services.reporting.models import OutcomeDecisionRow, StandingSettingRow
from services.reporting.queries import outcomes as queries
from services.reporting.queries.comparisons import branches
from services.reporting.queries.periods import scheme_of
from services.reporting.queries.standings import newest


@dataclass(frozen=True, slots=True)
class Verdict:
    """`cure_until`: the last day on which it can be made good; `expires_on`: the last on which it holds."""

    decision: Decision
    reason: str
    cure_until: date | None = None
    expires_on: date | None = None


async def decide(
    tx: Transaction,
    candidate_id: UUID,
    question: queries.Question,
    verdict: Verdict,
    *,
    zone: ZoneInfo,
    by: Principal,
) -> OutcomeDecisionRow:
    """The candidate is worked out anew, so that nobody confirms what does not follow any more; that can be lifted still."""
    await tx.lock("outcome", str(candidate_id))
    await _authority(tx, question.scheme_id, by)
    now = await tx.now()
    today = now.astimezone(zone).date()
    check_dates(verdict.decision, verdict.cure_until, verdict.expires_on, today)
    found = await queries.outcomes(tx.session, question, zone)
    candidate = next((c for c in found.candidates if c.id == candidate_id), None)
    before = (await queries.decisions(tx.session, [candidate_id])).get(candidate_id)
    if before is not None:
        state = state_of(before.decision, before.cure_until, before.expires_on, today, open_appeals=0)
        check_move(state, verdict.decision)
        subject_id, grounds = before.subject_id, before.grounds
    elif candidate is None:
        raise OutcomeMissing
    else:
        check_move(OutcomeState.PROPOSED, verdict.decision)
        subject_id, grounds = candidate.to_id, _grounds(candidate, found)
    if verdict.decision is Decision.CONFIRMED and found.open_appeals:
        raise OutcomeWaits(open=found.open_appeals)
    row = OutcomeDecisionRow(
        id=new_id(), candidate_id=candidate_id, scheme_id=question.scheme_id, period_id=question.period_id,
        subject_id=subject_id, grounds=grounds, decision=verdict.decision, reason=verdict.reason,
        cure_until=verdict.cure_until, expires_on=verdict.expires_on, account_id=by.account_id, actor=by.name, at=now,
    )  # fmt: skip
    tx.session.add(row)
    return row


def _grounds(candidate: queries.Candidate, found: queries.Outcomes) -> dict[str, Any]:
    question = found.question
    return {
        "span": found.stretch.key, "subject_kind": question.kind, "series_id": str(question.series_id) if question.series_id else None,
        "subject_id": str(candidate.subject_id), "subject": candidate.subject_name, "to": candidate.to_name,
        "gives": list(candidate.gives), "amount": candidate.amount, "why_zh": candidate.why_zh, "why_en": candidate.why_en,
        "total_milli": candidate.total_milli, "rank": candidate.rank, "versions": [str(v) for v in candidate.versions],
        "rule": found.rules_zh[-1] if found.rules_zh else "",
    }  # fmt: skip


async def set_standing(
    tx: Transaction, scheme_id: UUID, *, data: dict[str, Any], red_lines: dict[UUID, Decimal], reason: str, by: Principal
) -> StandingSettingRow:  # fmt: skip
    """A new version of the setting; raises Findings naming every error with its place."""
    await _authority(tx, scheme_id, by)
    try:
        standing = parse_standing(data)
    except RuleError as error:
        raise Findings([Finding(f.place, f.code, f.zh, f.en) for f in error.findings]) from error
    await tx.lock("standing-setting", str(scheme_id))
    last = await newest(tx.session, scheme_id)
    row = StandingSettingRow(
        id=new_id(), scheme_id=scheme_id, number=last.number + 1 if last else 1, data=standing.to_data(),
        red_lines={str(key): str(value) for key, value in red_lines.items()}, reason=reason, account_id=by.account_id,
        actor=by.name, at=await tx.now(),
    )  # fmt: skip
    tx.session.add(row)
    return row


async def _authority(tx: Transaction, scheme_id: UUID, by: Principal) -> None:
    """Whoever decides has the scheme's whole scope."""
    scheme = await scheme_of(tx.session, scheme_id)
    if scheme.scope_unit_id is None:
        raise Forbidden
    unit, _ = await branches(tx.session, scheme.scope_unit_id)
    if not by.covers("reporting:outcomes", unit.path):
        raise Forbidden
