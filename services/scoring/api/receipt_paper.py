"""A receipt as a paper for people: what it says in words, and its fingerprints as a code to scan."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from kernel.typesetting.qr import qr_svg
from sealing.checkpoint import Checkpoint
from sealing.proofs import LogProof
from sealing.receipt import Receipt
from sealing.statements import UNIT, Statement, leaf_hash
from sealing.verify import points_text
from services.scoring.domain.leaves import LIMITS
from services.scoring.queries.sealed import Names

TEMPLATE: Final = Path(__file__).with_name("receipt.typ")
#: How the kinds of entries are called on paper.
KINDS: Final = {
    "task": "任务得分", "shortfall": "未完成扣分", "bonus": "加分", "penalty": "扣分", "attendance": "考勤", "appeal": "复议",
    "reversal": "冲销", "adjustment": "更正", LIMITS: "限额与权重",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    data: dict[str, Any]
    files: dict[str, bytes]
    at: datetime


def paper_of(receipt: bytes, names: Names, zone: ZoneInfo) -> Paper:
    """The date inside the file is that of the last seal, so that a receipt is printed the same each time."""
    read = Receipt.parse(receipt)
    note = LogProof.parse(read.log_proof).checkpoint
    checkpoint = Checkpoint.parse(note.text)
    newest = read.supplements[-1] if read.supplements else read
    leaf, digest = newest.leaf, hashlib.sha256(note.text.encode()).hexdigest()
    sealed_at = datetime.fromisoformat(newest.seal["sealed_at"])
    unit = leaf["_t"] == UNIT
    data = {
        "issuer": read.seal["origin"],
        "subject": names.subject,
        "number": names.number,
        "unit": names.unit,
        "is_unit": unit,
        "scheme": names.scheme,
        "period": names.period,
        "seal": str(read.seal["seal_no"]),
        "sealed_at": _moment(read.seal["sealed_at"], zone),
        "total": points_text(leaf["total_milli"]),
        "own": points_text(leaf["own_milli"]) if unit else None,
        "first_total": points_text(read.leaf["total_milli"]),
        "lines": [_line(line, names) for line in sorted(leaf["lines"], key=lambda line: line["occurred_at"])],
        "corrections": [_correction(each.seal, each.leaf, zone) for each in read.supplements],
        "leaf_sha256": leaf_hash(leaf).hex(),
        "checkpoint": {
            "origin": checkpoint.origin, "size": str(checkpoint.size), "root": note.text.split("\n")[2], "sha256": digest,
        },
        "signers": [{"name": key.name, "id": key.key_id.hex()} for key in read.keys],
    }  # fmt: skip
    code = (
        f"KAOHE1\nleaf {data['leaf_sha256']}\ncheckpoint {digest}\nlog {checkpoint.origin} {checkpoint.size}"
    )
    return Paper(data, {"code.svg": qr_svg(code), "receipt.json": receipt}, sealed_at.astimezone(UTC))


def _line(line: dict[str, Any], names: Names) -> list[str]:
    code = line["indicator"]
    what = f"{code} {names.indicators.get(code, '')}".strip() if code else "—"
    kind = KINDS.get(line["reason_code"], line["reason_code"])
    return [line["occurred_at"][:10], what, kind, str(len(line["attachments_sha256"]) or "—"), points_text(line["points_milli"])]  # fmt: skip


def _correction(seal: Statement, leaf: Statement, zone: ZoneInfo) -> dict[str, Any]:
    last = leaf["adjustments"][-1]
    return {
        "seal": str(seal["seal_no"]), "at": _moment(seal["sealed_at"], zone), "reason": last["reason"],
        "approvers": [who.partition(" (")[0] for who in last["approvers"]], "total": points_text(leaf["total_milli"]),
    }  # fmt: skip


def _moment(text: str, zone: ZoneInfo) -> str:
    """On the bureau's clock."""
    return datetime.fromisoformat(text).astimezone(zone).strftime("%Y-%m-%d %H:%M")
