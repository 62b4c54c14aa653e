"""Who sees which submissions: one condition for lists, items, files and appeals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, exists, false, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from contracts.permissions import Role, permissions_of
from kernel.identity import GrantClaim, Principal
from kernel.recusal import Party
from services.submissions.domain.impartiality import Judge, Reach
from services.submissions.domain.submission import WAITING, State
from services.submissions.models import AppealRow, HistoryRow, RulingRow, SampleRow, SubmissionRow
from services.submissions.replicas import UnitReplica

_Below = aliased(UnitReplica, name="below")
_Above = aliased(UnitReplica, name="above")
_First = aliased(AppealRow, name="first")
_DECISIONS = ("accept", "reduce", "refuse", "return")
_ADMITTED = "appeal_admitted"
#: Roles that see a subtree with all its drafts; the others see what has been sent.
_SEES_DRAFTS = frozenset({Role.UNIT_LEADER})


def visible_to(principal: Principal) -> ColumnElement[bool]:
    """For `select_cases`: what is open to the principal, but for what he or she is to judge a second time, blind."""
    if not principal.may("submissions:review"):
        return open_to(principal)
    sampled = exists().where(
        SampleRow.submission_id == SubmissionRow.id,
        SampleRow.reviewer_id == principal.officer_id,
        SampleRow.answered_at.is_(None),
    )
    return and_(open_to(principal), ~sampled)


def open_to(principal: Principal) -> ColumnElement[bool]:
    """Own work, the subtrees and lines of grants, and what is routed to the own unit: whose files one may open."""
    ways: list[ColumnElement[bool]] = []
    if principal.officer_id is not None:
        ways.append(_involves(principal.officer_id))
    for grant in principal.grants:
        if grant.role is Role.OFFICER or "submissions:read" not in permissions_of(grant.role):
            continue
        ways.append(and_(_inside(grant.scope_path, grant.lines), _sent(grant)))
    if principal.unit_path and principal.may("submissions:review"):
        ways.append(and_(_routed_to((principal.unit_path,)), SubmissionRow.status != State.DRAFT))
    seen = or_(false(), *ways)
    if principal.may("submissions:review") or any(_whole(grant.scope_path) for grant in principal.grants):
        return seen
    # Own work and that of some units is found by its indexes first; read newest first it would be a search of everything.
    mine = select(SubmissionRow.id).where(seen).correlate(None).scalar_subquery()
    return SubmissionRow.id == any_(func.array(mine))


def reviewable_by(judge: Judge, *, offices_see_all: bool) -> ColumnElement[bool]:
    """For `select_cases`: what waits for review and may be reviewed by this judge (`domain.impartiality`).

    An assessment office is shown what was routed to it, or all of its scope.
    """
    return and_(
        SubmissionRow.status.in_(list(WAITING)),
        competent_for(judge, offices_see_all=offices_see_all),
        impartial(judge.me),
    )


def competent_for(judge: Judge, *, offices_see_all: bool = True) -> ColumnElement[bool]:
    """Work of whatever state whose review belongs to the judge's unit or office."""
    if judge.officer_id is None:
        return false()
    ways: list[ColumnElement[bool]] = []
    for reach in judge.offices:
        here = _reached(reach)
        ways.append(here if offices_see_all else and_(here, SubmissionRow.routed_to_office))
    ways += [
        and_(_reached(reach), _routed_to(reach.holder(judge.me).member_of))
        for reach in (*judge.assessors, *judge.offices)
    ]
    return or_(false(), *ways)


def unclaimed(now: datetime) -> ColumnElement[bool]:
    """Held by nobody, or no longer; and not decided with the effect still to come. Of work that waits: who holds none has no
    moment until which. Asked by that moment, the database expects many of them, and walks along the queue instead of sorting it.
    """
    ruled = exists().where(RulingRow.submission_id == SubmissionRow.id)
    free = or_(SubmissionRow.claimed_until.is_(None), SubmissionRow.claimed_until < now)
    return and_(free, ~ruled)


def claimed_by(judge: Judge) -> ColumnElement[bool]:
    return and_(SubmissionRow.status == State.IN_REVIEW, SubmissionRow.reviewer_id == judge.officer_id)


