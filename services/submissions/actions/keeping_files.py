"""Files into a library and out of it, within its quotas."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, NotFound
from kernel.identity import Principal
from kernel.ids import new_id
from services.submissions.domain.files import PICTURED, PreviewState, ScanState, ensure_quota
from services.submissions.models import FileRow, LibraryRow, StoreUseRow
from services.submissions.queries.library import is_used_by, library_of, used_bytes
from services.submissions.settings import SubmissionSettings


class FileNotInLibrary(NotFound):
    code = "file-not-in-library"
    zh = "您的材料库里没有这个文件"
    en = "Your library has no such file"


class FileInUse(Conflict):
    code = "file-in-use"
    zh = "该文件已用于您的提交,不能从材料库删除"
    en = "Submissions of yours use this file, so it cannot leave the library"


@dataclass(frozen=True, slots=True)
class File:
    sha256: str
    name: str
    size: int
    media_type: str


async def keep_file(tx: Transaction, file: File, *, by: Principal, settings: SubmissionSettings) -> bool:
    """Into the library of `by`; False if it was there. The bytes are stored before. Raises what a quota says."""
    now = await tx.now()
    scan = ScanState.PENDING if settings.scanner else ScanState.UNSCANNED
    preview = PreviewState.PENDING if file.media_type in PICTURED else PreviewState.NONE
    known = insert(FileRow).values(
        sha256=file.sha256, size=file.size, media_type=file.media_type, stored_at=now, scan=scan.value,
        preview=preview.value, waiting=ScanState.PENDING is scan or preview is PreviewState.PENDING, attempts=0,
    )  # fmt: skip
    await tx.session.execute(known.on_conflict_do_nothing())
    mine = insert(LibraryRow).values(
        id=new_id(), account_id=by.account_id, officer_id=by.officer_id, unit_id=by.unit_id,
        sha256=file.sha256, name=file.name, size=file.size, added_at=now,
    )  # fmt: skip
    added = await tx.session.execute(mine.on_conflict_do_nothing().returning(LibraryRow.id))
    if added.first() is None:
        return False
    await _count(tx, by.account_id, file.size, limit=settings.quota_person_bytes, of_unit=False)
    if by.unit_id is not None:
        await _count(tx, by.unit_id, file.size, limit=settings.quota_unit_bytes, of_unit=True)
    return True


async def remove_file(tx: Transaction, sha256: str, *, by: Principal) -> None:
    """Out of the library; the stored bytes stay, for others may have them too."""
    found = await library_of(tx.session, by.account_id, [sha256])
    if not found:
        raise FileNotInLibrary
    mine, _ = found[sha256]
    if await is_used_by(tx.session, by.account_id, sha256):
        raise FileInUse
    await tx.session.execute(delete(LibraryRow).where(LibraryRow.id == mine.id))
    for holder in (mine.account_id, mine.unit_id):
        if holder is not None:
            await _add(tx, holder, -mine.size)


async def ensure_room(tx: Transaction, size: int, *, by: Principal, settings: SubmissionSettings) -> None:
    """Asked before a large file comes in; whoever is too late for it learns when it is there."""
    used = await used_bytes(tx.session, by.account_id)
    ensure_quota(used, size, limit=settings.quota_person_bytes, of_unit=False)
    used = await used_bytes(tx.session, by.unit_id)
    ensure_quota(used, size, limit=settings.quota_unit_bytes, of_unit=True)


async def _count(tx: Transaction, holder: UUID, size: int, *, limit: int, of_unit: bool) -> None:
    used = await _add(tx, holder, size)
    ensure_quota(used - size, size, limit=limit, of_unit=of_unit)


async def _add(tx: Transaction, holder: UUID, size: int) -> int:
    """What the holder has from now on."""
    statement = insert(StoreUseRow).values(holder_id=holder, bytes=max(size, 0))
    statement = statement.on_conflict_do_update(
        index_elements=["holder_id"], set_={"bytes": StoreUseRow.bytes + size}
    )
    return int((await tx.session.execute(statement.returning(StoreUseRow.bytes))).scalar_one())
