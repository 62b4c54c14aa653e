"""One unsafe request, one effect, however often it is sent."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from kernel.errors import Conflict, Invalid


class KeyReused(Invalid):
    code = "idempotency-key-reused"
    zh = "同一请求标识(Idempotency-Key)已用于另一个请求"
    en = "This Idempotency-Key was used for another request"


class Busy(Conflict):
    code = "busy"
    zh = "同一数据正被他人修改,请重试"
    en = "Somebody else is changing the same thing; please try again"


class Replayed(Exception):
    """The request was carried out before; `status` and `body` are what was answered then."""

    def __init__(self, status: int, body: str) -> None:
        self.status, self.body = status, body
        super().__init__("replayed")


@dataclass(frozen=True, slots=True)
class Once:
    """Who asks for what under which key. Without a key nothing is remembered."""

    principal_id: UUID | None
    key: str | None
    request: str  # method and path
    request_hash: str  # SHA-256 of method, path, query and body


def request_hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
