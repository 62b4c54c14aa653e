"""Ed25519 keys by their ids: one to sign with, any number that are accepted while keys are being changed."""

import base64
import hashlib
import json
import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

_BLOCK = re.compile(r"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)


def key_id(key: Ed25519PublicKey) -> str:
    """The JWK thumbprint of RFC 7638 and RFC 8037, which anybody can work out from the public key."""
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": _url_safe(key.public_bytes_raw())}
    return _url_safe(hashlib.sha256(json.dumps(jwk, separators=(",", ":")).encode()).digest())


class SigningKey:
    """A private key and its id. Raises ValueError or TypeError if the PEM holds no Ed25519 key."""

    def __init__(self, pem: str) -> None:
        key = load_pem_private_key(pem.encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError("not an Ed25519 private key")
        self.private = key
        self.id = key_id(key.public_key())

    def ring(self) -> "KeyRing":
        """Its own public key alone."""
        return KeyRing([self.private.public_key()])

    def sign_bytes(self, data: bytes) -> tuple[str, str]:
        """The id of the key and the signature in base64, for files that leave the platform."""
        return self.id, base64.b64encode(self.private.sign(data)).decode()


class KeyRing:
    """Public keys that are accepted, found by the id that stands beside a signature."""

    def __init__(self, keys: list[Ed25519PublicKey]) -> None:
        self._keys = {key_id(key): key for key in keys}

    @classmethod
    def of(cls, pem: str) -> "KeyRing":
        """Of one PEM block or several after another; raises ValueError if there is none or one is of another kind."""
        found = [load_pem_public_key(block.encode()) for block in _BLOCK.findall(pem)]
        keys = [key for key in found if isinstance(key, Ed25519PublicKey)]
        if not keys or len(keys) < len(found):
            raise ValueError("expected PEM blocks of Ed25519 public keys")
        return cls(keys)

    def get(self, wanted: object) -> Ed25519PublicKey | None:
        return self._keys.get(wanted) if isinstance(wanted, str) else None


def _url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
