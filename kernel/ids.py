"""Identifiers: time-ordered for new things, derived for things that a re-run must name alike."""

from uuid import UUID, uuid5

import uuid_utils.compat

_FOLLOW_ON = UUID("6f1c2b0e-7f0a-5c3e-9a51-1d8f4f5f9d01")
_DERIVED = UUID("6f1c2b0e-7f0a-5c3e-9a51-1d8f4f5f9d02")


def new_id() -> UUID:
    """A UUIDv7: sorts by time of creation."""
    return uuid_utils.compat.uuid7()


def follow_on(source: UUID, consumer: str, n: int) -> UUID:
    """The id of the n-th event that `consumer` publishes because of `source`; the same at every re-run."""
    return uuid5(_FOLLOW_ON, f"{source}/{consumer}/{n}")


def derived(kind: str, *parts: object) -> UUID:
    """The id of a thing that is named by its parts, such as the statement of a subject in a period."""
    return uuid5(_DERIVED, "/".join([kind, *map(str, parts)]))
