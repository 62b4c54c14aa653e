"""Consequences of sealed figures, and the setting that they follow from."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.org import SubjectKind
from kernel.errors import Findings
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import Line, Points
from services.reporting.actions import outcomes as actions
from services.reporting.api.access import OutcomeOffice, Reader
from services.reporting.api.board_schemas import points
from services.reporting.domain.figures import SpanKind
from services.reporting.domain.outcomes import (
    Decision,
    OutcomeDecided,
    OutcomeMissing,
    OutcomeState,
    OutcomeWaits,
    state_of,
)
from services.reporting.queries import outcomes as queries
from services.reporting.queries.outcomes import Candidate, Outcomes
from services.reporting.queries.periods import PeriodMissing, VersionMissing, scheme_of
from services.reporting.queries.standings import newest, standing_of

router = APIRouter(prefix="/api/reporting/v1", tags=["outcomes"])


class Which(BaseModel):
    """Consequences are those of one series in one stretch."""

    scheme_id: UUID
    period_id: UUID
    span: SpanKind = SpanKind.MONTH
    subject_kind: SubjectKind = SubjectKind.UNIT
    series_id: UUID | None = None


Chosen = Annotated[Which, Depends()]


class OutcomeOut(BaseModel):
    """`why_*`: the rule with what it was applied to. `to_*`: the subject, or the person who answered for it."""

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


class SparedOut(BaseModel):
    person: str
    subject: str
    why: str


class OutcomesOut(BaseModel):
    """From sealed versions alone. `findings`: what a person must look at, such as ties at the border."""

    span_code: str
    open_appeals: int
    rules: list[str]
    items: list[OutcomeOut]
    spared: list[SparedOut]
    findings: list[str]


class DecisionIn(Which):
    model_config = ConfigDict(extra="forbid")

    decision: Decision
    reason: Line
    cure_until: date | None = None
    expires_on: date | None = None


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


async def _found(app: App, which: Which) -> tuple[Outcomes, list[OutcomeOut]]:
    today = app.clock.now().astimezone(app.zone).date()
    async with app.db.reading() as session:
        found = await queries.outcomes(
            session, which.scheme_id, which.period_id, which.span, which.subject_kind.value, which.series_id
        )
        decided = await queries.decisions(session, [candidate.id for candidate in found.candidates])
    return found, [_out(c, decided.get(c.id), found.open_appeals, today) for c in found.candidates]


def _out(candidate: Candidate, row: Any, open_appeals: int, today: date) -> OutcomeOut:
    state = state_of(
        row.decision if row else None, row.expires_on if row else None, today, open_appeals=open_appeals
    )
    return OutcomeOut(
        id=candidate.id, subject_id=candidate.subject_id, subject_name=candidate.subject_name, to_id=candidate.to_id,
        to_name=candidate.to_name, gives=list(candidate.gives), amount=candidate.amount, why_zh=candidate.why_zh,
        why_en=candidate.why_en, total=points(candidate.total_milli), rank=candidate.rank, state=state,
        decided_by=row.actor if row else None, decided_at=row.at if row else None, reason=row.reason if row else None,
        cure_until=row.cure_until if row else None, expires_on=row.expires_on if row else None,
    )  # fmt: skip


@router.get(
    "/outcomes",
    responses=problems(PeriodMissing, VersionMissing),
    summary="结果应用 / Consequences of sealed figures",
)
async def outcomes(_: OutcomeOffice, app: App, which: Chosen) -> OutcomesOut:
    found, items = await _found(app, which)
    return OutcomesOut(
        span_code=found.stretch.key, open_appeals=found.open_appeals, rules=found.rules_zh, items=items,
        spared=[SparedOut(person=person, subject=subject, why=why) for person, subject, why in found.spared],
        findings=found.findings,
    )  # fmt: skip


@router.get(
    "/outcomes/list.csv", response_class=Response, responses=problems(PeriodMissing, VersionMissing),
    summary="导出结果应用名单 / The list with its grounds",
)  # fmt: skip
async def export_outcomes(_: OutcomeOffice, app: App, which: Chosen) -> Response:
    found, items = await _found(app, which)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            "周期",
            "对象",
            "承担人",
            "结果",
            "金额",
            "依据",
            "得分",
            "名次",
            "状态",
            "决定人",
            "理由",
            "整改期限",
            "有效期至",
        ]
    )
    for o in items:
        row = [
            found.stretch.key,
            o.subject_name,
            o.to_name,
            "、".join(o.gives),
            o.amount,
            o.why_zh,
            o.total,
            o.rank,
            o.state,
        ]
        writer.writerow(
            [_plain(value) for value in (*row, o.decided_by, o.reason, o.cure_until, o.expires_on)]
        )
    headers = {"Content-Disposition": "attachment; filename=outcomes.csv"}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _plain(value: Any) -> str:
    """Spreadsheets take text that begins so for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "@", "\t"} else text


@router.post(
    "/outcomes/{candidate_id}/decision",
    responses=problems(OutcomeMissing, OutcomeWaits, OutcomeDecided, VersionMissing),
    summary="确认、不予采用或解除 / Confirm, dismiss or lift",
)
async def decide(
    candidate_id: UUID, body: DecisionIn, me: OutcomeOffice, app: App, once: Once
) -> DecisionOut:
    """By a named person; nothing takes effect by itself."""
    async with app.db.transaction(once=once) as tx:
        row = await actions.decide(
            tx, candidate_id, scheme_id=body.scheme_id, period_id=body.period_id, span=body.span,
            kind=body.subject_kind.value, series_id=body.series_id, decision=body.decision, reason=body.reason,
            cure_until=body.cure_until, expires_on=body.expires_on, by=me,
        )  # fmt: skip
        return await tx.answer(
            DecisionOut(candidate_id=candidate_id, decision=body.decision, actor=row.actor, at=row.at)
        )


@router.get(
    "/schemes/{scheme_id}/standing",
    responses=problems(PeriodMissing),
    summary="排名与结果规则 / How a scheme ranks",
)
async def standing(scheme_id: UUID, _: Reader, app: App) -> StandingOut:
    async with app.db.reading() as session:
        scheme = await scheme_of(session, scheme_id)
        found = await standing_of(session, scheme)
        row = await newest(session, scheme_id)
    return StandingOut(
        number=row.number if row else 0, data=found.to_data(), sentences_zh=found.describe("zh"),
        sentences_en=found.describe("en"), red_lines=row.red_lines if row else {}, actor=row.actor if row else None,
        at=row.at if row else None, reason=row.reason if row else None,
    )  # fmt: skip


@router.put(
    "/schemes/{scheme_id}/standing",
    responses=problems(PeriodMissing, Findings),
    summary="设定排名与结果规则 / Set how a scheme ranks",
)
async def set_standing(
    scheme_id: UUID, body: StandingIn, me: OutcomeOffice, app: App, once: Once
) -> StandingOut:
    """A new version beside the old ones; the newest counts for boards and outcomes from now on."""
    async with app.db.transaction(once=once) as tx:
        row = await actions.set_standing(
            tx, scheme_id, data=body.data, red_lines=body.red_lines, reason=body.reason, by=me
        )
        await tx.session.flush()
        found = await standing_of(tx.session, await scheme_of(tx.session, scheme_id))
        return await tx.answer(
            StandingOut(
                number=row.number, data=row.data, sentences_zh=found.describe("zh"), sentences_en=found.describe("en"),
                red_lines=row.red_lines, actor=row.actor, at=row.at, reason=row.reason,
            )
        )  # fmt: skip
