"""Rows as the events that the other services get."""

from contracts import targets as said
from contracts.org import SubjectKind
from services.targets.domain.quantity import trimmed, trimmed_or_none
from services.targets.models import IndicatorRow, PeriodRow, SchemeRow, TargetRow


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
    )
