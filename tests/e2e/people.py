"""People who come in through the interface of programs: to seed what a journey needs, without a click."""

import io
import itertools
import time
from collections.abc import Callable
from typing import Any

import httpx2
from PIL import Image, ImageDraw

PASSWORD = "Aa1-journeys-2026"
_keys = itertools.count()


class Caller:
    """Signs in and keeps the session; the one-time password of a new account is changed at once."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.http = httpx2.Client(base_url=url, timeout=30, trust_env=False)
        self.url, self.username, self.password = url, username, password
        self._begin()

    def _begin(self) -> None:
        found = self.call(
            "POST", "/api/org/v1/session", json={"username": self.username, "password": self.password}
        )
        self.http.headers["X-CSRF-Token"] = found["csrf"]
        self.officer, self.unit, self.name = found["officer_id"], found["unit_id"], found["account"]["name"]
        if found["must_change_password"]:
            self.call("POST", "/api/org/v1/password", json={"current": self.password, "new": PASSWORD})
            self.password = PASSWORD
            self.http.cookies.clear()
            self._begin()

    def close(self) -> None:
        self.http.close()

    def call(self, method: str, path: str, **request: Any) -> Any:
        headers = {"Idempotency-Key": f"journey-{next(_keys)}-{time.time_ns()}"}
        answer = self.http.request(method, path, headers=headers, **request)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:800]}"
        return answer.json() if answer.content else None

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, params=query)

    def every(self, path: str, **query: Any) -> list[Any]:
        items, after = [], None
        while True:
            page = self.get(path, limit=200, **query, **({"after": after} if after else {}))
            items += page["items"]
            after = page.get("next")  # a list that is never long has no pages
            if not after:
                return items

    def keep_file(self, name: str, content: bytes) -> str:
        found = self.call("POST", "/api/submissions/v1/library", files={"file": (name, content)})
        return str(found["sha256"])

    def send_work(self, target: str, *, day: str, quantity: int, summary: str, files: list[str]) -> Any:
        body = {
            "target_id": target, "event_date": day, "quantity": quantity, "summary": summary, "evidence": files,
            "client_key": f"journey-{next(_keys)}-{time.time_ns()}", "on_behalf": False,
        }  # fmt: skip
        return self.call("POST", "/api/submissions/v1/submissions/send", json=body)


def until(what: Callable[[], Any], *, seconds: float = 60) -> Any:
    """What `what` gives once it is not empty; events take a moment from service to service."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = what()
        except AssertionError:
            if time.monotonic() > end:
                raise
            found = None
        if found:
            return found
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.2)


def picture(number: int, *, width: int = 960, height: int = 640) -> bytes:
    """A PNG that looks a little like a photograph of a sheet and is like no other of them."""
    image = Image.new("RGB", (width, height), (150 + number % 60, 155, 165 - number % 40))
    draw = ImageDraw.Draw(image)
    draw.rectangle((90, 50, width - 90, height - 50), fill="white")
    for line in range(12):
        end = width - 150 - (line * 37 + number * 53) % 380
        draw.rectangle((140, 100 + line * 40, end, 112 + line * 40), fill=(70, 74, 90))
    draw.ellipse((width - 260, height - 230, width - 140, height - 110), outline=(200, 16, 46), width=6)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
