"""One vector: what a verifier is given, and what it must say."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.sealing import world


@dataclass(frozen=True)
class Vector:
    name: str
    receipt: bytes
    outcome: str = "verified"
    step: str = ""
    reason: str = ""
    trust: bytes = world.trust().encode()
    board: bytes | None = None
    consistency: bytes | None = None
    attachments: Sequence[tuple[str, str]] = ()

    def data(self) -> dict[str, Any]:
        return {
            "expect": {"outcome": self.outcome, "step": self.step, "reason": self.reason},
            "receipt": self.receipt,
            "trust": self.trust,
            "board": self.board,
            "consistency": self.consistency,
            "attachments": [{"name": name, "sha256": sha256} for name, sha256 in self.attachments],
        }


def unusable(name: str, receipt: bytes, reason: str, **given: Any) -> Vector:
    return Vector(name, receipt, "unusable", "input", reason, **given)


def fails(name: str, step: str, reason: str, receipt: bytes, **given: Any) -> Vector:
    return Vector(name, receipt, "not_verified", step, reason, **given)


def written(value: Any) -> bytes:
    """Canonical JSON without the checks: to write what must be refused."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def edited(receipt: bytes, change: Callable[[Any], object]) -> bytes:
    value = json.loads(receipt)
    change(value)
    return written(value)


def put(*path: str | int, to: Any) -> Callable[[Any], object]:
    """A change: the member at that path gets another value."""

    def change(value: Any) -> None:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to(value[path[-1]]) if callable(to) else to

    return change
