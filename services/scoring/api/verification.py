"""For the auditor: the ledger, proved from the event logs."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.scoring.actions.verifying import verify
from services.scoring.actions.witnessing import known_keys
from services.scoring.api.access import Auditor, sealer_of, settings_of
from services.scoring.api.bundles import bundle_of
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


@router.post("", summary="重放核验 / Replay and compare")
async def verification(_: Auditor, app: App, once: Once) -> VerdictOut:
    """Event logs → rules → ledger → statements, all computed anew and compared; changes nothing."""
    del once
    async with app.db.snapshot() as session:
        found = await verify(session, keys=known_keys(sealer_of(app), settings_of(app).seal_trust))
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
