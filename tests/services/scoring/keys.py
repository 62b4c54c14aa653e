"""The seal log's key of the tests, and two witnesses."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sealing.keys import COSIGNATURE, ED25519, Signer

ORIGIN: Final = "seal.example.cn/test"
_PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
SEAL_KEY: Final = _PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
SYSTEM: Final = Signer(ORIGIN, ED25519, _PRIVATE)
WITNESSES: Final = tuple(
    Signer(f"{name}.example.cn", COSIGNATURE, Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32))
    for n, name in ((2, "discipline"), (3, "personnel"))
)
TRUST: Final = "\n".join(
    ["quorum 1", f"system {SYSTEM.key.vkey}", *(f"witness {w.key.vkey}" for w in WITNESSES)]
)
