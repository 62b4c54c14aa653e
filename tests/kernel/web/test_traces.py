"""A request and its statements as a trace that has the id of the request."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from kernel.observability import tracing
from tests.kernel.observability.collecting import collecting
from tests.kernel.web.conftest import ORG, Edge

GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_a_request_and_its_statements_are_one_trace_with_the_id_of_the_request(edge: Edge) -> None:
    with collecting() as found:
        answer = await edge.caller(edge.admin()).send("POST", f"{ORG}/units", json=edge.unit(name="秘密单位"))
        refused = await edge.caller(edge.admin()).problem("GET", f"{ORG}/units/{uuid4()}")
    [sent, missed] = found.of_kind("server")
    assert sent.trace_id == UUID(answer.headers["x-request-id"]).hex
    assert missed.trace_id == UUID(refused["request_id"]).hex, "what the error page shows"
    assert (sent.name, sent.facts["http.response.status_code"], sent.failed) == (
        f"POST {ORG}/units",
        201,
        False,
    )
    assert missed.facts["http.route"] == f"{ORG}/units/{{unit_id}}"
    statements = [span for span in found.of_kind("client") if span.trace_id == sent.trace_id]
    assert {span.parent_id for span in statements} == {sent.span_id}
    assert any(
        span.name == "INSERT org" and "INTO unit" in span.facts["db.query.text"] for span in statements
    )
    assert "秘密" not in repr(found.spans)


async def test_a_trace_that_began_elsewhere_goes_on_and_so_do_its_events(edge: Edge) -> None:
    with collecting() as found:
        caller = edge.caller(edge.admin(), traceparent=GIVEN)
        await caller.send("POST", f"{ORG}/units", json=edge.unit())
    [span] = found.of_kind("server")
    assert (span.trace_id, span.parent_id) == tuple(GIVEN.split("-")[1:3])
    carried = text(
        "SELECT headers->>'traceparent' FROM bus.outbox WHERE headers->>'traceparent' LIKE :trace "
        "UNION SELECT headers->>'traceparent' FROM bus.event_log WHERE headers->>'traceparent' LIKE :trace"
    )
    async with edge.runtime.db.reading() as session:
        found_there = (await session.scalars(carried, {"trace": f"00-{span.trace_id}-%"})).all()
    assert {told.split("-")[2] for told in found_there} == {span.span_id}


@pytest.mark.parametrize("header", ["", "nonsense", "00-zz-b7ad6b7169203331-01"])
async def test_a_header_that_is_none_begins_a_trace_of_its_own(edge: Edge, header: str) -> None:
    with collecting() as found:
        await edge.caller(edge.admin(), traceparent=header).send("GET", f"{ORG}/units")
    [span] = found.of_kind("server")
    assert span.parent_id == ""
    assert not tracing.on()


async def test_what_machines_ask_all_day_is_in_no_trace(edge: Edge) -> None:
    with collecting() as found:
        for path in ("/health/live", "/health/ready", "/metrics"):
            assert (await edge.caller().send("GET", path)).status_code == 200
    assert found.spans == []
