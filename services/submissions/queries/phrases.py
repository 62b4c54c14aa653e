"""Phrases as somebody sees them: one's own first, then those shared with one's unit."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.identity import Principal
from services.submissions.models import PhraseRow

MOST_SHOWN = 300


def visible_phrases(by: Principal) -> ColumnElement[bool]:
    """One's own, and those that are shared with a unit that one is in or has a grant for."""
    paths = {path for path in (by.unit_path, *(grant.scope_path for grant in by.grants)) if path}
    shared = [func.starts_with(literal(path), PhraseRow.unit_path) for path in sorted(paths)]
    inside = [PhraseRow.unit_path.startswith(g.scope_path, autoescape=True) for g in by.grants]
    return or_(PhraseRow.account_id == by.account_id, *shared, *inside)


async def phrases_of(
    session: AsyncSession, by: Principal, *, kind: str | None, indicator_id: UUID | None
) -> Sequence[PhraseRow]:
    """Those for the indicator before those for any; the own before the shared; in the order given to them."""
    statement = select(PhraseRow).where(visible_phrases(by))
    if kind is not None:
        statement = statement.where(PhraseRow.kind == kind)
    if indicator_id is not None:
        for_it = or_(PhraseRow.indicator_id == indicator_id, PhraseRow.indicator_id.is_(None))
        statement = statement.where(for_it)
    order = (
        PhraseRow.account_id != by.account_id,
        PhraseRow.indicator_id.is_(None),
        PhraseRow.position,
        PhraseRow.id,
    )
    return (await session.scalars(statement.order_by(*order).limit(MOST_SHOWN))).all()
