"""People who come in through the interface of programs: to seed what a journey needs, without a click."""

import itertools
import struct
import time
import zlib
from collections.abc import Callable
from typing import Any

import httpx2

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
            after = page["next"]
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


def until(what: Callable[[], Any], *, seconds: float = 20) -> Any:
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


def picture(number: int, *, width: int = 640, height: int = 420) -> bytes:
    """A PNG that looks a little like a photograph of a sheet and is like no other of them."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            paper = 60 < x < width - 60 and 40 < y < height - 40
            line = paper and y % 28 < 3 and 100 < x < width - 100 - (y * (number + 3)) % 160
            shade = 70 if line else 245 if paper else 150 + (x * (number % 5 + 1) + y) % 40
            rows += bytes((shade, shade, min(255, shade + number % 9)))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 1))
        + chunk(b"IEND", b"")
    )
