"""Rows as the events that the other services get."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from contracts import org
from contracts.permissions import Role
from services.org.models import (
    AccountRow,
    AssessmentOfficeRow,
    ConditionRow,
    DelegationRow,
    GrantRow,
    LineAuthorityRow,
    OfficerRow,
    ParameterRow,
    PostingRow,
    RecusalRow,
    SeriesRow,
    SessionRow,
    TermRow,
    UnitRow,
)


@dataclass(frozen=True, slots=True)
class DelegationNamed:
    """A delegation with the grant that it passes on, and both people."""

    row: DelegationRow
    grant: GrantRow
    giver: AccountRow
    substitute: AccountRow


def unit(row: UnitRow) -> org.Unit:
    return org.Unit(
        id=row.id,
        version=row.version,
        code=row.code,
        name=row.name,
        level=row.level,
        kind=org.UnitKind(row.kind),
        parent_id=row.parent_id,
        path=row.path,
        series_id=row.series_id,
        lines=tuple(row.lines),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        deleted=row.deleted,
        merged_into=row.merged_into,
        split_from=row.split_from,
    )


def series(row: SeriesRow) -> org.Series:
    return org.Series(
        id=row.id,
        version=row.version,
        code=row.code,
        name=row.name,
        subject_kind=org.SubjectKind(row.subject_kind),
    )


def officer(row: OfficerRow) -> org.Officer:
    return org.Officer(
        id=row.id,
        version=row.version,
        police_number=row.police_number,
        name=row.name,
        category=org.OfficerCategory(row.category),
        status=org.OfficerStatus(row.status),
        series_id=row.series_id,
    )


def posting(row: PostingRow) -> org.Posting:
    return org.Posting(
        id=row.id,
        version=row.version,
        officer_id=row.officer_id,
        unit_id=row.unit_id,
        post=row.post,
        kind=org.PostingKind(row.kind),
        role_coefficient=row.role_coefficient,
        is_primary=row.is_primary,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        deleted=row.deleted,
    )


def assessment_office(row: AssessmentOfficeRow) -> org.AssessmentOffice:
    return org.AssessmentOffice(
        id=row.id,
        version=row.version,
        unit_id=row.unit_id,
        scope_unit_id=row.scope_unit_id,
        covers=tuple(org.UnitKind(kind) for kind in row.covers),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        deleted=row.deleted,
    )


def line_authority(row: LineAuthorityRow) -> org.LineAuthority:
    return org.LineAuthority(
        id=row.id,
        version=row.version,
        scope_unit_id=row.scope_unit_id,
        line=row.line,
        unit_id=row.unit_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        deleted=row.deleted,
    )


def grant_of(officers: Mapping[UUID, UUID | None]) -> Callable[[GrantRow], org.Grant]:
    """`officers`: account → whose it is."""
    return lambda row: grant(row, officers.get(row.account_id))


def grant(row: GrantRow, officer_id: UUID | None = None) -> org.Grant:
    """`officer_id`: whose account it is; nobody's of machines and of the first administrators."""
    return org.Grant(
        id=row.id,
        version=row.version,
        account_id=row.account_id,
        officer_id=officer_id,
        role=Role(row.role),
        scope_unit_id=row.scope_unit_id,
        lines=tuple(row.lines),
        status=org.GrantStatus(row.status),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        decided_at=row.decided_at,
        noticed_at=row.noticed_at,
    )


def session(row: SessionRow) -> org.Session:
    if row.revoked_at is None:
        raise ValueError("only an ended session is told")
    return org.Session(id=row.id, version=row.version, account_id=row.account_id, revoked_at=row.revoked_at)


def delegation(found: DelegationNamed) -> org.Delegation:
    row, grant_row, giver, substitute = found.row, found.grant, found.giver, found.substitute
    return org.Delegation(
        id=row.id,
        version=row.version,
        grant_id=row.grant_id,
        role=Role(grant_row.role),
        scope_unit_id=grant_row.scope_unit_id,
        lines=tuple(grant_row.lines),
        from_account_id=row.from_account_id,
        from_officer_id=giver.officer_id,
        to_account_id=row.to_account_id,
        to_officer_id=substitute.officer_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        ended=row.ended_at is not None,
    )


def recusal(row: RecusalRow) -> org.Recusal:
    return org.Recusal(
        id=row.id,
        version=row.version,
        officer_id=row.officer_id,
        subject_kind=org.SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        ground=org.RecusalGround(row.ground),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        in_force=row.status == "granted",
    )


def condition(row: ConditionRow) -> org.Condition:
    return org.Condition(
        id=row.id,
        version=row.version,
        officer_id=row.officer_id,
        kind=org.ConditionKind(row.kind),
        held=row.held,
        no_grade=row.no_grade,
        best_grade=row.best_grade,
        basis=row.basis,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        deleted=row.deleted,
    )


def parameter(row: ParameterRow) -> org.Parameter:
    return org.Parameter(
        id=row.id, version=row.version, key=row.key, value=row.value, effective_on=row.effective_on
    )


def term(row: TermRow) -> org.Term:
    return org.Term(
        id=row.id,
        version=row.version,
        dictionary=row.dictionary,
        code=row.code,
        zh=row.zh,
        en=row.en,
        position=row.position,
        enabled=row.enabled,
    )
