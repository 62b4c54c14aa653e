"""The schema of a plan file."""

from typing import Any

from rules.facts import State
from rules.plan.guards import KNOWN
from rules.plan.plan import FORMAT
from rules.plan.reading import COMMON, FAMILIES, FULL
from rules.plan.schema.nodes import COMPARISONS, NODES
from rules.plan.schema.words import (
    COMMON_DEFS,
    CONDITION,
    NAME,
    NUMBER,
    OPERAND,
    Shape,
    listed,
    one_of,
    table,
    thing,
)
from rules.standing.subjects import NoGrade, Outside

_SETTING: Shape = {"$ref": "#/$defs/setting"}
_STANDING = "名次、等次、名额、奖惩,见 docs/guides/standing.md / rank, grade, quota, consequences"
_ANYTHING: Shape = {}


def plan_schema() -> dict[str, Any]:
    nodes = {name: _node(name, required, keys) for name, (required, keys) in NODES.items()}
    condition = {
        "anyOf": [
            _readings(shape)
            for shape in (
                *(thing(word, **{word: listed(CONDITION)}) for word in ("all", "any", "none")),
                thing("mark", mark=NAME),
                thing("of has", of=OPERAND, has=NAME),
                thing("of is", of=OPERAND, is_=one_of(*State)),
                thing("of op than", of=OPERAND, op=COMPARISONS, than=OPERAND),
            )
        ]
    }
    chooses = thing("setting", setting=NAME) | {
        "description": "在此读法可选 / a reading is put in here: the value of the setting of that name"
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kaohe plan",
        **thing(
            "format name nodes total",
            format={"const": FORMAT},
            name=NAME,
            name_en=NAME,
            source={"type": "string"},
            settings=table(
                thing(
                    "values",
                    values=listed(
                        {"anyOf": [thing("value", value=_ANYTHING, zh=NAME, en=NAME), NUMBER, NAME]}
                    ),
                )
            ),
            figures=table({"type": ["string", "null"]}),
            nodes=table({"$ref": "#/$defs/node"}) | {"minProperties": 1},
            total=NAME,
            marks=table(CONDITION),
            outside=listed(thing("when reason", when=CONDITION, state=one_of(*Outside), reason=NAME)),
            ungraded=listed(thing("when reason", when=CONDITION, state=one_of(*NoGrade), reason=NAME)),
            standing={"type": "object", "description": _STANDING},
            procedures={"type": "array", "description": "期限 / deadlines, see docs/guides/standing.md"},
            assesses=NAME,
            words=table({"anyOf": [NAME, thing("zh", zh=NAME, en=NAME)]}),
            exemptions=listed(
                thing("guard ground by", guard=one_of(*KNOWN), ground=NAME, by=NAME, node=NAME), 0
            ),
        ),
        "$defs": {
            **COMMON_DEFS,
            "setting": chooses,
            "condition": condition,
            "node": {
                "type": "object",
                "required": ["type"],
                "properties": {"type": one_of(*NODES)},
                "allOf": [
                    {
                        "if": {"properties": {"type": {"const": name}}},
                        "then": {"$ref": f"#/$defs/{name}"},
                    }
                    for name in NODES
                ],
            },
            **nodes,
        },
    }


def _node(name: str, required: str, keys: dict[str, Shape]) -> Shape:
    common = {**dict.fromkeys(COMMON, NAME), FULL: NUMBER}
    rule = FAMILIES[name][1] if name in FAMILIES else "R1-R4"
    found = _readings(thing(required, **keys, **common)) | {"description": rule}
    found["properties"]["type"] = {"const": name}
    return found


def _readings(shape: Shape) -> Shape:
    """Anything inside may be a reading that is chosen."""
    found = dict(shape)
    if "properties" in shape:
        found["properties"] = {key: _chosen(value) for key, value in shape["properties"].items()}
    if isinstance(shape.get("additionalProperties"), dict):
        found["additionalProperties"] = _chosen(shape["additionalProperties"])
    if "items" in shape:
        found["items"] = _chosen(shape["items"])
    if "properties" not in shape and "anyOf" in shape:
        found["anyOf"] = [_readings(each) for each in shape["anyOf"]]
    return found


def _chosen(shape: Shape) -> Shape:
    return {"anyOf": [_readings(shape), _SETTING]}
