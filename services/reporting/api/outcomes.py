"""Consequences of sealed figures, and the setting that they follow from."""

import csv
import io
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from kernel.errors import Findings
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.reporting.actions import outcomes as actions
from services.reporting.api.access import OutcomeOffice, Reader
from services.reporting.api.outcome_schemas import (
    Chosen,
    DecisionIn,
    DecisionOut,
    OutcomeOut,
    OutcomesOut,
    SparedOut,
    StandingIn,
    StandingOut,
    Which,
)
from services.reporting.domain.outcomes import OutcomeDates, OutcomeDecided, OutcomeMissing, OutcomeWaits
from services.reporting.queries import outcomes as queries
from services.reporting.queries.outcomes import Outcomes
from services.reporting.queries.periods import PeriodMissing, VersionMissing, scheme_of
from services.reporting.queries.standings import newest, standing_of

router = APIRouter(prefix="/api/reporting/v1", tags=["outcomes"])


_HEAD = (
    "周期", "对象", "承担人", "结果", "金额", "依据", "得分", "名次", "状态", "提示", "决定人", "理由", "整改期限", "有效期至",
)  # fmt: skip


async def _found(app: App, which: Which) -> tuple[Outcomes, list[OutcomeOut]]:
    today = app.clock.now().astimezone(app.zone).date()
    async with app.db.reading() as session:
        found = await queries.outcomes(session, which.question(), app.zone)
        decided = await queries.decisions(session, [candidate.id for candidate in found.candidates])
        groundless = await queries.without_ground(session, found)
    items = [OutcomeOut.of(c, decided.get(c.id), found.open_appeals, today) for c in found.candidates]
    return found, items + [OutcomeOut.without_ground(row, today) for row in groundless]


@router.get(
    "/outcomes",
    responses=problems(PeriodMissing, VersionMissing),
    summary="结果应用 / Consequences of sealed figures",
)
async def outcomes(_: OutcomeOffice, app: App, which: Chosen) -> OutcomesOut:
    found, items = await _found(app, which)
    return OutcomesOut(
        span_code=found.stretch.key, open_appeals=found.open_appeals, rules=found.rules_zh,
        rules_en=found.rules_en, items=items, findings=found.findings, findings_en=found.findings_en,
        spared=[
            SparedOut(person=who, subject=subject, why=zh, why_en=en) for who, subject, zh, en in found.spared
        ],
    )  # fmt: skip


@router.get(
    "/outcomes/list.csv", response_class=Response, responses=problems(PeriodMissing, VersionMissing),
    summary="导出结果应用名单 / The list with its grounds",
)  # fmt: skip
async def export_outcomes(_: OutcomeOffice, app: App, which: Chosen) -> Response:
    found, items = await _found(app, which)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    for o in items:
        row = (
            found.stretch.key, o.subject_name, o.to_name, "、".join(o.gives), o.amount, o.why_zh, o.total, o.rank, o.state,
            "" if o.follows else "数据或规则已变,依据不再成立", o.decided_by, o.reason, o.cure_until, o.expires_on,
        )  # fmt: skip
        writer.writerow([_plain(value) for value in row])
    headers = {"Content-Disposition": "attachment; filename=outcomes.csv"}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _plain(value: Any) -> str:
    """Spreadsheets take text that begins so for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "@", "\t"} else text


@router.post(
    "/outcomes/{candidate_id}/decision",
    responses=problems(OutcomeMissing, OutcomeWaits, OutcomeDecided, OutcomeDates, VersionMissing),
    summary="确认、不予采用或解除 / Confirm, dismiss or lift",
)
async def decide(
    candidate_id: UUID, body: DecisionIn, me: OutcomeOffice, app: App, once: Once
) -> DecisionOut:
    """By a named person; nothing takes effect by itself."""
    async with app.db.transaction(once=once) as tx:
        row = await actions.decide(tx, candidate_id, body.question(), body.verdict(), zone=app.zone, by=me)
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
