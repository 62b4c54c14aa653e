"""Which scheme, which period, which stretch of periods, in which version."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.errors import Conflict, NotFound
from services.reporting.domain.figures import Month, SpanKind, stretch
from services.reporting.domain.versions import VersionKind
from services.reporting.models import VersionRow
from services.reporting.replicas import PeriodReplica, SchemeReplica


class PeriodMissing(NotFound):
    code = "period-not-found"
    zh = "没有这个考核周期"
    en = "There is no such period"


class VersionMissing(Conflict):
    code = "version-missing"
    zh = "下列周期还没有这种版本的数据:{periods}"
    en = "These periods have no figures of this version yet: {periods}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The months of a board and those of the stretch before it; `months` end with `period`."""

    scheme: SchemeReplica
    period: PeriodReplica
    months: tuple[Month, ...]
    before: tuple[Month, ...]

    @property
    def key(self) -> str:
        first, last = self.months[0], self.months[-1]
        return last.code if first.id == last.id else f"{first.code}–{last.code}"


# Asked for at every look at a board, so put together once.
_PERIOD = (
    select(PeriodReplica, SchemeReplica)
    .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
    .where(PeriodReplica.id == bindparam("period", type_=Uuid))
    .where(SchemeReplica.id == bindparam("scheme", type_=Uuid))
)
_MONTHS = (
    select(
        PeriodReplica.id,
        PeriodReplica.code,
        PeriodReplica.year,
        PeriodReplica.quarter,
        PeriodReplica.month,
        PeriodReplica.starts_on,
    )
    .where(PeriodReplica.scheme_id == bindparam("scheme", type_=Uuid))
    .order_by(PeriodReplica.starts_on)
)


async def scheme_of(session: AsyncSession, scheme_id: UUID) -> SchemeReplica:
    scheme = await session.get(SchemeReplica, scheme_id)
    if scheme is None:
        raise PeriodMissing
    return scheme


async def period_of(
    session: AsyncSession, scheme_id: UUID, period_id: UUID
) -> tuple[PeriodReplica, SchemeReplica]:
    found = (await session.execute(_PERIOD, {"period": period_id, "scheme": scheme_id})).first()
    if found is None:
        raise PeriodMissing
    return found[0], found[1]


async def months_of(session: AsyncSession, scheme_id: UUID) -> list[Month]:
    return [Month(*row) for row in await session.execute(_MONTHS, {"scheme": scheme_id})]


async def stretch_of(session: AsyncSession, scheme_id: UUID, period_id: UUID, span: SpanKind) -> Stretch:
    period, scheme = await period_of(session, scheme_id, period_id)
    months = await months_of(session, scheme_id)
    last = next(month for month in months if month.id == period_id)
    found = stretch(months, last, span)
    earlier = [month for month in months if month.starts_on < found[0].starts_on]
    before = stretch(months, earlier[-1], span) if earlier and span is not SpanKind.CAMPAIGN else []
    return Stretch(scheme, period, tuple(found), tuple(before))


async def versions(session: AsyncSession, period_id: UUID) -> list[VersionRow]:
    """Those that stand, oldest first."""
    query = select(VersionRow).where(VersionRow.period_id == period_id, VersionRow.withdrawn.is_(False))
    return list((await session.scalars(query.order_by(VersionRow.log_seq))).all())


async def version_of(session: AsyncSession, period_id: UUID, kind: VersionKind) -> VersionRow | None:
    """The newest of the kind."""
    found = [row for row in await versions(session, period_id) if row.kind == kind]
    return found[-1] if found else None


async def versions_of(
    session: AsyncSession,
    months: tuple[Month, ...],
    kind: VersionKind | None,
    *,
    pinned: AbstractSet[UUID] | None = None,
) -> list[UUID]:
    """The newest for each month, of any kind if None; of those that are pinned, even if they were withdrawn since.

    Raises VersionMissing naming the months without.
    """
    query = (
        select(VersionRow.period_id, VersionRow.id)
        .where(VersionRow.period_id.in_([month.id for month in months]))
        .order_by(VersionRow.log_seq)
    )
    query = query.where(VersionRow.kind == kind) if kind is not None else query
    query = query.where(VersionRow.withdrawn.is_(False) if pinned is None else VersionRow.id.in_(pinned))
    newest = {row[0]: row[1] for row in await session.execute(query)}
    missing = [month.code for month in months if month.id not in newest]
    if missing:
        raise VersionMissing(periods="、".join(missing))
    return [newest[month.id] for month in months]
