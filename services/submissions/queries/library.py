"""Files as somebody has them: the own library, what is known of contents, where else they are used."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, keyset
from services.submissions.models import FileRow, LibraryRow, PreviewRow, StoreUseRow, SubmissionRow


async def library_of(
    session: AsyncSession, account_id: UUID, hashes: Iterable[str]
) -> dict[str, tuple[LibraryRow, FileRow]]:
    """The files in that library, by hash."""
    statement = (
        select(LibraryRow, FileRow)
        .join(FileRow, FileRow.sha256 == LibraryRow.sha256)
        .where(LibraryRow.account_id == account_id, LibraryRow.sha256.in_(list(hashes)))
    )
    return {mine.sha256: (mine, file) for mine, file in (await session.execute(statement)).all()}


async def page_of_library(
    session: AsyncSession, account_id: UUID, page: PageRequest, *, named: str | None
) -> tuple[list[tuple[LibraryRow, FileRow]], str | None]:
    """Newest first."""
    statement: Any = select(LibraryRow, FileRow)
    statement = statement.join(FileRow, FileRow.sha256 == LibraryRow.sha256)
    statement = statement.where(LibraryRow.account_id == account_id)
    if named:
        statement = statement.where(LibraryRow.name.icontains(named, autoescape=True))
    rows: Sequence[Any] = (
        await session.execute(keyset(statement, [LibraryRow.id], page, descending=True))
    ).all()
    return cut([(row[0], row[1]) for row in rows], page, lambda pair: [pair[0].id])


async def used_bytes(session: AsyncSession, holder_id: UUID | None) -> int:
    """What a person's library, or those of a unit, hold."""
    if holder_id is None:
        return 0
    found = await session.scalar(select(StoreUseRow.bytes).where(StoreUseRow.holder_id == holder_id))
    return int(found or 0)


async def is_used_by(session: AsyncSession, account_id: UUID, sha256: str) -> bool:
    """Whether somebody's own submissions still have the file."""
    used = exists().where(
        SubmissionRow.created_by_account == account_id,
        SubmissionRow.evidence.contains([{"sha256": sha256}]),
        SubmissionRow.status != "withdrawn",
    )
    return bool(await session.scalar(select(used)))


async def files_by_hash(session: AsyncSession, hashes: Iterable[str]) -> dict[str, FileRow]:
    rows = await session.scalars(select(FileRow).where(FileRow.sha256.in_(list(hashes))))
    return {row.sha256: row for row in rows}


async def uses_of(session: AsyncSession, sha256: str) -> int:
    """How many submissions that were sent have the file."""
    statement = select(func.count()).where(
        SubmissionRow.evidence.contains([{"sha256": sha256}]),
        SubmissionRow.status.not_in(["draft", "withdrawn"]),
    )
    return int(await session.scalar(statement) or 0)


async def previews_of(session: AsyncSession, sha256: str) -> Sequence[PreviewRow]:
    """Pages in their order behind the others."""
    statement = select(PreviewRow).where(PreviewRow.sha256 == sha256)
    order = (func.length(PreviewRow.kind), PreviewRow.kind)
    return (await session.scalars(statement.order_by(*order))).all()


async def preview_of(session: AsyncSession, sha256: str, kind: str) -> PreviewRow | None:
    return await session.get(PreviewRow, (sha256, kind))
