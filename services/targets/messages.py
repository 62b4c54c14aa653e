"""Rows as the events that the other services get."""

from typing import Any, TypeVar

from contracts import deadlines, supervision
from contracts import targets as said
from contracts.envelope import Event
from contracts.org import SubjectKind
from services.targets.domain.quantity import trimmed, trimmed_or_none
from services.targets.models import (
    CampaignRow,
    DigestRow,
    ExtensionRow,
    IndicatorRow,
    LateApplicationRow,
    NoteRow,
    PeriodRow,
    ReminderRow,
    SchemeRow,
    TargetRow,
    WorkingDaysRow,
)

#: Targets that a reminder names; the service has them all.
LISTED = 50

E = TypeVar("E", bound=Event)


def scheme(row: SchemeRow) -> said.Scheme:
    return said.Scheme(
        id=row.id,
        version=row.version,
        code=row.code,
        name=row.name,
        year=row.year,
        scope_unit_id=row.scope_unit_id,
        status=said.SchemeStatus(row.status),
        revision=row.revision,
        effective_from=row.effective_from,
        modules=tuple(said.Module.model_validate(module) for module in row.modules),
        module_combination=row.module_combination,
        total_decimals=row.total_decimals,
        roll_up=said.RollUp.model_validate(row.roll_up),
        bonus_cap=trimmed_or_none(row.bonus_cap),
        deduction_cap=trimmed_or_none(row.deduction_cap),
        second_signature_above=trimmed_or_none(row.second_signature_above),
        plan=row.plan,
        reason=row.reason,
        consult_until=row.consult_until,
    )


def indicator(row: IndicatorRow) -> said.Indicator:
    return said.Indicator(
        id=row.id,
        version=row.version,
        scheme_id=row.scheme_id,
        code=row.code,
        name=row.name,
        module=said.ModuleKind(row.module),
        line=row.line,
        subject_kind=row.subject_kind,
        unit_of_measure=row.unit_of_measure,
        direction=said.Direction(row.direction),
        evidence=said.EvidenceRequirement(row.evidence),
        full_marks=trimmed(row.full_marks),
        rule=row.rule,
        revision=row.revision,
        basis=row.basis,
        clause=row.clause,
        active=row.active,
    )


def period(row: PeriodRow) -> said.Period:
    return said.Period(
        id=row.id,
        version=row.version,
        scheme_id=row.scheme_id,
        code=row.code,
        year=row.year,
        quarter=row.quarter,
        month=row.month,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        cutoff_at=row.cutoff_at,
        review_until=row.review_until,
        appeal_days=row.appeal_days,
        status=said.PeriodStatus(row.status),
    )


def target(row: TargetRow) -> said.Target:
    return said.Target(
        id=row.id,
        version=row.version,
        scheme_id=row.scheme_id,
        indicator_id=row.indicator_id,
        period_id=row.period_id,
        subject_kind=SubjectKind(row.subject_kind),
        subject_id=row.subject_id,
        quantity=trimmed(row.quantity),
        parent_id=row.parent_id,
        issuer_unit_id=row.issuer_unit_id,
        unit_id=row.unit_id,
        status=said.TargetStatus(row.status),
        issued_at=row.issued_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        reason=row.reason,
        previous_quantity=trimmed_or_none(row.previous_quantity),
        refused_at=row.refused_at,
        refused_by=row.refused_by,
        refusal_reason=row.refusal_reason,
        refusal_answer=row.refusal_answer,
        orphaned_on=row.orphaned_on,
    )


def working_days(row: WorkingDaysRow) -> deadlines.WorkingDays:
    return _as(deadlines.WorkingDays, row)


def campaign(row: CampaignRow) -> deadlines.Campaign:
    return _as(deadlines.Campaign, row, pool=trimmed(row.pool))


def extension(row: ExtensionRow) -> deadlines.Extension:
    return _as(deadlines.Extension, row)


def late_application(row: LateApplicationRow) -> deadlines.LateApplication:
    return _as(deadlines.LateApplication, row)


def reminder(row: ReminderRow) -> supervision.Reminder:
    return _as(supervision.Reminder, row, target_ids=row.target_ids[:LISTED])


def note(row: NoteRow) -> supervision.SupervisionNote:
    return _as(supervision.SupervisionNote, row)


def digest(row: DigestRow) -> supervision.Digest:
    return _as(supervision.Digest, row)


def _as(event: type[E], row: Any, **different: Any) -> E:
    """An event whose fields are columns of the row."""
    values = {name: getattr(row, name) for name in event.model_fields if name not in different}
    return event.model_validate(values | different)
