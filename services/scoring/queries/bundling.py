"""What a seal was made of, again, line by line: for the bundle, and for the digests that the seal has of it."""

import json
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.bus.canonical import canonical_json
from kernel.db.copying import digest_of_rows
from kernel.db.patience import take_time
from kernel.errors import NotFound
from rules.binding import tell, tell_assessed
from sealing.bundle import END, FORMAT, HEAD, LEAVES, OF_PLANS, OLD_FORMAT, RECORDS, line
from sealing.profile import written
from sealing.statements import leaf_hash
from services.scoring.domain.ledger import PLAN_KEY
from services.scoring.models import SealLeafRow, SealRecordRow, SealRow
from services.scoring.queries import facts, gathering, planned, sealed
from services.scoring.queries.told import Sources, sources
from services.scoring.replicas import PeriodReplica

AT_ONCE: Final = 2000
# Each fact is an array of texts without anything that would have to be escaped; in an order that does not depend on arrival.
_FACTS = """
    SELECT told FROM (
      SELECT subject_id, indicator_id, 1 AS kind, event_date AS day, id, '["work","' || subject_id || '","' || indicator_id || '","'
        || accepted_quantity || '","' || event_date || '","' || id || '","' || content_hash || '"]' AS told
      FROM ({work}) AS w WHERE period_id = '{period}' AND status IN ({counted}) AND accepted_quantity::numeric > 0
      UNION ALL
      SELECT subject_id, indicator_id, 0, '', id, '["target","' || subject_id || '","' || indicator_id || '","' || quantity || '","' || id || '","'
        || content_hash || '"]'
      FROM (SELECT DISTINCT ON (subject_id, indicator_id) * FROM ({goals}) AS g
        WHERE period_id = '{period}' AND status IN ({live}) ORDER BY subject_id, indicator_id, id) AS t
      UNION ALL
      SELECT e.subject_id, NULL, 2, '', e.id, '["entry","' || e.subject_id || '","' || e.id || '","' || e.module || '","' || e.hash || '"]'
      FROM ledger_entry e WHERE e.period_id = '{period}' AND e.indicator_id IS NULL
      UNION ALL
      SELECT NULL, NULL, 3, '', period_id, '["closed","' || period_id || '"]' FROM shortfall WHERE period_id = '{period}'
    ) AS every ORDER BY subject_id NULLS FIRST, indicator_id NULLS FIRST, kind, day, id
    """
_FILES = """
    SELECT DISTINCT f->>'sha256' COLLATE "C" AS told FROM ({work}) AS w, json_array_elements(w.evidence) f
    WHERE period_id = '{period}' ORDER BY 1
    """

# Which node of the plan an entry is of: between the mark of the key and the subject's id.
_POSTED = """
    SELECT '["posted","' || e.id || '","' || e.module || '",' || to_json(left(substr(e.rule_key, {after}), -37))::text || ']' AS told
    FROM ledger_entry e WHERE e.period_id = '{period}' AND starts_with(e.rule_key, '{mark}') ORDER BY e.id
    """
_DERIVED: Final = {"facts": _FACTS, "files": _FILES, "posted": _POSTED}


class BundleNotKept(NotFound):
    code = "bundle-not-kept"
    zh = "该封存没有留存可导出的记录"
    en = "Nothing was kept of this seal that a bundle could be made of"


def _sql(query: str, period_id: UUID, told: Sources) -> str:
    """The ids are UUIDs: nothing in them can be more than that."""
    return query.format(
        mark=PLAN_KEY, after=len(PLAN_KEY) + 1,
        work=told.work, goals=told.goals, period=UUID(str(period_id)),
        counted=", ".join(f"'{status}'" for status in facts.COUNTED),
        live=", ".join(f"'{status}'" for status in facts.LIVE_TARGETS),
    )  # fmt: skip


async def facts_digest(session: AsyncSession, period_id: UUID, told: Sources) -> tuple[str, int]:
    """SHA-256 over all facts of the period, each with a line feed; and how many they are."""
    return await digest_of_rows(session, _sql(_FACTS, period_id, told))


async def posted_digest(session: AsyncSession, period_id: UUID, told: Sources) -> tuple[str, int]:
    """The same over the entries that a plan has made in the period, each with its module and node."""
    return await digest_of_rows(session, _sql(_POSTED, period_id, told))


async def assessed(session: AsyncSession, period: PeriodReplica) -> list[str]:
    """The period, then each subject with what the plan was applied to; nothing where single rules score."""
    binding = await planned.binding_of(session, period.scheme_id)
    if binding is None:
        return []
    gathered = await gathering.gather(session, binding, period)
    span = gathered.facts.period
    people = sorted(gathered.people.values(), key=lambda person: person.id)
    return [
        canonical_json(tell(span)),
        *(canonical_json(tell_assessed(who, gathered.records[who.id], span)) for who in people),
    ]


async def bundle(session: AsyncSession, number: int) -> AsyncIterator[bytes]:
    """Pieces of the file, whatever its size. Raises SealMissing and BundleNotKept before the first."""
    await take_time(session)
    row = await sealed.seal(session, number)
    records = await _records(session, row)
    statement = json.loads(row.statement)
    note = await sealed.note(session, row)
    log = await sealed.log_until(session, row.log_index)
    kept = RECORDS["assessed"] in records
    head = {
        "_t": FORMAT if kept else OLD_FORMAT,
        "seal": statement,
        "checkpoint": note.source,
        "log": [leaf_hash(each).hex() for each in log],
    }
    yield line(HEAD, written(head).decode())
    for section, subject in RECORDS.items():
        if subject in records:
            yield b"".join(line(section, told) for told in records[subject].splitlines())
            continue
        if section in OF_PLANS and not kept:
            continue
        told = sources(statement["inputs"])
        query = _sql(_DERIVED[section], row.period_id, told)
        async for piece in _lines(session, section, query):
            yield piece
    leaves = select(SealLeafRow.leaf).where(SealLeafRow.seal_number == number).order_by(SealLeafRow.idx)
    found = await session.stream_scalars(leaves, execution_options={"yield_per": 50})
    async for leaf in found:
        yield line(LEAVES, leaf)


def end(digest: str) -> bytes:
    return line(END, digest)


async def _lines(session: AsyncSession, section: str, query: str) -> AsyncIterator[bytes]:
    found = await session.stream(text(query.replace(":", "\\:")), execution_options={"yield_per": AT_ONCE})
    async for page in found.partitions():
        yield b"".join(line(section, told.told) for told in page)


async def _records(session: AsyncSession, row: SealRow) -> dict[str, str]:
    query = select(SealRecordRow.subject, SealRecordRow.text).where(SealRecordRow.seal_number == row.number)
    found = {subject: told for subject, told in await session.execute(query)}  # noqa: C416 -- rows are no pairs
    if not found:
        raise BundleNotKept
    return found
