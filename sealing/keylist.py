"""Key lists that follow one another: what the next version says, and who has signed it (design: signed notes, versioned)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sealing.checkpoint import Checkpoint
from sealing.digests import sha256
from sealing.keys import ED25519, Key, Signer
from sealing.lines import b64
from sealing.note import Note
from sealing.refusal import Refused
from sealing.trust import HEADER, By, Limit, Trust, notes_of


@dataclass(frozen=True)
class Change:
    """What the next version has more than the last one. Keys are added, never taken out: old seals go on verifying."""

    system: Sequence[Key] = ()
    witnesses: Sequence[Key] = ()
    quorum: int | None = None
    compromised: Mapping[By, Limit] = field(default_factory=dict)


def first(trust: Trust) -> str:
    """The first version, of the keys of a plain list or of nothing but new ones. Raises `Refused`."""
    return _checked(_text(trust, version=1, previous=""))


def following(source: str, change: Change) -> str:
    """The file with its next version under it, not signed yet. Raises `Refused`: a list without a version, a key twice,
    or a statement about a key that is not listed.
    """
    trust, lists = Trust.parse(source), notes_of(source)
    if not lists:
        raise Refused("trust_unusable", "the list has no version")
    grown = Trust(
        trust.quorum if change.quorum is None else change.quorum,
        (*trust.system, *change.system),
        (*trust.witnesses, *change.witnesses),
        {**trust.limits, **change.compromised},
    )
    text = _text(grown, version=trust.version + 1, previous=sha256(lists[-1].text.encode()).hex())
    return f"{_file(lists)}\n{_checked(text)}"


def signed(source: str, signer: Signer, at: int) -> str:
    """The file with this signer's line under its last version. `at`: seconds since 1970, of a witness's signature."""
    lists = notes_of(source)
    if not lists:
        raise Refused("trust_unusable", "the list has no version")
    return _file([*lists[:-1], lists[-1].signed(signer, at)])


def fingerprints(source: str) -> list[str]:
    """SHA-256 of the text of each version, oldest first: what the regulation prints."""
    return [sha256(note.text.encode()).hex() for note in notes_of(source)]


def continues(old: str, new: str) -> bool:
    """Whether the file `new` has every version that `old` has, unaltered, at its beginning."""
    return bool(fingerprints(old)) and fingerprints(new)[: len(fingerprints(old))] == fingerprints(old)


def limit_of(checkpoint: Checkpoint, at: int) -> Limit:
    """That a key is in doubt since `at` (seconds since 1970), and this checkpoint was the last good one."""
    return Limit(checkpoint.size, checkpoint.root, at)


def system_key(origin: str, private: str) -> Signer:
    """Of a PEM (PKCS 8, Ed25519). Raises `Refused` (`trust_unusable`), ValueError for no PEM."""
    key = load_pem_private_key(private.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused("trust_unusable", "not an Ed25519 key")
    return Signer(origin, ED25519, key)


def trust_list(origin: str, private: str) -> str:
    """A first list that trusts one log's own key (PEM) and asks for no witness: what a deployment begins with."""
    return first(Trust(0, (system_key(origin, private).key,), ()))


def _text(trust: Trust, *, version: int, previous: str) -> str:
    lines = [HEADER, f"version {version}"]
    lines += [f"previous {previous}"] if previous else []
    lines += [f"quorum {trust.quorum}"]
    lines += [f"system {key.vkey}" for key in trust.system]
    lines += [f"witness {key.vkey}" for key in trust.witnesses]
    for (name, key_id), limit in trust.limits.items():
        moment = datetime.fromtimestamp(limit.at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        lines.append(f"# {moment}")
        lines.append(f"compromised {name}+{key_id.hex()} {limit.size} {b64(limit.root)} {limit.at}")
    return "".join(f"{line}\n" for line in lines)


def _checked(text: str) -> str:
    """Only the form: who vouches for it is seen once it is signed."""
    Trust.of_lines(text.split("\n")[1:], versioned=True)
    return text


def _file(lists: Sequence[Note]) -> str:
    return "\n".join(note.source if note.signatures else note.text for note in lists)
