"""The worker's round of looking at files: scan, render, keep; a few at a time, each by a process of its own."""

import asyncio
import tempfile
from pathlib import Path

import structlog

from kernel.runtime import Runtime
from kernel.storage.blobs import FileMissing
from kernel.storage.renderer import CannotBeShown, render
from kernel.storage.scanning import Scanner, ScannerUnavailable
from services.submissions.actions import looking
from services.submissions.actions.looking import Seen, Shown
from services.submissions.domain.files import PreviewState, ScanState
from services.submissions.models import FileRow
from services.submissions.settings import settings_of

_log = structlog.get_logger(__name__)


async def look_at_files(runtime: Runtime) -> None:
    """Until nothing waits any more."""
    settings = settings_of(runtime)
    scanner = Scanner(settings.scanner) if settings.scanner else None
    if scanner is not None:
        async with runtime.db.transaction() as tx:
            await looking.ask_again(tx)
    await asyncio.gather(*(_one_after_another(runtime, scanner) for _ in range(settings.files_at_once)))


async def _one_after_another(runtime: Runtime, scanner: Scanner | None) -> None:
    while True:
        async with runtime.db.transaction() as tx:
            file = await looking.take_file(tx)
        if file is None:
            return
        if file.attempts > looking.MOST_ATTEMPTS:
            _log.warning("file_given_up", sha256=file.sha256)
            async with runtime.db.transaction() as tx:
                await looking.give_up(tx, file.sha256)
            continue
        await _look(runtime, file, scanner)


async def _look(runtime: Runtime, file: FileRow, scanner: Scanner | None) -> None:
    if file.scan == ScanState.PENDING:
        state = await _scan(runtime, file, scanner)
        if state is not ScanState.CLEAN and state is not ScanState.UNSCANNED:
            return
    if file.preview == PreviewState.PENDING:
        seen = await _picture(runtime, file)
        async with runtime.db.transaction() as tx:
            await looking.pictured(tx, file.sha256, seen)


async def _scan(runtime: Runtime, file: FileRow, scanner: Scanner | None) -> ScanState:
    """PENDING: the scanner is away, the file waits."""
    state, finding = ScanState.UNSCANNED, None
    if scanner is not None:
        try:
            verdict = await scanner.scan(runtime.blobs.read(file.sha256))
        except ScannerUnavailable:
            _log.warning("scanner_away")
            async with runtime.db.transaction() as tx:
                await looking.scanner_away(tx, file.sha256)
            return ScanState.PENDING
        except FileMissing:
            verdict = None
        if verdict is not None and verdict.finding:
            state, finding = ScanState.INFECTED, verdict.finding
            _log.error("file_infected", sha256=file.sha256, finding=finding)
        elif verdict is not None and verdict.clean:
            state = ScanState.CLEAN
    async with runtime.db.transaction() as tx:
        await looking.scanned(tx, file.sha256, state, finding)
    return state


async def _picture(runtime: Runtime, file: FileRow) -> Seen:
    with tempfile.NamedTemporaryFile(dir=runtime.settings.spool_dir, prefix="kaohe-") as local:
        try:
            async for piece in runtime.blobs.read(file.sha256):
                local.write(piece)
            local.flush()
            found = await render(Path(local.name), file.media_type)
        except (CannotBeShown, FileMissing) as problem:
            return Seen(problem=problem.text("en")[:300])
    shown = [
        Shown(p.kind, p.width, p.height, await runtime.blobs.put(p.content, "image/jpeg"))
        for p in found.pictures
    ]
    return Seen(found.width, found.height, found.pages, found.look, tuple(shown))
