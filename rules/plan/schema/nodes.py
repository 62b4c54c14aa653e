"""The keys of every node type, beside those that all nodes have."""

from typing import Final

from rules.nodes.band import OPERATORS
from rules.nodes.step import UNITS
from rules.plan.conditions import COMPARE
from rules.plan.nodes.combining import METHODS, POLICIES
from rules.plan.nodes.gating import EFFECTS
from rules.plan.nodes.statistics import METHODS as STATISTICS
from rules.plan.nodes.tables import GAPS
from rules.plan.nodes.taking import SIGNS
from rules.plan.schema.words import (
    CONDITION,
    DECIMALS,
    NAME,
    NUMBER,
    NUMBERS,
    OPERAND,
    SWITCH,
    WHOLE,
    Shape,
    listed,
    one_of,
    table,
    thing,
)

_OP: Final = one_of(*OPERATORS)
_DIRECTION: Final = one_of("higher_is_better", "lower_is_better")
_THRESHOLD: Final[Shape] = {"anyOf": [NUMBER, {"const": "target"}]}
_SEGMENTS: Final = listed(thing("beyond marks", beyond=NUMBER, marks=NUMBER))
_MEASURED: Final[dict[str, Shape]] = {"actual": OPERAND, "target": OPERAND}
_OF: Final[dict[str, Shape]] = {"of": OPERAND, "decimals": DECIMALS}

_KIND: Final = thing(
    each=NUMBER, levels=NUMBERS,
    bands=listed(thing("op bound", op=_OP, bound=NUMBER, to=NUMBER, marks=NUMBER, as_=NAME)),
    sequence=listed(thing(marks=NUMBER, as_=NAME)), repeats=SWITCH, low=NUMBER, high=NUMBER, by_quantity=SWITCH, cap=NUMBER, floor=NUMBER,
    each_cap=NUMBER, each_floor=NUMBER, same_cause=one_of("all", "highest"), evidence=SWITCH,
)  # fmt: skip
_ROWS: Final = listed(
    {
        **thing(from_=NUMBER, over=NUMBER, to=NUMBER, under=NUMBER, marks=NUMBER, undefined=SWITCH),
        "anyOf": [{"required": ["marks"]}, {"required": ["undefined"]}],
    }
)
_PART: Final = thing("of", of=OPERAND, weight=NUMBER, full=OPERAND)

