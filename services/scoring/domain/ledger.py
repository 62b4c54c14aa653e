"""The ledger's chain and its unit, a thousandth of a point."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

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


def difference(wanted: int, posted: int) -> int | None:
    """What must be posted so that the ledger says what the rule says; None if it does already."""
    return wanted - posted or None
