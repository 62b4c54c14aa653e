"""What Prometheus is told of what is due and of who has nothing."""

from prometheus_client import REGISTRY

from services.scoring.actions.evaluating import score_due
from services.scoring.actions.settling import settle_due
from services.scoring.queries.figures import FIGURES
from tests.services.scoring.bureau import later
from tests.services.scoring.conftest import Desk
from tests.services.scoring.test_people_and_time import plan


async def shown(desk: Desk, name: str, **labels: str) -> float | None:
    for figure in FIGURES:
        await figure.count(desk.platform.runtimes["scoring"])
    return REGISTRY.get_sample_value(name, labels)


async def test_what_is_due_and_who_has_nothing_is_counted(desk: Desk) -> None:
    desk.bureau.scheme = later(desk.bureau.scheme, plan=plan())
    assert await desk.hear(desk.bureau.scheme, desk.bureau.target("an", desk.bureau.completion)) == []
    assert (await shown(desk, "kaohe_scores_due", by="plan") or 0) > 0
    assert await shown(desk, "kaohe_scores_due", by="rule") == 0
    while await score_due(desk.db):
        pass
    assert await shown(desk, "kaohe_scores_due", by="plan") == 0
    assert await shown(desk, "kaohe_zero_score_subjects", subject="officer") == 0
    async with desk.db.transaction() as tx:
        assert await settle_due(tx) is not None
    assert await shown(desk, "kaohe_zero_score_subjects", subject="officer") == 1
    assert await shown(desk, "kaohe_zero_score_subjects", subject="unit") == 0
