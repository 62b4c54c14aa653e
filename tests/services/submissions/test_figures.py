"""What Prometheus is told of the work that waits."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from kernel.figures import Figure
from services.submissions.queries.figures import FIGURES
from tests.services.submissions.conftest import API, Desk

_BY_NAME = {figure.gauge._name: figure for figure in FIGURES}


async def shown(desk: Desk, name: str, **labels: str) -> float | None:
    figure: Figure = _BY_NAME[name]
    await figure.count(desk.platform.runtimes["submissions"])
    return REGISTRY.get_sample_value(name, labels)


async def test_what_waits_for_a_decision_is_counted_by_module_and_so_is_how_long(desk: Desk) -> None:
    before = await shown(desk, "kaohe_review_backlog", module="mod_business")
    sent = await desk.submitted()
    assert before is not None
    assert await shown(desk, "kaohe_review_backlog", module="mod_business") == before + 1
    desk.clock.advance(timedelta(hours=5))
    waited = await shown(desk, "kaohe_review_oldest_age_seconds", module="mod_business")
    assert waited == pytest.approx(5 * 3600)
    await desk["author"].post(f"{API}/submissions/{sent['id']}/withdraw")
    assert await shown(desk, "kaohe_review_backlog", module="mod_business") == before
    assert await shown(desk, "kaohe_review_oldest_age_seconds", module="mod_business") == 0


async def test_an_appeal_is_open_and_overdue_once_its_last_day_has_gone(desk: Desk) -> None:
    assert await shown(desk, "kaohe_appeals_open", level="1") == 0
    await desk.appealed()
    assert await shown(desk, "kaohe_appeals_open", level="1") == 1
    assert await shown(desk, "kaohe_appeals_overdue", level="1") == 0
    desk.clock.advance(timedelta(days=90))
    assert await shown(desk, "kaohe_appeals_overdue", level="1") == 1
    assert await shown(desk, "kaohe_appeals_overdue", level="2") == 0
