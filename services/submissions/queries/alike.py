"""The same and similar files, and the work that they are evidence of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.submissions.domain.alike import NEAR, bands_of, neighbours, signed
from services.submissions.models import FileRow, SubmissionRow
from services.submissions.queries.cases import Case, select_cases
from services.submissions.queries.library import files_by_hash

MOST_SHOWN: Final = 20
_NEAR: Final = text(
    """
    SELECT sha256, bit_count((look # CAST(:look AS bigint))::bit(64)) AS distance FROM stored_file
    WHERE look IS NOT NULL AND sha256 <> :own
      AND (band_1 = ANY(:b1) OR band_2 = ANY(:b2) OR band_3 = ANY(:b3) OR band_4 = ANY(:b4))
      AND bit_count((look # CAST(:look AS bigint))::bit(64)) <= :most
    ORDER BY distance, sha256 LIMIT 50
    """
)


@dataclass(frozen=True, slots=True)
class Near:
    """A content and in how many of 64 bits it looks different; 0 for the same file."""

    sha256: str
    distance: int


@dataclass(frozen=True, slots=True)
class Use:
    """Other work that has the file, as far as the reader may see it."""

    submission_id: UUID
    number: str
    subject_name: str
    unit_name: str
    event_date: date
    status: str


@dataclass(frozen=True, slots=True)
class Alike:
    """`of` is a file of the submission, `near` what is the same or similar; `count` how much other work has that."""

    of: str
    near: Near
    count: int
    uses: tuple[Use, ...]


async def near_looks(session: AsyncSession, sha256: str, look: int) -> list[Near]:
    """Contents that look like it, the nearest first. `look` is unsigned. Four index look-ups, however many images there are."""
    keys = {f"b{n}": neighbours(band) for n, band in enumerate(bands_of(look), start=1)}
    facts = keys | {"look": signed(look), "own": sha256, "most": NEAR}
    return [Near(row.sha256, row.distance) for row in (await session.execute(_NEAR, facts)).all()]


async def alike(session: AsyncSession, case: Case, *, visible: ColumnElement[bool]) -> list[Alike]:
    """For the reviewer: the same and similar files in other work that was sent, the likest first."""
    hashes = [file["sha256"] for file in case.row.evidence]
    known = await files_by_hash(session, hashes)
    found = []
    for sha256 in hashes:
        candidates = [Near(sha256, 0), *await _similar(session, known.get(sha256))]
        for near in candidates:
            count, uses = await _uses(session, case, near.sha256, visible=visible)
            if count:
                found.append(Alike(sha256, near, count, tuple(uses)))
    return sorted(found, key=lambda item: item.near.distance)


async def _similar(session: AsyncSession, file: FileRow | None) -> list[Near]:
    if file is None or file.look is None:
        return []
    return await near_looks(session, file.sha256, file.look % 2**64)


async def _uses(
    session: AsyncSession, case: Case, sha256: str, *, visible: ColumnElement[bool]
) -> tuple[int, Sequence[Use]]:
    elsewhere = (
        SubmissionRow.evidence.contains([{"sha256": sha256}]),
        SubmissionRow.id != case.row.id,
        SubmissionRow.status.not_in(["draft", "withdrawn"]),
    )
    ids = (await session.scalars(select(SubmissionRow.id).where(*elsewhere).limit(1000))).all()
    if not ids:
        return 0, ()
    shown = select_cases().where(SubmissionRow.id.in_(ids), visible)
    rows = (await session.execute(shown.order_by(SubmissionRow.id.desc()).limit(MOST_SHOWN))).all()
    cases = [Case(*row) for row in rows]
    return len(ids), [
        Use(c.row.id, c.row.number, c.subject_name, c.unit.name, c.row.event_date, c.row.status)
        for c in cases
    ]