def hearable_by(judge: Judge) -> ColumnElement[bool]:
    """For `select_cases` with `AppealRow`: appeals that this judge may decide, as `actions.hearing.judged` finds."""
    if judge.officer_id is None:
        return false()
    ways = [
        and_(_reached(reach), _fresh_to(reach.absent)) if reach.absent else _reached(reach)
        for reach in judge.adjudicators
    ]
    return and_(or_(false(), *ways), impartial(judge.me), _fresh_to(judge.me), ~decided_for(judge.account_id))


def decided_for(account_id: UUID | None) -> ColumnElement[bool]:
    """For `AppealRow` and its submission: a substitute decided the work, or sat in the first instance, in his place."""
    return exists().where(
        HistoryRow.submission_id == SubmissionRow.id,
        HistoryRow.acts_for == account_id,
        or_(
            and_(HistoryRow.appeal_id.is_(None), HistoryRow.action.in_(_DECISIONS)),
            HistoryRow.appeal_id == AppealRow.first_id,
            and_(
                AppealRow.first_admitted_by.is_not(None),
                HistoryRow.appeal_id == AppealRow.id,
                HistoryRow.action == _ADMITTED,
            ),
        ),
    )


def _fresh_to(party: Party) -> ColumnElement[bool]:
    """Decided by somebody else in every instance, and not on the appeal of somebody he is recused from."""
    heard = exists().where(
        _First.id == AppealRow.first_id,
        or_(_First.admitted_by == party.officer_id, _First.decided_by == party.officer_id),
    )
    return and_(
        SubmissionRow.first_decided_by.is_distinct_from(party.officer_id),
        SubmissionRow.decided_by.is_distinct_from(party.officer_id),
        AppealRow.first_admitted_by.is_distinct_from(party.officer_id),
        AppealRow.appellant_id.not_in({*party.bars.officers, party.officer_id} - {None}),
        ~heard,
        *([~decided_for(party.absent.account_id)] if party.absent else []),
    )


def impartial(party: Party) -> ColumnElement[bool]:
    """Neither own work, nor that of an own unit, nor what one is recused from."""
    people = (SubmissionRow.subject_id, SubmissionRow.created_by, SubmissionRow.submitted_by)
    barred = {*party.bars.officers, party.officer_id} - {None}
    own_unit = [func.starts_with(literal(path), UnitReplica.path) for path in party.member_of]
    barred_unit = [func.starts_with(UnitReplica.path, path) for path in party.bars.units]
    return and_(
        true(),
        *(or_(column.is_(None), column.not_in(barred)) for column in people if barred),
        ~or_(false(), *own_unit, *barred_unit),
    )


def _involves(officer_id: UUID) -> ColumnElement[bool]:
    return or_(
        SubmissionRow.subject_id == officer_id,
        SubmissionRow.created_by == officer_id,
        SubmissionRow.submitted_by == officer_id,
    )


def _inside(path: str, lines: tuple[str, ...]) -> ColumnElement[bool]:
    """Work of the subtree. The whole bureau is a condition on rows that are read in their order anyway; of less, the units
    are looked up first, so that an index on them can be joined with those on people.
    """
    if not _whole(path):
        below = select(_Below.id).where(func.starts_with(_Below.path, path)).scalar_subquery()
        inside: ColumnElement[bool] = SubmissionRow.unit_id == any_(func.array(below))
    else:
        inside = func.starts_with(UnitReplica.path, path)
    return and_(inside, SubmissionRow.line.in_(lines)) if lines else inside


def _reached(reach: Reach) -> ColumnElement[bool]:
    """Where a right holds; that of somebody absent only where he might judge himself."""
    inside = _inside(reach.path, reach.lines)
    return and_(inside, impartial(reach.absent)) if reach.absent else inside


def _whole(path: str) -> bool:
    """The root of a tree: nothing is above it."""
    return path.count("/") <= 1


def _routed_to(paths: tuple[str, ...]) -> ColumnElement[bool]:
    """To a unit that one of the paths lies in: looked up first, they are few."""
    ways = [func.starts_with(literal(path), _Above.path) for path in paths]
    above = select(_Above.id).where(or_(false(), *ways)).scalar_subquery()
    return SubmissionRow.authority_unit_id == any_(func.array(above))


def _sent(grant: GrantClaim) -> ColumnElement[bool]:
    return literal(True) if grant.role in _SEES_DRAFTS else SubmissionRow.status != State.DRAFT
