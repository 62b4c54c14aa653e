"""The schema of a file of worked examples."""

from typing import Any

from rules.facts import State
from rules.plan.expected import FORMAT
from rules.plan.schema.words import (
    COMMON_DEFS,
    NAME,
    NUMBER,
    NUMBERS,
    WHOLE,
    Shape,
    listed,
    one_of,
    table,
    thing,
)

_AMOUNT: Shape = {
    "anyOf": [
        {"description": "数 / a number", **NUMBER},
        {"description": "分数 / a fraction", "type": "string", "pattern": "^-?[0-9]+/[0-9]+$"},
        {
            "description": "没有数的原因 / why there is none",
            **one_of(*(s for s in State if s is not State.SCORED)),
        },
    ]
}


def expected_schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kaohe worked examples",
        **thing(
            "format source periods",
            format={"const": FORMAT},
            source={"type": "string", "minLength": 1},
            plan=NAME,
            facts=listed(NAME),
            settings={"type": "object"},
            periods=table(
                thing(
                    nodes=table(table(_AMOUNT)),
                    ranks=table(table(WHOLE)),
                    grades=table(NAME),
                    follows=table(listed(NAME, 0)),
                    amounts=NUMBERS,
                    findings=listed(NAME, 0),
                )
            ),
        ),
        "$defs": COMMON_DEFS,
    }
