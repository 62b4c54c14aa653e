"""In which state figures are shown."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID


class VersionKind(StrEnum):
    """Live figures move with every decision; the others stand still."""

    LIVE = "live"
    TRIAL = "trial"
    PUBLIC = "public"
    SEALED = "sealed"


def digest(lines: Iterable[tuple[str, UUID, int]]) -> str:
    """SHA-256 over (kind, subject, thousandths) in their order: two versions are equal when their digests are."""
    text = "\n".join(f"{kind} {subject} {milli}" for kind, subject, milli in sorted(lines))
    return hashlib.sha256(text.encode()).hexdigest()
