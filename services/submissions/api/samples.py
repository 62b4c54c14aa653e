"""Second samples: drawing them, judging them blind, how far reviewers agree."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import OptionalLine, Quantity
from services.submissions.actions import sampling
from services.submissions.api.access import PREFIX, Reviewer, Settings
from services.submissions.api.refusals import PARTIAL
from services.submissions.api.schemas import FileOut, In
from services.submissions.domain.decision import AcceptAboveClaim
from services.submissions.domain.quantity import trimmed
from services.submissions.domain.sampling import NothingToSample, SampleAnswered, SampleNotYours
from services.submissions.models import DrawRow, SampleRow
from services.submissions.queries.cases import Case
from services.submissions.queries.sampling import disagreements, draws_of

router = APIRouter(prefix=f"{PREFIX}/reviews/samples", tags=["samples"])
Seed = Annotated[str, StringConstraints(pattern="^[0-9a-f]{1,64}$")]


class Drawing(In):
    """`percent` of the decided work; the same `seed` over the same work draws the same."""

    period_id: UUID
    indicator_id: UUID | None = None
    percent: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)]
    seed: Seed | None = None


class SecondLook(In):
    quantity: Quantity
    """What one would accept; 0 would be a refusal."""
    reason: OptionalLine | None = None


class DrawOut(BaseModel):
    """`agreement`: the share of the answered that agree; null while nothing is answered."""

    id: UUID
    period_id: UUID
    indicator_id: UUID | None
    seed: str
    candidates: int
    drawn: int
    drawn_at: datetime
    answered: int
    agreeing: int
    agreement: Decimal | None

    @classmethod
    def of(cls, row: DrawRow, answered: int = 0, agreeing: int = 0) -> Self:
        share = round(Decimal(agreeing) / answered, 4) if answered else None
        shown = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls.model_validate(shown | {"answered": answered, "agreeing": agreeing, "agreement": share})


class DrawsOut(BaseModel):
    items: list[DrawOut]


class SampleOut(BaseModel):
    """The work as it was sent, and nothing of what was decided about it."""

    id: UUID
    submission_id: UUID
    number: str
    indicator_code: str
    indicator_name: str
    unit_of_measure: str
    clause: str
    subject_name: str
    unit_name: str
    event_date: date
    quantity: Decimal
    summary: str
    case_number: str | None
    evidence: list[FileOut]

    @classmethod
    def of(cls, sample: SampleRow, case: Case) -> Self:
        return cls(
            id=sample.id, submission_id=case.row.id, number=case.row.number, indicator_code=case.indicator.code,
            indicator_name=case.indicator.name, unit_of_measure=case.indicator.unit_of_measure,
            clause=case.indicator.clause, subject_name=case.subject_name, unit_name=case.unit.name,
            event_date=case.row.event_date, quantity=trimmed(case.row.quantity), summary=case.row.summary,
            case_number=case.row.case_number, evidence=[FileOut(**file) for file in case.row.evidence],
        )  # fmt: skip


class AnsweredOut(BaseModel):
    """Now that the answer is given, what was decided is told."""

    id: UUID
    agrees: bool
    quantity: Decimal
    decided: Decimal


class DisagreementOut(BaseModel):
    submission_id: UUID
    number: str
    decided_by: UUID
    decided: Decimal
    reviewer_id: UUID
    quantity: Decimal
    reason: str | None


class DisagreementsOut(BaseModel):
    items: list[DisagreementOut]


@router.post(
    "", status_code=201, summary="抽样复看 / draw second samples", responses=problems(sampling.OfficeOnly)
)
async def draw_samples(body: Drawing, by: Reviewer, app: App, settings: Settings, once: Once) -> DrawOut:
    async with app.db.transaction(once=once) as tx:
        row = await sampling.draw_samples(tx, **body.model_dump(), by=by, settings=settings)
        return await tx.answer(DrawOut.of(row), status=201)


@router.get("", summary="历次抽样与一致率 / draws, and how far reviewers agree")
async def list_draws(by: Reviewer, app: App, period_id: UUID | None = None) -> DrawsOut:
    paths = [scope.path for scope in by.scopes("submissions:assign")]
    async with app.db.reading() as session:
        rows = await draws_of(session, period_id, paths)
    return DrawsOut(items=[DrawOut.of(*row) for row in rows])


@router.get("/{draw_id}/disagreements", summary="不一致的件 / what was judged differently")
async def list_disagreements(draw_id: UUID, by: Reviewer, app: App) -> DisagreementsOut:
    """For the office that draws in this scope."""
    paths = [scope.path for scope in by.scopes("submissions:assign")]
    async with app.db.reading() as session:
        draw = await session.get(DrawRow, draw_id)
        if draw is None or not any(draw.scope_path.startswith(path) for path in paths):
            raise SampleNotYours
        rows = await disagreements(session, draw_id)
    items = [
        DisagreementOut(
            submission_id=sample.submission_id, number=number, decided_by=sample.decided_by,
            decided=trimmed(sample.decided), reviewer_id=sample.reviewer_id, quantity=trimmed(sample.quantity),
            reason=sample.reason,
        )
        for sample, number in rows
    ]  # fmt: skip
    return DisagreementsOut(items=items)


@router.post("/next", summary="领取抽样件 / the next sample to judge", responses=problems(NothingToSample))
async def take_sample(by: Reviewer, app: App, settings: Settings, once: Once) -> SampleOut:
    """Until it is answered, how the work was decided is not shown to whoever has it, wherever they look."""
    async with app.db.transaction(once=once) as tx:
        sample, case = await sampling.take_sample(tx, by=by, settings=settings)
        return await tx.answer(SampleOut.of(sample, case))


@router.post(
    "/{sample_id}/answer",
    summary="复看意见 / judge a sample",
    responses=problems(SampleNotYours, SampleAnswered, AcceptAboveClaim, *PARTIAL),
)
async def answer_sample(
    sample_id: UUID, body: SecondLook, by: Reviewer, app: App, settings: Settings, once: Once
) -> AnsweredOut:
    async with app.db.transaction(once=once) as tx:
        sample, _ = await sampling.answer_sample(
            tx, sample_id, quantity=body.quantity, reason=body.reason or None, by=by, settings=settings
        )
        out = AnsweredOut(
            id=sample.id, agrees=bool(sample.agrees), quantity=trimmed(body.quantity),
            decided=trimmed(sample.decided),
        )  # fmt: skip
        return await tx.answer(out)
