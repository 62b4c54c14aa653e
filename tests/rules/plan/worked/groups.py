"""R6 rank points, R7 relative to the group, R10 normalise, R9 combine, R11 coefficient, R13 gate, R14 and R15 roll-up."""

from typing import Any

from tests.rules.plan.worked.example import Example, one

_POINTS = {"type": "rank_points", "of": "a", "first": "50", "step": "-2"}


def _group(
    title: str, node: dict[str, Any], values: dict[str, str | None], wanted: dict[str, str], /, **more: Any
) -> Example:
    """Subjects with a figure `a` (None: not submitted), in the group of their name's first letter."""
    subjects = {name: {} if value is None else {"a": value} for name, value in values.items()}
    about = {name: {"groups": {"series": name[0]}} for name in values if not name.startswith("_")}
    return Example(title, {**more, "x": node}, subjects, {k: {"x": v} for k, v in wanted.items()}, about)


_ABC = {"a": "10", "b": "20", "c": "33"}
_NA = {"state": "not_applicable"}
_WEIGHTED = {
    "type": "combine",
    "method": "weighted_sum",
    "parts": [{"of": "a", "weight": "0.2", "full": "50"}, {"of": "b", "weight": "0.3", "full": "60"}, {"of": "c", "weight": "0.5", "full": "70"}],
}  # fmt: skip
_GATE: dict[str, Any] = {"type": "gate", "of": "a", "when": {"of": "b", "op": "<", "than": "8"}}
_COEFFICIENT: dict[str, Any] = {
    "type": "coefficient",
    "of": "a",
    "held": "h",
    "tags": "t",
    "table": {"expert": "1.35", "master": "1.25", "apprentice": "0.9"},
    "exempt": {"apprentice": ["army"]},
}
_UNITS: dict[str, Any] = {
    "u": {"id": "u"}, "v": {"id": "v"}, "m1": {"parent": "u", "kind": "officer"},
    "m2": {"parent": "u", "kind": "officer"}, "m3": {"parent": "u", "kind": "clerk"},
}  # fmt: skip


def _members(title: str, node: dict[str, Any], wanted: dict[str, str]) -> Example:
    subjects: dict[str, dict[str, Any]] = {
        "u": {"f": "2"}, "v": {"a": "7"}, "m1": {"a": "90", "w": "1"}, "m2": {"a": "60", "w": "2"}, "m3": {"a": "30", "w": "3"},
    }  # fmt: skip
    about = {
        name: {key: value for key, value in data.items() if key != "id"} for name, data in _UNITS.items()
    }
    nodes = {"a_item": {"type": "take", "of": "a"}, "x": node}
    return Example(title, nodes, subjects, {k: {"x": v} for k, v in wanted.items()}, about)


def _shared(method: str, *wanted: str, **more: str) -> Example:
    """`a` is ten days with u and twenty with v, `b` with v alone."""
    subjects: dict[str, dict[str, Any]] = {
        "u": {},
        "v": {},
        "a": {"n": "60", "w": "2"},
        "b": {"n": "90", "w": "1"},
    }
    about = {"a": {"parents": {"u": 10, "v": 20}}, "b": {"parent": "v"}}
    nodes = {
        "own": {"type": "take", "of": "n"},
        "x": {"type": "members", "of": "own", "method": method, **more},
    }
    columns = dict(zip("uv", wanted, strict=True))
    return Example(
        f"members by days: {method}", nodes, subjects, {k: {"x": v} for k, v in columns.items()}, about
    )


