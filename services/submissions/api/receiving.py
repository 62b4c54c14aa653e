"""Bytes that come in, from wherever: spooled, looked at, stored. And who may open what is stored."""

import asyncio
from collections.abc import Awaitable, Callable

from kernel.errors import Invalid
from kernel.identity import Principal
from kernel.runtime import Runtime
from kernel.storage.sniffing import sniff
from services.submissions.actions.keeping_files import File
from services.submissions.domain.authorship import is_author
from services.submissions.domain.files import ScanState, ensure_openable
from services.submissions.models import FileRow
from services.submissions.queries.cases import Case
from services.submissions.queries.people import author_of
from services.submissions.settings import SubmissionSettings


class HashDiffers(Invalid):
    code = "hash-differs"
    zh = "收到的文件与所声明的内容不一致,请重新上传"
    en = "What arrived is not what was announced; upload it again"


async def received(
    app: Runtime, read: Callable[[int], Awaitable[bytes]], name: str, *, limit: int, sha256: str | None = None
) -> File:
    """The stored file. Raises what is wrong with it; `sha256`: what the sender says that it is."""
    async with app.blobs.receive(read, limit=limit) as spooled:
        if sha256 is not None and sha256 != spooled.sha256:
            raise HashDiffers(expected=sha256, found=spooled.sha256)
        media_type = await asyncio.to_thread(sniff, spooled.path, name)
        await app.blobs.keep(spooled, media_type)
    return File(spooled.sha256, name, spooled.size, media_type)


def ensure_may_open(
    case: Case, known: FileRow | None, *, by: Principal, settings: SubmissionSettings
) -> None:
    """With scanning on, what was not found clean is opened by its author only, and what is infected by nobody."""
    scan = ScanState(known.scan) if known else ScanState.UNSCANNED
    own = is_author(author_of(by), case.subject) or case.row.created_by_account == by.account_id
    finding = known.scan_finding if known else None
    ensure_openable(scan, finding, own=own, scanning=settings.scanner is not None)
