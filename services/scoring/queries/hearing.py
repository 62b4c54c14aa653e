"""Appeals against entries that somebody may decide: what `actions.appealing` asks of one, as a condition of their list."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_

from contracts.permissions import permissions_of
from kernel.identity import Principal
from kernel.recusal import Party, Standing
from services.scoring.domain.appeals import AppealState
from services.scoring.models import AwardRow, EntryAppealRow, EntryRow
from services.scoring.replicas import UnitReplica

OPEN = [state for state in AppealState if state.is_open]
_ROW, _PATH = EntryAppealRow, UnitReplica.path


def decidable_by(by: Principal, standing: Standing) -> ColumnElement[bool]:
    """For appeals joined to the unit they are filed under: open, within a right to decide, and free of all parts in it."""
    ways: list[ColumnElement[bool]] = []
    for grant in by.grants:
        if "scoring:decide_appeals" not in permissions_of(grant.role):
            continue
        inside = func.starts_with(_PATH, grant.scope_path)
        if grant.delegated_by is None:
            ways.append(inside)
        elif (absent := standing.absent.get(grant.delegated_by)) is not None:
            serves = or_(false(), *(func.starts_with(literal(path), _PATH) for path in absent.member_of))
            ways.append(and_(inside, ~serves, _no_part(grant.delegated_by), _unbarred(absent)))
    mine = [key for key in (by.account_id, by.officer_id) if key is not None]
    is_unit = _ROW.subject_kind == "unit"
    own: list[ColumnElement[bool]] = [and_(is_unit, _PATH.in_(standing.me.member_of))]
    if by.unit_path is not None:
        own += [_PATH.in_([by.unit_path]), and_(is_unit, func.starts_with(literal(by.unit_path), _PATH))]
    return and_(
        _ROW.status.in_(OPEN), or_(false(), *ways), ~or_(*own), _no_part(*mine), _unbarred(standing.me)
    )


def _no_part(*keys: UUID) -> ColumnElement[bool]:
    """Neither filed, scored, signed nor decided before by one of these accounts and officers, nor about them."""
    award = exists().where(
        AwardRow.id == EntryRow.award_id,
        or_(AwardRow.entered_by.in_(keys), AwardRow.entered_for.in_(keys), AwardRow.confirmed_by.in_(keys)),
    )
    scored = exists().where(EntryRow.id == _ROW.entry_id, or_(EntryRow.actor_id.in_(keys), award))
    return and_(
        *(
            column.is_(None) | column.not_in(keys)
            for column in (_ROW.filed_by, _ROW.decided_by, _ROW.decided_for)
        ),
        or_(_ROW.subject_kind != "officer", _ROW.subject_id.not_in(keys)),
        ~scored,
    )


def _unbarred(party: Party) -> ColumnElement[bool]:
    """Neither about himself nor about whom he is recused from."""
    people = [*party.bars.officers, *([party.officer_id] if party.officer_id else [])]
    units = [func.starts_with(_PATH, path) for path in party.bars.units]
    return and_(_ROW.subject_id.not_in(people), ~or_(false(), *units))
