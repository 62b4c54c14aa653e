"""R5 event ledger, R12 bonus and deduction, R8 ballot."""

from typing import Any

from tests.rules.plan.worked.example import Example, one

_MARCH = {"key": "2024-03", "from": "2024-02-26", "to": "2024-03-25"}


def _deed(kind: str, on: str | None = None, /, **more: Any) -> dict[str, Any]:
    return {
        "id": more.pop("id", f"{kind}{on or ''}{len(more)}"),
        "kind": kind,
        **({"on": on} if on else {}),
        **more,
    }


def _deeds(title: str, node: dict[str, Any], *rows: tuple[list[dict[str, Any]], str]) -> Example:
    numbered = [
        ({"e": [deed | {"id": str(deed.get("id")) + f"-{n}"} for n, deed in enumerate(deeds)]}, value)
        for deeds, value in rows
    ]
    plain = one(title, {"type": "deeds", "events": "e"} | node, *numbered)
    return Example(plain.title, plain.nodes, plain.subjects, plain.wanted, period=_MARCH)


_LATE = [
    {"op": "<=", "bound": "30", "marks": "-3"},
    {"op": ">", "bound": "30", "as": "off_post"},
]
_AUXILIARY = {
    "base": "100",
    "kinds": {
        "late": {"bands": _LATE},
        "off_post": {"each": "-5"},
        "absence": {"each": "-10", "by_quantity": False},
    },
}
_TWICE: dict[str, Any] = {
    "kinds": {"accident": {"each": "-5"}, "fire": {"each": "-1"}},
    "multipliers": [{"from_nth": 2, "times": "2"}, {"flag": "security", "times": "3"}],
}
_ACCIDENTS = [
    _deed("accident", "2024-03-01"),
    _deed("accident", "2024-03-02", flags=["security"]),
    _deed("accident", "2024-03-03"),
]
_SIGN_IN = {
    "kinds": {
        "sign_in": {"sequence": [{"marks": "-1"}, {"marks": "-2"}, {"marks": "-5"}, {"as": "absence"}]},
        "absence": {"each": "-10"},
    }
}

_YES, _NO, _HALF = {"yes": "3"}, {"no": "2"}, {"yes": "2", "no": "2"}
_RATERS = {
    "type": "ballot",
    "raters": [
        {"votes": "own", "weight": "0.3"}, {"votes": "client", "weight": "0.6"}, {"votes": "leader", "weight": "0.1"},
    ],
    "options": {"yes": "100", "no": "0"},
}  # fmt: skip

