"""Finding what a reviewer should look at twice, in one statement a submission."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.locks import lock_in_transaction
from services.submissions.domain.suspicion import Suspicion
from services.submissions.models import FileRow, SubmissionRow
from services.submissions.queries.alike import near_looks

_SENT: Final = "status NOT IN ('draft', 'withdrawn')"
_OTHER: Final = f"s.id <> CAST(:id AS uuid) AND s.{_SENT}"
_FIND = text(
    f"""
    INSERT INTO suspicion (submission_id, kind, found_at)
    SELECT CAST(:id AS uuid), 'same_file', CAST(:now AS timestamptz) WHERE EXISTS (
      SELECT FROM unnest(:hashes) AS h
      JOIN submission s ON s.evidence @> jsonb_build_array(jsonb_build_object('sha256', h)) WHERE {_OTHER})
    UNION ALL
    SELECT CAST(:id AS uuid), 'same_case', CAST(:now AS timestamptz) WHERE EXISTS (
      SELECT FROM submission s WHERE s.case_number = CAST(:case AS text) AND s.indicator_id = CAST(:indicator AS uuid)
        AND s.subject_id <> CAST(:subject AS uuid) AND {_OTHER})
    ON CONFLICT DO NOTHING
    """  # noqa: S608 -- a constant
).bindparams(bindparam("hashes", type_=ARRAY(TEXT)))
_SIMILAR: Final = text(
    f"""
    INSERT INTO suspicion (submission_id, kind, found_at)
    SELECT DISTINCT s.id, :kind, CAST(:now AS timestamptz) FROM submission s
    WHERE s.evidence @> jsonb_build_array(jsonb_build_object('sha256', CAST(:own AS text))) AND s.{_SENT}
      AND EXISTS (SELECT FROM unnest(CAST(:others AS text[])) AS h JOIN submission o
        ON o.evidence @> jsonb_build_array(jsonb_build_object('sha256', h)) WHERE o.id <> s.id AND o.{_SENT})
    ON CONFLICT DO NOTHING
    """  # noqa: S608 -- a constant
)


async def suspect(session: AsyncSession, row: SubmissionRow, *, now: datetime) -> None:
    """Write down what is suspicious about work that is being sent, and about work that its images are like."""
    hashes = [file["sha256"] for file in row.evidence]
    if not hashes and row.case_number is None:
        return
    if hashes:
        await lock_comparison(session)
    facts = {
        "id": row.id, "hashes": hashes, "case": row.case_number, "indicator": row.indicator_id,
        "subject": row.subject_id, "now": now,
    }  # fmt: skip
    await session.execute(_FIND, facts)
    looks = select(FileRow.sha256, FileRow.look).where(FileRow.sha256.in_(hashes))
    for sha256, look in (await session.execute(looks)).all() if hashes else ():
        if look is not None:
            await suspect_similar(session, sha256, look % 2**64, now=now)


async def lock_comparison(session: AsyncSession) -> None:
    """To the end of the transaction nobody else compares files.

    Two that are looked at, or sent, in one moment would not see each other's; the later one waits and does.
    """
    await lock_in_transaction(session, "submissions", "comparison")


async def suspect_similar(session: AsyncSession, sha256: str, look: int, *, now: datetime) -> None:
    """Both ways: sent work with this image, and sent work with those that look like it. `look` is unsigned."""
    others = [near.sha256 for near in await near_looks(session, sha256, look)]
    for own, rest in ((sha256, others), *((other, [sha256]) for other in others)):
        if rest:
            facts = {"own": own, "others": rest, "kind": Suspicion.SIMILAR_IMAGE.value, "now": now}
            await session.execute(_SIMILAR, facts)


async def suspicions_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Kinds by submission; those without are left out."""
    statement = text(
        "SELECT submission_id, array_agg(kind ORDER BY kind) AS kinds FROM suspicion "
        "WHERE submission_id = ANY(:ids) GROUP BY submission_id"
    )
    rows = await session.execute(statement, {"ids": list(ids)})
    return {row.submission_id: list(row.kinds) for row in rows}
