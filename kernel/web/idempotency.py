"""The Idempotency-Key of a request, as a value for `Database.transaction`."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request

from kernel.delivery.idempotency import Once as OnceValue
from kernel.delivery.idempotency import request_hash
from kernel.errors import Invalid, Unauthenticated
from kernel.runtime import Runtime
from kernel.web.access import token_of
from kernel.web.app import App

LONGEST = 200


class KeyMalformed(Invalid):
    code = "idempotency-key-malformed"
    zh = "请求标识(Idempotency-Key)须为 1 至 200 个可见字符"
    en = "An Idempotency-Key has 1 to 200 visible ASCII characters"


async def _once(
    request: Request, app: App, idempotency_key: Annotated[str | None, Header(max_length=1000)] = None
) -> OnceValue:
    if idempotency_key is None:
        return OnceValue(None, None, "", "")
    if (
        not 1 <= len(idempotency_key) <= LONGEST
        or not idempotency_key.isascii()
        or not idempotency_key.isprintable()
    ):
        raise KeyMalformed
    principal = _principal(app, request)
    target = f"{request.method} {request.url.path}?{request.url.query}"
    # A file upload is not read here: its own hash decides whether it is the same.
    multipart = request.headers.get("content-type", "").startswith("multipart/")
    body = b"" if multipart else await request.body()
    return OnceValue(principal, idempotency_key, target, request_hash(target.encode(), body))


def _principal(app: Runtime, request: Request) -> UUID | None:
    """Nobody, for a token that is refused: routes that need a sign-in say so themselves, signing in does not."""
    try:
        return token_of(request, app).principal.account_id
    except Unauthenticated:
        return None


Once = Annotated[OnceValue, Depends(_once)]
