"""Keys for single purposes, derived from one secret: what is signed for one purpose says nothing under another."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import SecretStr

KEY_BYTES = 32


def derived_secret(private_pem: SecretStr, purpose: str) -> bytes:
    """32 bytes that follow from the Ed25519 key and the purpose (HKDF-SHA-256, RFC 5869) and tell nothing of the key."""
    key = load_pem_private_key(private_pem.get_secret_value().encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("not an Ed25519 private key")
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=b"kaohe/v1", info=purpose.encode())
    return derivation.derive(key.private_bytes_raw())


def derived_key(private_pem: SecretStr, purpose: str) -> Ed25519PrivateKey:
    """A signing key of its own for the purpose."""
    return Ed25519PrivateKey.from_private_bytes(derived_secret(private_pem, purpose))
