"""Seals, the log's checkpoints with their signatures, and their cosignatures."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.responses import PlainTextResponse, StreamingResponse

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.scoring.actions import sealing, witnessing
from services.scoring.api.access import Reader, Sealing, sealer_of, settings_of
from services.scoring.api.bundles import bundle_of
from services.scoring.api.closing_schemas import SealDetail, SealOut, SignaturesIn
from services.scoring.queries import sealed
from services.scoring.queries.bundling import BundleNotKept
from services.scoring.queries.sealed import SealMissing

router = APIRouter(prefix="/api/scoring/v1", tags=["seals"])
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/seals", summary="封存记录 / Seals")
async def seals(_: Reader, app: App, page: PageQuery, period_id: UUID | None = None) -> Page[SealOut]:
    async with app.db.reading() as session:
        rows, following = await sealed.seals(session, page, period_id=period_id)
    return Page[SealOut](items=[SealOut.of(row) for row in rows], next=following)


@router.get("/seal-keys", response_class=PlainTextResponse, summary="可信密钥清单 / The list of trusted keys")
async def keys(_: Reader, app: App) -> str:
    """`keys.txt` as this deployment has it. A verifier takes the list from print, not from here alone."""
    return settings_of(app).seal_trust


@router.get("/seals/{number}", responses=problems(SealMissing), summary="一次封存 / One seal")
async def seal(number: Number, _: Reader, app: App) -> SealDetail:
    async with app.db.reading() as session:
        row = await sealed.seal(session, number)
        note = await sealed.note(session, row)
    return SealDetail(**SealOut.of(row).model_dump(), statement=row.statement, checkpoint=note.source)


@router.get(
    "/seals/{number}/checkpoint",
    response_class=PlainTextResponse,
    responses=problems(SealMissing),
    summary="检查点(张贴用) / The signed checkpoint",
)
async def checkpoint(number: Number, _: Reader, app: App) -> str:
    """A C2SP signed note: to be printed on the notice board, and to be cosigned by witnesses."""
    async with app.db.reading() as session:
        return (await sealed.note(session, await sealed.seal(session, number))).source


@router.get(
    "/seals/{number}/consistency",
    response_class=PlainTextResponse,
    responses=problems(SealMissing),
    summary="一致性证明 / Consistency proof",
)
async def consistency(
    number: Number, _: Reader, app: App, old: Annotated[int, Query(ge=0, le=2**31 - 1)]
) -> str:
    """That the log of this seal grew out of its first `old` entries; what a witness asks for before signing."""
    async with app.db.reading() as session:
        row = await sealed.seal(session, number)
        note = await sealed.note(session, row)
        log = await sealed.log(session, note.text.split("\n", 1)[0])
    if old > row.log_index + 1:
        raise SealMissing
    return log.consistency(old, note).source


@router.get(
    "/seals/{number}/bundle",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/gzip": {}}}, **problems(SealMissing, BundleNotKept)},
    summary="封存包 / Seal bundle",
)
async def bundle(number: Number, _: Sealing, app: App) -> StreamingResponse:
    """Facts, rules, organisation and statements of a sealed period in one file: for `kaohe verify-bundle`, offline."""
    return await bundle_of(app, number)


@router.post(
    "/seals/{number}/signatures",
    responses=problems(SealMissing, witnessing.NoteForeign, witnessing.SignatureRefused),
    summary="登记见证签名 / Add cosignatures",
)
async def sign(number: Number, body: SignaturesIn, _: Sealing, app: App, once: Once) -> SealDetail:
    """Takes the lines of trusted witnesses that verify; a line that is there already is left as it is."""
    trust = settings_of(app).seal_trust
    async with app.db.transaction(once=once) as tx:
        row = await sealed.seal(tx.session, number)
        await witnessing.cosign(tx, row, body.note, trust)
        note = await sealed.note(tx.session, row)
        return await tx.answer(
            SealDetail(**SealOut.of(row).model_dump(), statement=row.statement, checkpoint=note.source)
        )


@router.post(
    "/seals/{number}/countersign",
    responses=problems(
        SealMissing,
        witnessing.SealNotNewest,
        witnessing.LogDiffers,
        sealing.SealKeyMissing,
        sealing.SealKeyUntrusted,
    ),
    summary="以新密钥补签 / Sign anew with the present key",
)
async def countersign(number: Number, _: Sealing, app: App, once: Once) -> SealDetail:
    """After the key to seal with was changed: its line under the newest checkpoint. Nothing of the log changes."""
    async with app.db.transaction(once=once) as tx:
        row = await sealed.seal(tx.session, number)
        await witnessing.countersign(tx, row, sealer_of(app))
        note = await sealed.note(tx.session, row)
        return await tx.answer(
            SealDetail(**SealOut.of(row).model_dump(), statement=row.statement, checkpoint=note.source)
        )
