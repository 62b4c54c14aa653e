"""All indicators that ever were: searched, with where they were used and how it went."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, cut, keyset
from services.targets.models import IndicatorRow, SchemeRow


async def library(
    session: AsyncSession,
    page: PageRequest,
    *,
    where: ColumnElement[bool],
    q: str | None,
    module: str | None,
    line: str | None,
    year: int | None,
) -> tuple[list[Any], str | None]:
    """Each code once, as it was used last, in order of name. `q` finds in name, code, basis, and pinyin initials."""
    found = select(
        IndicatorRow,
        SchemeRow.code.label("scheme_code"),
        SchemeRow.name.label("scheme_name"),
        SchemeRow.year,
        SchemeRow.status,
        func.count().over(partition_by=IndicatorRow.code).label("uses"),
        func.row_number()
        .over(partition_by=IndicatorRow.code, order_by=(SchemeRow.year.desc(), IndicatorRow.id.desc()))
        .label("place"),
    ).join(SchemeRow, SchemeRow.id == IndicatorRow.scheme_id)
    found = found.where(where)
    if year is not None:
        found = found.where(SchemeRow.year == year)
    if module is not None:
        found = found.where(IndicatorRow.module == module)
    if line is not None:
        found = found.where(IndicatorRow.line == line)
    if q:
        found = found.where(_matches(q))
    inner = found.subquery()
    statement: Select[Any] = select(inner).where(inner.c.place == literal(1))
    rows = (await session.execute(keyset(statement, [inner.c.name, inner.c.id], page))).all()
    return cut(rows, page, lambda row: [row.name, row.id])


def _matches(q: str) -> ColumnElement[bool]:
    columns = (IndicatorRow.name, IndicatorRow.code, IndicatorRow.basis)
    ways: list[ColumnElement[bool]] = [column.contains(q, autoescape=True) for column in columns]
    if q.isascii() and q.isalnum():
        ways.append(IndicatorRow.initials.contains(q.lower(), autoescape=True))
    return or_(*ways)


_USES = """
SELECT i.id AS indicator_id, i.scheme_id, s.code AS scheme_code, s.name AS scheme_name, s.year, s.status, i.revision,
       count(t.id) AS targets, count(t.id) FILTER (WHERE t.status = 'acknowledged') AS acknowledged,
       count(t.id) FILTER (WHERE EXISTS (
         SELECT 1 FROM submission w WHERE w.target_id = t.id AND w.status NOT IN ('draft', 'withdrawn'))) AS with_work
FROM indicator i
JOIN scheme s ON s.id = i.scheme_id
LEFT JOIN target t ON t.indicator_id = i.id AND t.status NOT IN ('draft', 'withdrawn')
WHERE i.code = :code AND i.scheme_id = ANY(:schemes)
GROUP BY i.id, s.id ORDER BY s.year DESC, i.id DESC
"""


async def uses_of(session: AsyncSession, code: str, *, where: ColumnElement[bool]) -> Sequence[Any]:
    """Of the schemes that may be seen, those that have an indicator of the code."""
    schemes: list[UUID] = list(await session.scalars(select(SchemeRow.id).where(where)))
    return (await session.execute(text(_USES), {"code": code, "schemes": schemes})).all()
