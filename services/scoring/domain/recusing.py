"""回避: who decides about a subject's points is free of it, and so is whoever he stands in for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kernel.recusal import Absent, Party, Recused


@dataclass(frozen=True, slots=True)
class About:
    """A subject and the path of its unit. `near`: nobody of an officer's unit decides about him either."""

    kind: str
    subject_id: UUID
    path: str
    near: bool = False


def ensure_free(me: Party, holders: Sequence[Party | None], about: About) -> Absent | None:
    """In whose place it is decided; None: by a right of one's own. Raises Recused.

    `holders`: whose rights cover the subject, None being oneself. A unit is not decided about by those who serve in it.
    """
    is_unit = about.kind == "unit"
    own = me.officer_id == about.subject_id or (is_unit and about.path in me.member_of)
    if own or me.bars.cover({about.subject_id}, about.path):
        raise Recused
    if None in holders:
        return None
    for party in holders:
        if party is None or party.officer_id == about.subject_id:
            continue
        close = (is_unit or about.near) and party.serves_in(about.path)
        if not close and not party.bars.cover({about.subject_id}, about.path):
            return party.absent
    raise Recused
