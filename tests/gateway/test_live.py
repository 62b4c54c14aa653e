"""The endpoint: who may listen, what a stream says, how it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from gateway.app import make_gateway
from gateway.live import Live
from kernel.clock import ManualClock, SystemClock
from kernel.identity import Principal
from kernel.keys import KeyRing, SigningKey
from kernel.live.hub import Hub
from kernel.local.keys import key_pair
from kernel.testing.people import person
from kernel.tokens import SESSION_LIFE, SessionTokens
from tests.gateway.conftest import Answer, ask
from tests.kernel.live.test_hub import OFFICER, event, officer

BOUND_S = 10


class Stage:
    def __init__(self) -> None:
        private, public = key_pair()
        self.clock = ManualClock(SystemClock().now())
        self.tokens = SessionTokens(KeyRing.of(public), SigningKey(private), self.clock)
        self.hub = Hub(most_per_account=1)
        self.live = Live(
            self.hub, self.tokens, cookie="kaohe-token", clock=self.clock, gather_s=0.01, patience_s=0.5
        )
        self.front = make_gateway({}, self.ready, live=self.live)

    async def ready(self) -> dict[str, bool]:
        return {}

    def headers(self, principal: Principal) -> dict[str, str]:
        return {"Cookie": f"a=b; kaohe-token={self.tokens.sign(principal, 'c')[0]}"}

    async def refused(self, headers: dict[str, str]) -> Answer:
        async with asyncio.timeout(BOUND_S):
            return await ask(self.front, "/api/live", headers=headers)

    @asynccontextmanager
    async def listening(self, principal: Principal, **more: str) -> AsyncIterator["Page"]:
        page = Page()
        headers = self.headers(principal) | more
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/api/live", "raw_path": b"/api/live",
            "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": ("kaohe.test", 80),
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        }  # fmt: skip
        task = asyncio.create_task(self.front(scope, page.receive, page.send))
        task.add_done_callback(lambda _: page.ended.set())
        try:
            assert (await page.next())["event"] == "hello"
            yield page
        finally:
            page.gone.set()
            async with asyncio.timeout(BOUND_S):
                await task


class Page:
    """What a browser sees of a stream."""

    def __init__(self) -> None:
        self.gone, self.ended = asyncio.Event(), asyncio.Event()
        self.heard = asyncio.Queue[dict[str, Any]]()
        self.stuck = False
        self.status = 0

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if self.stuck:
            await asyncio.Event().wait()
        for block in message.get("body", b"").decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in lines:
                self.heard.put_nowait(lines | {"data": json.loads(lines["data"])})

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(BOUND_S):
            return await self.heard.get()


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_a_page_hears_that_something_changed_and_nothing_else(stage: Stage):
    async with stage.listening(officer()) as page:
        stage.hub.hear(event(version=2, subject_id=OFFICER, summary="机密"))
        heard = await page.next()
    assert heard["event"] == "hint"
    assert heard["data"] == {"topic": "submissions.submission", "id": heard["data"]["id"], "version": 2}


async def test_nobody_listens_without_a_valid_sign_in(stage: Stage):
    for headers in ({}, {"Cookie": "kaohe-token=x"}, {"Cookie": "\x01"}, {"Authorization": "Bearer x"}):
        answer = await stage.refused(headers)
        assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json")
    expired = stage.headers(person())
    stage.clock.advance(SESSION_LIFE + timedelta(minutes=1))
    assert (await stage.refused(expired)).status == 401


async def test_an_account_with_too_many_pages_is_told_so(stage: Stage):
    me = officer()
    async with stage.listening(me):
        answer = await stage.refused(stage.headers(me))
        assert (answer.status, json.loads(answer.body)["code"]) == (429, "too-many")
        assert answer.headers["retry-after"] == "60"
    async with stage.listening(me):
        pass


async def test_a_stream_ends_with_its_token_and_with_its_session(stage: Stage):
    me = officer()
    async with stage.listening(me) as page:
        stage.clock.advance(SESSION_LIFE + timedelta(seconds=1))
        stage.hub.hear(event(subject_id=OFFICER))
        found = [await page.next() for _ in range(2)]
        assert found[-1]["data"] == {"reason": "expired"}
    async with stage.listening(me) as page:
        stage.hub.end_sessions([str(me.session_id)])
        assert (await page.next())["data"] == {"reason": "signed-out"}


async def test_who_comes_back_after_a_gap_is_told_to_ask_for_everything(stage: Stage):
    async with stage.listening(officer(), **{"Last-Event-ID": "otherboot-7"}) as page:
        assert (await page.next())["event"] == "reset"


async def test_a_page_that_takes_nothing_is_dropped(stage: Stage):
    async with stage.listening(officer()) as page:
        page.stuck = True
        stage.hub.hear(event(subject_id=OFFICER))
        async with asyncio.timeout(BOUND_S):
            await page.ended.wait()
    assert len(stage.hub) == 0
