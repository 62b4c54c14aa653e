"""What is left over: uploads that nobody went on with, forms that nobody came back to."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, or_, select

from kernel.delivery.transaction import Transaction
from services.submissions.models import AutosaveRow, UploadRow

FORMS_KEPT = timedelta(days=60)
AT_ONCE = 200


async def uploads_to_drop(tx: Transaction) -> Sequence[UploadRow]:
    """Some that are over, or whole in the library: their rows go with this transaction, their parts after it."""
    done = or_(UploadRow.finished, UploadRow.expires_at <= await tx.now())
    statement = select(UploadRow).where(done).limit(AT_ONCE)
    rows = (await tx.session.scalars(statement.with_for_update(skip_locked=True))).all()
    if rows:
        await tx.session.execute(delete(UploadRow).where(UploadRow.id.in_([row.id for row in rows])))
    return rows


async def forget_old_forms(tx: Transaction) -> None:
    await tx.session.execute(delete(AutosaveRow).where(AutosaveRow.saved_at < await tx.now() - FORMS_KEPT))
