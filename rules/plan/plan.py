"""A plan: named nodes that read figures and each other, the total among them, and the standing that follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from rules.calendars.deadlines import Procedures
from rules.calendars.statutes import published
from rules.fields import inner, is_name, name, optional_name
from rules.findings import Finding, RuleError
from rules.plan.conditions import Condition, read_condition
from rules.plan.exclusions import Exclusion, read_exclusions, read_ungraded
from rules.plan.guards import Exemption, read_exemptions
from rules.plan.naming import Names, read_words
from rules.plan.reading import COMMON, read_node
from rules.plan.settings import Choice, chosen, read_settings, refuse_unknown, substituted
from rules.plan.view import PlanNode
from rules.reading import Reader, as_decimal
from rules.sentences import Sentence
from rules.standing.settling import Standing, read_standing
from rules.suggesting import meant

FORMAT = "kaohe/plan/1"
MOST_NODES = 5000


@dataclass(frozen=True, slots=True)
class Titled:
    """A node under its id, with the words and the clause of the regulation that it stands for, and its full marks."""

    node: PlanNode
    title: str
    title_en: str
    clause: str
    full: Fraction | None = None


@dataclass(frozen=True)
class Plan:
    """`order` has every node after those that it reads; it is printed with every result (rules.md 2.2.6).

    `assesses`: what sort of bodies, where a guard asks for it; `exemptions` from guards, on stated grounds.
    `marks` are facts that the plan works out for the standing, by condition on nodes and figures.
    """

    title: str
    title_en: str
    source: str
    nodes: Mapping[str, Titled]
    total: str
    order: tuple[str, ...]
    figures: Mapping[str, str]
    marks: Mapping[str, Condition]
    outside: tuple[Exclusion, ...]
    standing: Standing
    procedures: Procedures
    assesses: str | None
    exemptions: tuple[Exemption, ...]
    choices: Mapping[str, Choice]
    chosen: Mapping[str, Any]
    unused_settings: frozenset[str] = field(default_factory=frozenset)
    words: Mapping[str, Sentence] = field(default_factory=dict)

    @cached_property
    def names(self) -> Names:
        """What ids are called in sentences: by the plan's `words`, a node also by its title."""
        titles = {key: Sentence(each.title, each.title_en) for key, each in self.nodes.items()}
        known = {key: _joined(self.words.get(key), title) for key, title in titles.items()}
        return Names({**self.words, **known})

    def title_of(self, node: str, language: str) -> str:
        return self.names.of(node, language)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Those that stand beside the nodes: marks, and exclusions from the ranking."""
        return (*self.marks.values(), *(each.when for each in self.outside))

    def describe(self, language: str) -> list[str]:
        """A sentence for each node in the order of application, then the standing's."""
        found = []
        for key in self.order:
            titled = self.nodes[key]
            title = self.title_of(key, language)
            colon = ":" if language == "zh" else ": "
            clause = f"({titled.clause})" if titled.clause else ""
            found.append(f"{title}{clause}{colon}{self.names.text(titled.node.describe(language), language)}")
        return found + self.standing.describe(language)


def parse_plan(data: Any, settings: Mapping[str, Any] | None = None) -> Plan:
    """Under the readings wanted, or the plan's own. Raises RuleError with every error that is in the data."""
    findings: list[Finding] = []
    if not isinstance(data, Mapping):
        raise RuleError([Finding("", "not-an-object", "方案应为对象", "a plan is an object")])
    outer = Reader(data, "", findings)
    choices = read_settings(outer)
    values = chosen(outer, choices, settings or {})
    used: set[str] = set()
    kept = {key: item for key, item in data.items() if key != "settings"}
    filled = substituted(kept, values, used)
    refuse_unknown(outer, filled)
    plan = _read(Reader(filled, "", findings), choices, values, used)
    if findings or plan is None:
        raise RuleError(findings)
    return plan


