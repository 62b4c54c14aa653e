"""Units and officers as subjects of scores."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import NotFound
from services.scoring.queries import facts
from services.scoring.replicas import SchemeReplica, UnitReplica


class SubjectMissing(NotFound):
    code = "subject-not-found"
    zh = "没有这个单位或人员,或当日没有任职"
    en = "There is no such unit or officer, or no posting on that day"


class SchemeMissing(NotFound):
    code = "scheme-not-found"
    zh = "没有这个考核方案"
    en = "There is no such scheme"


@dataclass(frozen=True, slots=True)
class Subject:
    unit_id: UUID
    path: str


async def subject(session: AsyncSession, kind: str, subject_id: UUID, day: date) -> Subject:
    """The unit that a subject belongs to on a day, with its path."""
    unit_id = subject_id if kind == "unit" else await facts.home(session, subject_id, day)
    unit = await session.get(UnitReplica, unit_id) if unit_id else None
    if unit is None:
        raise SubjectMissing
    return Subject(unit.id, unit.path)


async def unit_path(session: AsyncSession, unit_id: UUID) -> str:
    unit = await session.get(UnitReplica, unit_id)
    if unit is None:
        raise SubjectMissing
    return unit.path


async def scheme(session: AsyncSession, scheme_id: UUID) -> SchemeReplica:
    row = await session.get(SchemeReplica, scheme_id)
    if row is None:
        raise SchemeMissing
    return row
