"""A witness's private key as a file: its name, and the key in PKCS 8, under a passphrase if one is given."""

from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from sealing.keys import Key, Signer
from sealing.refusal import Refused

_HEAD: Final = b"key "


def written_key(signer: Signer, passphrase: str | None = None) -> bytes:
    """The bytes of the file. Keep it readable by its owner alone."""
    lock: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    )
    pem = signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    return _HEAD + signer.key.vkey.encode() + b"\n" + pem


def read_key(data: bytes, passphrase: str | None = None) -> Signer:
    """Raises `Refused` (`key_unusable`): another form, a wrong passphrase, or a name that is not this key's."""
    head, _, pem = data.partition(b"\n")
    try:
        if not head.startswith(_HEAD):
            raise Refused("key_unusable")
        key = Key.of_vkey(head.removeprefix(_HEAD).decode())
        private = load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Refused("key_unusable") from error
    if not isinstance(private, Ed25519PrivateKey) or private.public_key().public_bytes_raw() != key.public:
        raise Refused("key_unusable", key.name)
    return Signer(key.name, key.kind, private)
