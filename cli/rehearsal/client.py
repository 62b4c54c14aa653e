"""A person at the door: signs in, keeps the session, repeats what got lost under the same key."""

import asyncio
import time
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx2

ATTEMPTS = 150  # five minutes: what a start of the whole platform takes on a busy machine
PAUSE_S = 0.25
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Refused(Exception):
    """The platform answered with a problem; `code` is its machine-readable name."""

    def __init__(self, method: str, path: str, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        self.code = str(problem.get("code", status))
        super().__init__(
            f"{method} {path}: {status} {self.code}: {problem.get('detail', '')} {problem.get('errors', '')}"[
                :600
            ]
        )


@dataclass
class Door:
    """The one address of the platform, with a count of what went through it."""

    url: str
    verify: bool | str = True
    requests: int = 0
    repeated: int = 0
    server_errors: int = 0
    http: httpx2.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        # Cookies belong to a person, not to the connection: the shared jar accepts none.
        jar = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
        self.http = httpx2.AsyncClient(
            base_url=self.url, timeout=60, verify=self.verify, cookies=jar, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def send(self, method: str, path: str, **request: Any) -> httpx2.Response:
        """The answer, after as many repetitions as a restart of the platform takes (bounded).

        Safe, because every unsafe request carries an Idempotency-Key that stays the same over the repetitions.
        """
        for attempt in range(ATTEMPTS):
            self.requests += 1
            try:
                answer = await self.http.request(method, path, **request)
            except httpx2.TransportError:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                if answer.status_code not in {502, 503, 504} or attempt == ATTEMPTS - 1:
                    self.server_errors += answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR
                    return answer
            self.repeated += 1
            await asyncio.sleep(PAUSE_S * min(attempt + 1, 8))
        raise AssertionError


@dataclass
class Person:
    """Somebody with an account. Safe to use from several coroutines."""

    door: Door
    username: str
    password: str
    name: str = ""
    officer_id: str | None = None
    unit_id: str | None = None
    csrf: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def sign_in(self) -> dict[str, Any]:
        answer = await self.door.send(
            "POST", "/api/org/v1/session", json={"username": self.username, "password": self.password}
        )
        who = self._read("POST", "/api/org/v1/session", answer)
        self.csrf, self.name = who["csrf"], who["account"]["name"]
        self.officer_id, self.unit_id = who["officer_id"], who["unit_id"]
        return dict(who)

    async def choose_password(self, new: str) -> None:
        """The one-time password gives way to an own one; then a fresh session with all rights begins."""
        await self.post("/api/org/v1/password", {"current": self.password, "new": new})
        self.password = new
        await self.sign_in()

    async def get(self, path: str, **query: Any) -> Any:
        params = {key: value for key, value in query.items() if value is not None}
        return self._read("GET", path, await self._send("GET", path, params=params))

    async def download(self, path: str, **query: Any) -> bytes:
        answer = await self._send("GET", path, params=query)
        if answer.is_error:
            self._read("GET", path, answer)
        return answer.content

    async def every(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All items of a list, page after page."""
        items: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            page = await self.get(path, after=after, limit=200, **query)
            items += page["items"]
            after = page["next"]
            if after is None:
                return items

    async def errand(self, service: str, errand_id: str, *, bound: float = 600) -> dict[str, Any]:
        """What came of an errand; waits for it, raises Refused if it came to nothing."""
        address, end = f"/api/{service}/v1/errands/{errand_id}", time.monotonic() + bound
        while True:
            seen = await self.get(address)
            if seen["state"] == "done":
                return dict(seen["result"])
            if seen["state"] in {"failed", "cancelled"} or time.monotonic() > end:
                raise Refused("GET", address, 200, seen["problem"] or {"code": seen["state"]})
            await asyncio.sleep(PAUSE_S)

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        json = {} if body is None else body
        return self._read("POST", path, await self._send("POST", path, json=json, key=key))

    async def put(self, path: str, body: Any) -> Any:
        return self._read("PUT", path, await self._send("PUT", path, json=body))

    async def raw(self, method: str, path: str, content: bytes) -> Any:
        """Bytes that claim to be JSON, sent as they are."""
        headers = self._headers(method, str(uuid4())) | {"Content-Type": "application/json"}
        return self._read(method, path, await self.door.send(method, path, headers=headers, content=content))

    async def upload(self, path: str, field_name: str, name: str, content: bytes) -> Any:
        files = {field_name: (name, content)}
        return self._read("POST", path, await self._send("POST", path, files=files))

    async def _send(
        self, method: str, path: str, *, key: str | None = None, **request: Any
    ) -> httpx2.Response:
        key = key or str(uuid4())
        answer = await self.door.send(method, path, headers=self._headers(method, key), **request)
        if answer.status_code == httpx2.codes.UNAUTHORIZED and self.cookies:
            await self._renew(self.csrf)
            answer = await self.door.send(method, path, headers=self._headers(method, key), **request)
        self._keep_cookies(answer)
        return answer

    def _headers(self, method: str, key: str) -> dict[str, str]:
        headers = {
            "Accept-Language": "zh-CN",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        if method in UNSAFE:
            headers |= {"X-CSRF-Token": self.csrf, "Idempotency-Key": key}
        return headers

    async def _renew(self, stale: str) -> None:
        async with self._renewing:
            if self.csrf == stale:
                await self.sign_in()

    def _read(self, method: str, path: str, answer: httpx2.Response) -> Any:
        self._keep_cookies(answer)
        if answer.is_error:
            try:
                problem = answer.json()
            except ValueError:
                problem = {"detail": answer.text[:300]}
            raise Refused(method, path, answer.status_code, problem)
        return answer.json() if answer.content else None

    def _keep_cookies(self, answer: httpx2.Response) -> None:
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
