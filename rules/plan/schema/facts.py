"""The schema of a facts file."""

from typing import Any

from rules.facts import State
from rules.plan.facts import FORMAT
from rules.plan.schema.words import (
    COMMON_DEFS,
    DAY,
    NAME,
    NUMBER,
    NUMBERS,
    SWITCH,
    WHOLE,
    Shape,
    listed,
    one_of,
    table,
    thing,
)
from rules.standing.grades import NOT_ABOVE, NOT_BELOW
from rules.standing.subjects import NoGrade, Outside

_STATES = [state for state in State if state is not State.SCORED]
_DEED = thing(
    "kind", id=NAME, kind=NAME, on=DAY, level=NAME, quantity=NUMBER, share=NUMBER, cause=NAME, marks=NUMBER, reason=NAME,
    flags=listed(NAME), evidence=SWITCH, reverses=NAME,
)  # fmt: skip
_FIGURE: Shape = {
    "anyOf": [
        {"description": "数字、文字 / a number or a word", **NUMBER},
        NAME,
        SWITCH,
        {"type": "null"},
        {"description": "身份、标签 / identities, tags", **listed(NAME)},
        {"description": "事件 / events", **listed({"$ref": "#/$defs/event"}, 0)},
        {"description": "没有数值的原因 / why there is none", **thing("state", state=one_of(*_STATES))},
        {"description": "各期数值、各选项票数 / by period, votes by option", **NUMBERS},
    ]
}
_SERVICE = thing("who since", who=NAME, since=DAY, until=DAY)
_SUBJECT = thing(
    "id", id=NAME, name=NAME, parent=NAME, parents=NUMBERS, corrected=NUMBERS, kind=NAME, groups=table(NAME), marks=table(SWITCH), figures=table(_FIGURE),
    known=NUMBERS, proposed=NAME, outside=thing("state", state=one_of(*Outside), reason=NAME),
    placed=thing("grade ground", grade=NAME, ground=NAME),
    ungraded=thing("state reason", state=one_of(*NoGrade), reason=NAME, reference=NAME),
    bounds=listed(thing(
        "kind grade reason", kind=one_of(NOT_ABOVE, NOT_BELOW), grade=NAME, reason=NAME, ground=NAME, since=DAY, until=DAY)),
    persons=listed(_SERVICE), service=_SERVICE,
)  # fmt: skip


def facts_schema() -> dict[str, Any]:
    days = listed(DAY, 0)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kaohe facts",
        **thing(
            "format subjects",
            format={"const": FORMAT},
            period=thing("from to", key=NAME, from_=DAY, to=DAY),
            announced=NUMBERS,
            complete_to=NUMBERS,
            calendar=thing(years=listed(WHOLE), weekday_holidays=days, weekend_workdays=days),
            clocks=listed(
                thing(
                    "procedure since",
                    id=NAME,
                    procedure=NAME,
                    since={"type": "string"},
                    extended=WHOLE,
                    result=NAME,
                )
            ),
            subjects=listed({"$ref": "#/$defs/subject"}),
        ),
        "$defs": {**COMMON_DEFS, "event": _DEED, "subject": _SUBJECT},
    }
