"""Somebody who calls a service under test, signed in without going through org."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx2

from contracts.permissions import Role
from kernel.identity import GrantClaim, Principal
from kernel.ids import new_id
from kernel.runtime import Runtime
from kernel.web.access import token_cookie


def grant(role: Role, unit_id: UUID, path: str, *lines: str) -> GrantClaim:
    return GrantClaim(role, unit_id, path, lines)


def person(
    *grants: GrantClaim,
    officer_id: UUID | None = None,
    unit_id: UUID | None = None,
    unit_path: str | None = None,
    name: str = "测试",
) -> Principal:
    return Principal(uuid4(), new_id(), name, officer_id, unit_id, unit_path, tuple(grants))


@dataclass
class Caller:
    """Requests of one principal to one service; each unsafe request has a fresh Idempotency-Key unless given one."""

    client: httpx2.AsyncClient
    runtime: Runtime
    principal: Principal | None
    headers: dict[str, str] = field(default_factory=dict)

    async def send(
        self, method: str, path: str, *, key: str | None = None, **request: Any
    ) -> httpx2.Response:
        headers = {"Accept-Language": "en", **self.headers}
        if self.principal is not None:
            token, _ = self.runtime.sessions.sign(self.principal, "csrf-for-tests")
            headers |= {
                "Cookie": f"{token_cookie(self.runtime.settings)}={token}",
                "X-CSRF-Token": "csrf-for-tests",
            }
        if method not in {"GET", "HEAD", "OPTIONS"}:
            headers["Idempotency-Key"] = key or str(uuid4())
        headers |= request.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **request)

    async def get(self, path: str, **query: Any) -> Any:
        return self._read(
            await self.send("GET", path, params={k: v for k, v in query.items() if v is not None})
        )

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        return self._read(await self.send("POST", path, json=body if body is not None else {}, key=key))

    async def patch(self, path: str, body: Any) -> Any:
        return self._read(await self.send("PATCH", path, json=body))

    async def put(self, path: str, body: Any) -> Any:
        return self._read(await self.send("PUT", path, json=body))

    async def delete(self, path: str) -> Any:
        return self._read(await self.send("DELETE", path))

    async def problem(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """The problem that the request is answered with; fails if it is not one."""
        answer = await self.send(method, path, **request)
        assert answer.headers["content-type"] == "application/problem+json", (answer.status_code, answer.text)  # noqa: S101
        body: dict[str, Any] = answer.json()
        assert body["status"] == answer.status_code  # noqa: S101
        return body

    def _read(self, answer: httpx2.Response) -> Any:
        sent = f"{answer.request.method} {answer.request.url}"
        assert answer.is_success, (sent, answer.status_code, answer.text)  # noqa: S101
        return answer.json() if answer.content else None
