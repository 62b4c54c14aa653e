"""A named person confirms, dismisses or lifts a consequence; and sets how a scheme ranks and what follows."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.errors import Finding, Findings, Forbidden
from kernel.identity import Principal
from kernel.ids import new_id
from rules import RuleError
from rules.standing import parse_standing
from services.reporting.domain.figures import SpanKind
from services.reporting.domain.outcomes import Decision, OutcomeDecided, OutcomeMissing, OutcomeWaits
from services.reporting.models import OutcomeDecisionRow, StandingSettingRow
from services.reporting.queries import outcomes as queries
from services.reporting.queries.comparisons import branches
from services.reporting.queries.periods import scheme_of
from services.reporting.queries.standings import newest


async def decide(
    tx: Transaction, candidate_id: UUID, *, scheme_id: UUID, period_id: UUID, span: SpanKind, kind: str,
    series_id: UUID | None, decision: Decision, reason: str, cure_until: date | None, expires_on: date | None, by: Principal,
) -> OutcomeDecisionRow:  # fmt: skip
    """The candidate is worked out anew, so that nobody confirms what does not follow any more."""
    await tx.lock("outcome", str(candidate_id))
    await _authority(tx, scheme_id, by)
    found = await queries.outcomes(tx.session, scheme_id, period_id, span, kind, series_id)
    candidate = next((c for c in found.candidates if c.id == candidate_id), None)
    if candidate is None:
        raise OutcomeMissing
    before = (await queries.decisions(tx.session, [candidate_id])).get(candidate_id)
    wanted_before = Decision.CONFIRMED if decision is Decision.LIFTED else None
    if (before.decision if before else None) != wanted_before:
        raise OutcomeDecided(state=before.decision if before else "proposed")
    if decision is Decision.CONFIRMED and found.open_appeals:
        raise OutcomeWaits(open=found.open_appeals)
    row = OutcomeDecisionRow(
        id=new_id(), candidate_id=candidate_id, scheme_id=scheme_id, period_id=period_id,
        subject_id=candidate.to_id, grounds=_grounds(candidate, found), decision=decision, reason=reason,
        cure_until=cure_until, expires_on=expires_on, account_id=by.account_id, actor=by.name, at=await tx.now(),
    )  # fmt: skip
    tx.session.add(row)
    return row


def _grounds(candidate: queries.Candidate, found: queries.Outcomes) -> dict[str, Any]:
    return {
        "span": found.stretch.key, "subject": candidate.subject_name, "to": candidate.to_name,
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
