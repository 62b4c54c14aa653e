"""The facts that the check before publication asks for."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.targets import ModuleKind
from kernel.errors import Invalid
from services.targets.domain.checks import CheckedIndicator, CheckedModule, SchemeFacts
from services.targets.domain.guard import finding
from services.targets.models import SchemeRow
from services.targets.queries import org
from services.targets.queries.guarding import guarded
from services.targets.queries.schemes import indicators_of, periods_of, unanswered_comments
from services.targets.replicas import UnitReplica


class UnitUnknown(Invalid):
    code = "unit-unknown"
    zh = "没有这个单位"
    en = "There is no such unit"


async def scope_of(session: AsyncSession, unit_id: UUID) -> UnitReplica:
    """The unit that a scheme is for; raises UnitUnknown."""
    unit = await session.get(UnitReplica, unit_id)
    if unit is None:
        raise UnitUnknown
    return unit


async def facts_of(session: AsyncSession, scheme: SchemeRow, *, today: date) -> SchemeFacts:
    scope = await scope_of(session, scheme.scope_unit_id)
    capped = _capped_with_the_plan(scheme)
    return SchemeFacts(
        modules=[
            CheckedModule(
                m["code"],
                m["name"],
                Decimal(m["full_marks"]),
                Decimal(m["weight"]),
                limited=m["cap"] is not None or m["floor"] is not None or m["code"] in capped,
            )
            for m in scheme.modules
        ],
        indicators=[
            CheckedIndicator(
                i.code, i.name, i.module, i.line, i.subject_kind, i.full_marks, i.rule, i.example
            )
            for i in await indicators_of(session, scheme.id)
            if i.active
        ],
        weighted=scheme.module_combination == "weighted_sum",
        periods=len(await periods_of(session, scheme.id)),
        lines=await org.lines_with_authority(session, scope.path, today),
        office=await org.has_office(session, scope.path, today),
        plan=scheme.plan,
        guarded=[finding(match) for match in (await guarded(session, scheme.id))[0]],
        unanswered=await unanswered_comments(session, scheme.id),
    )


def _capped_with_the_plan(scheme: SchemeRow) -> set[str]:
    """Modules that a plan posts to and that the scheme's own caps on bonuses and deductions would cut once more."""
    if scheme.plan is None:
        return set()
    posted = {scheme.plan["rest"], *(line["module"] for line in scheme.plan.get("lines") or ())}
    caps = {ModuleKind.BONUS: scheme.bonus_cap, ModuleKind.DEDUCTION: scheme.deduction_cap}
    return {module.value for module, cap in caps.items() if cap is not None and module in posted}
