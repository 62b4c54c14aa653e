"""The list of trusted keys, `keys.txt`: whom a verifier believes. It never comes from the receipt.

    # comments and empty lines are passed over
    quorum 2
    system  seal.example.cn/city+7f1c…+AQ…
    witness discipline.example.cn+09ab…+BA…

A checkpoint counts when a system key named like its origin and at least `quorum` different witnesses have signed it.
"""

import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sealing.keys import COSIGNATURE, ED25519, Key, Signer
from sealing.lines import number
from sealing.refusal import Refused


@dataclass(frozen=True)
class Trust:
    quorum: int
    system: tuple[Key, ...]
    witnesses: tuple[Key, ...]

    @classmethod
    def parse(cls, source: str) -> "Trust":
        """Raises `Refused`: a broken line, no system key, no or two quorums, a quorum beyond the witnesses, or one
        public key twice.
        """
        quorums: list[int] = []
        keys: dict[str, list[Key]] = {"system": [], "witness": []}
        for line in source.split("\n"):
            words = [word for word in re.split("[ \t\r]+", line) if word]
            if not words or words[0].startswith("#"):
                continue
            match words:
                case ["quorum", digits] if (count := number(digits)) is not None:
                    quorums.append(count)
                case ["system" | "witness" as role, vkey]:
                    keys[role].append(_key(vkey, role))
                case _:
                    raise Refused("trust_unusable", line[:80])
        every = [key.public for found in keys.values() for key in found]
        if not keys["system"] or len(set(every)) < len(every) or len(quorums) != 1:
            raise Refused("trust_unusable", "one quorum, a system key, and every key once")
        if quorums[0] > len(keys["witness"]):
            raise Refused("trust_unusable", "more witnesses asked for than there are")
        return cls(quorums[0], tuple(keys["system"]), tuple(keys["witness"]))

    @property
    def keys(self) -> tuple[Key, ...]:
        return (*self.system, *self.witnesses)


def _key(vkey: str, role: str) -> Key:
    key = Key.of_vkey(vkey)
    if key.kind != (ED25519 if role == "system" else COSIGNATURE):
        raise Refused("trust_unusable", f"{role}: type {key.kind.hex()}")
    return key


def trust_list(origin: str, private: str) -> str:
    """A list that trusts one log's own key (PEM, Ed25519) and asks for no witness: what a deployment begins with."""
    key = load_pem_private_key(private.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused("trust_unusable", "not an Ed25519 key")
    return f"quorum 0\nsystem {Signer(origin, ED25519, key).key.vkey}\n"
