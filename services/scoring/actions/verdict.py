"""What a verification has compared, and what it found."""

from dataclasses import dataclass, field
from typing import Any

LISTED = 100


@dataclass
class Verdict:
    """Counts of what was compared; `differences` are at most the first hundred."""

    submissions: int = 0  # with `waiting` only of everything
    scored: int = 0
    waiting: int = 0  # events that are recorded and not applied; not compared
    entries: int = 0
    statements: int = 0
    seals: int = 0
    chain_broken_at: int | None = None
    differences: list[dict[str, Any]] = field(default_factory=list)
    different: int = 0

    @property
    def holds(self) -> bool:
        return self.different == 0 and self.chain_broken_at is None

    def differ(self, check: str, what: Any, wanted: Any, found: Any) -> None:
        self.different += 1
        if len(self.differences) < LISTED:
            self.differences.append({"check": check, "what": str(what), "wanted": wanted, "found": found})
