"""Large files in parts: begun, continued after a broken line, put together, or forgotten."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound, TooLarge
from kernel.identity import Principal
from kernel.ids import new_id
from services.submissions.actions.keeping_files import File, ensure_room, keep_file
from services.submissions.models import UploadRow
from services.submissions.settings import SubmissionSettings

MOST_OPEN = 20
PART_BYTES = 8 * 1024 * 1024


class UploadNotFound(NotFound):
    code = "upload-not-found"
    zh = "没有这个上传任务,或已过期"
    en = "There is no such upload, or it has expired"


class OffsetDiffers(Conflict):
    """Carries the offset at which to go on."""

    code = "upload-offset-differs"
    zh = "已收到 {offset} 字节,请从该处继续"
    en = "{offset} bytes have arrived; go on from there"


class PartTooLong(TooLarge):
    code = "upload-part-too-long"
    zh = "该分片超出文件声明的大小,或超过单片上限 {limit_mb} MB"
    en = "The part reaches beyond the announced size of the file, or is larger than {limit_mb} MB"


class UploadIncomplete(Conflict):
    code = "upload-incomplete"
    zh = "文件尚未传完:已收到 {offset} 字节,共 {size} 字节"
    en = "The file is not complete: {offset} of {size} bytes have arrived"


class TooManyUploads(TooLarge):
    code = "too-many-uploads"
    zh = "同时进行的上传最多 {limit} 个,请先完成或取消一些"
    en = "At most {limit} uploads may be under way; finish or cancel some first"


@dataclass(frozen=True, slots=True)
class Announced:
    name: str
    size: int
    sha256: str | None


async def begin(
    tx: Transaction, file: Announced, *, by: Principal, settings: SubmissionSettings
) -> UploadRow:
    now = await tx.now()
    under_way = select(func.count()).where(
        UploadRow.account_id == by.account_id, ~UploadRow.finished, UploadRow.expires_at > now
    )
    if int(await tx.session.scalar(under_way) or 0) >= MOST_OPEN:
        raise TooManyUploads(limit=MOST_OPEN)
    await ensure_room(tx, file.size, by=by, settings=settings)
    row = UploadRow(
        id=new_id(), account_id=by.account_id, name=file.name, size=file.size, sha256=file.sha256, received=0,
        parts=0, started_at=now, expires_at=now + timedelta(hours=settings.upload_hours), finished=False,
    )  # fmt: skip
    tx.session.add(row)
    return row


async def lock_upload(tx: Transaction, upload_id: UUID, *, by: Principal) -> UploadRow:
    """One's own that has not expired; raises UploadNotFound."""
    statement = select(UploadRow).where(
        UploadRow.id == upload_id,
        UploadRow.account_id == by.account_id,
        UploadRow.expires_at > await tx.now(),
    )
    row = await tx.session.scalar(statement.with_for_update())
    if row is None:
        raise UploadNotFound
    return row


def ensure_fits(row: UploadRow, *, offset: int, length: int) -> None:
    """The part begins where the last one ended and stays within the file."""
    if offset != row.received or row.finished:
        raise OffsetDiffers(offset=row.received)
    if row.received + length > row.size or length > PART_BYTES:
        raise PartTooLong(limit_mb=PART_BYTES // (1024 * 1024))


async def took(tx: Transaction, row: UploadRow, length: int, *, settings: SubmissionSettings) -> None:
    """The part is stored; the upload has time again."""
    row.received, row.parts = row.received + length, row.parts + 1
    row.expires_at = await tx.now() + timedelta(hours=settings.upload_hours)


def ensure_complete(row: UploadRow) -> None:
    if row.received != row.size:
        raise UploadIncomplete(offset=row.received, size=row.size)


async def finish(
    tx: Transaction, row: UploadRow, file: File, *, by: Principal, settings: SubmissionSettings
) -> None:
    """The whole is in the library now."""
    await keep_file(tx, file, by=by, settings=settings)
    row.finished, row.sha256 = True, file.sha256


async def cancel(tx: Transaction, row: UploadRow) -> None:
    await tx.session.execute(delete(UploadRow).where(UploadRow.id == row.id))
