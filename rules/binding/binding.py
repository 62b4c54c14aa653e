"""A plan, the sources of its figures, and the lines under which it is posted: what a scheme is published with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.attendance import FAULTS, KINDS
from rules.binding.circumstances import Effect, grades_of, read_effects
from rules.binding.postings import People
from rules.binding.sources import (
    Attended,
    FromAttendance,
    FromAwards,
    FromCircumstance,
    FromIndicator,
    FromPrevious,
    FromReading,
    FromVotes,
    Source,
    indicators_of,
    read_sources,
)
from rules.fields import name, some
from rules.findings import Finding, RuleError
from rules.plan.checks import Checked, check_plan
from rules.plan.facts import Deed
from rules.plan.nodes.combining import GROUP_MEAN, Combining
from rules.plan.nodes.deeds import Deeds
from rules.plan.plan import Plan, parse_plan
from rules.plan.view import Own, PlanNode
from rules.reading import Reader
from rules.sentences import Sentence
from rules.suggesting import meant


@dataclass(frozen=True, slots=True)
class Line:
    """A node whose value is posted as entries of a module."""

    node: str
    module: str


@dataclass(frozen=True, slots=True)
class Binding:
    """`rest`: the module that gets what the lines leave of the total: weights, gates, normalisation, rounding.

    `people`: where somebody counts who served in several units; `circumstances`: what follows from a decision about somebody.
    """

    plan: Plan
    sources: Mapping[str, Source]
    lines: tuple[Line, ...]
    rest: str
    people: People = field(default_factory=People)
    circumstances: Mapping[str, Effect] = field(default_factory=dict)

    def indicator_of(self, node: str) -> str | None:
        """The one indicator behind a node; None if there are several, or none."""
        found = indicators_of(self.sources, self._figures(node))
        return next(iter(found)) if len(found) == 1 else None

    @property
    def looks_at_others(self) -> bool:
        """Whether anybody's value may depend on somebody else's facts."""
        return any(_beyond(titled.node) for titled in self.plan.nodes.values())

    @property
    def reach(self) -> int:
        """For how many days an event may count beyond its period; 0 if events count in their period alone."""
        return max((deeds.valid_days or 0 for deeds in self._deeds()), default=0)

    @property
    def carried(self) -> frozenset[str]:
        """The nodes whose values the next period starts from."""
        found = (source for source in self.sources.values() if isinstance(source, FromPrevious))
        return frozenset(source.previous for source in found)

    @property
    def readings(self) -> frozenset[str]:
        """The names of the figures that are entered from outside."""
        found: set[str] = set()
        for source in self.sources.values():
            if isinstance(source, FromReading):
                found.add(source.reading)
            elif isinstance(source, FromVotes):
                found.update(source.votes.values())
        return frozenset(found)

    @property
    def takes_attendance(self) -> bool:
        return any(isinstance(source, FromAttendance) for source in self.sources.values())

    def takes(self, kind: str) -> bool:
        """Whether bonuses, or penalties, are facts of this plan; else they are added to the total beside it."""
        return any(source.awards == kind for _, source in self._award_sources())

    def refuses(self, kind: str, deed: Deed) -> Sentence | None:
        """Why no node that hears of such awards can mark this one; None if one of them can."""
        why = Sentence("没有节点采用", "no node uses it")
        for figure, source in self._award_sources():
            for deeds in self._deeds():
                if source.awards != kind or deeds.events != figure:
                    continue
                refused = deeds.refused((source.deed(deed),))
                if not refused:
                    return None
                why = self.plan.names.sentence(refused[0][1])
        return why

    def _award_sources(self) -> list[tuple[str, FromAwards]]:
        return [(figure, s) for figure, s in self.sources.items() if isinstance(s, FromAwards)]

    def _deeds(self) -> list[Deeds]:
        return [titled.node for titled in self.plan.nodes.values() if isinstance(titled.node, Deeds)]

    def _figures(self, node: str) -> frozenset[str]:
        found: set[str] = set()
        behind, seen = [node], {node}
        while behind:
            each = self.plan.nodes[behind.pop()].node
            found.update(each.figures)
            fresh = [key for key in each.inputs if key not in seen]
            seen.update(fresh)
            behind += fresh
        return frozenset(found)


def parse_binding(data: Any) -> Binding:
    """From `{plan, settings?, sources, lines?, rest}`. Raises RuleError with every error and its place."""
    if not isinstance(data, Mapping):
        raise RuleError([Finding("", "not-an-object", "方案应为对象", "a plan is an object")])
    findings: list[Finding] = []
    reader = Reader(data, "", findings)
    plan = _plan(reader)
    sources = read_sources(reader)
    lines = tuple(_line(one) for one in some(reader, "lines"))
    rest = name(reader, "rest")
    people, circumstances = People.read(reader), read_effects(reader)
    reader.close()
    if plan is not None:
        _agree(reader, plan, sources, lines)
        _allow(reader, plan, sources)
        _decide(reader, plan, sources, circumstances)
    if findings or plan is None:
        raise RuleError(findings)
    return Binding(plan, sources, lines, rest, people, circumstances)


def check_binding(binding: Binding, indicators: Collection[str], modules: Collection[str]) -> Checked:
    """The plan's own check before publishing, and whether scheme and plan speak of the same things."""
    checked = check_plan(binding.plan)
    errors = [_placed(finding) for finding in checked.errors]
    notes = [_placed(finding) for finding in checked.notes]
    used = {s.indicator for s in binding.sources.values() if isinstance(s, FromIndicator)}
    for code in sorted(used - set(indicators)):
        zh, en = f"方案没有指标 {code}", f"the scheme has no indicator {code}"
        errors.append(Finding("sources", "indicator-unknown", zh, en))
    for code in sorted(set(indicators) - used):
        zh, en = (
            f"办法没有用到指标 {code},其工作不计分",
            f"the plan has no use for the indicator {code}: its work scores nothing",
        )
        notes.append(Finding("sources", "indicator-unused", zh, en))
    for module in sorted({binding.rest, *(line.module for line in binding.lines)} - set(modules)):
        zh, en = f"方案没有模块 {module}", f"the scheme has no module {module}"
        errors.append(Finding("lines", "module-unknown", zh, en))
    return Checked(tuple(errors), tuple(notes))


