"""What goes in and out about consequences."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.org import SubjectKind
from kernel.web.asked import asked
from kernel.web.text import Line, Points
from services.reporting.actions.outcomes import Verdict
from services.reporting.api.board_schemas import points
from services.reporting.domain.figures import SpanKind
from services.reporting.domain.outcomes import Decision, OutcomeState, state_of
from services.reporting.models import OutcomeDecisionRow
from services.reporting.queries.outcomes import Candidate, Question


class Which(BaseModel):
    """Consequences are those of one series in one stretch."""

    scheme_id: UUID
    period_id: UUID
    span: SpanKind = SpanKind.MONTH
    subject_kind: SubjectKind = SubjectKind.UNIT
    series_id: UUID | None = None

    def question(self) -> Question:
        return Question(self.scheme_id, self.period_id, self.span, self.subject_kind.value, self.series_id)


Chosen = Annotated[Which, asked(Which)]


class OutcomeOut(BaseModel):
    """`why_*`: the rule with what it was applied to. `to_*`: the subject, or the person who answered for it.

    `follows` false: confirmed of figures that were corrected since, or by rules that changed; to be lifted or left.
    `cure_until`, `expires_on`: the last days on which it can be made good, and on which it holds.
    """

    id: UUID
    subject_id: UUID
    subject_name: str
    to_id: UUID
    to_name: str
    gives: list[str]
    amount: str | None
    why_zh: str
    why_en: str
    total: Decimal
    rank: int | None
    state: OutcomeState
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    cure_until: date | None
    expires_on: date | None
    follows: bool

    @classmethod
    def of(cls, candidate: Candidate, row: OutcomeDecisionRow | None, open_appeals: int, today: date) -> Self:
        return cls(
            id=candidate.id, subject_id=candidate.subject_id, subject_name=candidate.subject_name,
            to_id=candidate.to_id, to_name=candidate.to_name, gives=list(candidate.gives), amount=candidate.amount,
            why_zh=candidate.why_zh, why_en=candidate.why_en, total=points(candidate.total_milli), rank=candidate.rank,
            follows=True, **_decided(row, open_appeals, today),
        )  # fmt: skip

    @classmethod
    def without_ground(cls, row: OutcomeDecisionRow, today: date) -> Self:
        """As it stood when it was confirmed."""
        grounds = row.grounds
        return cls(
            id=row.candidate_id, subject_id=grounds["subject_id"], subject_name=grounds["subject"], to_id=row.subject_id,
            to_name=grounds["to"], gives=grounds["gives"], amount=grounds["amount"], why_zh=grounds["why_zh"],
            why_en=grounds["why_en"], total=points(grounds["total_milli"]), rank=grounds["rank"], follows=False,
            **_decided(row, 0, today),
        )  # fmt: skip


def _decided(row: OutcomeDecisionRow | None, open_appeals: int, today: date) -> dict[str, Any]:
    if row is None:
        state = state_of(None, None, None, today, open_appeals=open_appeals)
        return {"state": state} | dict.fromkeys(
            ("decided_by", "decided_at", "reason", "cure_until", "expires_on")
        )
    state = state_of(row.decision, row.cure_until, row.expires_on, today, open_appeals=open_appeals)
    return {
        "state": state, "decided_by": row.actor, "decided_at": row.at, "reason": row.reason,
        "cure_until": row.cure_until, "expires_on": row.expires_on,
    }  # fmt: skip


class SparedOut(BaseModel):
    person: str
    subject: str
    why: str
    why_en: str


class OutcomesOut(BaseModel):
    """From sealed versions alone. `findings`: what a person must look at, such as ties at the border."""

    span_code: str
    open_appeals: int
    rules: list[str]
    rules_en: list[str]
    items: list[OutcomeOut]
    spared: list[SparedOut]
    findings: list[str]
    findings_en: list[str]


class DecisionIn(Which):
    model_config = ConfigDict(extra="forbid")

    decision: Decision
    reason: Line
    cure_until: date | None = None
    expires_on: date | None = None

    def verdict(self) -> Verdict:
        return Verdict(self.decision, self.reason, self.cure_until, self.expires_on)


class DecisionOut(BaseModel):
    candidate_id: UUID
    decision: Decision
    actor: str
    at: datetime


class StandingOut(BaseModel):
    """`data` as in the guide on standing; `sentences`: what it says. `number` 0: the plan's, or the default."""

    number: int
    data: dict[str, Any]
    sentences_zh: list[str]
    sentences_en: list[str]
    red_lines: dict[UUID, Decimal]
    actor: str | None
    at: datetime | None
    reason: str | None


class StandingIn(BaseModel):
    """`red_lines`: series → total below which an explanation is owed."""

    model_config = ConfigDict(extra="forbid")

    data: dict[str, Any]
    red_lines: dict[UUID, Points] = Field(default_factory=dict, max_length=200)
    reason: Line
