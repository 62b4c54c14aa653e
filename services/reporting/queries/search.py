"""Search under the rules by which each kind of thing is seen elsewhere: what one may not see is not found and not counted."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.identity import Principal
from services.reporting.domain.search import Found, grams, words
from services.reporting.models import BulletinRow, SearchItemRow
from services.reporting.queries import bulletins, drill
from services.reporting.replicas import (
    IndicatorReplica,
    OfficerReplica,
    PostingReplica,
    SchemeReplica,
    SubmissionReplica,
    UnitReplica,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """`detail`: where it belongs, such as a person's unit or an indicator's scheme."""

    kind: Found
    id: UUID
    code: str
    title: str
    detail: str | None


async def search(
    session: AsyncSession, text: str, me: Principal, *, kinds: frozenset[Found], most: int
) -> list[Hit]:
    """At most so many of each kind, and one more if there are more. Those that begin so come first, then the shortest."""
    wanted = words(text)
    if not wanted:
        return []
    found: list[Hit] = []
    for kind in Found:
        if kind in kinds:
            query = _QUERIES[kind](me, wanted)
            rows = await session.execute(query.limit(most + 1))
            found += [Hit(kind, row[0], row[1], row[2], row[3]) for row in rows]
    return found


def _matching(kind: Found, wanted: list[str]) -> ColumnElement[bool]:
    item = SearchItemRow
    whole = [item.haystack.contains(word, autoescape=True) for word in wanted]
    return and_(item.kind == kind, item.grams.contains(grams(" ".join(wanted))), *whole)


def _ordered(query: Select[*tuple[Any, ...]], wanted: list[str]) -> Select[*tuple[Any, ...]]:
    item = SearchItemRow
    first = func.least(func.strpos(item.haystack, wanted[0]), 1000)
    exact = (func.lower(item.title) == wanted[0]).desc()
    return query.order_by(exact, func.length(item.title), first, item.code, item.id)


def _units(_: Principal, wanted: list[str]) -> Select[*tuple[Any, ...]]:
    """Everybody knows the tree."""
    item = SearchItemRow
    query = select(item.id, item.code, item.title, UnitReplica.kind).join(
        UnitReplica, UnitReplica.id == item.id
    )
    return _ordered(query.where(_matching(Found.UNIT, wanted)), wanted)


def _officers(me: Principal, wanted: list[str]) -> Select[*tuple[Any, ...]]:
    """Oneself, and whoever has or had a posting in one's scope: as what stands behind a figure."""
    item = SearchItemRow
    home = (
        select(UnitReplica.name)
        .join(PostingReplica, PostingReplica.unit_id == UnitReplica.id)
        .where(
            PostingReplica.officer_id == item.id, PostingReplica.is_primary, PostingReplica.deleted.is_(False)
        )
        .order_by(PostingReplica.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(item.id, item.code, item.title, home).join(OfficerReplica, OfficerReplica.id == item.id)
    return _ordered(query.where(_matching(Found.OFFICER, wanted), officers_visible_to(me, item.id)), wanted)


def officers_visible_to(me: Principal, officer_id: Any) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [false()]
    if me.officer_id is not None:
        ways.append(officer_id == me.officer_id)
    scopes = [UnitReplica.path.startswith(s.path, autoescape=True) for s in me.scopes("reporting:read")]
    if scopes:
        posted = exists().where(
            PostingReplica.officer_id == officer_id,
            PostingReplica.deleted.is_(False),
            UnitReplica.id == PostingReplica.unit_id,
            or_(*scopes),
        )
        ways.append(posted)
    return or_(*ways)


def _indicators(_: Principal, wanted: list[str]) -> Select[*tuple[Any, ...]]:
    """Of schemes that are published, or were."""
    item = SearchItemRow
    query = (
        select(item.id, item.code, item.title, SchemeReplica.name)
        .join(IndicatorReplica, IndicatorReplica.id == item.id)
        .join(SchemeReplica, SchemeReplica.id == IndicatorReplica.scheme_id)
        .where(_matching(Found.INDICATOR, wanted), SchemeReplica.status.in_(["published", "archived"]))
    )
    return _ordered(query, wanted)


def _submissions(me: Principal, wanted: list[str]) -> Select[*tuple[Any, ...]]:
    item = SearchItemRow
    query = (
        select(item.id, item.code, item.title, UnitReplica.name)
        .join(SubmissionReplica, SubmissionReplica.id == item.id)
        .join(UnitReplica, UnitReplica.id == SubmissionReplica.unit_id)
        .where(_matching(Found.SUBMISSION, wanted), drill.visible_to(me, SubmissionReplica))
    )
    return query.order_by(item.code.desc(), item.id)


def _bulletins(me: Principal, wanted: list[str]) -> Select[*tuple[Any, ...]]:
    """There are few of them; their titles are looked through. Initials as of everything else."""
    hay = func.lower(func.concat(BulletinRow.title, " ", BulletinRow.initials))
    whole = [hay.contains(word, autoescape=True) for word in wanted]
    number = func.concat(BulletinRow.word, "〔", BulletinRow.year, "〕", BulletinRow.number, "号")
    query = select(BulletinRow.id, func.coalesce(number, literal("")), BulletinRow.title, BulletinRow.state)
    return query.where(bulletins.visible_to(me), *whole).order_by(BulletinRow.id.desc())


_QUERIES = {
    Found.UNIT: _units, Found.OFFICER: _officers, Found.INDICATOR: _indicators, Found.SUBMISSION: _submissions,
    Found.BULLETIN: _bulletins,
}  # fmt: skip
