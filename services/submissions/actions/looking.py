"""What the worker learns of a file: whether it is clean, what it looks like, pictures of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from kernel.delivery.transaction import Transaction
from services.submissions.domain.alike import bands_of, signed
from services.submissions.domain.files import PreviewState, ScanState
from services.submissions.models import FileRow, PreviewRow
from services.submissions.queries.suspecting import lock_comparison, suspect_similar

#: How long one process has for a file before another may try.
LEASE: Final = timedelta(minutes=3)
MOST_ATTEMPTS: Final = 3
SCANNER_AWAY: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that is stored: its kind, its size in pixels, its address."""

    kind: str
    width: int
    height: int
    picture: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What rendering found. `problem`: why there are no pictures."""

    width: int | None = None
    height: int | None = None
    pages: int | None = None
    look: int | None = None
    shown: tuple[Shown, ...] = ()
    problem: str | None = None


async def take_file(tx: Transaction) -> FileRow | None:
    """The oldest that waits and nobody has at work. It counts as tried from here on: a process that dies of it is one."""
    now = await tx.now()
    free = or_(FileRow.not_before.is_(None), FileRow.not_before <= now)
    statement = select(FileRow).where(FileRow.waiting, free).order_by(FileRow.stored_at).limit(1)
    row = await tx.session.scalar(statement.with_for_update(skip_locked=True))
    if row is not None:
        row.attempts, row.not_before = row.attempts + 1, now + LEASE
    return row


async def scanned(tx: Transaction, sha256: str, state: ScanState, finding: str | None) -> None:
    row = await _locked(tx, sha256)
    row.scan, row.scan_finding, row.scanned_at = state.value, finding, await tx.now()
    if state is ScanState.INFECTED:
        row.preview, row.preview_problem = PreviewState.NONE.value, None
    _rest(row)


async def scanner_away(tx: Transaction, sha256: str) -> None:
    """The file waits on; it is not its fault."""
    row = await _locked(tx, sha256)
    row.attempts, row.not_before = 0, await tx.now() + SCANNER_AWAY


async def pictured(tx: Transaction, sha256: str, seen: Seen) -> None:
    """Keep the pictures and the look; work that has images like it is pointed out to its reviewers."""
    if seen.look is not None:
        await lock_comparison(tx.session)
    row = await _locked(tx, sha256)
    row.preview = PreviewState.FAILED.value if seen.problem else PreviewState.MADE.value
    row.preview_problem = seen.problem
    row.width, row.height, row.pages = seen.width, seen.height, seen.pages
    if seen.look is not None:
        row.look = signed(seen.look)
        row.band_1, row.band_2, row.band_3, row.band_4 = bands_of(seen.look)
    for picture in seen.shown:
        values = {"width": picture.width, "height": picture.height, "picture": picture.picture}
        known = insert(PreviewRow).values(sha256=sha256, kind=picture.kind, **values)
        await tx.session.execute(known.on_conflict_do_update(index_elements=["sha256", "kind"], set_=values))
    _rest(row)
    if seen.look is not None:
        await suspect_similar(tx.session, sha256, seen.look, now=await tx.now())


async def give_up(tx: Transaction, sha256: str) -> None:
    """Nobody could look at it. It stays unscanned, and without pictures; a person may still download it."""
    row = await _locked(tx, sha256)
    if row.preview == PreviewState.PENDING:
        row.preview, row.preview_problem = PreviewState.FAILED.value, "gave up"
    if row.scan == ScanState.PENDING:
        row.scan, row.scanned_at = ScanState.UNSCANNED.value, await tx.now()
    _rest(row)


async def ask_again(tx: Transaction, *, at_once: int = 500) -> None:
    """With a scanner set up: files from before it are to be scanned too."""
    never = select(FileRow.sha256).where(
        FileRow.scan == ScanState.UNSCANNED.value, FileRow.scanned_at.is_(None)
    )
    statement = update(FileRow).where(FileRow.sha256.in_(never.limit(at_once)))
    news = {"scan": ScanState.PENDING.value, "waiting": True, "attempts": 0, "not_before": None}
    await tx.session.execute(statement.values(**news))


def _rest(row: FileRow) -> None:
    """Waits no longer once nothing is pending."""
    row.waiting = row.scan == ScanState.PENDING or row.preview == PreviewState.PENDING
    row.not_before = None


async def _locked(tx: Transaction, sha256: str) -> FileRow:
    statement = select(FileRow).where(FileRow.sha256 == sha256).with_for_update()
    return (await tx.session.scalars(statement.execution_options(populate_existing=True))).one()
