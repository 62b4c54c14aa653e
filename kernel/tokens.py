"""Ed25519-signed tokens: of people's sessions (ten minutes) and of services among themselves (one minute)."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from contracts.permissions import Role
from kernel.clock import Clock
from kernel.errors import Unauthenticated
from kernel.identity import GrantClaim, Principal

ALGORITHM = "EdDSA"
SESSION_TYPE = "kaohe-session+jwt"
SERVICE_TYPE = "kaohe-service+jwt"
SESSION_LIFE = timedelta(minutes=10)
SERVICE_LIFE = timedelta(seconds=60)
LEEWAY = timedelta(seconds=5)


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
    """Signs (in `org`) and verifies (everywhere) what a signed-in browser carries."""

    def __init__(self, public_pem: str, private_pem: str | None, clock: Clock) -> None:
        self._public, self._clock = _public(public_pem), clock
        self._private = _private(private_pem) if private_pem else None

    def sign(self, principal: Principal, csrf: str) -> tuple[str, datetime]:
        """The token and when it expires."""
        if self._private is None:
            raise RuntimeError("this process has no key to sign sessions with")
        now = self._clock.now()
        claims = {
            "sub": str(principal.account_id),
            "sid": str(principal.session_id),
            "name": principal.name,
            "officer": _text(principal.officer_id),
            "unit": _text(principal.unit_id),
            "path": principal.unit_path,
            "grants": [[g.role, str(g.scope_id), g.scope_path, list(g.lines)] for g in principal.grants],
            "csrf": csrf,
            "iat": now,
            "exp": now + SESSION_LIFE,
        }
        token = jwt.encode(claims, self._private, ALGORITHM, headers={"typ": SESSION_TYPE})
        return token, now + SESSION_LIFE

    def verify(self, token: str) -> SessionToken:
        """Raises TokenExpired or TokenRefused; never anything else, whatever the text is."""
        claims = _verified(
            token, self._public, SESSION_TYPE, self._clock, ("sub", "sid", "csrf", "exp", "iat")
        )
        try:
            principal = Principal(
                account_id=UUID(claims["sub"]),
                session_id=UUID(claims["sid"]),
                name=str(claims["name"]),
                officer_id=UUID(claims["officer"]) if claims["officer"] else None,
                unit_id=UUID(claims["unit"]) if claims["unit"] else None,
                unit_path=claims["path"],
                grants=tuple(GrantClaim(Role(r), UUID(s), p, tuple(ls)) for r, s, p, ls in claims["grants"]),
            )
            expires = datetime.fromtimestamp(claims["exp"], self._clock.now().tzinfo)
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
            raise TokenRefused from error
        return SessionToken(principal, str(claims["csrf"]), expires)


class ServiceTokens:
    """How a service shows another that it is one of us."""

    def __init__(self, private_pem: str, clock: Clock) -> None:
        self._private, self._clock = _private(private_pem), clock

    def sign(self, *, sender: str, audience: str) -> str:
        now = self._clock.now()
        claims = {"sub": sender, "aud": audience, "iat": now, "exp": now + SERVICE_LIFE}
        return jwt.encode(claims, self._private, ALGORITHM, headers={"typ": SERVICE_TYPE})

    def sign_bytes(self, data: bytes) -> tuple[str, str]:
        """The id of the key (RFC 7638) and the Ed25519 signature in base64, for files that leave the platform."""
        return key_id(self._private.public_key()), base64.b64encode(self._private.sign(data)).decode()

    def verify(self, token: str, *, audience: str) -> str:
        """The name of the service that signed it; raises TokenRefused."""
        required = ("sub", "aud", "exp", "iat")
        claims = _verified(token, self._private.public_key(), SERVICE_TYPE, self._clock, required, audience)
        return str(claims["sub"])


def key_id(key: Ed25519PublicKey) -> str:
    """The JWK thumbprint of RFC 7638 and RFC 8037, which anybody can work out from the public key."""
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": _url_safe(key.public_bytes_raw())}
    return _url_safe(hashlib.sha256(json.dumps(jwk, separators=(",", ":")).encode()).digest())


def _url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _verified(
    token: str,
    key: Ed25519PublicKey,
    kind: str,
    clock: Clock,
    required: tuple[str, ...],
    audience: str | None = None,
) -> dict[str, Any]:
    try:
        if jwt.get_unverified_header(token).get("typ") != kind:
            raise TokenRefused
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=audience,
            # Times are checked below against the given clock, which a rehearsal may move.
            options={
                "require": list(required),
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        expired = clock.now().timestamp() > float(claims["exp"]) + LEEWAY.total_seconds()
    except (jwt.PyJWTError, ValueError, TypeError, UnicodeError) as error:
        raise TokenRefused from error
    if expired:
        raise TokenExpired
    return claims


def _public(pem: str) -> Ed25519PublicKey:
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("the token key is not an Ed25519 public key")
    return key


def _private(pem: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("not an Ed25519 private key")
    return key


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
