"""三员分立: which roles nobody may hold together, and who may approve a grant."""

from collections.abc import Collection
from enum import StrEnum
from typing import Literal
from uuid import UUID

from kernel.errors import Conflict, Forbidden, Invalid


class RoleClass(StrEnum):
    """Roles of one class may be held together (administrators excepted); roles of two classes never."""

    ROSTER = "roster"
    SECURITY = "security"
    AUDIT = "audit"
    ASSESSMENT = "assessment"


_CLASS = {
    "roster_admin": RoleClass.ROSTER,
    "security_admin": RoleClass.SECURITY,
    "auditor": RoleClass.AUDIT,
    "unit_leader": RoleClass.ASSESSMENT,
    "assessor": RoleClass.ASSESSMENT,
    "assessment_office": RoleClass.ASSESSMENT,
    "adjudicator": RoleClass.ASSESSMENT,
    "chief": RoleClass.ASSESSMENT,
}


Risk = Literal["own", "reviews-and-judges", "wide-scope", "no-end"]


class RolesConflict(Conflict):
    code = "roles-conflict"
    zh = "三员分立:同一账号不得兼任三员之二,也不得兼任三员与考核角色"
    en = "The three administrators are separate from each other and from assessment: one account cannot hold both roles"


class RoleNotGrantable(Invalid):
    code = "role-not-grantable"
    zh = "角色 {role} 不能授予个人"
    en = "The role {role} cannot be granted to a person"


class OwnGrant(Forbidden):
    code = "grant-own"
    zh = "不得批准授予本人或由本人提出的授权"
    en = "Nobody approves a grant to himself, or one that he proposed"


def class_of(role: str) -> RoleClass:
    """Raises RoleNotGrantable for roles that come by other ways (officer, machine)."""
    found = _CLASS.get(role)
    if found is None:
        raise RoleNotGrantable(role=role)
    return found


def risks_of(*, role: str, scope_level: int, others: Collection[str], endless: bool, own: bool) -> list[Risk]:
    """What whoever approves a grant should look at.

    `own`: cannot be approved by who asks. `reviews-and-judges`: one person would review work and decide appeals.
    `wide-scope`: a role of assessment over the whole bureau. `no-end`: without a last day.
    """
    both = {role, *others} >= {"assessor", "adjudicator"}
    wide = scope_level == 1 and class_of(role) is RoleClass.ASSESSMENT
    found: dict[Risk, bool] = {"own": own, "reviews-and-judges": both, "wide-scope": wide, "no-end": endless}
    return [name for name, holds in found.items() if holds]


def refuse_mixture(role: str, held: Collection[str]) -> None:
    if any(class_of(other) is not class_of(role) for other in held):
        raise RolesConflict


def refuse_own(*, approver: UUID, account: UUID, proposed_by: UUID | None) -> None:
    if approver in {account, proposed_by}:
        raise OwnGrant