def _read(
    reader: Reader, choices: Mapping[str, Choice], values: Mapping[str, Any], used: set[str]
) -> Plan | None:
    if reader.raw("format") != FORMAT:
        reader.refuse("format", "format-unknown", f"应为 {FORMAT}", f"must be {FORMAT}")
    title, title_en = name(reader, "name"), optional_name(reader, "name_en") or ""
    source = reader.raw("source")
    if source is not None and not isinstance(source, str):
        reader.refuse("source", "not-text", "应为文字", "must be text")
    nodes = _nodes(reader)
    figures = _figures(reader)
    total = name(reader, "total")
    if total and total not in nodes:
        near = meant(total, nodes)
        zh, en = f"没有节点 {total}{near.zh}", f"there is no node {total}{near.en}"
        reader.refuse("total", "node-unknown", zh, en)
    marks = _marks(reader, frozenset(nodes))
    outside = (*read_exclusions(reader, frozenset(nodes)), *read_ungraded(reader, frozenset(nodes)))
    procedures = _procedures(reader)
    standing = inner(reader, "standing")
    settled = read_standing(Reader({}, "standing", reader.findings) if standing is None else standing)
    assesses, exemptions = optional_name(reader, "assesses"), read_exemptions(reader)
    words = read_words(reader)
    reader.close()
    order = _order(reader, nodes)
    _declared(reader, nodes, (marks, outside), figures)
    return Plan(
        title, title_en, source if isinstance(source, str) else "", nodes, total, order, figures, marks, outside, settled, procedures,
        assesses, exemptions, choices, values, frozenset(choices) - used, words,
    )  # fmt: skip


def _joined(words: Sentence | None, title: Sentence) -> Sentence:
    """A node's title, and the plan's word for it in a language in which it has none."""
    return Sentence(title.zh or (words.zh if words else ""), title.en or (words.en if words else ""))


def _nodes(reader: Reader) -> dict[str, Titled]:
    table = reader.raw("nodes")
    if not isinstance(table, Mapping) or not table or len(table) > MOST_NODES:
        reader.refuse("nodes", "not-a-table", "应为“编号:节点”表", "must be a table of ids and nodes")
        return {}
    ids = frozenset(str(key) for key in table)
    found = {}
    for key, item in table.items():
        place = f"nodes.{key}"
        if not is_name(key) or not isinstance(item, Mapping):
            reader.refuse(place, "not-an-object", "应为对象", "must be an object")
            continue
        one = Reader(item, place, reader.findings, 1)
        node = read_node(one, ids)
        if node is not None:
            title, title_en, clause = (str(item.get(word) or "") for word in COMMON)
            full = as_decimal(item.get("full_marks"))
            found[str(key)] = Titled(node, title, title_en, clause, None if full is None else Fraction(full))
    return found


def _figures(reader: Reader) -> dict[str, str]:
    """Declared figures with their unit; a plan that declares any declares all."""
    table = inner(reader, "figures")
    return {} if table is None else {str(key): name(table, str(key), "") for key in table.data}


def _procedures(reader: Reader) -> Procedures:
    """The plan's own, or those of public law and published rules."""
    rows = reader.raw("procedures")
    if rows is None:
        return published()
    return Procedures.read(Reader({"procedures": rows}, "", reader.findings))


def _marks(reader: Reader, nodes: frozenset[str]) -> dict[str, Condition]:
    table = reader.raw("marks")
    if table is None:
        return {}
    if not isinstance(table, Mapping):
        reader.refuse("marks", "not-a-table", "应为“名称:条件”表", "must be a table of names and conditions")
        return {}
    found = {}
    for key, item in table.items():
        if isinstance(item, Mapping):
            found[str(key)] = read_condition(Reader(item, f"marks.{key}", reader.findings, 1)).bound(nodes)
        else:
            reader.refuse(f"marks.{key}", "not-an-object", "应为对象", "must be an object")
    return found


def _order(reader: Reader, nodes: Mapping[str, Titled]) -> tuple[str, ...]:
    """By what reads what; among equals, as they stand in the plan. A cycle is an error that names its nodes."""
    graph = {key: [each for each in titled.node.inputs if each in nodes] for key, titled in nodes.items()}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        reader.refuse("nodes", "cycle", f"节点互相引用:{circle}", f"nodes read each other: {circle}")
        return ()


def _declared(
    reader: Reader,
    nodes: Mapping[str, Titled],
    beside: tuple[Mapping[str, Condition], tuple[Exclusion, ...]],
    figures: Mapping[str, str],
) -> None:
    if not figures:
        return
    users = [(f"nodes.{key}", titled.node.figures) for key, titled in nodes.items()]
    marks, outside = beside
    users += [(f"marks.{key}", condition.figures) for key, condition in marks.items()]
    users += [(f"outside.{n}", each.when.figures) for n, each in enumerate(outside)]
    for place, names in users:
        for figure in names:
            if figure not in figures:
                near = meant(figure, {*figures, *nodes})
                zh, en = (
                    f"没有数据项或节点 {figure}{near.zh}",
                    f"there is no figure or node {figure}{near.en}",
                )
                reader.refuse(place, "figure-unknown", zh, en)
