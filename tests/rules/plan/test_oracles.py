"""Node types against arithmetic written here, from the words of the catalogue, with nothing of the engine in it."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from rules.plan import evaluate, parse_facts, parse_plan
from tests.rules.plan.files import facts_of, plan_of

_NUMBERS = st.decimals(-200, 200, places=2)
_POSITIVE = st.decimals("0.01", 200, places=2)
_MARKS = st.decimals(-10, 10, places=1)


def of(node, *subjects, nodes=None):
    """What the node gives each of the subjects: figures, or (figures, the rest of the subject)."""
    plan = parse_plan(plan_of({**(nodes or {}), "total": node}))
    rows = [each if isinstance(each, tuple) else (each, {}) for each in subjects]
    facts = facts_of(
        *({"id": f"s{n}", "figures": _text(figures), **rest} for n, (figures, rest) in enumerate(rows))
    )
    found = evaluate(plan, parse_facts(facts))
    return [found.amount(f"s{n}") for n in range(len(rows))]


def _text(data):
    if isinstance(data, dict):
        return {key: _text(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_text(value) for value in data]
    return str(data) if isinstance(data, Decimal) else data


def _rounded(value, decimals):
    scaled = abs(value) * 10**decimals
    return Fraction((1 if value >= 0 else -1) * floor(scaled + Fraction(1, 2)), 10**decimals)


@given(_NUMBERS, _POSITIVE, _POSITIVE, st.integers(0, 4))
def test_ratio(actual, target, full, decimals):
    node = {"type": "ratio", "actual": "a", "target": "t", "full": str(full), "decimals": decimals}
    share = Fraction(actual) / Fraction(target)
    share = Fraction(0) if share < 0 else Fraction(1) if share > 1 else share
    assert of(node, {"a": actual, "t": target}) == [_rounded(Fraction(full) * share, decimals)]


@given(
    _NUMBERS, _NUMBERS, _POSITIVE, _MARKS, _MARKS, st.sampled_from(["whole", "started", "proportional"]), _POSITIVE
)  # fmt: skip
def test_step(actual, threshold, step, above, below, mode, cap):
    if not (above or below):
        return
    node = {"type": "step", "actual": "a", "threshold": str(threshold), "step": str(step), "above": str(above),
            "below": str(below), "mode": mode, "base": "7", "cap_plus": str(cap), "cap_minus": str(cap)}  # fmt: skip
    gap = Fraction(actual) - Fraction(threshold)
    steps = abs(gap) / Fraction(step)
    steps = {"whole": floor(steps), "started": ceil(steps), "proportional": steps}[mode]
    change = steps * Fraction(above if gap > 0 else below)
    assert of(node, {"a": actual}) == [7 + max(min(change, Fraction(cap)), -Fraction(cap))]


@given(_NUMBERS, st.lists(st.tuples(_POSITIVE, _MARKS), min_size=1, max_size=4, unique_by=lambda row: row[0]))
def test_marginal_segments_are_the_area_under_the_rates(actual, rows):
    rows = sorted(rows)
    segments = [{"beyond": str(beyond), "marks": str(marks)} for beyond, marks in rows]
    node = {
        "type": "step",
        "actual": "a",
        "threshold": "0",
        "step": "1",
        "above": "1",
        "mode": "proportional",
        "segments_above": segments,
    }
    x, wanted = Fraction(actual), Fraction(0)
    starts, rates = (
        [Fraction(0), *(Fraction(b) for b, _ in rows)],
        [Fraction(1), *(Fraction(m) for _, m in rows)],
    )
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else max(x, start)
        wanted += rates[index] * max(min(x, end) - start, Fraction(0))
    assert of(node, {"a": actual}) == [wanted]


@given(_NUMBERS, st.lists(_NUMBERS, min_size=1, max_size=5, unique=True))
def test_band(actual, bounds):
    bounds = sorted(bounds, reverse=True)
    node = {"type": "band", "actual": "a", "otherwise": "-1",
            "bands": [{"op": ">=", "bound": str(b), "points": str(n)} for n, b in enumerate(bounds)]}  # fmt: skip
    wanted = next((n for n, bound in enumerate(bounds) if actual >= bound), -1)
    assert of(node, {"a": actual}) == [wanted]


@given(
    st.lists(st.tuples(st.sampled_from("xy"), _POSITIVE, st.decimals(0, 1, places=2)), max_size=8), _POSITIVE
)
def test_events(rows, cap):
    node = {"type": "deeds", "events": "e", "base": "100", "cap": "120",
            "kinds": {"x": {"each": "0.5", "cap": str(cap)}, "y": {"each": "-2"}}}  # fmt: skip
    events = [{"id": str(n), "kind": k, "quantity": q, "share": s} for n, (k, q, s) in enumerate(rows)]
    x = sum((Fraction(q) * Fraction(s) / 2 for k, q, s in rows if k == "x"), Fraction(0))
    y = sum((Fraction(q) * Fraction(s) * -2 for k, q, s in rows if k == "y"), Fraction(0))
    assert of(node, {"e": events}) == [min(100 + min(x, Fraction(cap)) + y, Fraction(120))]


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=8), st.sampled_from(["better", "mean"]))
def test_rank_points(values, tie):
    node = {"type": "rank_points", "of": "a", "first": "50", "step": "-2", "tie": tie}
    wanted = []
    for value in values:
        better, equal = sum(v > value for v in values), sum(v == value for v in values)
        places = range(better + 1, better + (equal if tie == "mean" else 1) + 1)
        wanted.append(sum((Fraction(52 - 2 * place) for place in places), Fraction(0)) / len(places))
    assert of(node, *({"a": value} for value in values)) == wanted


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_relative_and_t_score(values):
    best = {"type": "relative", "of": "a", "to": "best", "full": "600"}
    assert of(best, *({"a": v} for v in values)) == [Fraction(600 * v, max(values)) for v in values]
    mean = Fraction(sum(values), len(values))
    spread = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
    found = of({"type": "t_score", "of": "a", "decimals": 4}, *({"a": v} for v in values))
    for value, score in zip(values, found, strict=True):
        wanted = 50 + 10 * float(value - mean) / spread if spread else 50.0
        assert abs(float(score) - wanted) < 0.0001


@given(st.lists(st.tuples(st.integers(1, 90), st.sampled_from("xyz")), min_size=1, max_size=8))
def test_balance_between_panels(rows):
    node = {"type": "balance", "of": "a", "panel": "p"}
    pooled = Fraction(sum(v for v, _ in rows), len(rows))
    panels = {p: [v for v, q in rows if q == p] for _, p in rows}
    wanted = [v * pooled * len(panels[p]) / sum(panels[p]) for v, p in rows]
    assert of(node, *(({"a": v}, {"groups": {"p": p}}) for v, p in rows)) == wanted


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "?"]), st.integers(0, 9)))
def test_ballot(votes):
    options = {"a": 100, "b": 70, "c": 30}
    node = {"type": "ballot", "votes": "v", "options": {k: str(v) for k, v in options.items()} | {"?": None}}
    valid = sum(n for option, n in votes.items() if option != "?")
    wanted = (
        Fraction(sum(options[o] * n for o, n in votes.items() if o != "?"), valid)
        if valid
        else "not_assessed"
    )
    assert of(node, {"v": votes}) == [wanted]


@given(st.lists(st.one_of(st.none(), _NUMBERS), min_size=1, max_size=5), st.data())
def test_weighted_sum_leaves_out_what_does_not_apply(values, data):
    cuts = sorted(
        data.draw(
            st.lists(st.integers(1, 99), min_size=len(values) - 1, max_size=len(values) - 1, unique=True)
        )
    )
    weights = [Fraction(b - a, 100) for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    parts = [
        {"of": f"f{n}", "weight": str(Decimal(w.numerator) / w.denominator)} for n, w in enumerate(weights)
    ]
    node = {"type": "combine", "method": "weighted_sum", "parts": parts, "not_applicable": "drop_rescale"}
    figures = {f"f{n}": {"state": "not_applicable"} if v is None else v for n, v in enumerate(values)}
    there = [(w, Fraction(v)) for w, v in zip(weights, values, strict=True) if v is not None]
    wanted = sum(w * v for w, v in there) / sum(w for w, _ in there) if there else "not_applicable"
    assert of(node, figures) == [wanted]


@given(st.lists(st.tuples(_NUMBERS, _POSITIVE), min_size=1, max_size=5))
def test_members_weighted_by_headcount(rows):
    node = {"type": "members", "of": "own", "method": "weighted", "weight": "w"}
    subjects = [({}, {}), *(({"a": a, "w": w}, {"parent": "s0"}) for a, w in rows)]
    wanted = sum(Fraction(a) * Fraction(w) for a, w in rows) / sum(Fraction(w) for _, w in rows)
    assert of(node, *subjects, nodes={"own": {"type": "take", "of": "a"}})[0] == wanted


@given(st.dictionaries(st.sampled_from(["q1", "q2", "q3", "q4"]), _NUMBERS, min_size=1), _NUMBERS)
def test_periods(table, bound):
    values = [Fraction(table[key]) for key in sorted(table)]
    for method, wanted in (("mean", sum(values) / len(values)), ("sum", sum(values)), ("last", values[-1])):
        assert of({"type": "periods", "of": "q", "method": method}, {"q": table}) == [wanted]
    failed = {"type": "periods", "of": "q", "method": "count", "op": "<", "bound": str(bound)}
    assert of(failed, {"q": table}) == [sum(v < Fraction(bound) for v in values)]
