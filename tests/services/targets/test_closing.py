"""A period follows its closing in scoring."""

from uuid import UUID, uuid4

import pytest

from contracts.scoring import Closing, ClosingStatus
from tests.services.targets.bureau import API, Bureau


async def tell(bureau: Bureau, period_id: str, version: int, status: ClosingStatus) -> None:
    closing = Closing(
        id=uuid4(), version=version, scheme_id=uuid4(), period_id=UUID(period_id), status=status, trial_number=None,
        public_from=None, objections_until=None, sealed_at=None, seal_number=None, root_sha256=None,
    )  # fmt: skip
    await bureau.platform.tell("targets", closing)


async def status(bureau: Bureau, period_id: str) -> str:
    periods = (await bureau.office().get(f"{API}/periods"))["items"]
    return str(next(period["status"] for period in periods if period["id"] == period_id))


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (ClosingStatus.CHECKING, "closing"),
        (ClosingStatus.PUBLIC, "closing"),
        (ClosingStatus.WITHDRAWN, "open"),
        (ClosingStatus.SEALED, "sealed"),
    ],
)
async def test_the_calendar_shows_how_far_the_closing_is(bureau: Bureau, told: ClosingStatus, shown: str):
    published = await bureau.published()
    await tell(bureau, published.period, 1, ClosingStatus.CHECKING)
    await tell(bureau, published.period, 2, told)
    assert await status(bureau, published.period) == shown


async def test_a_sealed_period_stays_sealed(bureau: Bureau):
    published = await bureau.published()
    await tell(bureau, published.period, 1, ClosingStatus.SEALED)
    await tell(bureau, published.period, 2, ClosingStatus.WITHDRAWN)
    assert await status(bureau, published.period) == "sealed"


async def test_a_closing_period_takes_no_further_targets(bureau: Bureau):
    published = await bureau.published()
    await tell(bureau, published.period, 1, ClosingStatus.CHECKING)
    body = published.batch(published.wanted(bureau.unit("XZ01"), 3))
    problem = await bureau.office().problem("POST", f"{API}/targets/batch", json=body)
    assert [finding["code"] for finding in problem["errors"]] == ["period-not-open"]
