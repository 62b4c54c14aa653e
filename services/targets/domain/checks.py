"""What must hold before a scheme is published. Each finding names its place; warnings do not block."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from kernel.errors import Finding, Findings
from services.targets.domain.plan_check import plan_findings
from services.targets.domain.quantity import trimmed
from services.targets.domain.rule_check import example_findings, rule_findings
from services.targets.domain.scheme import ONE


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class SchemeNotReady(Findings):
    code = "scheme-not-ready"
    zh = "方案有 {count} 处问题,暂不能发布"
    en = "The scheme has {count} problems and cannot be published yet"


@dataclass(frozen=True, slots=True)
class CheckedModule:
    code: str
    name: str
    full_marks: Decimal
    weight: Decimal
    limited: bool = False


@dataclass(frozen=True, slots=True)
class CheckedIndicator:
    code: str
    name: str
    module: str
    line: str
    subject_kind: str
    full_marks: Decimal
    rule: dict[str, Any]
    example: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class SchemeFacts:
    """`lines` have an authority in the scope; `office`: an assessment office is there to fall back to. `guarded`: what the
    indicator guard found; `unanswered`: comments that nobody has answered.

    With a `plan`, points are its business alone: modules have neither limits nor weights, and marks add up in the plan.
    """

    modules: Sequence[CheckedModule]
    indicators: Sequence[CheckedIndicator]
    weighted: bool
    periods: int
    lines: Collection[str]
    office: bool
    plan: dict[str, Any] | None = None
    guarded: Sequence[Finding] = ()
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    severity: Severity
    finding: Finding


#: Their marks are bounded by caps and come from events; nothing has to add up.
_OPEN_ENDED: Final = frozenset({"mod_bonus", "mod_deduction"})
#: Scored from imported records, may be without indicators.
_FROM_RECORDS: Final = frozenset({"mod_attendance"})


def check(scheme: SchemeFacts) -> list[Checked]:
    """All findings at once, errors first."""
    found = [
        *_scheme(scheme),
        *(_modules(scheme) if scheme.plan is None else _plan(scheme, scheme.plan)),
        *(c for i in scheme.indicators for c in _indicator(i, scheme)),
        *(Checked(Severity.ERROR, finding) for finding in scheme.guarded),
    ]
    return sorted(found, key=lambda c: c.severity is Severity.WARNING)


def ensure_ready(checked: Sequence[Checked]) -> None:
    errors = [c.finding for c in checked if c.severity is Severity.ERROR]
    if errors:
        raise SchemeNotReady(errors)


def _scheme(scheme: SchemeFacts) -> Iterator[Checked]:
    if not scheme.periods:
        yield _error(
            "calendar",
            "periods-missing",
            "尚未设置考核日历,没有考核周期",
            "no periods: set the calendar first",
        )
    if not scheme.indicators:
        yield _error("indicators", "indicators-missing", "方案没有指标", "the scheme has no indicators")
    if scheme.unanswered:
        yield _error(
            "comments",
            "comments-unanswered",
            f"征求意见有 {scheme.unanswered} 条尚未答复",
            f"{scheme.unanswered} comments of the consultation are not answered",
        )
    if not scheme.modules:
        yield _error("modules", "modules-missing", "方案没有模块", "the scheme has no modules")
    weights = sum((module.weight for module in scheme.modules), Decimal(0))
    if scheme.weighted and scheme.modules and weights != ONE:
        yield _error(
            "modules",
            "weights-not-one",
            f"模块权重合计为 {trimmed(weights)},应为 1",
            f"the weights of the modules add up to {trimmed(weights)}, not to 1",
        )


def _modules(scheme: SchemeFacts) -> Iterator[Checked]:
    for module in scheme.modules:
        inside = [i for i in scheme.indicators if i.module == module.code]
        marks = sum((i.full_marks for i in inside), Decimal(0))
        if module.code in _OPEN_ENDED or (module.code in _FROM_RECORDS and not inside):
            continue
        if marks != module.full_marks:
            yield _error(
                f"modules.{module.code}",
                "marks-do-not-add-up",
                f"模块“{module.name}”各指标分值合计 {trimmed(marks)},与模块满分 {trimmed(module.full_marks)} 不符",
                f"the full marks of the indicators of {module.name!r} add up to {trimmed(marks)}, "
                f"not to the module's {trimmed(module.full_marks)}",
            )


def _plan(scheme: SchemeFacts, plan: dict[str, Any]) -> Iterator[Checked]:
    indicators = [indicator.code for indicator in scheme.indicators]
    errors, notes = plan_findings(plan, indicators, [module.code for module in scheme.modules])
    yield from (Checked(Severity.ERROR, finding) for finding in errors)
    yield from (Checked(Severity.WARNING, finding) for finding in notes)
    for module in scheme.modules:
        if module.limited or scheme.weighted:
            yield _error(
                f"modules.{module.code}",
                "limits-beside-plan",
                f"方案有整套办法,模块“{module.name}”不能再有权重或上下限,请写进办法",
                f"the scheme has a plan: weight, cap and floor of {module.name!r} belong into it",
            )


def _indicator(indicator: CheckedIndicator, scheme: SchemeFacts) -> Iterator[Checked]:
    place = f"indicators.{indicator.code}"
    if indicator.module not in {module.code for module in scheme.modules}:
        yield _error(
            place,
            "module-unknown",
            f"指标“{indicator.name}”所属模块 {indicator.module} 不在方案中",
            f"the module {indicator.module} of {indicator.name!r} is not in the scheme",
        )
    if indicator.line not in scheme.lines:
        yield _line_finding(place, indicator, office=scheme.office)
    if scheme.plan is not None:
        return
    broken = rule_findings(indicator.rule, place=f"{place}.rule")
    yield from (Checked(Severity.ERROR, finding) for finding in broken)
    if not broken:
        yield from (
            Checked(Severity.ERROR, finding)
            for finding in example_findings(indicator.rule, indicator.example, place=f"{place}.example")
        )


def _line_finding(place: str, indicator: CheckedIndicator, *, office: bool) -> Checked:
    if office:
        return Checked(
            Severity.WARNING,
            Finding(
                place,
                "line-falls-to-office",
                f"条线“{indicator.line}”没有归口部门,将由考核办审核",
                f"the line {indicator.line!r} has no authority in the scope; the assessment office reviews it",
            ),
        )
    return _error(
        place,
        "line-without-authority",
        f"条线“{indicator.line}”没有归口部门,也没有考核办",
        f"the line {indicator.line!r} has neither an authority nor an assessment office in the scope",
    )


def _error(place: str, code: str, zh: str, en: str) -> Checked:
    return Checked(Severity.ERROR, Finding(place, code, zh, en))
