"""States that cannot be waited for while pictures are taken: the answer of a service is changed on its way to the page."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route

from tests.e2e.browsing import Hand

PROBLEM = {
    "type": "urn:kaohe:internal", "title": "Internal error", "status": 500, "code": "internal", "detail": "系统内部错误",
    "detail_en": "Something failed inside", "request_id": "01JDEMO-7F3A",
}  # fmt: skip


def failing(pattern: str, status: int = 500, **changed: Any) -> Callable[[Hand], None]:
    """Whatever is asked there fails."""

    def set_up(hand: Hand) -> None:
        def answer(route: Route) -> None:
            body = PROBLEM | {"status": status} | changed
            if str(route.request.headers.get("accept-language", "")).startswith("en"):
                body["detail"] = body["title"] = body["detail_en"]
            route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(body))

        hand.page.route(re.compile(pattern), answer)

    return set_up


def changed(pattern: str, change: Callable[[Any], Any]) -> Callable[[Hand], None]:
    """What is asked there is answered by the service, then changed."""

    def answer(route: Route) -> None:
        found = route.fetch()
        body = found.json()
        route.fulfill(response=found, json=change(body) or body)

    def set_up(hand: Hand) -> None:
        hand.page.route(re.compile(pattern), answer)

    return set_up


def stored(**values: str) -> Callable[[Hand], None]:
    """What the browser remembers, such as the size of letters."""

    def set_up(hand: Hand) -> None:
        for key, value in values.items():
            hand.page.context.add_init_script(f"localStorage.setItem('kaohe:{key}', {json.dumps(value)!r})")
        hand.page.evaluate("0")

    return set_up


def empty(pattern: str) -> Callable[[Hand], None]:
    return changed(pattern, lambda body: body | {"items": [], "next": None})


def offline(hand: Hand) -> None:
    hand.page.context.set_offline(True)
    hand.page.evaluate("window.dispatchEvent(new Event('offline'))")