EXAMPLES: list[Example] = [
    _shared("mean", "60", "78"),
    _shared("weighted", "60", "510/7", weight="w"),
    _shared("sum", "20", "130"),
    _shared("count", "1/3", "5/3"),
    _group(
        "rank points: 50 for the first, 2 less each place, equals share the better place",
        _POINTS,
        {"p": "9", "q": "8", "r": "8", "s": "7", "t": None},
        {"p": "50", "q": "48", "r": "48", "s": "44", "t": "not_submitted"},
    ),
    _group(
        "rank points: equals share the mean of their places",
        _POINTS | {"tie": "mean", "floor": "45"},
        {"p": "9", "q": "8", "r": "8", "s": "7", "t": "1"},
        {"p": "50", "q": "47", "r": "47", "s": "45", "t": "45"},
    ),
    _group(
        "rank points: in the own series, by a list, lower is better",
        {
            "type": "rank_points",
            "of": "a",
            "scope": "series",
            "direction": "lower_is_better",
            "places": ["60", "57"],
            "otherwise": "1",
        },
        {"k1": "5", "k2": "6", "k3": "9", "z1": "8", "_n": "1"},
        {"k1": "60", "k2": "57", "k3": "1", "z1": "60", "_n": "not_applicable"},
    ),
    _group(
        "rank points: beyond the list the last of it",
        {"type": "rank_points", "of": "a", "places": ["3", "2"]},
        {"p": "9", "q": "8", "r": "7"},
        {"q": "2", "r": "2"},
    ),
    _group(
        "relative: to the best of the group",
        {"type": "relative", "of": "a", "to": "best", "full": "600", "scope": "series"},
        {"k1": "80", "k2": "60", "z1": "50"},
        {"k1": "600", "k2": "450", "z1": "600"},
    ),
    _group(
        "relative: to the best where lower is better",
        {"type": "relative", "of": "a", "to": "best", "full": "6", "direction": "lower_is_better"},
        {"k1": "2", "k2": "3"},
        {"k1": "6", "k2": "4"},
    ),
    _group(
        "relative: to the mean, capped, with a floor",
        {"type": "relative", "of": "a", "to": "mean", "full": "10", "cap": "1.2", "floor": "0.5"},
        {"p": "8", "q": "4", "r": "2", "s": "6"},
        {"p": "12", "q": "8", "r": "5", "s": "12"},
    ),
    one(
        "relative: to last year's, and what stands for growth from nothing",
        {"type": "relative", "of": "a", "to": "other", "other": "b", "full": "10", "by_zero": "1.5"},
        ({"a": "6", "b": "5"}, "12"),
        ({"a": "6", "b": "0"}, "15"),
        ({"a": "6"}, "not_submitted"),
    ),
    one(
        "relative: growth from nothing is not applicable",
        {"type": "relative", "of": "a", "to": "other", "other": "b"},
        ({"a": "6", "b": "0"}, "not_applicable"),
    ),
    one(
        "normalise: 104 of 115 is 90.43 of 100",
        {"type": "normalise", "of": "a", "possible": "p", "decimals": 2},
        ({"a": "104", "p": "115"}, "90.43"),
        ({"a": "97", "p": "115"}, "84.35"),
        ({"a": "1", "p": "0"}, "not_applicable"),
        ({"a": "1"}, "not_submitted"),
    ),
    one(
        "normalise: 100 out of 130",
        {"type": "normalise", "of": "a", "possible": "130", "to": "100"},
        ({"a": "65"}, "50"),
    ),
    _group(
        "balance: pooled mean over the panel's mean",
        {"type": "balance", "of": "a", "panel": "series"},
        {"k1": "80", "k2": "90", "z1": "70", "z2": "70", "z3": "70"},
        {"k1": str(80 * 76) + "/85", "z1": "76"},
    ),
    _group(
        "balance: mean of the panels' means, without the highest and the lowest",
        {"type": "balance", "of": "a", "panel": "series", "across": "mean_of_means", "trim": 1},
        {"k1": "80", "k2": "90", "k3": "10", "z1": "60", "z2": "100"},
        {"k1": "80", "k2": "90", "z1": "60", "z2": "100"},
    ),
    _group(
        "t score: 50 + 10 (x - mean) / deviation of the whole group",
        {"type": "t_score", "of": "a", "decimals": 2},
        {"p": "60", "q": "70", "r": "80"},
        {"p": "37.75", "q": "50", "r": "62.25"},
    ),
    _group(
        "t score: everybody equal",
        {"type": "t_score", "of": "a", "decimals": 2, "mean": "500", "spread": "100"},
        {"p": "60", "q": "60"},
        {"p": "500"},
    ),
    one(
        "combine: weighted sum",
        _WEIGHTED,
        (_ABC, "24.5"),
        ({"a": "10", "b": "20"}, "not_submitted"),
        ({"a": "10", "b": "20", "c": _NA}, "not_applicable"),
    ),
    one(
        "combine: what does not apply is left out and the rest rescaled",
        _WEIGHTED | {"not_applicable": "drop_rescale", "decimals": 1},
        ({"a": "10", "b": "20", "c": _NA}, "16"),
        ({"a": _NA, "b": _NA, "c": _NA}, "not_applicable"),
        ({"a": "10", "b": "20"}, "not_submitted"),
    ),
    one(
        "combine: what does not apply has full marks",
        _WEIGHTED | {"not_applicable": "full_marks"},
        ({"a": "10", "b": "20", "c": _NA}, "43"),
    ),
    one(
        "combine: what does not apply is zero; what is missing is zero only where set",
        _WEIGHTED | {"not_applicable": "zero", "missing": "zero"},
        ({"a": "10", "b": "20", "c": _NA}, "8"),
        ({"a": "10", "b": "20"}, "8"),
    ),
    _group(
        "group: the mean of the own series",
        {"type": "group", "of": "a", "scope": "series", "decimals": 1},
        {"k1": "10", "k2": "15", "z1": "7", "k3": None, "_n": "1"},
        {"k1": "12.5", "k3": "12.5", "z1": "7", "_n": "not_applicable"},
    ),
    _group(
        "group: the mean without the highest and the lowest",
        {"type": "group", "of": "a", "trim": 1},
        {"p": "1", "q": "5", "r": "6", "s": "100"},
        {"p": "5.5", "s": "5.5"},
    ),
    _group(
        "group: too few to trim",
        {"type": "group", "of": "a", "trim": 1},
        {"p": "1", "q": "5"},
        {"p": "not_applicable"},
    ),
    _group(
        "group: one left", {"type": "group", "of": "a", "trim": 1}, {"p": "1", "q": "5", "r": "9"}, {"p": "5"}
    ),
    *(
        _group(
            f"group: the {method}",
            {"type": "group", "of": "a", "method": method},
            {"p": "4", "q": "1", "r": "2", "s": "9"},
            {"p": wanted},
        )
        for method, wanted in (("median", "3"), ("min", "1"), ("max", "9"), ("sum", "16"), ("count", "4"))
    ),
    _group(
        "group: the median of three",
        {"type": "group", "of": "a", "method": "median"},
        {"p": "4", "q": "1", "r": "2"},
        {"p": "2"},
    ),
    one(
        "combine: a weighted mean by shares, 3:6:3:3",
        {
            "type": "combine",
            "method": "weighted_mean",
            "not_applicable": "drop_rescale",
            "parts": [
                {"of": "a", "weight": "3"},
                {"of": "b", "weight": "6"},
                {"of": "c", "weight": "3"},
                {"of": "d", "weight": "3"},
            ],
        },
        ({"a": "90", "b": "80", "c": "70", "d": "60"}, "76"),
        ({"a": "90", "b": "80", "c": "70", "d": _NA}, "80"),
    ),
    one(
        "combine: the sum",
        {"type": "combine", "parts": ["a", "b", "c"]},
        (_ABC, "63"),
    ),
    one("combine: the mean", {"type": "combine", "method": "mean", "parts": ["a", "b", "c"]}, (_ABC, "21")),
    one("combine: the lowest", {"type": "combine", "method": "min", "parts": ["b", "a", "c"]}, (_ABC, "10")),
    one("combine: the highest", {"type": "combine", "method": "max", "parts": ["b", "c", "a"]}, (_ABC, "33")),
    Example(
        "combine: the mean of those of the group who have it stands for what does not apply",
        {
            "item": {"type": "take", "of": "a"},
            "x": {
                "type": "combine",
                "parts": ["item", "b"],
                "not_applicable": "group_mean",
                "scope": "series",
            },
        },
        {
            "k1": {"a": "10", "b": "1"},
            "k2": {"a": "30", "b": "1"},
            "k3": {"a": _NA, "b": "1"},
            "z1": {"a": "70", "b": "1"},
            "z2": {"a": _NA, "b": _NA},
        },
        {"k1": {"x": "11"}, "k3": {"x": "21"}, "z2": {"x": "not_applicable"}},
        {name: {"groups": {"series": name[0]}} for name in ("k1", "k2", "k3", "z1", "z2")},
    ),
    one(
        "coefficient: the highest of those held, exemptions, the standard",
        _COEFFICIENT,
        ({"a": "80", "h": ["expert", "master"]}, "108"),
        ({"a": "80", "h": ["apprentice"], "t": ["army"]}, "80"),
        ({"a": "80", "h": ["apprentice"]}, "72"),
        ({"a": "80", "h": "master"}, "100"),
        ({"a": "80"}, "80"),
        ({"h": ["expert"]}, "not_submitted"),
    ),
    one(
        "coefficient: the product, of itself",
        {key: value for key, value in _COEFFICIENT.items() if key != "of"}
        | {"pick": "product", "decimals": 2},
        ({"h": ["expert", "apprentice"]}, "1.22"),
        ({"h": ["apprentice"], "t": ["army"]}, "1"),
    ),
    one(
        "coefficient: the lowest",
        _COEFFICIENT | {"pick": "lowest"},
        ({"a": "100", "h": ["expert", "apprentice"]}, "90"),
    ),
    one(
        "gate: zero below 8, not at 8; what is not known does not close it",
        _GATE | {"effect": "zero"},
        ({"a": "5", "b": "7.99"}, "0"),
        ({"a": "5", "b": "8"}, "5"),
        ({"a": "5"}, "5"),
        ({"b": "1"}, "not_submitted"),
    ),
    one("gate: a fixed deduction", _GATE | {"effect": "add", "amount": "-30"}, ({"a": "5", "b": "7"}, "-25")),
    one(
        "gate: another figure instead",
        _GATE | {"effect": "replace", "amount": "b"},
        ({"a": "5", "b": "7"}, "7"),
    ),
    one(
        "gate: a ceiling",
        _GATE | {"effect": "cap", "amount": "6"},
        ({"a": "7", "b": "7"}, "6"),
        ({"a": "5", "b": "7"}, "5"),
        ({"a": "7", "b": "9"}, "7"),
    ),
    one(
        "gate: no figure this period",
        _GATE | {"effect": "cancel"},
        ({"a": "7", "b": "7"}, "not_assessed"),
        ({"a": "7", "b": "9"}, "7"),
    ),
    one(
        "gate: one condition or another, and neither",
        {
            "type": "gate",
            "of": "a",
            "effect": "zero",
            "when": {
                "any": [
                    {"all": [{"of": "b", "op": ">=", "than": "3"}, {"of": "b", "op": "<=", "than": "4"}]},
                    {
                        "none": [
                            {"of": "b", "op": ">", "than": "0"},
                            {"of": "b", "op": "==", "than": "-1"},
                            {"of": "b", "op": "!=", "than": "-2"},
                        ]
                    },
                    {"has": "vip", "of": "w"},
                    {"is": "not_applicable", "of": "b"},
                ]
            },
        },
        ({"a": "9", "b": "3"}, "0"),
        ({"a": "9", "b": "4"}, "0"),
        ({"a": "9", "b": "2.9"}, "9"),
        ({"a": "9", "b": "4.1"}, "9"),
        ({"a": "9", "b": "0"}, "9"),
        ({"a": "9", "b": "-1"}, "9"),
        ({"a": "9", "b": "-2"}, "0"),
        ({"a": "9", "b": "1", "w": ["vip"]}, "0"),
        ({"a": "9", "b": "1", "w": "vip"}, "0"),
        ({"a": "9", "b": _NA}, "0"),
    ),
    one(
        "gate: full marks for who is exempt, whether there is a figure or not",
        {
            "type": "gate",
            "of": "a",
            "effect": "replace",
            "amount": "10",
            "when": {"has": "cleared", "of": "t"},
        },
        ({"a": "4", "t": ["cleared"]}, "10"),
        ({"t": ["cleared"]}, "10"),
        ({"a": _NA, "t": []}, "not_applicable"),
        ({"a": "4"}, "4"),
    ),
    one(
        "gate: a deduction from nothing is nothing",
        _GATE | {"effect": "add", "amount": "-30"},
        ({"b": "7"}, "not_submitted"),
    ),
    Example(
        "gate: a fact that is recorded",
        {"x": {"type": "gate", "of": "a", "effect": "zero", "when": {"mark": "accident"}}},
        {"p": {"a": "4"}, "q": {"a": "4"}, "r": {"a": "4"}},
        {"p": {"x": "0"}, "q": {"x": "4"}, "r": {"x": "4"}},
        {"p": {"marks": {"accident": True}}, "q": {"marks": {"accident": False}}},
    ),
    one(
        "periods: the mean of four quarters",
        {"type": "periods", "of": "q", "method": "mean"},
        ({"q": {"1": "91", "2": "88.5", "3": "93", "4": "90"}}, "90.625"),
    ),
    one(
        "periods: the sum",
        {"type": "periods", "of": "q", "method": "sum", "least": 2},
        ({"q": {"1": "1", "2": "2"}}, "3"),
        ({"q": {"1": "1"}}, "not_assessed"),
        ({}, "not_submitted"),
    ),
    one(
        "periods: the last",
        {"type": "periods", "of": "q", "method": "last"},
        ({"q": {"2": "2", "1": "1"}}, "2"),
    ),
    one(
        "periods: weighted",
        {"type": "periods", "of": "q", "method": "weighted", "weights": {"mean": "0.95", "extra": "0.05"}},
        ({"q": {"mean": "80", "extra": "100"}}, "81"),
        ({"q": {"mean": "80"}}, "not_assessed"),
    ),
    one(
        "periods: how many failed",
        {"type": "periods", "of": "q", "method": "count", "op": "<", "bound": "80"},
        ({"q": {"1": "79.9", "2": "80", "3": "12"}}, "2"),
    ),
    _members("members: the mean", {"type": "members", "of": "a_item"}, {"u": "60", "v": "not_applicable"}),
    _members(
        "members: weighted",
        {"type": "members", "of": "a_item", "method": "weighted", "weight": "w"},
        {"u": "50"},
    ),
    _members(
        "members: the sum",
        {"type": "members", "of": "a_item", "method": "sum", "kind": "officer"},
        {"u": "150"},
    ),
    _members("members: the lowest", {"type": "members", "of": "a_item", "method": "min"}, {"u": "30"}),
    _members("members: the highest", {"type": "members", "of": "a_item", "method": "max"}, {"u": "90"}),
    _members(
        "members: how many", {"type": "members", "of": "a_item", "method": "count", "least": 3}, {"u": "3"}
    ),
    _members(
        "members: too few",
        {"type": "members", "of": "a_item", "method": "count", "least": 4},
        {"u": "not_applicable"},
    ),
    Example(
        "inherit: what the unit has, times a factor",
        {"f_item": {"type": "take", "of": "f"}, "x": {"type": "inherit", "of": "f_item", "factor": "0.5"}},
        {"u": {"f": "90"}, "v": {}, "m": {}, "n": {}},
        {"m": {"x": "45"}, "n": {"x": "not_submitted"}, "u": {"x": "not_applicable"}},
        {"m": {"parent": "u"}, "n": {"parent": "v"}},
    ),
]
