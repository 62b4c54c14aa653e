"""Reading one node: which family its type belongs to, and its parameters."""

from collections.abc import Callable
from typing import Final

from rules.fields import optional_name
from rules.language import MEASURES
from rules.nodes.measured import Measure
from rules.plan.nodes.balloting import Ballot
from rules.plan.nodes.combining import Combining
from rules.plan.nodes.deeds import Deeds
from rules.plan.nodes.gating import Gate
from rules.plan.nodes.grouping import RankPoints, Relative
from rules.plan.nodes.lookup import Lookup
from rules.plan.nodes.measuring import OWN, Measuring
from rules.plan.nodes.normalising import Balance, Normalise, TScore
from rules.plan.nodes.rolling import Inherit, Members, Periods
from rules.plan.nodes.statistics import Group
from rules.plan.nodes.tables import Table
from rules.plan.nodes.taking import Arithmetic, Limit, Take
from rules.plan.nodes.weighing import Coefficient
from rules.plan.view import PlanNode
from rules.reading import Reader, shown
from rules.suggesting import meant

Read = Callable[[Reader, frozenset[str]], PlanNode]

#: Every type beside those of `rules.parse`: its reader, and the number of the rule type in the catalogue.
FAMILIES: Final[dict[str, tuple[Read, str]]] = {
    "take": (Take.read, "-"),
    "arithmetic": (Arithmetic.read, "-"),
    "limit": (Limit.read, "R12"),
    "table": (Table.read, "R3"),
    "lookup": (Lookup.read, "R3"),
    "deeds": (Deeds.read, "R5"),
    "rank_points": (RankPoints.read, "R6"),
    "relative": (Relative.read, "R7"),
    "group": (Group.read, "R7"),
    "ballot": (Ballot.read, "R8"),
    "combine": (Combining.read, "R9"),
    "normalise": (Normalise.read, "R10"),
    "balance": (Balance.read, "R10"),
    "t_score": (TScore.read, "R10"),
    "coefficient": (Coefficient.read, "R11"),
    "gate": (Gate.read, "R13"),
    "periods": (Periods.read, "R14"),
    "members": (Members.read, "R15"),
    "inherit": (Inherit.read, "R15"),
}
TYPES: Final = (*MEASURES, *FAMILIES)
COMMON: Final = ("title", "title_en", "clause")
#: The full marks of a node, which the plan check adds up.
FULL: Final = "full_marks"


def read_node(reader: Reader, nodes: frozenset[str]) -> PlanNode | None:
    """`nodes` are the ids of the whole plan: a name that is one of them is that node, any other a figure."""
    for key in COMMON:
        optional_name(reader, key)
    reader.optional_number(FULL, least=0)
    kind = reader.data.get("type")
    if isinstance(kind, str) and kind in MEASURES:
        return _measuring(reader, nodes, kind)
    if not isinstance(kind, str) or kind not in FAMILIES:
        near = meant(str(kind), TYPES)
        zh, en = f"没有节点类型 {shown(kind)}{near.zh}", f"there is no node type {shown(kind)}{near.en}"
        if kind is None:
            zh, en = f"应写明 type:{'、'.join(TYPES)}", f"the type is missing: one of {', '.join(TYPES)}"
        elif not near.zh:
            zh, en = f"{zh},应为:{'、'.join(TYPES)}", f"{en}, it must be one of {', '.join(TYPES)}"
        reader.refuse("type", "type-unknown", zh, en)
        return None
    node = FAMILIES[kind][0](reader, nodes)
    reader.close()
    return node


def _measuring(reader: Reader, nodes: frozenset[str], kind: str) -> PlanNode:
    """The parameters of the rule are read as an indicator's are; the plan's own stand beside them."""
    own = {"type", *OWN, *COMMON, FULL}
    rest = {key: value for key, value in reader.data.items() if key == "type" or key not in own}
    inner = Reader(rest, reader.place, reader.findings, reader.depth)
    rule: Measure = MEASURES[kind](inner)
    inner.close()
    return Measuring.read(reader, nodes, rule)
