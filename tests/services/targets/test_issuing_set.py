"""A whole scheme goes out at once, and every target says of itself what it would have said alone."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text

from kernel.bus.canonical import canonical
from services.targets import messages
from services.targets.models import TargetRow
from tests.services.targets.bureau import API, Bureau, Published


def body(published: Published, **different: Any) -> dict[str, Any]:
    indicators = [{"indicator_id": i, "quantity": str(n + 1)} for n, i in enumerate(published.indicators)]
    under = str(published.bureau.unit("CITY"))
    return {
        "period_id": published.period,
        "indicators": indicators,
        "under": under,
        "levels": [2, 3],
    } | different


async def test_many_indicators_go_to_many_units_and_sent_again_nothing_is_issued_twice(bureau: Bureau):
    published = await bureau.published(indicators=3)
    await published.issue("XZ01", 7)
    office, path = bureau.office(), f"{API}/schemes/{published.scheme}/issue-set"
    cells = [
        {"indicator_id": published.indicators[1], "unit_id": str(bureau.unit("ZD02")), "quantity": "2.5"},
        {"indicator_id": published.indicators[2], "unit_id": str(bureau.unit("ZD02")), "quantity": None},
    ]
    first = await office.post(path, body(published, exceptions=cells))
    assert first == {"issued": 10, "skipped": 1}
    assert await office.post(path, body(published, exceptions=cells)) == {"issued": 0, "skipped": 11}
    mine = (await bureau.leader("ZD02").get(f"{API}/targets"))["items"]
    assert sorted(t["quantity"] for t in mine) == ["1", "2.5"]
    steps = (await office.get(f"{API}/targets/{mine[0]['id']}/timeline"))["items"]
    assert [(s["action"], s["actor"]) for s in steps] == [("issue", "测试")]
    (done,) = [
        s
        for s in (await office.get(f"{API}/schemes/{published.scheme}/timeline"))["items"]
        if s["action"] == "issue_set"
    ]
    assert done["after"]["targets"] == 10


async def test_each_event_is_the_one_that_the_row_would_have_told_by_itself(bureau: Bureau):
    published = await bureau.published(indicators=2)
    await bureau.office().post(f"{API}/schemes/{published.scheme}/issue-set", body(published))
    async with bureau.platform.runtimes["targets"].db.reading() as session:
        rows = (await session.scalars(select(TargetRow))).all()
        statement = "SELECT aggregate_id, body, order_key, aggregate_version FROM bus.{} WHERE type = 'targets.target.v1'"
        told = {
            UUID(r.aggregate_id): r
            for table in ("outbox", "event_log")
            for r in await session.execute(text(statement.format(table)))
        }
    assert len(rows) == 8
    for row in rows:
        event = messages.target(row)
        found = told[row.id]
        assert (found.body, found.order_key, found.aggregate_version) == (
            canonical(event),
            event.order_key,
            row.version,
        )


async def test_what_cannot_be_is_named_and_nothing_goes_out(bureau: Bureau):
    published = await bureau.published()
    path = f"{API}/schemes/{published.scheme}/issue-set"
    wrong = body(published, unit_ids=[str(bureau.unit("XZ01")), str(uuid4())], under=None)
    wrong["indicators"].append({"indicator_id": str(uuid4()), "quantity": "1"})
    problem = await bureau.office().problem("POST", path, json=wrong)
    assert [(e["place"], e["code"]) for e in problem["errors"]] == [
        ("indicators[1]", "indicator-unknown"),
        ("unit_ids[1]", "subject-unknown"),
    ]
    narrow = await bureau.office("XZ01").problem("POST", path, json=body(published))
    assert narrow["code"] == "outside-scope"
    assert (await bureau.office().get(f"{API}/targets"))["items"] == []
