"""The first start: a root unit and three administrators, each with a one-time password."""

from contracts.org import GrantStatus, UnitKind
from contracts.permissions import Role
from kernel.pinyin import initials
from kernel.runtime import Runtime
from services.org import messages
from services.org.actions import accounts
from services.org.actions.recording import record
from services.org.domain.roles import class_of
from services.org.domain.structure import path_of
from services.org.models import GrantRow, UnitRow
from services.org.queries import structure

ADMINISTRATORS = (
    (Role.ROSTER_ADMIN, "roster", "花名册管理员"),
    (Role.SECURITY_ADMIN, "security", "安全管理员"),
    (Role.AUDITOR, "auditor", "审计管理员"),
)


async def bootstrap(runtime: Runtime, *, root_code: str, root_name: str) -> dict[str, dict[str, str]]:
    """Role → username and one-time password; empty when there is an account already."""
    made: dict[str, dict[str, str]] = {}
    async with runtime.db.transaction() as tx:
        await tx.lock("bootstrap")
        if await accounts.any_account(tx):
            return {}
        today = (await tx.now()).astimezone(runtime.zone).date()
        root = await structure.root(tx.session)
        if root is None:
            root = UnitRow(
                code=root_code, name=root_name, initials=initials(root_name), level=1, kind=UnitKind.CITY_BUREAU, path=path_of(root_code, None),
                lines=[], valid_from=today.replace(month=1, day=1),
            )  # fmt: skip
            tx.session.add(root)
            await tx.publish(messages.unit, root)
        for role, username, name in ADMINISTRATORS:
            slip = await accounts.open_named(tx, username, name, by=None)
            grant = GrantRow(
                account_id=slip.account.id, role=role, role_class=class_of(role), scope_unit_id=root.id, lines=[],
                status=GrantStatus.APPROVED, valid_from=today, decided_by=slip.account.id,
            )  # fmt: skip
            tx.session.add(grant)
            await tx.publish(messages.grant, grant)
            await record(tx, "grant", grant.id, "first-start", by=None, role=role)
            made[role] = {"username": username, "password": slip.one_time_password}
    return made
