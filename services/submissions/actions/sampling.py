"""Second samples: drawn by the office, judged by somebody else who does not know how it was decided."""

from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_
from sqlalchemy.dialects.postgresql import insert

from kernel.delivery.transaction import Transaction
from kernel.errors import Forbidden
from kernel.identity import Principal
from kernel.ids import new_id
from services.submissions.domain.decision import NOTHING, AcceptAboveClaim
from services.submissions.domain.impartiality import Judge, ensure_impartial
from services.submissions.domain.sampling import (
    NothingToSample,
    SampleAnswered,
    SampleNotYours,
    draw,
    how_many,
    new_seed,
)
from services.submissions.models import DrawRow, SampleRow, SubmissionRow
from services.submissions.queries.cases import Case, get_case, select_cases
from services.submissions.queries.people import judge_of
from services.submissions.queries.sampling import candidates_in, sample_of
from services.submissions.queries.visibility import competent_for, impartial
from services.submissions.settings import SubmissionSettings


class OfficeOnly(Forbidden):
    code = "office-only"
    zh = "只有考核办可以抽样"
    en = "Only an assessment office draws samples"


async def draw_samples(
    tx: Transaction,
    *,
    period_id: UUID,
    indicator_id: UUID | None,
    percent: Decimal,
    seed: str | None,
    by: Principal,
    settings: SubmissionSettings,
) -> DrawRow:
    """From the decided work of the period in the office's scope; the seed is kept, so that anybody can draw again."""
    now = await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    if not judge.offices or by.officer_id is None:
        raise OfficeOnly
    paths = [reach.path for reach in judge.offices]
    rows = await candidates_in(tx.session, period_id, indicator_id, paths)
    seed = seed or new_seed()
    chosen = draw(rows, seed=seed, count=how_many(len(rows), percent))
    drawn = DrawRow(
        id=new_id(), period_id=period_id, indicator_id=indicator_id, scope_path=min(paths), seed=seed,
        candidates=len(rows), drawn=len(chosen), drawn_by=by.officer_id, drawn_at=now,
    )  # fmt: skip
    tx.session.add(drawn)
    await tx.session.flush()
    if chosen:
        values = [
            {
                "id": new_id(), "draw_id": drawn.id, "submission_id": submission_id,
                "decided_by": rows[submission_id][0], "decided": rows[submission_id][1],
            }
            for submission_id in chosen
        ]  # fmt: skip
        await tx.session.execute(insert(SampleRow).values(values))
    return drawn


async def take_sample(
    tx: Transaction, *, by: Principal, settings: SubmissionSettings
) -> tuple[SampleRow, Case]:
    """One's own that is not answered, or the oldest that is free and that one may judge; never one's own decision."""
    now = await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    await _let_go(tx, judge)
    free_or_mine: ColumnElement[bool] = or_(
        SampleRow.reviewer_id.is_(None), SampleRow.reviewer_id == by.officer_id
    )
    statement = (
        select_cases(SampleRow)
        .join(SampleRow, SampleRow.submission_id == SubmissionRow.id)
        .where(
            SampleRow.answered_at.is_(None),
            free_or_mine,
            SampleRow.decided_by != by.officer_id,
            SubmissionRow.first_decided_by.is_distinct_from(by.officer_id),
            competent_for(judge),
            impartial(judge.me),
        )
        .order_by(SampleRow.reviewer_id.is_(None), SampleRow.id)
        .limit(1)
        .with_for_update(of=SampleRow, skip_locked=True)
    )
    row = (await tx.session.execute(statement)).first()
    if row is None:
        raise NothingToSample
    sample: SampleRow = row[-1]
    if sample.reviewer_id is None:
        sample.reviewer_id, sample.taken_at = by.officer_id, now
    return sample, Case(*row[:-1])


async def _let_go(tx: Transaction, judge: Judge) -> None:
    """What was taken and must not be judged any more, as after a recusal, is free for others."""
    mine = (SampleRow.reviewer_id == judge.officer_id, SampleRow.answered_at.is_(None))
    held = select_cases(SampleRow).join(SampleRow, SampleRow.submission_id == SubmissionRow.id)
    for row in (await tx.session.execute(held.where(*mine).with_for_update(of=SampleRow))).all():
        try:
            ensure_impartial(judge, Case(*row[:-1]).matter)
        except Forbidden:
            row[-1].reviewer_id = row[-1].taken_at = None
    await tx.session.flush()


async def answer_sample(
    tx: Transaction,
    sample_id: UUID,
    *,
    quantity: Decimal,
    reason: str | None,
    by: Principal,
    settings: SubmissionSettings,
) -> tuple[SampleRow, Case]:
    """How many the second reviewer would accept; 0 would be a refusal. It changes no score: it measures."""
    sample = await sample_of(tx.session, sample_id, by.officer_id)
    if sample is None:
        raise SampleNotYours
    if sample.answered_at is not None:
        raise SampleAnswered
    case = await get_case(tx.session, sample.submission_id, where=SubmissionRow.id == sample.submission_id)
    now = await tx.now()
    judge = await judge_of(tx.session, by, today=now.astimezone(ZoneInfo(settings.timezone)).date())
    ensure_impartial(judge, case.matter)
    if quantity > case.row.quantity:
        raise AcceptAboveClaim(quantity=str(quantity), claimed=str(case.row.quantity))
    sample.quantity, sample.reason, sample.answered_at = quantity, reason, now
    sample.agrees = quantity == (sample.decided or NOTHING)
    tx.act("sample_answered", "sample", sample.id, by=by, after={"agrees": sample.agrees}, reason=reason)
    return sample, case
