"""Who sees which schemes and targets: one condition a resource, for lists, items, timelines and sums."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select

from kernel.identity import Principal, Scope
from services.targets.domain.scheme import SchemeState
from services.targets.domain.target import TargetState
from services.targets.models import IndicatorRow, SchemeRow, TargetRow
from services.targets.replicas import OfficerReplica, UnitReplica


def units_inside(path: str) -> Select[UUID]:
    """Ids of the units of a subtree."""
    return select(UnitReplica.id).where(UnitReplica.path.startswith(path, autoescape=True))


def schemes_visible_to(principal: Principal) -> ColumnElement[bool]:
    """Drafts to those who draft in the scope; the others to everybody inside the scope or above it."""
    shown = SchemeRow.status != SchemeState.DRAFT
    ways: list[ColumnElement[bool]] = [
        SchemeRow.scope_unit_id.in_(units_inside(scope.path)) for scope in principal.scopes("targets:scheme")
    ]
    inside = [scope.path for scope in principal.scopes("targets:read")]
    ways += [and_(shown, SchemeRow.scope_unit_id.in_(units_inside(path))) for path in inside]
    ways += [
        and_(shown, SchemeRow.scope_unit_id.in_(_units_above(path)))
        for path in {*inside, principal.unit_path or ""}
        if path
    ]
    return or_(false(), *ways)


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """Targets: one's own, one's unit's, and those carried or issued in the subtrees and lines of one's grants."""
    shown = TargetRow.status != TargetState.DRAFT
    ways: list[ColumnElement[bool]] = []
    if principal.officer_id is not None:
        ways.append(and_(shown, TargetRow.subject_id == principal.officer_id))
    if principal.unit_id is not None:
        ways.append(and_(shown, TargetRow.subject_id == principal.unit_id))
    ways += [and_(shown, _inside(scope)) for scope in principal.scopes("targets:read")]
    ways += [_inside(scope) for scope in principal.scopes("targets:issue")]
    return or_(false(), *ways)


def named(q: str) -> ColumnElement[bool]:
    """Targets whose subject or indicator has this in its name, or exactly this as its number or code."""
    units = select(UnitReplica.id).where(
        or_(UnitReplica.name.contains(q, autoescape=True), UnitReplica.code == q)
    )
    officers = select(OfficerReplica.id).where(
        or_(OfficerReplica.name.contains(q, autoescape=True), OfficerReplica.police_number == q)
    )
    indicators = select(IndicatorRow.id).where(
        or_(IndicatorRow.name.contains(q, autoescape=True), IndicatorRow.code == q)
    )
    return or_(
        TargetRow.subject_id.in_(units),
        TargetRow.subject_id.in_(officers),
        TargetRow.indicator_id.in_(indicators),
    )


def _inside(scope: Scope) -> ColumnElement[bool]:
    units = units_inside(scope.path)
    inside = or_(TargetRow.unit_id.in_(units), TargetRow.issuer_unit_id.in_(units))
    if not scope.lines:
        return inside
    of_lines = select(IndicatorRow.id).where(IndicatorRow.line.in_(scope.lines))
    return and_(inside, TargetRow.indicator_id.in_(of_lines))


def _units_above(path: str) -> Select[UUID]:
    return select(UnitReplica.id).where(func.starts_with(literal(path), UnitReplica.path))
