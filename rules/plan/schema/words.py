"""Words for saying what a key may hold."""

from typing import Any

Shape = dict[str, Any]

NUMBER: Shape = {"$ref": "#/$defs/number"}
NAME: Shape = {"$ref": "#/$defs/name"}
DAY: Shape = {"type": "string", "format": "date"}
SWITCH: Shape = {"type": "boolean"}
WHOLE: Shape = {"type": "integer", "minimum": 0}
DECIMALS: Shape = {"type": "integer", "minimum": 0, "maximum": 6}
OPERAND: Shape = {"anyOf": [NUMBER, NAME]}
CONDITION: Shape = {"$ref": "#/$defs/condition"}
NUMBERS: Shape = {"type": "object", "additionalProperties": NUMBER}

#: What the words stand for.
COMMON_DEFS: Shape = {
    "number": {
        "description": "数字:写成文字或整数,不用二进制小数 / a number, as text or an integer, never a binary fraction",
        "anyOf": [
            {"type": "string", "pattern": "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?$"},
            {"type": "integer"},
        ],
    },
    "name": {"type": "string", "minLength": 1, "maxLength": 60},
}


def one_of(*words: str) -> Shape:
    return {"enum": list(words)}


def listed(shape: Shape, least: int = 1) -> Shape:
    return {"type": "array", "items": shape, "minItems": least}


def table(shape: Shape) -> Shape:
    """Names, each with something of that shape."""
    return {"type": "object", "additionalProperties": shape}


def thing(required: str = "", /, **keys: Shape) -> Shape:
    """An object with these keys and no others; a trailing underscore is for words that Python keeps for itself."""
    found: Shape = {
        "type": "object",
        "properties": {key.rstrip("_"): shape for key, shape in keys.items()},
        "additionalProperties": False,
    }
    return found | ({"required": required.split()} if required else {})
