"""专项行动: drafted, opened, extended, closed; with a deadline and a pool of points of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from kernel.db.conflicts import conflicts
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Invalid
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.drafting import scheme_for_change
from services.targets.actions.recording import record, seen
from services.targets.domain.campaign import Pool, ensure_campaign, move
from services.targets.domain.scheme import SchemeState, ensure_not_archived, ensure_version
from services.targets.domain.target import OutsideScope, ensure_period_open
from services.targets.domain.windows import ensure_later
from services.targets.models import CampaignRow, PeriodRow, SchemeRow
from services.targets.queries import org
from services.targets.queries.calendar import campaigns_of, get_campaign
from services.targets.queries.readiness import scope_of
from services.targets.queries.schemes import indicators_of, periods_of


class CampaignCodeTaken(Conflict):
    code = "campaign-code-taken"
    zh = "方案中已有此编码的专项"
    en = "The scheme already has a campaign of this code"


class CampaignUnknownPart(Invalid):
    code = "campaign-unknown-part"
    zh = "专项引用了方案中没有的周期、指标,或范围外的单位"
    en = "The campaign names a period or indicator that the scheme does not have, or a unit outside its scope"


class IndicatorInCampaign(Conflict):
    code = "indicator-in-campaign"
    zh = "指标在该周期已属于专项“{campaign}”,一个指标在一个周期只能有一个期限"
    en = "An indicator belongs to the campaign “{campaign}” in this period: it can have one deadline only"


@dataclass(frozen=True, slots=True)
class Campaign:
    period_id: UUID
    name: str
    starts_on: date
    ends_on: date
    cutoff_at: datetime
    pool: Decimal
    indicator_ids: Sequence[UUID]
    unit_ids: Sequence[UUID]


async def create_campaign(
    tx: Transaction, scheme_id: UUID, said: Campaign, *, code: str, by: Principal
) -> CampaignRow:
    scheme = await scheme_for_change(tx, scheme_id, by=by)
    ensure_not_archived(scheme.status)
    row = CampaignRow(id=new_id(), scheme_id=scheme.id, code=code, status="draft", reason=None)
    await _fill(tx, row, scheme, said)
    tx.session.add(row)
    with conflicts({"uq_campaign_scheme_id_code": CampaignCodeTaken}):
        await tx.publish(messages.campaign, row)
    record(tx, row, by=by, action="draft", now=await tx.now(), before={})
    return row


async def change_campaign(
    tx: Transaction, campaign_id: UUID, said: Campaign, *, version: int, by: Principal
) -> CampaignRow:
    """Anything, as long as it is a draft."""
    row, scheme = await _lock(tx, campaign_id, by=by)
    ensure_version(row.version, version)
    move(row.status, "draft")
    before = seen(row)
    await _fill(tx, row, scheme, said)
    await tx.publish(messages.campaign, row)
    record(tx, row, by=by, action="change", now=await tx.now(), before=before)
    return row


async def open_campaign(tx: Transaction, campaign_id: UUID, *, by: Principal) -> CampaignRow:
    row, scheme = await _lock(tx, campaign_id, by=by)
    period = await tx.session.get_one(PeriodRow, row.period_id)
    ensure_period_open(period.status, period.code)
    move(row.status, "open")
    for other in await campaigns_of(tx.session, scheme.id):
        shared = set(other.indicator_ids) & set(row.indicator_ids)
        if other.id != row.id and other.status == "open" and other.period_id == row.period_id and shared:
            raise IndicatorInCampaign(campaign=other.name)
    return await _to(tx, row, "open", by=by, action="open")


async def extend_campaign(
    tx: Transaction, campaign_id: UUID, *, cutoff_at: datetime, reason: str, by: Principal
) -> CampaignRow:
    """A later deadline for everybody, with a reason; the last day of the campaign moves with it if it has to."""
    row, _ = await _lock(tx, campaign_id, by=by)
    move(row.status, "open", again=True)
    ensure_later(cutoff_at, row.cutoff_at)
    before = seen(row)
    row.cutoff_at, row.reason = cutoff_at, reason
    await tx.publish(messages.campaign, row)
    record(tx, row, by=by, action="extend", now=await tx.now(), before=before, reason=reason)
    return row


async def close_campaign(tx: Transaction, campaign_id: UUID, *, reason: str, by: Principal) -> CampaignRow:
    row, _ = await _lock(tx, campaign_id, by=by)
    move(row.status, "closed")
    row.reason = reason
    return await _to(tx, row, "closed", by=by, action="close", reason=reason)


def overlaps_of(row: CampaignRow, others: Sequence[CampaignRow]) -> list[Pool]:
    """Other campaigns whose days and units meet this one's: their pools reward the same people at the same time."""
    mine = pool_of(row)
    return [pool for other in others if other.id != row.id and (pool := pool_of(other)).meets(mine)]


def pool_of(row: CampaignRow) -> Pool:
    return Pool(
        row.id,
        row.code,
        row.name,
        row.starts_on,
        row.ends_on,
        frozenset(row.indicator_ids),
        frozenset(row.unit_ids),
        closed=row.status == "closed",
    )


async def _fill(tx: Transaction, row: CampaignRow, scheme: SchemeRow, said: Campaign) -> None:
    period = {p.id: p for p in await periods_of(tx.session, scheme.id)}.get(said.period_id)
    known = {i.id for i in await indicators_of(tx.session, scheme.id) if i.active}
    scope = await scope_of(tx.session, scheme.scope_unit_id)
    units = await org.units(tx.session, said.unit_ids)
    inside = {u.id for u in units.values() if u.path.startswith(scope.path)}
    if period is None or not set(said.indicator_ids) <= known or set(said.unit_ids) - inside:
        raise CampaignUnknownPart
    ensure_period_open(period.status, period.code)
    ensure_campaign(said.starts_on, said.ends_on, period.starts_on, period.ends_on)
    row.period_id, row.name, row.pool = said.period_id, said.name, said.pool
    row.starts_on, row.ends_on, row.cutoff_at = said.starts_on, said.ends_on, said.cutoff_at
    row.indicator_ids = sorted(str(i) for i in set(said.indicator_ids))
    row.unit_ids = sorted(str(u) for u in set(said.unit_ids))


async def _to(
    tx: Transaction, row: CampaignRow, status: str, *, by: Principal, action: str, reason: str | None = None
) -> CampaignRow:
    before = seen(row)
    row.status = status
    await tx.publish(messages.campaign, row)
    record(tx, row, by=by, action=action, now=await tx.now(), before=before, reason=reason)
    return row


async def _lock(tx: Transaction, campaign_id: UUID, *, by: Principal) -> tuple[CampaignRow, SchemeRow]:
    row, scheme = await get_campaign(tx.session, campaign_id, by=by, locked=True)
    if not by.covers("targets:scheme", (await scope_of(tx.session, scheme.scope_unit_id)).path):
        raise OutsideScope
    if scheme.status == SchemeState.ARCHIVED:
        ensure_not_archived(scheme.status)
    return row, scheme
