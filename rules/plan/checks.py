"""Before a plan is published: what does not add up, leaves values out, is never used, or must not be used at all.

Reading already refuses cycles, unknown nodes, figures and types, and weights that are not 100 %.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rules.findings import Finding
from rules.plan.coverage import Interval, coverage
from rules.plan.guards import INDICATOR, VETO, exemption_from, guards_against
from rules.plan.nodes.deeds import Deeds
from rules.plan.nodes.gating import Gate
from rules.plan.nodes.marks import Band
from rules.plan.nodes.tables import Table
from rules.plan.plan import Plan
from rules.plan.possible import possible
from rules.plan.upward import check_upward
from rules.rounding import plain


@dataclass(frozen=True, slots=True)
class Checked:
    """`errors` keep a plan from being published; `notes` are to be read by who publishes it."""

    errors: tuple[Finding, ...]
    notes: tuple[Finding, ...]

    @property
    def ready(self) -> bool:
        return not self.errors


def check_plan(plan: Plan) -> Checked:
    errors = [*_unreachable(plan), *_marks(plan), *_tables(plan)]
    notes = [*_unused(plan), *_sizes(plan)]
    for finding, keeps_back in (*_guarded(plan), *check_upward(plan)):
        (errors if keeps_back else notes).append(finding)
    return Checked(tuple(errors), tuple(notes))


def _unreachable(plan: Plan) -> Iterator[Finding]:
    """Nodes on which neither the total, nor a mark, nor the standing depends."""
    wanted = {plan.total, *_named(plan.standing.to_data())}
    wanted.update(node for condition in plan.conditions for node in condition.inputs)
    for key in reversed(plan.order):
        if key in wanted:
            wanted.update(plan.nodes[key].node.inputs)
    for key in plan.order:
        if key not in wanted:
            zh, en = (
                "总分、标记和等次都没有用到该节点",
                "neither total, marks nor standing depend on the node",
            )
            yield Finding(f"nodes.{key}", "node-unreachable", zh, en)


def _named(data: Any) -> Iterator[str]:
    """Every figure that a setting of standing names."""
    if isinstance(data, dict):
        for key, item in data.items():
            if key == "figure":
                yield str(item)
            yield from _named(item)
    elif isinstance(data, list):
        for item in data:
            yield from _named(item)


def _unused(plan: Plan) -> Iterator[Finding]:
    for name in sorted(plan.unused_settings):
        yield Finding(f"settings.{name}", "setting-unused", "没有用到该设置", "nothing reads the setting")
    if not plan.figures:
        zh, en = (
            "没有列出数据项(figures),写错的名字不会被发现",
            "no figures are declared: a misspelt name would not be found",
        )
        yield Finding("figures", "figures-undeclared", zh, en)
    read = {figure for titled in plan.nodes.values() for figure in titled.node.figures}
    read |= {figure for condition in plan.conditions for figure in condition.figures}
    for name in sorted(set(plan.figures) - read):
        yield Finding(f"figures.{name}", "figure-unread", "没有节点用到该数据项", "no node reads the figure")


def _marks(plan: Plan) -> Iterator[Finding]:
    """Full marks of a node against those of its parts, or against the most that its rule can give."""
    for key, titled in plan.nodes.items():
        if titled.full is None:
            continue
        found = possible(plan, titled)
        if found is not None and found != titled.full:
            zh = f"各部分满分合计 {plain(found)},该项满分 {plain(titled.full)}"
            en = f"the parts have {plain(found)} marks in full, the node {plain(titled.full)}"
            yield Finding(f"nodes.{key}.full_marks", "marks-not-full", zh, en)


def _tables(plan: Plan) -> Iterator[Finding]:
    for key, titled in plan.nodes.items():
        if not isinstance(titled.node, Table):
            continue
        for label, uncovered, doubly in titled.node.doubts():
            place = f"nodes.{key}.tables.{label}" if label else f"nodes.{key}.rows"
            if uncovered:
                text = "、".join(each.text for each in uncovered)
                yield Finding(place, "band-uncovered", f"没有规定:{text}", f"not covered: {text}")
            if doubly:
                text = "、".join(each.text for each in doubly)
                yield Finding(place, "band-doubly-covered", f"重复规定:{text}", f"covered twice: {text}")


def _sizes(plan: Plan) -> Iterator[Finding]:
    """Whole sizes of events between the bands of a kind, which nothing is marked for."""
    for key, titled in plan.nodes.items():
        for kind in titled.node.kinds.values() if isinstance(titled.node, Deeds) else ():
            spans = [_interval(band) for band in kind.bands]
            if not spans:
                continue
            domain = Interval(min(span.span[0] for span in spans), max(span.span[1] for span in spans))
            uncovered, _ = coverage(spans, domain, whole=True)
            if uncovered:
                text = "、".join(each.text for each in uncovered)
                zh, en = f"没有规定分值:{text}", f"nothing is marked for {text}"
                yield Finding(f"nodes.{key}.kinds.{kind.name}", "band-uncovered", zh, en)


def _interval(band: Band) -> Interval:
    if band.op in {">", ">="}:
        return Interval((band.bound, int(band.op == ">")), None if band.to is None else (band.to, 1))
    high = band.bound if band.to is None else min(band.bound, band.to)
    return Interval(None, (high, int(band.op == "<=" or high != band.bound)))


def _guarded(plan: Plan) -> Iterator[tuple[Finding, bool]]:
    """Each with whether it keeps the plan from being published."""
    for key, titled in plan.nodes.items():
        names = [key, titled.title, titled.title_en, *titled.node.figures]
        found = guards_against("\n".join(names), INDICATOR, plan.assesses)
        if isinstance(titled.node, Gate):
            found += guards_against(f"{titled.title}\n{titled.node.label}", VETO, plan.assesses)
        for guard in found:
            exemption = exemption_from(plan.exemptions, guard.id, key)
            place = f"nodes.{key}"
            if exemption is None:
                yield Finding(place, "indicator-banned", guard.ground.zh, guard.ground.en), True
            else:
                zh, en = (
                    f"例外:{exemption.words};{guard.ground.zh}",
                    f"exempted: {exemption.words}; {guard.ground.en}",
                )
                yield Finding(place, "indicator-exempted", zh, en), False
