"""What weight ratings from below have in the total: two-way assessment is not to be an ornament (B10).

Told in marks: how many of the total's full marks those below decide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.findings import Finding
from rules.plan.guards import UPWARD_WEIGHT, exemption_from
from rules.plan.nodes.balloting import Ballot
from rules.plan.nodes.combining import Combining
from rules.plan.nodes.gating import Gate
from rules.plan.nodes.taking import Arithmetic
from rules.plan.operands import Operand
from rules.plan.plan import Plan, Titled
from rules.plan.possible import possible
from rules.rounding import plain
from rules.sentences import Sentence

#: What a plan assesses → the least part of the assessment that the ratings of town governments make up.
LEAST: Mapping[str, Fraction] = {"departments": Fraction(3, 10), "agencies": Fraction(6, 10)}
GROUND = Sentence(
    "山东省乡镇人民政府工作条例第十八条:乡镇人民政府的评价结果,占县级部门考核权重不低于百分之三十,占部门派出机构考核权重不低于百分之六十",
    "Shandong regulation on the work of town governments, article 18: the ratings of town governments weigh at least 30 % in the "
    "assessment of a county department and at least 60 % in that of its dispatched agency",
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Of a node: its full marks, None where the plan does not tell them, and the part of them decided from below."""

    full: Fraction | None
    share: Fraction


def upward_weight(plan: Plan) -> Fraction:
    """The part of the total's full marks that ratings from below decide, from 0 to 1. Marks that nobody states count for nothing."""
    found: dict[str, Reach] = {}
    for key in plan.order:
        found[key] = _reach(plan, plan.nodes[key], found)
    return found[plan.total].share


def check_upward(plan: Plan) -> Iterator[tuple[Finding, bool]]:
    """The finding if the weight is too small, and whether it keeps the plan from being published.

    The regulation binds plans that assess county departments or their agencies; for any other the lower figure is a yardstick,
    to be read by who publishes it, and only where somebody below rates at all.
    """
    places = _upward(plan)
    least = LEAST.get(plan.assesses or "")
    if least is None and not places:
        return
    share, wanted = upward_weight(plan), least or min(LEAST.values())
    if share >= wanted:
        return
    zh = f"下级评议占总分 {plain(share * 100)}%,不足 {plain(wanted * 100)}%;{GROUND.zh}"
    en = f"ratings from below make up {plain(share * 100)} % of the total, less than {plain(wanted * 100)} %; {GROUND.en}"
    exemption = exemption_from(plan.exemptions, UPWARD_WEIGHT, None)
    if exemption is not None:
        zh, en = f"例外:{exemption.words};{zh}", f"exempted: {exemption.words}; {en}"
    for place in places or ["total"]:
        yield Finding(place, "upward-weight-low", zh, en), least is not None and exemption is None


def _upward(plan: Plan) -> list[str]:
    """The places of those who rate from below."""
    return [
        f"nodes.{key}.raters.{number}" if len(titled.node.raters) > 1 else f"nodes.{key}"
        for key, titled in plan.nodes.items()
        if isinstance(titled.node, Ballot)
        for number, rater in enumerate(titled.node.raters)
        if rater.upward
    ]


def _reach(plan: Plan, titled: Titled, found: Mapping[str, Reach]) -> Reach:
    node = titled.node
    match node:
        case Ballot():
            whole = sum((rater.weight for rater in node.raters), Fraction(0))
            upward = sum((rater.weight for rater in node.raters if rater.upward), Fraction(0))
            reach = Reach(max(node.options.values(), default=None), upward / whole if whole else whole)
        case Combining():
            weighted = node.method.startswith("weighted") or node.method == "mean"
            reach = _together(
                [(p.weight, _of(p.of, found)) for p in node.parts], node.method, weighted=weighted
            )
        case Arithmetic(op="add"):
            reach = _together([(Fraction(1), _of(each, found)) for each in (node.left, node.right)], "sum")
        case Arithmetic(op="multiply" | "divide"):
            reach = _scaled(node, found)
        case Gate(effect="replace") if node.amount is not None:
            reach = min((_of(node.of, found), _of(node.amount, found)), key=lambda each: each.share)
        case _:
            of = getattr(node, "of", None)
            reach = _of(of, found) if isinstance(of, Operand) else Reach(possible(plan, titled), Fraction(0))
    return Reach(titled.full if titled.full is not None else reach.full, reach.share)


def _of(operand: Operand, found: Mapping[str, Reach]) -> Reach:
    return (
        found[operand.name] if operand.node and operand.name in found else Reach(operand.number, Fraction(0))
    )


def _together(parts: list[tuple[Fraction, Reach]], method: str, *, weighted: bool = False) -> Reach:
    """Parts count by their marks. Those without any stand beside the full marks, as bonuses do; in a weighted sum, where all
    are on one scale, the weights alone tell.
    """
    if method in {"min", "max"}:
        return min((reach for _, reach in parts), key=lambda reach: reach.share)
    level = weighted and any(reach.full is None for _, reach in parts)
    marks = [
        (weight * (Fraction(1) if level else reach.full or Fraction(0)), reach) for weight, reach in parts
    ]
    whole = sum((each for each, _ in marks), Fraction(0))
    share = sum((each * reach.share for each, reach in marks), Fraction(0)) / whole if whole else Fraction(0)
    if level or not whole:
        return Reach(None, share)
    weights = sum((weight for weight, _ in parts), Fraction(0))
    return Reach(whole / weights if method in {"mean", "weighted_mean"} else whole, share)


def _scaled(node: Arithmetic, found: Mapping[str, Reach]) -> Reach:
    """Times or divided by a number: the marks change, the part of them does not."""
    left, right = _of(node.left, found), _of(node.right, found)
    if node.left.number is not None:
        left, right = right, left
    if left.full is None or not right.full or (node.op == "divide" and node.left.number is not None):
        return Reach(None, left.share)
    return Reach(left.full * right.full if node.op == "multiply" else left.full / right.full, left.share)
