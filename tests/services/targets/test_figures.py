"""What Prometheus is told of periods and of targets that wait."""

from datetime import timedelta

from prometheus_client import REGISTRY

from contracts.scoring import ClosingStatus
from services.targets.queries.figures import FIGURES
from tests.services.targets.bureau import API, Bureau
from tests.services.targets.test_closing import tell


async def count(bureau: Bureau) -> None:
    for figure in FIGURES:
        await figure.count(bureau.platform.runtimes["targets"])


def periods(state: str) -> float | None:
    return REGISTRY.get_sample_value("kaohe_periods", {"state": state})


def ended(state: str) -> float | None:
    return REGISTRY.get_sample_value("kaohe_period_review_ended_seconds", {"state": state})


async def test_periods_are_counted_by_state_with_how_long_ago_their_review_ended(bureau: Bureau) -> None:
    published = await bureau.published()
    await count(bureau)
    before = periods("open")
    assert before is not None
    assert (ended("open"), periods("sealed")) == (0, 0)
    bureau.clock.advance(timedelta(days=400))
    await count(bureau)
    assert (ended("open") or 0) > 300 * 86400
    await tell(bureau, published.period, 1, ClosingStatus.SEALED)
    await count(bureau)
    assert (periods("open"), periods("sealed")) == (before - 1, 1)


async def test_a_refused_target_waits_for_somebody(bureau: Bureau) -> None:
    published = await bureau.published()
    made = await published.issue("XZ01", 20)
    await count(bureau)
    assert REGISTRY.get_sample_value("kaohe_targets_waiting", {"why": "refused"}) == 0
    await bureau.leader("XZ01").post(f"{API}/targets/{made['id']}/refuse", {"reason": "编制不足"})
    await count(bureau)
    assert REGISTRY.get_sample_value("kaohe_targets_waiting", {"why": "refused"}) == 1
    assert REGISTRY.get_sample_value("kaohe_targets_waiting", {"why": "orphaned"}) == 0
