"""What consumers recorded and this producer lost: offered back, and taken or refused by two people.

A database that comes back from a backup, or a fail-over that lost a tail, has forgotten work that was accepted. The copies
of the consumers still have it. Taking it back restores the rows it tells about and publishes the same event under the same
id, so that nobody is scored twice; refusing it has every consumer undo what it did of it (docs/reference/bus.md).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import structlog
from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.catalog import EVENTS
from contracts.envelope import Envelope, Event, Headers
from kernel.bus.protocol import is_authentic
from kernel.delivery.transaction import Database, Transaction
from kernel.errors import Conflict, Forbidden, Invalid, NotFound

Decision = Literal["accepted", "refused"]
#: Writes the rows of an event that came back, as they were when it was published.
Restore = Callable[[Transaction, Any, Headers], Awaitable[None]]
_log = structlog.get_logger(__name__)


class OfferNotOurs(Invalid):
    code = "offer-not-ours"
    zh = "所退回的事件与其哈希不符,或不属于本服务"
    en = "An event offered back is not what its hash says, or not of this service"


class OfferDisagrees(Conflict):
    code = "offer-disagrees"
    zh = "两个服务退回了同一编号、内容不同的事件 {event_id}"
    en = "Two services offered event {event_id} back with different contents"


class OfferMissing(NotFound):
    code = "offer-missing"
    zh = "没有待处置的退回事件:{order_key}"
    en = "Nothing offered back waits for a decision: {order_key}"


class OfferOvertaken(Conflict):
    code = "offer-overtaken"
    zh = "该事项此后已有新版本,不能原样恢复;请拒绝退回,并按现状另行处理"
    en = "It has been changed since and cannot be restored as it was; refuse the offer and act on what is there"


class NotRestorable(Conflict):
    code = "not-restorable"
    zh = "此类事件({type}){why_zh},不能由副本恢复;请拒绝退回,必要时重新办理"
    en = "Events of this kind ({type}) {why}, and cannot be restored from a copy; refuse the offer and do it again if need be"


class NotProposed(Conflict):
    code = "not-proposed"
    zh = "提议与您所批准的不同,或提议之后又有事件退回;请重新核对"
    en = "What is proposed is not what you approve, or more was offered back since; look again"


class SecondPersonNeeded(Forbidden):
    code = "second-person-needed"
    zh = "须由另一人复核签字"
    en = "Another person must sign"


@dataclass(frozen=True, slots=True)
class Verdict:
    """On an offer: `open`, `accepted` or `refused`, with who and why."""

    state: str
    resolution: str


_KNOWN = text(
    "SELECT event_id FROM bus.event_log WHERE event_id = ANY(:ids) "
    "UNION ALL SELECT event_id FROM bus.outbox WHERE event_id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))
_TAKE = text(
    """
    INSERT INTO bus.offer (event_id, epoch, seq, prev_hash, hash, content_hash, type, aggregate_id, aggregate_version,
      order_key, body, headers, created_at, offered_by)
    VALUES (:event_id, :epoch, :seq, :prev_hash, :hash, :content_hash, :type, :aggregate_id, :aggregate_version,
      :order_key, :body, CAST(:headers AS jsonb), :created_at, ARRAY[:consumer])
    ON CONFLICT (event_id) DO UPDATE SET offered_by =
      CASE WHEN :consumer = ANY(offer.offered_by) THEN offer.offered_by ELSE offer.offered_by || :consumer END
    WHERE offer.content_hash = excluded.content_hash RETURNING event_id
    """
)
_VERDICTS = text(
    "SELECT event_id, state, coalesce(first_signature || ', ' || second_signature || ': ' || reason, '') AS resolution "
    "FROM bus.offer WHERE event_id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))
_OPEN = text(
    "SELECT * FROM bus.offer WHERE order_key = :key AND state = 'open' ORDER BY epoch, seq FOR UPDATE"
)
_PROPOSE = text(
    "UPDATE bus.offer SET proposed = :decision, first_signature = :who, reason = :reason "
    "WHERE order_key = :key AND state = 'open'"
)
_DECIDE = text(
    "UPDATE bus.offer SET state = :decision, second_signature = :who, decided_at = clock_timestamp() "
    "WHERE order_key = :key AND state = 'open'"
)
_NEWER = text(
    "SELECT EXISTS (SELECT FROM bus.event_log WHERE type = :type AND aggregate_id = :id AND aggregate_version >= :version) "
    "OR EXISTS (SELECT FROM bus.outbox WHERE type = :type AND aggregate_id = :id AND aggregate_version >= :version)"
)
_PUBLISH = text(
    "INSERT INTO bus.outbox (event_id, type, aggregate_id, aggregate_version, order_key, body, headers) "
    "VALUES (:event_id, :type, :aggregate_id, :aggregate_version, :order_key, :body, CAST(:headers AS jsonb))"
)
_INCIDENT = text(
    "INSERT INTO bus.incident (kind, stream, detail, resolved_at, resolution) "
    "VALUES ('offer_decided', :stream, :key, clock_timestamp(), :resolution)"
)
_LIST = text(
    "SELECT order_key, min(type) AS type, count(*) AS events, array_agg(event_id ORDER BY epoch, seq) AS event_ids, "
    "array_agg(aggregate_version ORDER BY epoch, seq) AS versions, min(created_at) AS first_at, max(created_at) AS last_at, "
    "min(offered_at) AS offered_at, min(state) AS state, min(proposed) AS proposed, min(first_signature) AS first_signature, "
    "min(second_signature) AS second_signature, min(reason) AS reason, min(decided_at) AS decided_at, "
    "(array_agg(body ORDER BY epoch DESC, seq DESC))[1] AS body, max(offered_by) AS offered_by "
    "FROM bus.offer WHERE (:all OR state = 'open') GROUP BY order_key, state, decided_at ORDER BY min(offered_at), order_key LIMIT 500"
)


async def take(db: Database, stream: str, consumer: str, lost: Sequence[Envelope]) -> None:
    """Keep what a consumer offers, unless it is here. Raises OfferNotOurs, OfferDisagrees."""
    if any(envelope.stream != stream or not is_authentic(envelope) for envelope in lost):
        raise OfferNotOurs
    async with db.transaction() as tx:
        ids = [envelope.event_id for envelope in lost]
        known = set((await tx.session.scalars(_KNOWN, {"ids": ids})).all())
        for envelope in lost:
            if envelope.event_id in known:
                continue
            facts = envelope.model_dump(exclude={"stream", "headers"}) | {
                "headers": envelope.headers.model_dump_json(exclude_none=True),
                "consumer": consumer,
            }
            if (await tx.session.execute(_TAKE, facts)).first() is None:
                raise OfferDisagrees(event_id=envelope.event_id)
    _log.warning("events_offered_back", stream=stream, consumer=consumer, events=len(lost))


async def verdicts(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Verdict]:
    """For those that are here, offered or alive; alive ones count as accepted."""
    rows = await session.execute(_VERDICTS, {"ids": list(ids)})
    found = {row.event_id: Verdict(row.state, row.resolution) for row in rows}
    alive = (await session.scalars(_KNOWN, {"ids": list(ids)})).all()
    return found | {key: Verdict("accepted", "") for key in alive}


async def listed(session: AsyncSession, *, decided: bool = False) -> list[dict[str, Any]]:
    """By the thing they are about, oldest first, at most 500; `decided` ones too if asked for."""
    rows = await session.execute(_LIST, {"all": decided})
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name for it


async def propose(tx: Transaction, *, order_key: str, decision: Decision, who: str, reason: str) -> None:
    """Sign first for everything offered back about one thing; replaces a proposal before it. Raises OfferMissing."""
    facts = {"key": order_key, "decision": decision, "who": who, "reason": reason}
    if not (await tx.session.execute(_PROPOSE, facts)).rowcount:  # type: ignore[attr-defined]
        raise OfferMissing(order_key=order_key)


async def approve(
    tx: Transaction,
    restores: Mapping[type[Event], Restore],
    *,
    stream: str,
    order_key: str,
    decision: Decision,
    who: str,
) -> None:
    """Sign second, and carry it out; `decision` is what the second person read. The caller rings the stamper.

    Raises OfferMissing, NotProposed, SecondPersonNeeded, and on acceptance OfferOvertaken or NotRestorable.
    """
    rows = (await tx.session.execute(_OPEN, {"key": order_key})).all()
    if not rows:
        raise OfferMissing(order_key=order_key)
    # What was offered after the proposal was not in it.
    if any(row.proposed != decision for row in rows):
        raise NotProposed
    if any(row.first_signature == who for row in rows):
        raise SecondPersonNeeded
    if decision == "accepted":
        for row in rows:
            await _take_back(tx, restores, row)
    await tx.session.execute(_DECIDE, {"key": order_key, "decision": decision, "who": who})
    signed = f"{decision}: {rows[0].first_signature}, {who}: {rows[0].reason}"
    await tx.session.execute(_INCIDENT, {"stream": stream, "key": order_key, "resolution": signed})


async def _take_back(tx: Transaction, restores: Mapping[type[Event], Restore], row: Row[Any]) -> None:
    """The row as it was, the event as it was; what the handlers of others did of it stays as it is."""
    facts = {"type": row.type, "id": row.aggregate_id, "version": row.aggregate_version}
    if await tx.session.scalar(_NEWER, facts):
        raise OfferOvertaken
    contract = EVENTS.get(row.type)
    restore = restores.get(contract) if contract else None
    if contract is None or restore is None:
        raise NotRestorable(
            type=row.type, why_zh="由本服务自行推算或另有登记", why="are derived, or kept elsewhere"
        )
    headers = Headers.model_validate(row.headers)
    try:
        async with tx.session.begin_nested():
            await restore(tx, contract.model_validate_json(row.body), headers)
    except IntegrityError as error:
        raise NotRestorable(
            type=row.type, why_zh="与现有数据冲突", why="collide with what is there now"
        ) from error
    await tx.session.execute(
        _PUBLISH,
        {
            "event_id": row.event_id, "type": row.type, "aggregate_id": row.aggregate_id,
            "aggregate_version": row.aggregate_version, "order_key": row.order_key, "body": row.body,
            "headers": headers.model_dump_json(exclude_none=True),
        },
    )  # fmt: skip
