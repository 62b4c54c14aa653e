"""The grade of one subject: threshold, requirements, direct placement, lowest, vetoes, bounds; in this order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from rules.findings import Finding
from rules.nodes.band import OPERATORS
from rules.rounding import plain
from rules.sentences import Sentence
from rules.standing.conditions import TOTAL, Condition
from rules.standing.grades import ERROR, NOT_BELOW, Grades, limit_words
from rules.standing.subjects import Bound, Context, NoGrade, Outside, Subject, Total, Ungraded, figures


class GradeState(StrEnum):
    GRADED = "graded"
    COMMENT_ONLY = "comment_only"
    HELD = "held"
    NOT_ASSESSED = "not_assessed"
    NO_TOTAL = "no_total"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Graded:
    """`label` is shown in place of the grade (a veto). No quota moves it below `floor`."""

    state: GradeState
    grade: str | None = None
    label: str | None = None
    floor: str | None = None
    lines: tuple[Sentence, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def shown(self) -> str | None:
        return self.label or self.grade

    def to(self, grade: str, zh: str, en: str) -> "Graded":
        line = Sentence(zh, en)
        return replace(self, state=GradeState.GRADED, grade=grade, lines=(*self.lines, line))

    def undecided(self, finding: Finding) -> "Graded":
        line = Sentence(finding.zh, finding.en)
        return replace(
            self,
            state=GradeState.UNDECIDED,
            grade=None,
            lines=(*self.lines, line),
            findings=(*self.findings, finding),
        )


_NO_GRADE = {
    NoGrade.COMMENT_ONLY: Sentence("只写评语,不定等次", "comment only, no grade"),
    NoGrade.HELD: Sentence("暂不定等次", "grade held"),
    NoGrade.NOT_ASSESSED: Sentence("不参加考核", "not assessed"),
}


#: Who stands outside the ranking because nothing is decided about him has no grade either, and takes no place of a quota.
NOT_GRADED = (Outside.NOT_ASSESSED, Outside.HELD)


def grade(setting: Grades, name: str, total: Total, context: Context) -> Graded:
    subject = context.about(name)
    if subject.ungraded is not None:
        return _without(subject)
    if subject.outside in NOT_GRADED:
        state = NoGrade(subject.outside.value)
        return _without(replace(subject, ungraded=Ungraded(state, subject.outside_reason)))
    return _Grading(setting, name, subject, figures(subject, total), context).run()


def fill(held: Graded, grade: str, reference: str) -> Graded:
    """A held grade is filled in later, on the ground of a decision (C5). The quota of the period is not reopened."""
    if held.state is not GradeState.HELD:
        raise ValueError("only a held grade is filled in")
    return held.to(grade, f"依据{reference}补定为{grade}", f"filled in as {grade}: {reference}")


def _without(subject: Subject) -> Graded:
    ungraded = subject.ungraded
    if ungraded is None:
        raise ValueError("the subject has a grade")
    said, ground = _NO_GRADE[ungraded.state], " ".join(filter(None, (ungraded.reason, ungraded.reference)))
    line = Sentence(f"{said.zh}({ground})", f"{said.en} ({ground})") if ground else said
    return Graded(GradeState(ungraded.state.value), lines=(line,))


@dataclass(frozen=True, slots=True)
class _Grading:
    setting: Grades
    name: str
    subject: Subject
    figures: Mapping[str, Fraction]
    context: Context

    def run(self) -> Graded:
        odd = self._odd()
        if odd is not None:
            return Graded(GradeState.UNDECIDED).undecided(odd)
        found = self._required(self._start())
        if self.subject.placed is not None:
            placed = self.subject.placed
            zh, en = f"直接定为{placed.grade}({placed.ground})", f"directly {placed.grade} ({placed.ground})"
            found = replace(found.to(placed.grade, zh, en), floor=placed.grade, findings=())
        found = self._bounded(self._vetoed(self._lowest(found)))
        return replace(found, findings=(*found.findings, *self._not_known()))

    def _odd(self) -> Finding | None:
        """A grade that the scheme does not have."""
        subject = self.subject
        named = [bound.grade for bound in subject.bounds] + [subject.proposed or self.setting.lowest]
        named += [subject.placed.grade] if subject.placed else []
        for found in named:
            if found not in self.setting.names:
                zh, en = f"{self.name}:没有“{found}”这个等次", f"{self.name}: there is no grade “{found}”"
                return Finding(self.name, "grade-unknown", zh, en)
        return None

    def _not_known(self) -> list[Finding]:
        """Figures that a veto or bound looks at and nobody has given; a mark that is not recorded does not hold."""
        looked = [*self.setting.lowest_when, *(limit.when for limit in self.setting.limits)]
        looked += [condition for veto in self.setting.vetoes for condition in veto.when]
        missing = {c.figure for c in looked if c.mark is None and c.figure not in self.figures} - {TOTAL}
        return [
            Finding(
                self.name, "figure-unknown", f"{self.name} 没有“{figure}”", f"{self.name} has no “{figure}”"
            )
            for figure in sorted(missing)
        ]

    def _start(self) -> Graded:
        value, setting = self.figures.get(TOTAL), self.setting
        if not setting.by_threshold:
            proposed = self.subject.proposed
            if proposed is None:
                zh, en = f"{self.name} 没有拟定等次", f"no grade is proposed for {self.name}"
                return Graded(GradeState.UNDECIDED).undecided(Finding(self.name, "no-proposal", zh, en))
            return Graded(GradeState.GRADED).to(proposed, f"拟定{proposed}", f"proposed: {proposed}")
        if value is None:
            return Graded(GradeState.NO_TOTAL, lines=(Sentence("没有总分,不定等次", "no total, no grade"),))
        return self._threshold(value)

    def _threshold(self, value: Fraction) -> Graded:
        graded = Graded(GradeState.GRADED)
        for each in self.setting.grades:
            if each.bound is None or not OPERATORS[each.op](value, each.bound):
                continue
            beyond = each.to is not None and (value > each.to if each.op[0] == ">" else value < each.to)
            if beyond and self.setting.gaps == ERROR:
                zh = f"{self.name} 的 {plain(value)} 落在两档之间,没有规定等次"
                en = f"{plain(value)} of {self.name} lies between two bands and has no grade"
                return graded.undecided(Finding(self.name, "in-a-gap", zh, en))
            gap = (
                Sentence(",在两档之间归低档", ", between two bands: the lower one")
                if beyond
                else Sentence("", "")
            )
            line = f"{plain(value)} {each.op} {plain(each.bound)}"
            return graded.to(each.name, f"{line}:{each.name}{gap.zh}", f"{line}: {each.name}{gap.en}")
        last = self.setting.lowest
        return graded.to(
            last, f"{plain(value)} 未达任何分数线:{last}", f"{plain(value)} reaches no threshold: {last}"
        )

    def _required(self, graded: Graded) -> Graded:
        """Falls until a grade's requirements are met. What is not known of is neither met nor missed: undecided."""
        for each in self.setting.grades:
            if each.name != graded.grade:
                continue
            known = [(condition, self._holds(condition)) for condition in each.requires]
            missed = [condition.words() for condition, holds in known if holds is False]
            unknown = [condition.words() for condition, holds in known if holds is None]
            if missed:
                lower = each.falls_to or self.setting.below(each.name)
                zh = f"不具备{each.name}的必备条件{'、'.join(w.zh for w in missed)}:{lower}"
                en = f"lacks what {each.name} requires, {', '.join(w.en for w in missed)}: {lower}"
                graded = graded.to(lower, zh, en)
            elif unknown:
                zh = f"{self.name} 是否具备{each.name}的必备条件{'、'.join(w.zh for w in unknown)}不明"
                en = f"not known whether {self.name} has what {each.name} requires: {', '.join(w.en for w in unknown)}"
                graded = graded.undecided(Finding(self.name, "requirement-unknown", zh, en))
        return graded

    def _lowest(self, graded: Graded) -> Graded:
        for condition in self.setting.lowest_when:
            if self._holds(condition):
                lowest, said = self.setting.lowest, condition.words()
                graded = replace(graded, floor=None).to(
                    lowest, f"{said.zh}:直接定为{lowest}", f"{said.en}: directly {lowest}"
                )
        return graded

    def _vetoed(self, graded: Graded) -> Graded:
        for veto in self.setting.vetoes:
            holding = [condition.words() for condition in veto.when if self._holds(condition)]
            if holding and graded.label is None:
                under = veto.grade or self.setting.lowest
                zh = f"{veto.label}:{'、'.join(words.zh for words in holding)},按{under}"
                en = f"{veto.label}: {', '.join(words.en for words in holding)}; counted as {under}"
                graded = replace(graded.to(under, zh, en), label=veto.label, floor=None)
        return graded

    def _bounded(self, graded: Graded) -> Graded:
        """Not below first, then not above: where they contradict each other, the one that holds down prevails."""
        if graded.grade is None:
            return graded
        standing = [
            Bound(limit.kind, limit.grade, limit.reason)
            for limit in self.setting.limits
            if self._holds(limit.when)
        ]
        own = [bound for bound in self.subject.bounds if bound.touches(self.context.period)]
        for bound in sorted([*standing, *own], key=lambda bound: bound.kind != NOT_BELOW):
            graded = self._bound(graded, bound)
        return graded

    def _bound(self, graded: Graded, bound: Bound) -> Graded:
        held, setting = graded.grade, self.setting
        if held is None:
            return graded
        up = bound.kind == NOT_BELOW
        if up and graded.label is not None:  # a veto is not softened
            return graded
        if up and (graded.floor is None or setting.worse(graded.floor, bound.grade)):
            graded = replace(graded, floor=bound.grade)
        if not (setting.worse(held, bound.grade) if up else setting.worse(bound.grade, held)):
            return graded
        said, ground = (
            limit_words(bound.kind, bound.grade),
            " ".join(filter(None, (bound.reason, bound.ground))),
        )
        moved = graded.to(bound.grade, f"{said.zh}({ground})", f"{said.en} ({ground})")
        return moved if up else replace(moved, floor=None)

    def _holds(self, condition: Condition) -> bool | None:
        return condition.holds(self.subject.marks, self.figures)
