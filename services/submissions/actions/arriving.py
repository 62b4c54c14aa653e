"""Signed receipts of what arrived."""

from datetime import datetime
from functools import lru_cache

from pydantic import SecretStr

from kernel.bus.canonical import canonical
from kernel.bus.protocol import content_hash
from kernel.delivery.transaction import Transaction
from kernel.derivation import derived_key
from sealing.keys import ED25519, Signer
from sealing.note import Note
from services.submissions import messages
from services.submissions.domain.arrival import KEY_NAME, Arrival
from services.submissions.models import ArrivalRow, SubmissionRow
from services.submissions.settings import SubmissionSettings


async def write_receipt(
    tx: Transaction, row: SubmissionRow, *, open_until: datetime, settings: SubmissionSettings
) -> str:
    """The signed note about the row as it was just published; called once the version is final."""
    arrived_at = row.submitted_at
    if arrived_at is None:
        raise ValueError("what was not sent has not arrived")
    body = canonical(messages.submission(row))
    arrival = Arrival(row.number, row.id, row.version, arrived_at, open_until, row.late, content_hash(body))
    note = Note(arrival.text).signed(signer(settings.service_key)).source
    tx.session.add(ArrivalRow(submission_id=row.id, version=row.version, arrived_at=arrived_at, note=note))
    return note


def signer(service_key: SecretStr) -> Signer:
    return _signer(service_key.get_secret_value())


@lru_cache(maxsize=4)
def _signer(pem: str) -> Signer:
    return Signer(KEY_NAME, ED25519, derived_key(SecretStr(pem), KEY_NAME))
