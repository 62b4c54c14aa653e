"""Rows as the events that the other services get."""

from contracts import org
from contracts.permissions import Role
from services.org.models import (
    AssessmentOfficeRow,
    GrantRow,
    LineAuthorityRow,
    OfficerRow,
    PostingRow,
    SeriesRow,
    SessionRow,
    UnitRow,
)


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


def grant(row: GrantRow) -> org.Grant:
    return org.Grant(
        id=row.id,
        version=row.version,
        account_id=row.account_id,
        officer_id=None,
        role=Role(row.role),
        scope_unit_id=row.scope_unit_id,
        lines=tuple(row.lines),
        status=org.GrantStatus(row.status),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def session(row: SessionRow) -> org.Session:
    if row.revoked_at is None:
        raise ValueError("only an ended session is told")
    return org.Session(id=row.id, version=row.version, account_id=row.account_id, revoked_at=row.revoked_at)
