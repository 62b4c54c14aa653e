"""The service's own pulse, by its database's clock: a silence is time in which nobody could send anything."""

from datetime import datetime

from sqlalchemy import text

from kernel.delivery.transaction import Transaction
from services.submissions.domain.outages import SILENCE
from services.submissions.models import OutageRow

# The real clock of the database, also where a rehearsal moves the platform's: a rehearsal's jumps are no outages.
_BEAT = text(
    """
    WITH before AS (SELECT beat_at FROM pulse),
    beat AS (
      INSERT INTO pulse (one, beat_at) VALUES (true, clock_timestamp())
      ON CONFLICT (one) DO UPDATE SET beat_at = excluded.beat_at RETURNING beat_at)
    SELECT (SELECT beat_at FROM before) AS before, (SELECT beat_at FROM beat) AS now
    """
)


async def beat(tx: Transaction) -> datetime | None:
    """Say that the service is there; the beginning of the outage that ended with this, if there was one."""
    row = (await tx.session.execute(_BEAT)).one()
    if row.before is None or row.now - row.before <= SILENCE:
        return None
    tx.session.add(OutageRow(began_at=row.before, ended_at=row.now))
    began: datetime = row.before
    return began
