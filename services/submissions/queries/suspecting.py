"""Finding what a reviewer should look at twice, in one statement a submission."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncSession

from services.submissions.models import SubmissionRow

_SENT: Final = "s.id <> CAST(:id AS uuid) AND s.status NOT IN ('draft', 'withdrawn')"
_FIND = text(
    f"""
    INSERT INTO suspicion (submission_id, kind, found_at)
    SELECT CAST(:id AS uuid), 'same_file', CAST(:now AS timestamptz) WHERE EXISTS (
      SELECT FROM unnest(:hashes) AS h
      JOIN submission s ON s.evidence @> jsonb_build_array(jsonb_build_object('sha256', h)) WHERE {_SENT})
    UNION ALL
    SELECT CAST(:id AS uuid), 'same_case', CAST(:now AS timestamptz) WHERE EXISTS (
      SELECT FROM submission s WHERE s.case_number = CAST(:case AS text) AND s.indicator_id = CAST(:indicator AS uuid)
        AND s.subject_id <> CAST(:subject AS uuid) AND {_SENT})
    ON CONFLICT DO NOTHING
    """  # noqa: S608 -- a constant
).bindparams(bindparam("hashes", type_=ARRAY(TEXT)))


async def suspect(session: AsyncSession, row: SubmissionRow, *, now: datetime) -> None:
    """Write down what is suspicious about work that is being sent."""
    hashes = [file["sha256"] for file in row.evidence]
    if not hashes and row.case_number is None:
        return
    facts = {
        "id": row.id, "hashes": hashes, "case": row.case_number, "indicator": row.indicator_id,
        "subject": row.subject_id, "now": now,
    }  # fmt: skip
    await session.execute(_FIND, facts)


async def suspicions_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Kinds by submission; those without are left out."""
    statement = text(
        "SELECT submission_id, array_agg(kind ORDER BY kind) AS kinds FROM suspicion "
        "WHERE submission_id = ANY(:ids) GROUP BY submission_id"
    )
    rows = await session.execute(statement, {"ids": list(ids)})
    return {row.submission_id: list(row.kinds) for row in rows}
