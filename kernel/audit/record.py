"""One act as it is hashed and kept, and the hash that chains it. No input or output."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.audit.acting import Actor
from kernel.bus.canonical import canonical_json
from kernel.ids import new_id

GENESIS = "0" * 64
_CONTROL = dict.fromkeys((*range(32), *range(55296, 57344)), "�")


@dataclass(frozen=True, slots=True)
class Act:
    """What was done to one thing. `kind` and `object_id` name it as its events do (`target`, its id)."""

    action: str
    kind: str
    object_id: str
    actor: Actor
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    on_behalf_of: UUID | None = None
    at: datetime | None = None
    id: UUID = field(default_factory=new_id)


def body_of(act: Act, *, service: str, request: str | None, now: datetime) -> str:
    """The canonical text (RFC 8785) of the record: every key present, moments in UTC, decimals as text."""
    actor = act.actor
    return canonical_json(
        {
            "id": act.id,
            "at": act.at or now,
            "service": service,
            "actor": {
                "kind": actor.kind,
                "name": _text(actor.name),
                "account": actor.account_id,
                "officer": actor.officer_id,
                "session": actor.session_id,
            },
            "on_behalf_of": act.on_behalf_of,
            "action": act.action,
            "object": {"kind": act.kind, "id": _text(act.object_id)},
            "before": act.before,
            "after": act.after,
            "reason": act.reason,
            "request": request,
        }
    )


def audit_hash(prev: str, seq: int, body: str) -> str:
    """SHA-256(0x13 || prev || u64 seq || body), lower-case hexadecimal."""
    head = b"\x13" + bytes.fromhex(prev) + seq.to_bytes(8, "big")
    return hashlib.sha256(head + body.encode()).hexdigest()


def _text(given: str) -> str:
    """What somebody who is not signed in typed may hold anything; the record holds what can be stored and read."""
    return given.translate(_CONTROL)
