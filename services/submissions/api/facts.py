"""Other systems: their registration, and what they report."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints, model_validator

from kernel.web.access import checked_by
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import Code, Name, Orderly, Quantity
from services.submissions.actions import counting, sourcing
from services.submissions.api.access import PREFIX, Router, Settings
from services.submissions.api.schemas import CaseNumber, In, Summary
from services.submissions.domain.quantity import trimmed
from services.submissions.domain.sources import SignatureOld, SignatureWrong, SourceClosed, ensure_signed
from services.submissions.models import SourceRow
from services.submissions.queries.sources import sources_in
from services.submissions.settings import settings_of

router = APIRouter(prefix=PREFIX, tags=["facts"])
SOURCE, MOMENT, SIGNATURE = "x-kaohe-source", "x-kaohe-timestamp", "x-kaohe-signature"
Ref = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=100)]


async def _source(request: Request, app: App) -> SourceRow:
    """The source that signed the request; raises SignatureWrong, SignatureOld or SourceClosed."""
    settings = settings_of(app)
    try:
        source_id = UUID(request.headers.get(SOURCE, ""))
    except ValueError:
        raise SignatureWrong from None
    async with app.db.reading() as session:
        row = await session.get(SourceRow, source_id)
    if row is None:
        raise SignatureWrong
    ensure_signed(
        sourcing.secret_of(row, settings),
        source=str(row.id),
        moment=request.headers.get(MOMENT, ""),
        body=await request.body(),
        given=request.headers.get(SIGNATURE, ""),
        now=app.clock.now(),
    )
    if not row.active:
        raise SourceClosed
    return row


Source = Annotated[SourceRow, checked_by(_source)]


class SourceIn(In):
    """`indicator_codes`: what it may report for, none for all. `auto_accept`: its figures count without a reviewer."""

    name: Name
    unit_id: UUID
    indicator_codes: Annotated[list[Code], Field(max_length=500, default_factory=list)]
    auto_accept: bool = False


class SourceChange(In):
    active: bool
    auto_accept: bool
    rotate: bool = False


class SourceOut(BaseModel):
    id: UUID
    name: str
    unit_id: UUID
    indicator_codes: list[str]
    auto_accept: bool
    active: bool
    generation: int

    @classmethod
    def of(cls, row: SourceRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class SourceSecret(SourceOut):
    """`secret`, in base64url, is shown once: the key of the signatures. Null where none was made."""

    secret: str | None


class SourcesOut(BaseModel):
    items: list[SourceOut]


class FactIn(In):
    """One figure. `ref` is the source's own number; the subject is an officer or a unit."""

    ref: Ref
    indicator_code: Code
    police_number: Code | None = None
    unit_code: Code | None = None
    event_date: date
    quantity: Quantity
    summary: Summary
    case_number: CaseNumber | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if (self.police_number is None) == (self.unit_code is None):
            raise ValueError("either police_number or unit_code")
        return self


class FactsIn(In):
    facts: Annotated[list[FactIn], Field(min_length=1, max_length=200)]


class FactOut(BaseModel):
    ref: str
    outcome: Literal["taken", "known", "refused"]
    submission_id: UUID | None = None
    number: str | None = None
    status: str | None = None
    accepted_quantity: Decimal | None = None
    code: str | None = None
    zh: str | None = None
    en: str | None = None

    @classmethod
    def of(cls, taken: sourcing.Taken) -> Self:
        row, problem = taken.row, taken.problem
        if row is None:
            told = (
                {"code": problem.code, "zh": problem.text("zh"), "en": problem.text("en")} if problem else {}
            )
            return cls.model_validate({"ref": taken.ref, "outcome": "refused", **told})
        return cls(
            ref=taken.ref, outcome="known" if taken.known else "taken", submission_id=row.id, number=row.number,
            status=row.status,
            accepted_quantity=None if row.accepted_quantity is None else trimmed(row.accepted_quantity),
        )  # fmt: skip


class FactsOut(BaseModel):
    items: list[FactOut]
    taken: int


@router.post(
    "/facts",
    summary="系统报送数据 / figures from another system",
    responses=problems(SignatureWrong, SignatureOld, SourceClosed),
)
async def take_facts(body: FactsIn, source: Source, app: App, settings: Settings, once: Once) -> FactsOut:
    """Signed with the source's key (docs/guides/submissions.md). A reference reported again is the same fact."""
    facts = [sourcing.Fact(**fact.model_dump()) for fact in body.facts]
    async with app.db.transaction(once=once) as tx:
        taken = await sourcing.take_facts(tx, source, facts, settings=settings)
        items = [FactOut.of(one) for one in taken]
        count = sum(item.outcome == "taken" for item in items)
        out = await tx.answer(FactsOut(items=items, taken=count))
    counting.REPORTED.inc(count)
    return out


@router.get("/fact-sources", summary="数据来源 / systems that report")
async def list_sources(by: Router, app: App) -> SourcesOut:
    paths = [scope.path for scope in by.scopes("submissions:assign")]
    async with app.db.reading() as session:
        rows = await sources_in(session, paths)
    return SourcesOut(items=[SourceOut.of(row) for row in rows])


@router.post(
    "/fact-sources",
    status_code=201,
    summary="登记数据来源 / register a system",
    responses=problems(sourcing.SourceOutsideScope),
)
async def register_source(
    body: SourceIn, by: Router, app: App, settings: Settings, once: Once
) -> SourceSecret:
    async with app.db.transaction(once=once) as tx:
        row = await sourcing.register(tx, **body.model_dump(), by=by)
        secret = sourcing.shown_secret(row, settings)
        out = SourceSecret(**SourceOut.of(row).model_dump(), secret=secret)
        await tx.answer(
            out.model_copy(update={"secret": None}), status=201
        )  # a secret is not kept, not even there
        return out


@router.put(
    "/fact-sources/{source_id}",
    summary="变更数据来源 / change a system",
    responses=problems(sourcing.SourceNotFound),
)
async def change_source(
    source_id: UUID, body: SourceChange, by: Router, app: App, settings: Settings, once: Once
) -> SourceSecret:
    """`rotate`: with a new secret, shown now; the old one is worth nothing any more."""
    async with app.db.transaction(once=once) as tx:
        row = await sourcing.change(tx, source_id, **body.model_dump(), by=by)
        secret = sourcing.shown_secret(row, settings) if body.rotate else None
        out = SourceSecret(**SourceOut.of(row).model_dump(), secret=secret)
        await tx.answer(out.model_copy(update={"secret": None}))
        return out
