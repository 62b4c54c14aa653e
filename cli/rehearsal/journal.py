"""What the platform acknowledged, written down by the players themselves: the checks compare against this."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any


@dataclass
class Submitted:
    """A submission whose submit request was answered with success."""

    id: str
    number: str
    indicator_id: str
    period_id: str
    subject_kind: str
    subject_id: str
    quantity: Decimal
    summary: str
    event_date: str
    files: list[str] = field(default_factory=list)
    expected: str = "submitted"
    accepted: Decimal | None = None


class Journal:
    """An append-only file of acknowledged acts, flushed to disk one by one, and the same in memory."""

    def __init__(self, path: Path) -> None:
        self.submissions: dict[str, Submitted] = {}
        self.awards: list[dict[str, Any]] = []
        self._file = path.open("a", encoding="utf-8")

    def keep(self, act: str, item: Submitted) -> None:
        self.submissions[item.id] = item
        self._write(act, asdict(item))

    def keep_award(self, award: dict[str, Any]) -> None:
        self.awards.append(award)
        self._write("award", award)

    def close(self) -> None:
        self._file.close()

    def _write(self, act: str, facts: dict[str, Any]) -> None:
        self._file.write(json.dumps({"act": act, **facts}, default=str, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fdatasync(self._file.fileno())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
