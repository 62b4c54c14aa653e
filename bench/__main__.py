"""Ratios of hot paths against the least work that could do the same, measured in one run: `make bench`."""

import hashlib
import resource
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import rules
from bench import plans, record
from bench.server import say
from kernel.bus.protocol import Head, Unstamped, stamp
from rules.plan import evaluate

ROUNDS, PLAN_ROUNDS = 5, 2


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the fastest of several rounds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def rule_evaluation() -> tuple[str, float]:
    """每件0.5分、上限5分 on ten events, against the bare arithmetic in the same exact numbers."""
    rule = rules.parse({"type": "events", "each": "0.5", "cap": "5"})
    events = tuple(rules.Event(str(n), Decimal(1), "2026-11-01") for n in range(10))
    facts = rules.Facts(None, None, events)

    def bare() -> Fraction:
        return min(sum((Fraction(1, 2) * Fraction(e.quantity) for e in events), Fraction(0)), Fraction(5))

    ours = best(lambda: [rules.evaluate(rule, facts) for _ in range(2000)])
    return "rule evaluation with its explanation / bare arithmetic", ours / best(
        lambda: [bare() for _ in range(2000)]
    )


def chaining() -> tuple[str, float]:
    """Numbering and chaining 5,000 events, against two bare SHA-256 of the same bytes each."""
    rows = [Unstamped(UUID(int=n), "x" * 400) for n in range(5000)]

    def bare() -> None:
        for row in rows:
            hashlib.sha256(hashlib.sha256(row.body.encode()).digest()).digest()

    return "stamping / two bare hashes", best(lambda: stamp(Head(), 1, rows)) / best(bare)


def plan_evaluation() -> dict[str, float]:
    """200 indicators for 10,000 subjects, every node's value kept, against that plan's arithmetic written out by hand."""
    say(f"plan of {plans.INDICATORS} indicators for {plans.SUBJECTS:,} subjects …")
    plan, facts = plans.plan(), plans.facts()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    evaluated, wanted = evaluate(plan, facts), plans.by_hand(facts)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert all(evaluated.value(subject) == total for subject, total in wanted.items())
    del evaluated, wanted
    ours = best(lambda: evaluate(plan, facts), PLAN_ROUNDS)
    return {
        "plan evaluation / the same by hand (at most 3)": ours
        / best(lambda: plans.by_hand(facts), PLAN_ROUNDS),
        "plan of 200 indicators for 10,000 subjects, seconds": ours,
        "memory of its values, MiB": (after - before) / 1024,
    }


if __name__ == "__main__":
    ratios = dict((rule_evaluation(), chaining())) | plan_evaluation()
    record("ratios", {name: round(ratio, 2) for name, ratio in ratios.items()})
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.1f}")
