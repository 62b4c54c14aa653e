"""For the auditor: the ledger, proved from the event logs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.scoring.actions.checking import (
    CheckpointUnreadable,
    compare_text,
    compare_witnessed,
    write_verdict,
)
from services.scoring.actions.verifying import verify
from services.scoring.actions.witnessing import known_keys
from services.scoring.api.access import Auditor, sealer_of, settings_of
from services.scoring.api.bundles import bundle_of
from services.scoring.api.schemas import Out
from services.scoring.queries import checks
from services.scoring.queries.bundling import BundleNotKept
from services.scoring.queries.sealed import SealMissing

router = APIRouter(prefix="/api/scoring/v1/verification", tags=["verification"])


class VerdictOut(BaseModel):
    holds: bool
    submissions: int
    scored: int
    waiting: int
    entries: int
    statements: int
    seals: int
    chain_broken_at: int | None
    different: int
    differences: list[dict[str, Any]]


class RunOut(Out):
    """Of a check: how many things were looked at, how many were wrong, and the first hundred of those."""

    id: UUID
    name: str
    ended_at: datetime
    looked_at: int
    failures: int
    findings: list[dict[str, Any]]


class CheckpointIn(BaseModel):
    """Three lines: log, size, root in base64; signatures under them are not looked at."""

    checkpoint: str = Field(min_length=1, max_length=20_000)


class ComparedOut(BaseModel):
    """`root`: the log's own at that size, in hex; null when the log is smaller than the checkpoint says."""

    size: int
    log_size: int
    agrees: bool
    root: str | None


@router.post("", summary="重放核验 / Replay and compare")
async def verification(_: Auditor, app: App, once: Once) -> VerdictOut:
    """Event logs → rules → ledger → statements, all computed anew and compared. Only the outcome is written down."""
    del once
    async with app.db.snapshot() as session:
        found = await verify(session, keys=known_keys(sealer_of(app), settings_of(app).seal_trust))
    async with app.db.transaction() as tx:
        await write_verdict(tx, found)
    return VerdictOut(
        holds=found.holds,
        submissions=found.submissions,
        scored=found.scored,
        waiting=found.waiting,
        entries=found.entries,
        statements=found.statements,
        seals=found.seals,
        chain_broken_at=found.chain_broken_at,
        different=found.different,
        differences=found.differences,
    )


@router.get("/runs", summary="核验记录 / Outcomes of checks")
async def outcomes(
    _: Auditor, app: App, page: PageQuery, name: Annotated[str | None, Query(max_length=60)] = None
) -> Page[RunOut]:
    """Of each night and of each verification on demand, the latest first. The latest of a name blocks a closing if it failed."""
    async with app.db.reading() as session:
        rows, following = await checks.runs(session, page, name)
    return Page[RunOut](items=[RunOut.of(row) for row in rows], next=following)


@router.post(
    "/checkpoints", responses=problems(CheckpointUnreadable), summary="核对检查点 / Compare a checkpoint"
)
async def compare_checkpoint(body: CheckpointIn, _: Auditor, app: App, once: Once) -> ComparedOut:
    """One that was printed, hangs on a board or stands in a receipt, against the log as it is stored now."""
    del once
    async with app.db.reading() as session:
        found = await compare_text(session, body.checkpoint)
    return ComparedOut(size=found.size, log_size=found.log_size, agrees=found.agrees, root=found.root)


@router.post("/witnessed", summary="与见证人所存核对 / Compare with what witnesses keep")
async def witnessed(_: Auditor, app: App, once: Once) -> RunOut:
    """As each night: the log against every checkpoint that a trusted witness has signed."""
    settings = settings_of(app)
    async with app.db.transaction(once=once) as tx:
        row = await compare_witnessed(tx, settings.seal_trust, settings.seal_witnessed)
        return await tx.answer(RunOut.of(row))


@router.get(
    "/seals/{number}/bundle",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/gzip": {}}}, **problems(SealMissing, BundleNotKept)},
    summary="封存包(审计) / Seal bundle, for the auditor",
)
async def audited_bundle(
    number: Annotated[int, Path(ge=1, le=2**31 - 1)], _: Auditor, app: App
) -> StreamingResponse:
    """The same file as the assessment office gets."""
    return await bundle_of(app, number)
