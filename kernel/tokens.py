"""Ed25519-signed tokens: of people's sessions and of machines (ten minutes), of services among themselves (one minute)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt

from contracts.permissions import Role
from kernel.clock import Clock
from kernel.errors import Unauthenticated
from kernel.identity import GrantClaim, Principal
from kernel.keys import KeyRing, SigningKey

ALGORITHM = "EdDSA"
SESSION_TYPE = "kaohe-session+jwt"
MACHINE_TYPE = "kaohe-machine+jwt"
SERVICE_TYPE = "kaohe-service+jwt"
SESSION_LIFE = timedelta(minutes=10)
SERVICE_LIFE = timedelta(seconds=60)
LEEWAY = timedelta(seconds=5)
#: Tokens that need not be verified again; a browser sends the same one for ten minutes.
REMEMBERED = 4096


def cookie_name(what: str, *, secure: bool) -> str:
    """`kaohe-token` or `kaohe-session`; over TLS with the prefix that ties it to the host (RFC 6265bis)."""
    return f"__Host-kaohe-{what}" if secure else f"kaohe-{what}"


class TokenRefused(Unauthenticated):
    code = "token-refused"
    zh = "登录已失效,请重新登录"
    en = "The sign-in is no longer valid; please sign in again"


class TokenExpired(TokenRefused):
    code = "token-expired"
    zh = "登录已过期,请刷新或重新登录"
    en = "The sign-in has expired; refresh it or sign in again"


@dataclass(frozen=True, slots=True)
class SessionToken:
    principal: Principal
    csrf: str
    expires_at: datetime


class SessionTokens:
    """Signs (in `org`) and verifies (everywhere) what a signed-in browser or an authenticated machine carries."""

    def __init__(self, accepted: KeyRing, own: SigningKey | None, clock: Clock) -> None:
        self._accepted, self._own, self._clock = accepted, own, clock
        # Whether it is genuine never changes; whether it has expired is asked each time.
        self._genuine = lru_cache(REMEMBERED)(self._read)

    def sign(self, principal: Principal, csrf: str, *, until: datetime | None = None) -> tuple[str, datetime]:
        """The token of a browser's session, and when it expires: at `until` at the latest, when a right in it ends."""
        return self._sign(principal, SESSION_TYPE, csrf, until)

    def sign_machine(self, principal: Principal, *, until: datetime | None = None) -> tuple[str, datetime]:
        """The token of a machine, which comes in an Authorization header: nothing sends it unasked, so it has no CSRF."""
        return self._sign(principal, MACHINE_TYPE, "", until)

    def verify(self, token: str) -> SessionToken:
        """Raises TokenExpired or TokenRefused; never anything else, whatever the text is."""
        return self._verify(token, SESSION_TYPE)

    def verify_machine(self, token: str) -> SessionToken:
        """As `verify`. Only who has the role of a machine and no other comes in this way."""
        found = self._verify(token, MACHINE_TYPE)
        if found.principal.roles() != {Role.MACHINE}:
            raise TokenRefused
        return found

    def _sign(
        self, principal: Principal, kind: str, csrf: str, until: datetime | None
    ) -> tuple[str, datetime]:
        if self._own is None:
            raise RuntimeError("this process has no key to sign sessions with")
        now = self._clock.now()
        expires = min(now + SESSION_LIFE, until) if until else now + SESSION_LIFE
        claims = {
            "sub": str(principal.account_id),
            "sid": str(principal.session_id),
            "name": principal.name,
            "officer": _text(principal.officer_id),
            "unit": _text(principal.unit_id),
            "path": principal.unit_path,
            "grants": [_claim(grant) for grant in principal.grants],
            "csrf": csrf,
            "iat": now,
            "exp": expires,
        }
        return _signed(claims, self._own, kind), expires

    def _verify(self, token: str, kind: str) -> SessionToken:
        found = self._genuine(token, kind)
        _ensure_valid(found.expires_at, self._clock)
        return found

    def _read(self, token: str, kind: str) -> SessionToken:
        claims = _genuine_claims(token, self._accepted, kind, ("sub", "sid", "csrf", "exp", "iat"))
        try:
            principal = Principal(
                account_id=UUID(claims["sub"]),
                session_id=UUID(claims["sid"]),
                name=str(claims["name"]),
                officer_id=UUID(claims["officer"]) if claims["officer"] else None,
                unit_id=UUID(claims["unit"]) if claims["unit"] else None,
                unit_path=claims["path"],
                grants=tuple(
                    GrantClaim(Role(r), UUID(s), p, tuple(ls), UUID(absent[0]) if absent else None)
                    for r, s, p, ls, *absent in claims["grants"]
                ),
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise TokenRefused from error
        return SessionToken(principal, str(claims["csrf"]), _expiry(claims))


class ServiceTokens:
    """How a service shows another that it is who it says: each signs with a key of its own."""

    def __init__(self, service: str, own: SigningKey, accepted: Mapping[str, KeyRing], clock: Clock) -> None:
        self._service, self._own, self._accepted, self._clock = service, own, accepted, clock

    def sign(self, *, audience: str) -> str:
        now = self._clock.now()
        claims = {"sub": self._service, "aud": audience, "iat": now, "exp": now + SERVICE_LIFE}
        return _signed(claims, self._own, SERVICE_TYPE)

    def sign_bytes(self, data: bytes) -> tuple[str, str]:
        """See `SigningKey.sign_bytes`."""
        return self._own.sign_bytes(data)

    def verify(self, token: str) -> str:
        """The name of the service that signed it for this one; raises TokenRefused."""
        try:
            sender = jwt.decode(token, options={"verify_signature": False}).get("sub")
        except (jwt.PyJWTError, ValueError, TypeError, UnicodeError) as error:
            raise TokenRefused from error
        # What it claims to be decides whose keys it must have been signed with.
        ring = self._accepted.get(sender) if isinstance(sender, str) else None
        if ring is None:
            raise TokenRefused
        required = ("sub", "aud", "exp", "iat")
        claims = _genuine_claims(token, ring, SERVICE_TYPE, required, self._service)
        _ensure_valid(_expiry(claims), self._clock)
        return str(claims["sub"])


def _signed(claims: dict[str, Any], key: SigningKey, kind: str) -> str:
    return jwt.encode(claims, key.private, ALGORITHM, headers={"typ": kind, "kid": key.id})


def _claim(grant: GrantClaim) -> list[Any]:
    """The absent person is named at the end, only where there is one."""
    absent = [str(grant.delegated_by)] if grant.delegated_by else []
    return [grant.role, str(grant.scope_id), grant.scope_path, list(grant.lines), *absent]


def _genuine_claims(
    token: str, accepted: KeyRing, kind: str, required: tuple[str, ...], audience: str | None = None
) -> dict[str, Any]:
    """What a genuine token of the kind says; raises TokenRefused."""
    try:
        header = jwt.get_unverified_header(token)
        key = accepted.get(header.get("kid"))
        if header.get("typ") != kind or key is None:
            raise TokenRefused
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=audience,
            # Times are checked against the given clock, which a rehearsal may move.
            options={
                "require": list(required),
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError, UnicodeError) as error:
        raise TokenRefused from error
    return claims


def _expiry(claims: dict[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise TokenRefused from error


def _ensure_valid(expires_at: datetime, clock: Clock) -> None:
    if clock.now() > expires_at + LEEWAY:
        raise TokenExpired


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
