"""The table of roles and permissions, as the program decides by it."""

from fastapi import APIRouter
from pydantic import BaseModel

from contracts.permissions import ADMINISTRATOR_ROLES, ASSESSMENT_ROLES, PERMISSIONS, Role, permissions_of
from kernel.web.app import App
from services.org.api.access import GrantReader
from services.org.api.officers import today
from services.org.api.sessions import PermissionOut
from services.org.queries import access

router = APIRouter(prefix="/api/org/v1/roles", tags=["grants"])


class RoleOut(BaseModel):
    """`holders`: accounts with an approved grant today; null for roles that nobody is granted (officer, machine).

    `apart`: roles that no account may hold together with it.
    """

    role: Role
    permissions: list[str]
    holders: int | None
    apart: list[Role]


class RolesOut(BaseModel):
    permissions: list[PermissionOut]
    roles: list[RoleOut]


def _apart(role: Role) -> list[Role]:
    if role in ADMINISTRATOR_ROLES:
        return sorted((ADMINISTRATOR_ROLES | ASSESSMENT_ROLES) - {role})
    return sorted(ADMINISTRATOR_ROLES) if role in ASSESSMENT_ROLES else []


@router.get("", summary="角色与权限 / Roles and their permissions")
async def roles(_: GrantReader, app: App) -> RolesOut:
    """Fixed in this version of the program; nobody can change it here."""
    async with app.db.reading() as session:
        held = await access.holders(session, today(app))
    granted = ADMINISTRATOR_ROLES | ASSESSMENT_ROLES
    return RolesOut(
        permissions=[PermissionOut(name=name, zh=zh, en=en) for name, (zh, en) in PERMISSIONS.items()],
        roles=[
            RoleOut(
                role=role,
                permissions=sorted(permissions_of(role)),
                holders=held.get(role, 0) if role in granted else None,
                apart=_apart(role),
            )
            for role in Role
        ],
    )
