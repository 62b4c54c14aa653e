"""To-dos and messages follow from events: opened, closed by whoever did it, told once."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from contracts.envelope import Event
from kernel.bus.canonical import plain
from kernel.delivery.replicas import Replica, keep_replicas
from kernel.delivery.transaction import Transaction
from kernel.ids import derived
from services.reporting.domain.todos import Action, Audience, Done, Follow, Open, Thing, Told

_OPEN = text(
    """
    INSERT INTO todo AS t SELECT * FROM jsonb_populate_recordset(CAST(NULL AS todo), CAST(:rows AS jsonb))
    ON CONFLICT (id) DO UPDATE SET
      period_id = excluded.period_id, indicator_id = excluded.indicator_id, subject_id = excluded.subject_id,
      facts = excluded.facts, officer_id = excluded.officer_id, permission = excluded.permission,
      unit_id = excluded.unit_id, via_unit_id = excluded.via_unit_id, never = excluded.never, judges = excluded.judges,
      opened_at = excluded.opened_at, due_at = excluded.due_at, closed = excluded.closed, closed_at = excluded.closed_at,
      closed_by = excluded.closed_by
    """
)
_CLOSE = text(
    """
    UPDATE todo t SET closed = true, closed_at = d.at, closed_by = d.by
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS d (id uuid, at timestamptz, by uuid)
    WHERE t.id = d.id AND NOT t.closed
    """
)
_TELL = text(
    "INSERT INTO message SELECT * FROM jsonb_populate_recordset(CAST(NULL AS message), CAST(:rows AS jsonb)) "
    "ON CONFLICT DO NOTHING"
)
# Something is to be submitted for a target of an officer until something was; whoever did it first closed it.
_SUBMIT = text(
    """
    INSERT INTO todo AS t (id, action, object_kind, object_id, period_id, indicator_id, subject_id, facts, officer_id, never,
                           judges, opened_at, closed, closed_at, closed_by)
    SELECT d.id, 'submit', 'target', g.id, g.period_id, g.indicator_id, g.subject_id,
           jsonb_build_object('quantity', CAST(g.quantity AS text)), g.subject_id, '{}', false, g.issued_at,
           s.id IS NOT NULL OR g.status = 'withdrawn', s.submitted_at, s.submitted_by
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS d (id uuid, target uuid)
    JOIN target g ON g.id = d.target AND g.subject_kind = 'officer' AND g.issued_at IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT w.id, w.submitted_at, w.submitted_by FROM submission w
      WHERE w.target_id = g.id AND w.submitted_at IS NOT NULL AND w.status NOT IN ('draft', 'withdrawn')
      ORDER BY w.submitted_at, w.id LIMIT 1) s ON true
    ON CONFLICT (id) DO UPDATE SET facts = excluded.facts, officer_id = excluded.officer_id, closed = excluded.closed,
      closed_at = excluded.closed_at, closed_by = excluded.closed_by
    """
)
_KNOWN = "SELECT id, version, {status} AS status FROM {table} WHERE id = ANY(:ids)"


def todo_id(action: Action, thing_id: UUID) -> UUID:
    return derived("todo", action, thing_id)


async def keep_and_follow(
    tx: Transaction,
    row: type[Replica],
    events: Sequence[Any],
    follow: Callable[[Any, str | None], Iterator[Follow]],
    *,
    status: str = "status",
) -> list[Any]:
    """Keep the copies, and do what follows from each version that was not known. Those versions, in order."""
    query = text(_KNOWN.format(table=row.__tablename__, status=status)).bindparams(
        bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True)))
    )
    known = {
        found.id: (found.version, found.status)
        for found in await tx.session.execute(query, {"ids": list({event.id for event in events})})
    }
    await keep_replicas(tx, row, events)
    fresh = []
    found: list[Follow] = []
    for event in sorted(events, key=lambda event: event.version):
        version, before = known.get(event.id, (-1, None))
        if event.version > version:
            fresh.append(event)
            found += follow(event, before)
            known[event.id] = (event.version, str(getattr(event, status)) if status != "NULL" else None)
    await settle(tx, found)
    return fresh


async def settle(tx: Transaction, follows: Iterable[Follow]) -> None:
    """In their order: what was opened and closed at once is closed."""
    opened: dict[UUID, dict[str, Any]] = {}
    closed: dict[UUID, dict[str, Any]] = {}
    told: dict[UUID, dict[str, Any]] = {}
    for each in follows:
        if isinstance(each, Open):
            key = todo_id(each.action, each.thing.id)
            opened[key] = _todo(key, each)
        elif isinstance(each, Told):
            key = derived("message", each.news, each.thing.id, each.key)
            told[key] = _about(each.thing, each.audience) | {
                "id": key, "news": each.news, "everybody": each.audience.everybody, "at": each.at,
            }  # fmt: skip
        else:
            _close(each, opened, closed)
    # A to-do that was open before the batch is closed as it was closed first, and then perhaps opened anew.
    await _write(tx, _CLOSE, list(closed.values()))
    await _write(tx, _OPEN, list(opened.values()))
    await _write(tx, _TELL, list(told.values()))


def _close(done: Done, opened: dict[UUID, dict[str, Any]], closed: dict[UUID, dict[str, Any]]) -> None:
    key = todo_id(done.action, done.thing_id)
    if key not in opened:
        closed.setdefault(key, {"id": key, "at": done.at, "by": done.by})
    elif not opened[key]["closed"]:
        opened[key] |= {"closed": True, "closed_at": done.at, "closed_by": done.by}


async def submissions_due(tx: Transaction, targets: Iterable[UUID]) -> None:
    """Whether something is still to be submitted for these targets."""
    rows = [{"id": todo_id(Action.SUBMIT, target), "target": target} for target in sorted(set(targets))]
    await _write(tx, _SUBMIT, rows)


async def _write(tx: Transaction, statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        await tx.session.execute(statement, {"rows": json.dumps(plain(rows))})


def _about(thing: Thing, audience: Audience) -> dict[str, Any]:
    return {
        "object_kind": thing.kind, "object_id": thing.id, "period_id": thing.period_id, "indicator_id": thing.indicator_id,
        "subject_id": thing.subject_id, "facts": dict(thing.facts), "officer_id": audience.officer_id,
        "permission": audience.permission, "unit_id": audience.unit_id,
    }  # fmt: skip


def _todo(key: UUID, each: Open) -> dict[str, Any]:
    return _about(each.thing, each.audience) | {
        "id": key, "action": each.action, "via_unit_id": each.audience.via_unit_id, "never": list(each.audience.never),
        "judges": each.audience.judges, "opened_at": each.since, "due_at": each.due_at, "closed": False, "closed_at": None,
        "closed_by": None,
    }  # fmt: skip


def newest(events: Sequence[Event]) -> list[Any]:
    """The last version of each thing."""
    return list({event.id: event for event in sorted(events, key=lambda event: event.version)}.values())
