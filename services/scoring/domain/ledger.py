"""The ledger's chain and its unit, a thousandth of a point."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from kernel.errors import Conflict
from rules import half_up

GENESIS = "0" * 64
MILLI = 1000


class PeriodClosed(Conflict):
    code = "period-closed"
    zh = "考核周期 {period} 已封存,不能再入账"
    en = "The period {period} is sealed; nothing can be posted to it"


def milli(points: Decimal | Fraction) -> int:
    """Points in thousandths, rounded half up."""
    return int(half_up(Fraction(points) * MILLI, 0))


def points(thousandths: int) -> Decimal:
    return Decimal(thousandths).scaleb(-3)


def entry_hash(prev: str, seq: int, entry: Mapping[str, Any]) -> str:
    """SHA-256(0x12 || prev || u64 seq || JCS(entry)), lower-case hexadecimal.

    `entry` holds text, integers and nulls under ASCII names only; of those `json` makes exactly RFC 8785, ten times faster.
    """
    text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(b"\x12" + bytes.fromhex(prev) + seq.to_bytes(8, "big") + text.encode()).hexdigest()


#: What stands in front of the node in the `rule_key` of an entry that a plan made.
PLAN_KEY = "plan:"


def plan_key(node: str, subject_id: UUID) -> str:
    return f"{PLAN_KEY}{node}:{subject_id}"


def node_of(rule_key: str) -> str | None:
    """The plan's node behind an entry; None if no plan made it."""
    return rule_key.removeprefix(PLAN_KEY).rpartition(":")[0] if rule_key.startswith(PLAN_KEY) else None


def difference(wanted: int, posted: int) -> int | None:
    """What must be posted so that the ledger says what the rule says; None if it does already."""
    return wanted - posted or None
