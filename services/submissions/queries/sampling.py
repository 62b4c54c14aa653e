"""A random part of the evidence, for the nightly check that files are still what their names say."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# One in a hundred of the submissions with files, at least one.
_SAMPLE = text(
    """
    WITH filed AS (SELECT evidence FROM submission WHERE jsonb_array_length(evidence) > 0)
    SELECT DISTINCT f->>'sha256' AS sha256
    FROM (SELECT evidence FROM filed ORDER BY random() LIMIT greatest((SELECT count(*) / 100 FROM filed), 1)) AS drawn,
         jsonb_array_elements(drawn.evidence) AS f
    """
)


async def some_files(session: AsyncSession) -> list[str]:
    return list((await session.scalars(_SAMPLE)).all())
