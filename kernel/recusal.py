"""回避、委托: who must not decide about whom, and in whose place somebody decides. Pure.

`org` says who is recused from whom and who stands in for whom; `kernel.delivery.recusals` keeps that in a service. The refusal
is one and the same whatever the ground and whoever of the two is recused: a relation is nobody else's business.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from kernel.errors import Forbidden


class Recused(Forbidden):
    code = "recused"
    zh = "您或您所代理的人须回避此事项,请交由他人办理"
    en = "You, or the person you act for, are recused from this matter; leave it to somebody else"


@dataclass(frozen=True, slots=True)
class Absent:
    """The person in whose place somebody acts, by a delegation."""

    account_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Bars:
    """From whom somebody is recused on a day: officers, and units by their paths, with all that is below them."""

    officers: frozenset[UUID] = frozenset()
    units: tuple[str, ...] = ()

    def cover(self, people: Collection[UUID], unit_path: str) -> bool:
        """Whether a matter of these people and of this unit is among them."""
        return not self.officers.isdisjoint(people) or any(unit_path.startswith(path) for path in self.units)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who decides, or in whose place it is decided: the paths of all units served in today, and the bars."""

    officer_id: UUID | None
    member_of: tuple[str, ...] = ()
    bars: Bars = field(default_factory=Bars)
    absent: Absent | None = None
    """As what he is named where somebody else acts for him."""

    def serves_in(self, unit_path: str) -> bool:
        """In the unit itself or in one below it."""
        return any(path.startswith(unit_path) for path in self.member_of)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who acts, and by their accounts the absent people whose grants the token carries.

    An absent person of whom this service has not heard yet is not among them; nobody acts for him until then.
    """

    me: Party
    absent: Mapping[UUID, Party] = field(default_factory=dict)


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
