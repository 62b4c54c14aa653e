"""Keys as C2SP signed notes name them: `name+id+base64(type ‖ public key)`, and what a key of each type signs."""

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sealing.digests import sha256
from sealing.lines import b64, is_key_id, is_key_name, unb64
from sealing.refusal import Refused

#: Signature types of c2sp.org/signed-note, and our identifier under the open type 0xff.
ED25519: Final = b"\x01"
COSIGNATURE: Final = b"\x04"
SM2: Final = b"\xffoa/sm2-with-sm3"

#: The names of the types in a receipt, and the length of their public keys in bytes.
ALGORITHMS: Final = {
    "ed25519": (ED25519, 32),
    "ed25519_cosignature": (COSIGNATURE, 32),
    "sm2_with_sm3": (SM2, 65),
}
_NAMES: Final = {kind: name for name, (kind, _) in ALGORITHMS.items()}
_ED25519_BYTES: Final = 64
_COSIGNATURE_BYTES: Final = 72


@dataclass(frozen=True)
class Key:
    """A public key under its name. `kind` is the signature type with its identifier."""

    name: str
    kind: bytes
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ LF ‖ type ‖ public key), the first four bytes."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public)[:4]

    @property
    def algorithm(self) -> str:
        return _NAMES[self.kind]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(self.kind + self.public)}"

    @classmethod
    def of_vkey(cls, text: str) -> "Key":
        """Of the types 0x01 and 0x04. Raises `Refused` when any part does not fit the others."""
        name, _, rest = text.partition("+")
        key_id, _, material = rest.partition("+")
        data = unb64(material)
        if not is_key_name(name) or not is_key_id(key_id) or data is None or len(data) != 1 + 32:
            raise Refused("trust_unusable", text[:80])
        key = cls(name, data[:1], data[1:])
        if key.kind not in {ED25519, COSIGNATURE} or key.key_id.hex() != key_id:
            raise Refused("trust_unusable", text[:80])
        return key

    def verifies(self, text: str, signature: bytes) -> bool | None:
        """Whether this is the key's signature of a note with that text; None for a type not known here."""
        if self.kind == ED25519:
            return len(signature) == _ED25519_BYTES and _verifies(self.public, signature, text.encode())
        if self.kind == COSIGNATURE:
            if len(signature) != _COSIGNATURE_BYTES or (at := int.from_bytes(signature[:8])) >= 2**63:
                return False
            return _verifies(self.public, signature[8:], cosigned(text, at))
        return None


@dataclass(frozen=True)
class Signer:
    """A private key under its name: of a log (0x01) or of a witness (0x04)."""

    name: str
    kind: bytes
    private: Ed25519PrivateKey

    @property
    def key(self) -> Key:
        return Key(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str, at: int = 0) -> bytes:
        """The signature of a note's text. `at`: seconds since 1970, for a cosignature."""
        if self.kind == COSIGNATURE:
            return at.to_bytes(8) + self.private.sign(cosigned(text, at))
        return self.private.sign(text.encode())


def cosigned(text: str, at: int) -> bytes:
    """What a witness signs: c2sp.org/tlog-cosignature, version 1. `at`: seconds since 1970."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
