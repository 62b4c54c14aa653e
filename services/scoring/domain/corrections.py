"""Corrections of a sealed period: what they say, and what a supplement seals of them (reliability.md D2.4.7)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.ids import derived
from sealing.profile import encode
from sealing.statements import Line as SealedLine

REASON = "adjustment"


class CorrectionState(StrEnum):
    PROPOSED = "proposed"
    SEALED = "sealed"
    WITHDRAWN = "withdrawn"


MOVES: dict[CorrectionState, frozenset[CorrectionState]] = {
    CorrectionState.PROPOSED: frozenset({CorrectionState.SEALED, CorrectionState.WITHDRAWN}),
    CorrectionState.SEALED: frozenset(),
    CorrectionState.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Line:
    """So many thousandths more or less for one subject; `entry_id`: the sealed entry that was wrong, if one was."""

    subject_kind: str
    subject_id: UUID
    unit_id: UUID
    module: str
    points_milli: int
    entry_id: UUID | None = None

    def told(self) -> dict[str, Any]:
        return {
            "subject_kind": self.subject_kind, "subject_id": str(self.subject_id), "unit_id": str(self.unit_id),
            "module": self.module, "points_milli": self.points_milli,
            "entry_id": str(self.entry_id) if self.entry_id else None,
        }  # fmt: skip

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Line":
        entry = told["entry_id"]
        return cls(
            told["subject_kind"], UUID(told["subject_id"]), UUID(told["unit_id"]), told["module"], told["points_milli"],
            UUID(entry) if entry else None,
        )  # fmt: skip


class CorrectionMissing(NotFound):
    code = "correction-not-found"
    zh = "没有这件更正"
    en = "There is no such correction"


class CorrectionDecided(Conflict):
    code = "correction-decided"
    zh = "该更正已封存或撤回"
    en = "This correction is sealed or withdrawn"


class CorrectionRunning(Conflict):
    code = "correction-running"
    zh = "该周期已有一件更正等待复签"
    en = "A correction of this period waits for its second signature"


class CorrectionSubject(Invalid):
    code = "correction-subject"
    zh = "第 {line} 行:该周期的封存中没有此对象,或所指得分不属于此对象"
    en = "Line {line}: the seal has no such subject, or the entry is not the subject's"


class CorrectionSecond(Forbidden):
    code = "correction-second-person"
    zh = "补充封存须由另一人复签"
    en = "Another person must sign the supplement"


class RollUpDiffers(Conflict):
    code = "correction-roll-up"
    zh = "单位 {unit} 的封存得分不能由其成员得分重新算出,不能更正"
    en = "The sealed points of unit {unit} do not follow from those of its members; nothing can be corrected"


def move(status: str, to: CorrectionState) -> CorrectionState:
    if to not in MOVES[CorrectionState(status)]:
        raise CorrectionDecided
    return to


def content_hash(correction_id: UUID, period: str, reason: str, lines: Sequence[dict[str, Any]]) -> str:
    """What the lines in the leaves name: SHA-256 over the canonical JSON of the correction."""
    told = {"id": str(correction_id), "period": period, "reason": reason, "lines": list(lines)}
    return hashlib.sha256(encode(told)).hexdigest()


def sealed_line(correction_id: UUID, number: int, line: Line, *, digest: str, moment: str) -> SealedLine:
    """As it stands in the subject's new leaf."""
    return SealedLine(
        entry_id=str(derived("correction", correction_id, number)), event_id=str(correction_id), content_hash=digest,
        indicator=None, points_milli=line.points_milli, reason_code=REASON, occurred_at=moment, attachments_sha256=[],
    )  # fmt: skip
