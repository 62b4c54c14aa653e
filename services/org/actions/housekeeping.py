"""What may be forgotten, and when."""

from datetime import timedelta

from sqlalchemy import delete

from kernel.delivery.transaction import Transaction
from services.org.models import SessionRow, SignInFailureRow

FAILURES_KEPT = timedelta(days=1)
SESSIONS_KEPT = timedelta(days=30)


async def forget_old_failures(tx: Transaction) -> None:
    now = await tx.now()
    await tx.session.execute(delete(SignInFailureRow).where(SignInFailureRow.at < now - FAILURES_KEPT))


async def forget_old_sessions(tx: Transaction) -> None:
    now = await tx.now()
    await tx.session.execute(delete(SessionRow).where(SessionRow.ends_at < now - SESSIONS_KEPT))
