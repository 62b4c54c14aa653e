"""Who acts: a plain value, so that rules and actions can use it without knowing the web."""

from dataclasses import dataclass, field, replace
from typing import Self
from uuid import UUID

from contracts.permissions import Role, permissions_of
from kernel.recusal import Absent


@dataclass(frozen=True, slots=True)
class Scope:
    """A subtree of units (by path prefix) and the business lines in it; no lines means all lines."""

    unit_id: UUID
    path: str
    lines: tuple[str, ...] = ()

    def covers(self, path: str, line: str | None = None) -> bool:
        return path.startswith(self.path) and (not self.lines or line is None or line in self.lines)


@dataclass(frozen=True, slots=True)
class GrantClaim:
    role: Role
    scope_id: UUID
    scope_path: str
    lines: tuple[str, ...] = ()
    delegated_by: UUID | None = None
    """The account of the absent person by whose grant this one acts."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in person or machine. `unit_id`/`unit_path` are those of the primary posting.

    `acts_for`: whose right is used in what is being done; a rule finds it, and every record of the act names both.
    """

    account_id: UUID
    session_id: UUID
    name: str
    officer_id: UUID | None = None
    unit_id: UUID | None = None
    unit_path: str | None = None
    grants: tuple[GrantClaim, ...] = field(default_factory=tuple)
    acts_for: Absent | None = None

    @property
    def acts_for_account(self) -> UUID | None:
        return self.acts_for.account_id if self.acts_for else None

    def standing_in_for(self, absent: Absent | None) -> Self:
        """The same person, acting by the right of another; None: by a right of his own."""
        return replace(self, acts_for=absent)

    def roles(self) -> frozenset[Role]:
        """The roles held; everyone with a police number is an officer."""
        own = {Role.OFFICER} if self.officer_id else set()
        return frozenset(own | {grant.role for grant in self.grants})

    def may(self, permission: str) -> bool:
        return any(permission in permissions_of(role) for role in self.roles())

    def scopes(self, permission: str) -> tuple[Scope, ...]:
        """The subtrees in which a grant gives `permission`; the officer role gives none, it reaches only oneself."""
        return tuple(
            Scope(grant.scope_id, grant.scope_path, grant.lines)
            for grant in self.grants
            if permission in permissions_of(grant.role)
        )

    def covering(self, permission: str, path: str, line: str | None = None) -> tuple[GrantClaim, ...]:
        """The grants that give `permission` there, one's own and those one acts by for somebody absent."""
        return tuple(
            g for g in self.grants
            if permission in permissions_of(g.role) and Scope(g.scope_id, g.scope_path, g.lines).covers(path, line)
        )  # fmt: skip

    def covers(self, permission: str, path: str, line: str | None = None) -> bool:
        return any(scope.covers(path, line) for scope in self.scopes(permission))
