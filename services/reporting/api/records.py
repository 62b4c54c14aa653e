"""An officer's record, on the page and on paper."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from kernel.errors import NotFound
from kernel.typesetting.press import typeset
from kernel.web.app import App
from kernel.web.errands import attachment
from kernel.web.problems import problems
from services.reporting.api.access import Reader
from services.reporting.api.board_schemas import points
from services.reporting.documents.record import TEMPLATE, record_data
from services.reporting.domain.records import Record, YearOf
from services.reporting.domain.versions import VersionKind
from services.reporting.queries import comparisons, records

router = APIRouter(prefix="/api/reporting/v1/records", tags=["records"])


class RecordMonthOut(BaseModel):
    """`receipt`: where the seal's receipt is to be had; null unless sealed. `grade` by the scheme's rules, of sealed figures."""

    period_id: UUID
    period_code: str
    total: Decimal
    state: VersionKind
    rank: int | None
    peers: int | None
    grade: str | None
    receipt: str | None


class RecordYearOut(BaseModel):
    """`grade`: once every month of the year is sealed; null where the scheme has no grades, or a plan gives them."""

    scheme_id: UUID
    scheme_name: str
    year: int
    mean: Decimal
    grade: str | None
    months: list[RecordMonthOut]


class MarkOut(BaseModel):
    kind: str
    occurred_on: date
    points: Decimal
    reason_zh: str
    reason_en: str


class FollowedOut(BaseModel):
    """`decision`: confirmed, or lifted afterwards."""

    decision: str
    gives: list[str]
    span: str
    why_zh: str
    why_en: str
    decided_on: date
    expires_on: date | None


class RecordOut(BaseModel):
    """Of each month the sealed figure, else the public one, else the live one."""

    officer_id: UUID
    name: str
    police_number: str
    unit_name: str
    post: str
    years: list[RecordYearOut]
    marks: list[MarkOut]
    followed: list[FollowedOut]


@router.get("/{officer_id}", responses=problems(NotFound), summary="考核档案 / An officer's record")
async def officer_record(officer_id: UUID, me: Reader, app: App) -> RecordOut:
    """One's own, and of people who have or had a posting in the scope of one's roles."""
    async with app.db.reading() as session:
        found = await records.record(session, officer_id, me)
    return _out(found)


@router.get(
    "/{officer_id}/paper",
    response_class=Response,
    responses=problems(NotFound),
    summary="打印考核档案 / As a PDF",
)
async def record_paper(officer_id: UUID, me: Reader, app: App) -> Response:
    at = app.clock.now().astimezone(app.zone)
    async with app.db.reading() as session:
        found = await records.record(session, officer_id, me)
        issuer = await comparisons.root_name(session)
    pdf = await typeset(TEMPLATE, record_data(found, issuer=issuer, at=at), at=at)
    return Response(pdf, media_type="application/pdf", headers=attachment(f"{found.name}考核档案.pdf"))


def _out(found: Record) -> RecordOut:
    return RecordOut(
        officer_id=found.officer_id, name=found.name, police_number=found.police_number,
        unit_name=found.unit, post=found.post, years=[_year(year, found.officer_id) for year in found.years],
        marks=[
            MarkOut(
                kind=m.kind, occurred_on=m.occurred_on, points=points(m.points_milli), reason_zh=m.reason_zh,
                reason_en=m.reason_en,
            )
            for m in found.marks
        ],
        followed=[
            FollowedOut(
                decision=f.decision, gives=list(f.gives), span=f.span, why_zh=f.why_zh, why_en=f.why_en,
                decided_on=f.decided_on, expires_on=f.expires_on,
            )
            for f in found.followed
        ],
    )  # fmt: skip


def _year(year: YearOf, officer_id: UUID) -> RecordYearOut:
    months = [
        RecordMonthOut(
            period_id=m.period_id, period_code=m.code, total=points(m.total_milli), state=m.state, rank=m.rank,
            peers=m.peers, grade=m.grade,
            receipt=f"/api/scoring/v1/receipts/{m.period_id}/officer/{officer_id}" if m.seal else None,
        )
        for m in year.months
    ]  # fmt: skip
    return RecordYearOut(
        scheme_id=year.scheme_id,
        scheme_name=year.scheme,
        year=year.year,
        mean=points(year.mean_milli),
        grade=year.grade,
        months=months,
    )