#: Type → required keys, all keys.
NODES: Final[dict[str, tuple[str, dict[str, Shape]]]] = {
    "ratio": ("full actual", _MEASURED | {
        "full": NUMBER, "cap": NUMBER, "floor": NUMBER, "direction": _DIRECTION, "decimals": DECIMALS}),
    "step": ("step actual", _MEASURED | {
        "base": NUMBER, "threshold": _THRESHOLD, "step": NUMBER, "unit": one_of(*UNITS),
        "above": NUMBER, "below": NUMBER, "mode": one_of("whole", "started", "proportional"), "segments_above": _SEGMENTS,
        "segments_below": _SEGMENTS, "segment_mode": one_of("marginal", "whole_at_rate", "last_part"), "cap_plus": NUMBER,
        "cap_minus": NUMBER, "floor": NUMBER, "decimals": DECIMALS}),
    "band": ("bands actual", _MEASURED | {
        "of": one_of("actual", "percent_of_target"), "otherwise": NUMBER, "decimals": DECIMALS,
        "bands": listed(thing("op bound points", op=_OP, bound=NUMBER, points=NUMBER))}),
    "all_or_nothing": ("full actual", _MEASURED | {"full": NUMBER, "op": _OP, "threshold": _THRESHOLD}),
    "take": ("of", _OF | {"missing": NUMBER}),
    "arithmetic": ("op left right", {
        "op": one_of(*SIGNS), "left": OPERAND, "right": OPERAND, "by_zero": OPERAND, "decimals": DECIMALS}),
    "limit": ("of", {
        "of": OPERAND, "floor": OPERAND, "cap": OPERAND, "take": one_of("within", "beyond"), "note": NAME}),
    "table": ("of", _OF | {
        "by": NAME, "rows": _ROWS, "tables": table(_ROWS), "gap": one_of(*GAPS), "whole": SWITCH,
        "range": thing(from_=NUMBER, over=NUMBER, to=NUMBER, under=NUMBER)}),
    "lookup": ("of table", {"of": NAME, "table": NUMBERS, "otherwise": NUMBER, "decimals": DECIMALS}),
    "deeds": ("events kinds", {
        "events": NAME, "base": NUMBER, "kinds": table(_KIND), "together": one_of("highest", "product"),
        "multipliers": listed(thing("times", flag=NAME, from_nth={"type": "integer", "minimum": 1}, times=NUMBER)),
        "unknown": one_of("refuse", "ignore"), "within_period": SWITCH, "valid_days": WHOLE, "others": NUMBER,
        "same_cause": one_of("by_kind", "across_kinds"), "cap": NUMBER, "floor": NUMBER, "decimals": DECIMALS}),
    "rank_points": ("of", _OF | {
        "scope": NAME, "direction": _DIRECTION, "first": NUMBER, "step": NUMBER, "places": listed(NUMBER),
        "otherwise": NUMBER, "tie": one_of("better", "mean"), "floor": NUMBER}),
    "relative": ("of to", _OF | {
        "to": one_of("best", "mean", "other"), "other": OPERAND, "scope": NAME, "direction": _DIRECTION, "full": NUMBER,
        "cap": NUMBER, "floor": NUMBER, "by_zero": NUMBER}),
    "group": ("of", _OF | {"scope": NAME, "method": one_of(*STATISTICS), "trim": WHOLE}),
    "ballot": ("", {
        "votes": NAME, "upward": SWITCH, "raters": listed(thing("votes weight", votes=NAME, weight=NUMBER, upward=SWITCH)),
        "absent": one_of("refuse", "drop_rescale"), "least": WHOLE, "decimals": DECIMALS,
        "options": table({"anyOf": [NUMBER, {"type": "null"}]}),
        "scale": thing("from to step", from_=NUMBER, to=NUMBER, step=NUMBER),
        "at_most": thing("option share instead", option=NAME, share=NUMBER, instead=NAME)}),
    "combine": ("parts", {
        "method": one_of(*METHODS), "parts": {"anyOf": [listed(OPERAND), listed(_PART)]}, "scope": NAME,
        "not_applicable": one_of(*POLICIES), "missing": one_of("refuse", "zero"), "decimals": DECIMALS}),
    "normalise": ("of possible", _OF | {"possible": OPERAND, "to": OPERAND}),
    "balance": ("of panel", _OF | {"panel": NAME, "across": one_of("pooled", "mean_of_means"), "trim": WHOLE}),
    "t_score": ("of decimals", _OF | {"scope": NAME, "mean": NUMBER, "spread": NUMBER}),
    "coefficient": ("held table", _OF | {
        "held": NAME, "table": NUMBERS, "tags": NAME, "exempt": table(listed(NAME)), "standard": NUMBER,
        "pick": one_of("highest", "lowest", "product")}),
    "gate": ("of when effect", {
        "of": OPERAND, "when": CONDITION, "effect": one_of(*EFFECTS), "amount": OPERAND, "label": NAME}),
    "periods": ("of method", {
        "of": NAME, "method": one_of("mean", "sum", "last", "weighted", "count"), "weights": NUMBERS, "least": WHOLE,
        "op": _OP, "bound": NUMBER, "decimals": DECIMALS}),
    "members": ("of", _OF | {
        "method": one_of("mean", "weighted", "sum", "min", "max", "count"), "kind": NAME, "weight": OPERAND,
        "least": WHOLE}),
    "inherit": ("of", _OF | {"factor": OPERAND}),
}  # fmt: skip

COMPARISONS: Final = one_of(*COMPARE)