def _beyond(node: PlanNode) -> bool:
    if isinstance(node, Combining):
        return node.not_applicable == GROUP_MEAN
    return not isinstance(node, Own)


def _plan(reader: Reader) -> Plan | None:
    settings = reader.raw("settings")
    if settings is not None and not isinstance(settings, Mapping):
        reader.refuse("settings", "not-an-object", "应为对象", "must be an object")
        settings = None
    try:
        return parse_plan(reader.raw("plan"), settings)
    except RuleError as error:
        reader.findings.extend(_placed(finding) for finding in error.findings)
        return None


def _placed(finding: Finding) -> Finding:
    return Finding(f"plan.{finding.place}".rstrip("."), finding.code, finding.zh, finding.en)


def _line(reader: Reader) -> Line:
    found = Line(name(reader, "node"), name(reader, "module"))
    reader.close()
    return found


def _agree(reader: Reader, plan: Plan, sources: Mapping[str, Source], lines: tuple[Line, ...]) -> None:
    asked = {figure for titled in plan.nodes.values() for figure in titled.node.figures}
    asked |= {figure for condition in plan.conditions for figure in condition.figures}
    for figure in sorted(asked - sources.keys()):
        zh, en = f"数据项 {figure} 没有来源", f"the figure {figure} has no source"
        reader.refuse(f"sources.{figure}", "source-missing", zh, en)
    seen: set[str] = set()
    for index, line in enumerate(lines):
        if line.node not in plan.nodes:
            zh, en = f"没有节点 {line.node}", f"there is no node {line.node}"
            reader.refuse(f"lines.{index}.node", "node-unknown", zh, en)
        if line.node in seen or line.node == plan.total:
            zh, en = f"节点 {line.node} 不能再列", f"the node {line.node} cannot be listed here"
            reader.refuse(f"lines.{index}.node", "line-twice", zh, en)
        seen.add(line.node)


def _decide(
    reader: Reader, plan: Plan, sources: Mapping[str, Source], circumstances: Mapping[str, Effect]
) -> None:
    """Grades that circumstances name must be the plan's, and circumstances that figures ask for must be listed."""
    known = plan.standing.grades.names if plan.standing.grades is not None else ()
    for label, wanted in grades_of(circumstances):
        if wanted not in known:
            near = meant(wanted, known)
            zh, en = f"没有等次 {wanted}{near.zh}", f"there is no grade {wanted}{near.en}"
            reader.refuse(f"circumstances.{label}", "grade-unknown", zh, en)
    for figure, source in sources.items():
        if isinstance(source, FromCircumstance) and source.circumstance not in circumstances:
            near = meant(source.circumstance, circumstances)
            zh = f"没有列出情形 {source.circumstance}{near.zh}"
            en = f"the circumstance {source.circumstance} is not listed{near.en}"
            reader.refuse(f"sources.{figure}.circumstance", "circumstance-unknown", zh, en)


def _allow(reader: Reader, plan: Plan, sources: Mapping[str, Source]) -> None:
    """What is carried over must exist, and attendance is marked by its faults only: leave that the law protects costs nothing."""
    for figure, source in sources.items():
        if isinstance(source, FromPrevious) and source.previous not in plan.nodes:
            zh, en = f"没有节点 {source.previous}", f"there is no node {source.previous}"
            reader.refuse(f"sources.{figure}.previous", "node-unknown", zh, en)
    for key, titled in plan.nodes.items():
        if not isinstance(titled.node, Deeds):
            continue
        behind = sources.get(titled.node.events)
        if not isinstance(behind, FromAttendance) or behind.attendance is not Attended.FAULTS:
            continue
        for kind in sorted(titled.node.kinds.keys() - FAULTS):
            place = f"plan.nodes.{key}.kinds.{kind}"
            known = KINDS.get(kind)
            if known is None:
                zh, en = f"没有考勤类别 {kind}", f"there is no kind of attendance {kind}"
                reader.refuse(place, "attendance-kind-unknown", zh, en)
            else:
                zh = f"{known.zh}受{known.ground}保护,不得计分"
                en = f"{known.en} is protected ({known.ground}) and cannot be marked"
                reader.refuse(place, "leave-protected", zh, en)
