"""The most that a node can give, where a plan tells it."""

from fractions import Fraction

from rules.nodes.all_or_nothing import AllOrNothing
from rules.nodes.band import BandTable
from rules.nodes.ratio import Ratio
from rules.plan.nodes.combining import Combining
from rules.plan.nodes.measuring import Measuring
from rules.plan.nodes.tables import Table
from rules.plan.plan import Plan, Titled
from rules.rounding import exact, total


def possible(plan: Plan, titled: Titled) -> Fraction | None:
    """None where that cannot be told from the plan."""
    node = titled.node
    match node:
        case Combining(method="sum" | "weighted_sum"):
            parts = [
                (part.weight, plan.nodes[part.of.name].full)
                for part in node.parts
                if part.of.name in plan.nodes
            ]
            known = [weight * full for weight, full in parts if full is not None]
            return total(known) if known else None
        case Measuring(rule=Ratio() as ratio):
            return exact(ratio.full) * exact(ratio.cap)
        case Measuring(rule=AllOrNothing() as rule):
            return exact(rule.full)
        case Measuring(rule=BandTable() as bands):
            return max(exact(band.points) for band in bands.bands)
        case Table():
            values = [row.marks for rows in node.tables.values() for row in rows if row.marks is not None]
            return max(values, default=None)
        case _:
            return None
