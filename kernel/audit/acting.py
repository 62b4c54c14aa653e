"""Who acts in this context: set where somebody comes in, read where something is written down."""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from contracts.permissions import Role
from kernel.identity import Principal


class ActorKind(StrEnum):
    PERSON = "person"
    MACHINE = "machine"
    SERVICE = "service"
    UNKNOWN = "unknown"  # somebody who did not get in


@dataclass(frozen=True, slots=True)
class Actor:
    """`name` is that of the moment; the ids stay."""

    kind: ActorKind
    name: str
    account_id: UUID | None = None
    officer_id: UUID | None = None
    session_id: UUID | None = None

    @classmethod
    def of(cls, principal: Principal) -> Self:
        kind = ActorKind.MACHINE if Role.MACHINE in principal.roles() else ActorKind.PERSON
        return cls(kind, principal.name, principal.account_id, principal.officer_id, principal.session_id)


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody at work: by which operation (the name of a route or a job), on what address."""

    actor: Actor
    operation: str
    target: str


#: None where nobody is known: a handler, a worker, the first start.
current_acting: ContextVar[Acting | None] = ContextVar("current_acting", default=None)
