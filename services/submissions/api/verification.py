"""For the auditor: whether evidence still is what was handed in."""

from fastapi import APIRouter
from pydantic import BaseModel

from kernel.web.app import App
from kernel.web.idempotency import Once
from services.submissions.actions.rehashing import wrong_of
from services.submissions.api.access import PREFIX, Auditor
from services.submissions.queries.sampling import some_files

router = APIRouter(prefix=f"{PREFIX}/verification", tags=["verification"])
AT_ONCE = 50


class EvidenceOut(BaseModel):
    """`looked_at` files were drawn and hashed anew; `wrong`: missing or altered, by hash."""

    looked_at: int
    wrong: list[str]


@router.post("/evidence", summary="抽样校验佐证 / Hash a sample of evidence anew")
async def verify_evidence(_: Auditor, app: App, once: Once) -> EvidenceOut:
    """The files of fifty pieces of work by chance; each night one in a hundred is looked at, and before a seal all of its period."""
    del once  # reads only; the key is accepted because every unsafe method accepts it
    async with app.db.reading() as session:
        drawn = await some_files(session, most=AT_ONCE)
    return EvidenceOut(looked_at=len(drawn), wrong=await wrong_of(app.blobs, drawn))
