"""For the auditor: from a score to who gave it, under which rule, and whether it still is what was posted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

import rules
from kernel.web.app import App
from kernel.web.paging import Page, PageQuery
from kernel.web.text import Search
from services.scoring.actions.posting import facts_of_row
from services.scoring.api.access import Auditor
from services.scoring.api.closing_schemas import SealOut
from services.scoring.api.schemas import EntryOut
from services.scoring.domain.ledger import GENESIS, entry_hash
from services.scoring.queries import trails
from services.scoring.queries.trails import Trail
from services.scoring.replicas import OfficerReplica, UnitReplica

router = APIRouter(prefix="/api/scoring/v1/verification", tags=["verification"])


class TrailOut(BaseModel):
    """`subject_number`: the police number of a person, the code of a unit. Null while nothing was heard of the subject."""

    entry: EntryOut
    subject_name: str | None
    subject_number: str | None
    unit_name: str
    period_code: str
    indicator_code: str | None
    indicator_name: str | None


class TrailDetail(TrailOut):
    """`revision_now`: of the rule today; the sentences are its. `beside`: everything posted for the same thing, itself too."""

    prev_hash: str
    rule_zh: str | None
    rule_en: str | None
    revision_now: int | None
    seal: SealOut | None
    beside: list[EntryOut]


class FingerprintOut(BaseModel):
    """`unchanged`: its hash, computed anew, is the stored one. `linked`: it follows on the entry before."""

    holds: bool
    unchanged: bool
    linked: bool
    seq: int
    stored: str
    computed: str
    seal_number: int | None


class SealedOut(SealOut):
    period_code: str | None


@router.get("/entries", summary="打分轨迹 / Scores, to be traced")
async def score_trails(
    _: Auditor,
    app: App,
    page: PageQuery,
    who: Annotated[
        Search | None,
        Query(description="警号、姓名,或单位编码、名称 / police number, name, or code or name of a unit"),
    ] = None,
    month: Annotated[str | None, Query(max_length=20, description="周期编码 / code of the period")] = None,
) -> Page[TrailOut]:
    """Newest first. Names are compared in full."""
    async with app.db.reading() as session:
        found, following = await trails.found(session, page, who=who, month=month)
    return Page[TrailOut](items=[_brief(one) for one in found], next=following)


@router.get("/entries/{entry_id}", summary="一条打分的来龙去脉 / The life of one score")
async def score_trail(entry_id: UUID, _: Auditor, app: App) -> TrailDetail:
    async with app.db.reading() as session:
        found = await trails.one(session, entry_id)
        beside = await trails.beside(session, found.entry)
        seal = await trails.seal_of(session, found.entry.period_id)
    rule = rules.parse(found.indicator.rule) if found.indicator else None
    return TrailDetail(
        **_brief(found).model_dump(),
        prev_hash=found.entry.prev_hash,
        rule_zh=rules.describe(rule, "zh") if rule else None,
        rule_en=rules.describe(rule, "en") if rule else None,
        revision_now=found.indicator.revision if found.indicator else None,
        seal=SealOut.of(seal) if seal else None,
        beside=[EntryOut.of(row) for row in beside],
    )


@router.get("/entries/{entry_id}/fingerprint", summary="校验指纹 / Verify the fingerprint of a score")
async def fingerprint(entry_id: UUID, _: Auditor, app: App) -> FingerprintOut:
    """Hashes the entry anew from what is stored, and looks whether it follows on the one before."""
    async with app.db.snapshot() as session:
        entry = (await trails.one(session, entry_id)).entry
        before = GENESIS if entry.seq == 1 else await trails.hash_before(session, entry)
        seal = await trails.seal_of(session, entry.period_id)
    computed = entry_hash(entry.prev_hash, entry.seq, facts_of_row(entry))
    unchanged, linked = computed == entry.hash, entry.prev_hash == before
    return FingerprintOut(
        holds=unchanged and linked,
        unchanged=unchanged,
        linked=linked,
        seq=entry.seq,
        stored=entry.hash,
        computed=computed,
        seal_number=seal.number if seal else None,
    )


@router.get("/seals", summary="已封存周期的指纹 / Seals, for the auditor")
async def audited_seals(_: Auditor, app: App, page: PageQuery) -> Page[SealedOut]:
    """The newest first."""
    async with app.db.reading() as session:
        rows, following = await trails.seals(session, page)
    items = [
        SealedOut(**SealOut.of(seal).model_dump(), period_code=period.code if period else None)
        for seal, period in rows
    ]
    return Page[SealedOut](items=items, next=following)


def _brief(found: Trail) -> TrailOut:
    known = found.officer or (found.unit if found.entry.subject_kind == "unit" else None)
    return TrailOut(
        entry=EntryOut.of(found.entry),
        subject_name=known.name if known else None,
        subject_number=_number(known),
        unit_name=found.unit.name,
        period_code=found.period.code,
        indicator_code=found.indicator.code if found.indicator else None,
        indicator_name=found.indicator.name if found.indicator else None,
    )


def _number(subject: OfficerReplica | UnitReplica | None) -> str | None:
    return subject.police_number if isinstance(subject, OfficerReplica) else subject.code if subject else None