EXAMPLES: list[Example] = [
    _deeds(
        "events: the month runs from the 26th to the 25th; 30 minutes late is late, 31 off post",
        _AUXILIARY,
        ([], "100"),
        ([_deed("late", "2024-02-25", quantity="20"), _deed("late", "2024-02-26", quantity="10")], "97"),
        ([_deed("late", "2024-03-25", quantity="30"), _deed("absence", "2024-03-26")], "97"),
        ([_deed("late", "2024-03-25", quantity="31")], "-55"),
        ([_deed("absence", "2024-03-25", quantity="3")], "90"),
        ([_deed("absence", quantity="3")], "90"),
        ([_deed("unknown", "2024-03-25")], "100"),
    ),
    _deeds(
        "events: the whole record when the period does not matter",
        {"kinds": {"late": {"each": "-3"}}, "within_period": False},
        ([_deed("late", "2023-01-01"), _deed("late", "2024-03-01", quantity="2")], "-9"),
    ),
    _deeds(
        "events: the first, second, third, and from the fourth on as absence, by day whatever the order",
        _SIGN_IN,
        ([_deed("sign_in", "2024-03-01")], "-1"),
        ([_deed("sign_in", "2024-03-02"), _deed("sign_in", "2024-03-01")], "-3"),
        ([_deed("sign_in", f"2024-03-0{n}") for n in (3, 1, 2)], "-8"),
        ([_deed("sign_in", f"2024-03-0{n}") for n in (4, 3, 1, 2)], "-18"),
        ([_deed("sign_in", f"2024-03-0{n}") for n in (5, 4, 3, 1, 2)], "-28"),
    ),
    _deeds(
        "events: every third time late counts as half a day's absence",
        {
            "kinds": {
                "late": {"sequence": [{"marks": "0"}, {"marks": "0"}, {"as": "half_day"}], "repeats": True},
                "half_day": {"each": "-4"},
            }
        },
        ([_deed("late", f"2024-03-0{n}") for n in range(1, 3)], "0"),
        ([_deed("late", f"2024-03-0{n}") for n in range(1, 4)], "-4"),
        ([_deed("late", f"2024-03-0{n}") for n in range(1, 6)], "-4"),
        ([_deed("late", f"2024-03-0{n}") for n in range(1, 7)], "-8"),
    ),
    _deeds(
        "events: repetition and special period, the highest multiplier, never their product",
        _TWICE,
        (_ACCIDENTS[:1], "-5"),
        (_ACCIDENTS[:2], "-20"),
        (_ACCIDENTS, "-30"),
        ([_deed("fire", "2024-03-01"), *_ACCIDENTS[:1]], "-6"),
    ),
    _deeds(
        "events: multipliers one on the other where set",
        _TWICE | {"together": "product"},
        (_ACCIDENTS, "-45"),
    ),
    _deeds(
        "events: by level; unknown levels bring nothing and are said",
        {"kinds": {"honour": {"levels": {"state": "2", "city": "0.5"}}}},
        ([_deed("honour", level="state"), _deed("honour", level="city")], "2.5"),
        ([_deed("honour", level="moon"), _deed("honour")], "0"),
    ),
    _deeds(
        "events: caps of a kind, then cap and floor of the sum",
        {
            "base": "1",
            "kinds": {"good": {"each": "2", "cap": "5"}, "bad": {"each": "-2", "floor": "-3"}},
            "cap": "5.5",
            "floor": "-1",
        },
        ([_deed("good"), _deed("good")], "5"),
        ([_deed("good"), _deed("good"), _deed("good")], "5.5"),
        ([_deed("good"), _deed("good"), _deed("good"), _deed("bad")], "4"),
        ([_deed("bad")], "-1"),
        ([_deed("bad"), _deed("bad")], "-1"),
        ([_deed("bad", quantity="0.5")], "0"),
    ),
    _deeds(
        "events: floor of a kind without a floor of the sum",
        {"kinds": {"bad": {"each": "-2", "floor": "-3"}}},
        ([_deed("bad")], "-2"),
        ([_deed("bad"), _deed("bad")], "-3"),
        ([_deed("bad", quantity="1.5")], "-3"),
    ),
    _deeds(
        "events: shared work counts by share, reversed events not at all",
        {"kinds": {"case": {"each": "6"}}},
        ([_deed("case", share="0.5", quantity="2")], "6"),
    ),
    _deeds(
        "events: 3 to 5 deaths -5, 6 to 9 -10; between the bands nothing, and that is said",
        {
            "kinds": {
                "accident": {
                    "bands": [
                        {"op": ">=", "bound": "6", "to": "9", "marks": "-10"},
                        {"op": ">=", "bound": "3", "to": "5", "marks": "-5"},
                    ]
                }
            }
        },
        ([_deed("accident", quantity="3")], "-5"),
        ([_deed("accident", quantity="5")], "-5"),
        ([_deed("accident", quantity="6")], "-10"),
        ([_deed("accident", quantity="9")], "-10"),
        ([_deed("accident", quantity="10")], "0"),
        ([_deed("accident", quantity="2")], "0"),
    ),
    one(
        "events: an event that another one takes back",
        {"type": "deeds", "events": "e", "kinds": {"case": {"each": "6"}}},
        (
            {
                "e": [
                    {"id": "1", "kind": "case"},
                    {"id": "2", "kind": "case"},
                    {"id": "3", "kind": "case", "reverses": "1"},
                ]
            },
            "6",
        ),
        ({}, "not_submitted"),
        ({"e": {"state": "not_applicable"}}, "not_applicable"),
        ({"e": "5"}, "not_assessed"),
    ),
    _deeds(
        "events: of one cause the highest alone",
        {"kinds": {"award": {"levels": {"state": "3", "city": "1"}, "same_cause": "highest"}}},
        ([_deed("award", level="city", cause="c"), _deed("award", level="state", cause="c")], "3"),
        ([_deed("award", level="state", cause="c"), _deed("award", level="city", cause="c")], "3"),
        ([_deed("award", level="state", cause="c"), _deed("award", level="city", cause="d")], "4"),
        ([_deed("award", level="state"), _deed("award", level="city")], "4"),
    ),
    _deeds(
        "events: of one cause the heaviest deduction",
        {"kinds": {"fault": {"levels": {"grave": "-3", "light": "-1"}, "same_cause": "highest"}}},
        ([_deed("fault", level="light", cause="c"), _deed("fault", level="grave", cause="c")], "-3"),
        ([_deed("fault", level="grave", cause="c"), _deed("fault", level="light", cause="c")], "-3"),
    ),
    _deeds(
        "events: what is not proved is not counted; discretion keeps to its range and gives a reason",
        {"kinds": {"proved": {"each": "1", "evidence": True}, "judged": {"low": "-10", "high": "-1"}}},
        ([_deed("proved", evidence=True)], "1"),
        ([_deed("proved")], "0"),
        ([_deed("judged", marks="-10", reason="r")], "-10"),
        ([_deed("judged", marks="-1", reason="r")], "-1"),
        ([_deed("judged", marks="-10.01", reason="r")], "0"),
        ([_deed("judged", marks="-0.99", reason="r")], "0"),
        ([_deed("judged", marks="-5")], "0"),
        ([_deed("judged", reason="r")], "0"),
    ),
    one(
        "ballot: satisfied 100, fairly 70, unsatisfied 30, unknown not counted",
        {
            "type": "ballot",
            "votes": "v",
            "options": {"good": "100", "fair": "70", "bad": "30", "unknown": None},
            "least": 3,
            "decimals": 2,
        },
        ({"v": {"good": "1", "fair": "1", "bad": "1"}}, "66.67"),
        ({"v": {"good": "2", "unknown": "9"}}, "not_assessed"),
        ({"v": {"good": "3", "unknown": "9", "scribble": "4"}}, "100"),
        ({}, "not_submitted"),
        ({"v": {"state": "abstained"}}, "abstained"),
    ),
    _deeds(
        "events: no single one above or below its own limit",
        {"kinds": {"gain": {"each": "2", "each_cap": "5"}, "loss": {"each": "-2", "each_floor": "-5"}}},
        ([_deed("gain", quantity="3"), _deed("gain", quantity="2")], "9"),
        ([_deed("loss", quantity="3"), _deed("loss", quantity="2")], "-9"),
        ([_deed("gain", quantity="2.5"), _deed("loss", quantity="2.5")], "0"),
    ),
    _deeds(
        "events: one cause across kinds, half of the lesser ones",
        {
            "kinds": {"honour": {"each": "3"}, "praise": {"each": "1"}},
            "same_cause": "across_kinds",
            "others": "0.5",
        },
        ([_deed("honour", cause="c"), _deed("praise", cause="c")], "3.5"),
        ([_deed("praise", cause="c"), _deed("honour", cause="c"), _deed("praise", cause="c")], "4"),
        ([_deed("praise", cause="c"), _deed("honour", cause="d")], "4"),
        ([_deed("praise"), _deed("honour")], "4"),
    ),
    _deeds(
        "events: points that expire after thirty days, from whatever period",
        {"kinds": {"point": {"each": "1"}}, "valid_days": 30},
        ([_deed("point", "2024-02-25")], "1"),
        ([_deed("point", "2024-02-24")], "0"),
        ([_deed("point", "2024-03-25")], "1"),
        ([_deed("point", "2024-03-26")], "0"),
    ),
    one(
        "ballot: raters by group, 3:6:1",
        _RATERS,
        ({"own": _YES, "client": _HALF, "leader": _NO}, "60"),
        ({"own": _YES, "client": _HALF}, "not_submitted"),
        ({"own": _YES, "client": {"state": "not_applicable"}, "leader": _NO}, "not_applicable"),
    ),
    one(
        "ballot: raters by shares, 2:1",
        {**_RATERS, "raters": [{"votes": "own", "weight": "2"}, {"votes": "client", "weight": "1"}]},
        ({"own": _YES, "client": _HALF}, "250/3"),
    ),
    one(
        "ballot: a group without votes leaves its weight to the others",
        _RATERS | {"absent": "drop_rescale"},
        ({"own": _YES, "client": _HALF}, "200/3"),
        ({}, "not_submitted"),
        ({"own": {"state": "not_applicable"}}, "not_applicable"),
        ({"own": {"yes": "0"}, "client": _HALF}, "50"),
    ),
    one(
        "ballot: marks from 5 to 10 by halves, and no others",
        {"type": "ballot", "votes": "v", "scale": {"from": "5", "to": "10", "step": "0.5"}},
        ({"v": {"9.5": "2", "10": "1", "5": "1"}}, "8.5"),
        ({"v": {"9.3": "5", "9": "1", "10.5": "2", "4.5": "7"}}, "9"),
    ),
    one(
        "ballot: at most a fifth of the votes may be excellent, the rest counts as good",
        {
            "type": "ballot",
            "votes": "v",
            "options": {"excellent": "100", "good": "80"},
            "at_most": {"option": "excellent", "share": "0.2", "instead": "good"},
        },
        ({"v": {"excellent": "2", "good": "8"}}, "84"),
        ({"v": {"excellent": "4", "good": "6"}}, "84"),
        ({"v": {"excellent": "1", "good": "9"}}, "82"),
        ({"v": {"excellent": "0", "good": "0"}}, "not_assessed"),
    ),
]
