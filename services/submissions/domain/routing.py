"""归口: which unit reviews which work."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line authority or an assessment office: `unit` reviews inside the subtree `scope_path`.

    `covers` are the unit kinds an office assesses; no kinds: all.
    """

    unit_id: UUID
    unit_path: str
    scope_path: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """The unit that reviews; None when there is nobody, so that the office's grants alone decide.

    `to_office` means that no line authority was found: shown to the office as a warning.
    """

    unit_id: UUID | None
    to_office: bool


def route(
    *,
    unit_path: str,
    kinds: Sequence[str],
    authorities: Sequence[Candidate],
    offices: Sequence[Candidate],
    deserted: Collection[UUID] = (),
) -> Route:
    """The line authority of the nearest scope upwards that is not the work's own unit; otherwise the nearest office.

    `kinds` are the kinds of the work's unit and of the units above it. In `deserted` units nobody may review this work: they
    are passed over; of offices the nearest is taken all the same if there is no other.
    """
    for candidate in _nearest_first(authorities, unit_path):
        if candidate.unit_id not in deserted and not judges_itself(candidate, unit_path):
            return Route(candidate.unit_id, to_office=False)
    near = [o for o in _nearest_first(offices, unit_path) if not judges_itself(o, unit_path)]
    covering = [o for o in near if not o.covers or set(o.covers) & set(kinds)]
    choice = covering or near
    chosen = next((office for office in choice if office.unit_id not in deserted), next(iter(choice), None))
    return Route(chosen.unit_id if chosen else None, to_office=True)


def judges_itself(candidate: Candidate, unit_path: str) -> bool:
    """Own work: that of the unit itself, or of a part of it. A unit that assesses its own whole subtree
    (its scope is itself) judges its parts, but not itself.
    """
    if unit_path == candidate.unit_path:
        return True
    return candidate.unit_path != candidate.scope_path and unit_path.startswith(candidate.unit_path)


def _nearest_first(candidates: Sequence[Candidate], unit_path: str) -> list[Candidate]:
    above = [c for c in candidates if unit_path.startswith(c.scope_path)]
    return sorted(above, key=lambda c: (-len(c.scope_path), c.unit_path))
