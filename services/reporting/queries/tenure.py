"""Who led which unit, and who served, from when to when: what duty and pay of a stretch go by."""

from collections import defaultdict
from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rules.calendars.spans import Span
from rules.standing import Service
from services.reporting.domain.outcomes import merged
from services.reporting.replicas import GrantReplica, OfficerReplica, PostingReplica

_HELD = ("approved", "revoked")


async def heads(session: AsyncSession, zone: ZoneInfo) -> tuple[dict[str, list[Service]], dict[str, str]]:
    """Unit → who led it, by the grants of the role, which end when they are revoked; and the names of these people."""
    grant, officer = GrantReplica, OfficerReplica
    query = (
        select(grant, officer.name)
        .join(officer, officer.id == grant.officer_id)
        .where(grant.role == "unit_leader", grant.status.in_(_HELD))
    )
    terms: dict[tuple[str, str], list[Service]] = defaultdict(list)
    names: dict[str, str] = {}
    for row, name in await session.execute(query):
        until = row.valid_to
        if row.status == "revoked":
            if row.decided_at is None:  # told before grants said when: how long it held is not known
                continue
            day = row.decided_at.astimezone(zone).date()
            until = day if until is None else min(day, until)
        if until is not None and until < row.valid_from:
            continue
        who = str(row.officer_id)
        terms[str(row.scope_unit_id), who].append(Service(who, row.valid_from, until))
        names[who] = name
    found: dict[str, list[Service]] = defaultdict(list)
    for (unit, _), each in terms.items():
        found[unit] += merged(each)
    return {unit: sorted(each, key=lambda s: (s.since, s.who)) for unit, each in found.items()}, names


async def served(
    session: AsyncSession, officers: Collection[str], span: Span
) -> tuple[dict[str, Service], list[str]]:
    """Officer → from when to when he was there, by primary postings; and those who were away in between.

    Of these it is the last stretch of service that touches the span; an officer without postings is in neither.
    """
    row = PostingReplica
    query = select(row.officer_id, row.valid_from, row.valid_to).where(
        row.is_primary, row.deleted.is_(False), row.valid_from <= span.end
    )
    terms: dict[str, list[Service]] = defaultdict(list)
    for officer_id, since, until in await session.execute(query):
        if str(officer_id) in officers:
            terms[str(officer_id)].append(Service(str(officer_id), since, until))
    found: dict[str, Service] = {}
    broken: list[str] = []
    for who, each in terms.items():
        touching = [term for term in merged(each) if term.touches(span)]
        if touching:
            found[who] = touching[-1]
        broken += [who] if len(touching) > 1 else []
    return found, broken
