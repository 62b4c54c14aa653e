"""The list of trusted keys, `keys.txt`: whom a verifier believes. It never comes from the receipt.

    # comments and empty lines are passed over
    quorum 2
    system  seal.example.cn/city+7f1c…+AQ…
    witness discipline.example.cn+09ab…+BA…
    compromised seal.example.cn/city+7f1c… 12 5Hk0…= 1767225600

A checkpoint counts when a system key named like its origin and at least `quorum` different witnesses have signed it.
`compromised` names a listed key, the size and root of the last checkpoint that is known to be good, and since when the
key is in doubt (seconds since 1970). Lists that follow one another are the business of `sealing.keylist`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Self

from sealing.checkpoint import Checkpoint
from sealing.digests import sha256
from sealing.keys import COSIGNATURE, ED25519, Key
from sealing.lines import number, unb64_hash
from sealing.note import Note, Signature
from sealing.refusal import Refused

#: First line of a list that has a version and can be followed by another.
HEADER: Final = "oa/keys/1"
_DIGEST = re.compile("[0-9a-f]{64}")

#: Name and id of a key.
By = tuple[str, bytes]


@dataclass(frozen=True)
class Limit:
    """Of a compromised key: the last good checkpoint, and the second since 1970 from which the key is in doubt."""

    size: int
    root: bytes
    at: int

    def is_of(self, checkpoint: Checkpoint) -> bool:
        return (checkpoint.size, checkpoint.root) == (self.size, self.root)

    def reaches(self, checkpoint: Checkpoint) -> bool:
        """Whether the checkpoint may have been signed while the key was good."""
        return checkpoint.size < self.size or self.is_of(checkpoint)


@dataclass(frozen=True)
class Trust:
    """`version` is 0 for a list without one; `first` is the fingerprint of the oldest list that led to this one."""

    quorum: int
    system: tuple[Key, ...]
    witnesses: tuple[Key, ...]
    limits: Mapping[By, Limit] = field(default_factory=dict)
    version: int = 0
    previous: str = ""
    first: str = ""

    @classmethod
    def parse(cls, source: str) -> Self:
        """One list, or several that follow one another, of which the last counts. Raises `Refused`: `trust_unusable`
        for a broken line, no system key, no or two quorums, a quorum beyond the witnesses, one public key twice, or a
        statement about a key that is not listed; `trust_not_vouched` for a list that nobody of the one before signed.
        """
        lists = notes_of(source)
        if not lists:
            return cls.of_lines(source.split("\n"))
        found = cls.of_lines(lists[0].text.split("\n")[1:], versioned=True)
        first = sha256(lists[0].text.encode()).hex()
        for before, note in pairwise(lists):
            after = cls.of_lines(note.text.split("\n")[1:], versioned=True)
            found.vouch(before, note, after)
            found = after
        return replace(found, first=first)

    @classmethod
    def of_lines(cls, lines: Collection[str], *, versioned: bool = False) -> Self:
        """Of one list without its header. Raises `Refused`."""
        once: dict[str, str] = {}
        keys: dict[str, list[Key]] = {"system": [], "witness": []}
        limits: dict[By, Limit] = {}
        for line in lines:
            words = [word for word in re.split("[ \t\r]+", line) if word]
            if not words or words[0].startswith("#"):
                continue
            match words:
                case [("quorum" | "version" | "previous") as word, value] if word not in once:
                    once[word] = value
                case ["system" | "witness" as role, vkey]:
                    keys[role].append(_key(vkey, role))
                case ["compromised", key, *said] if (by := _by(key)) not in limits:
                    limits[by] = _limit(said, line)
                case _:
                    raise Refused("trust_unusable", line[:80])
        return cls._checked(once, keys, limits, versioned=versioned)

    @classmethod
    def _checked(
        cls, once: dict[str, str], keys: dict[str, list[Key]], limits: dict[By, Limit], *, versioned: bool
    ) -> Self:
        quorum, version = number(once.get("quorum", "")), number(once.get("version", "0"))
        previous = once.get("previous", "")
        every = [key for found in keys.values() for key in found]
        if not keys["system"] or len({key.public for key in every}) < len(every) or quorum is None:
            raise Refused("trust_unusable", "one quorum, a system key, and every key once")
        if quorum > len(keys["witness"]):
            raise Refused("trust_unusable", "more witnesses asked for than there are")
        if not limits.keys() <= {(key.name, key.key_id) for key in every}:
            raise Refused("trust_unusable", "a statement about a key that is not listed")
        follows = versioned and version is not None and version > 1
        if version is None or ("version" in once) is not versioned or (versioned and version == 0):
            raise Refused("trust_unusable", "version")
        if bool(_DIGEST.fullmatch(previous)) is not follows or ("previous" in once) is not follows:
            raise Refused("trust_unusable", "previous")
        return cls(quorum, tuple(keys["system"]), tuple(keys["witness"]), limits, version, previous)

    @property
    def keys(self) -> tuple[Key, ...]:
        return (*self.system, *self.witnesses)

    @property
    def good(self) -> tuple[Key, ...]:
        """The keys of which nothing is said against."""
        return tuple(key for key in self.keys if (key.name, key.key_id) not in self.limits)

    def accept(self, note: Note, checkpoint: Checkpoint) -> int:
        """How many witnesses' lines count. The lines must have been verified. Raises `Refused` when the log's own
        signature is missing (`system_signature_missing`) or of a compromised key (`key_compromised`), or when
        witnesses are (`witnesses_missing`).

        A compromised system key counts for the last good checkpoint, and for earlier ones that witnesses of whom
        nothing is said have signed before: whoever has the key can date back, witnesses do not.
        """
        signed = [key for key in self.system if key.name == checkpoint.origin and note.signature_of(key)]
        if not signed:
            raise Refused("system_signature_missing", checkpoint.origin)
        if not any(self._system_counts(key, note, checkpoint) for key in signed):
            raise Refused("key_compromised", f"{signed[0].name}+{signed[0].key_id.hex()}")
        count = sum(self._witness_counts(key, note, checkpoint) for key in self.witnesses)
        if count < self.quorum:
            raise Refused("witnesses_missing", f"{count} < {self.quorum}")
        return count

    def believes(self, note: Note) -> bool:
        """Whether a checkpoint's lines of listed keys are right, and enough of them count."""
        lines = [(key, line) for key in self.keys if (line := note.signature_of(key))]
        try:
            self.accept(note, Checkpoint.parse(note.text))
        except Refused:
            return False
        return all(key.verifies(note.text, line.signature) for key, line in lines)

    def _system_counts(self, key: Key, note: Note, checkpoint: Checkpoint) -> bool:
        limit = self.limits.get((key.name, key.key_id))
        if limit is None or limit.is_of(checkpoint):
            return True
        lines = [note.signature_of(key) for key in self.witnesses if key in self.good]
        early = sum(line is not None and signed_at(line) <= limit.at for line in lines)
        return limit.reaches(checkpoint) and early >= max(1, self.quorum)

    def _witness_counts(self, key: Key, note: Note, checkpoint: Checkpoint) -> bool:
        line, limit = note.signature_of(key), self.limits.get((key.name, key.key_id))
        if line is None or limit is None:
            return line is not None
        return limit.reaches(checkpoint) and signed_at(line) <= limit.at

    def vouch(self, own: Note, note: Note, after: "Trust") -> None:
        """The list `after`, with this note, follows this one. Raises `Refused`.

        Signed by a system key and `quorum` witnesses of this list, or, when that key is lost, by two witnesses at
        least; keys that either list calls compromised count for nothing, and what is said against one stays said. Every
        line must be right and of this list's keys: here nobody's is passed over.
        """
        if after.version != self.version + 1 or after.previous != sha256(own.text.encode()).hex():
            raise Refused("trust_not_vouched", f"{self.version} -> {after.version}")
        keys = {(key.name, key.key_id): key for key in self.keys}
        for line in note.signatures:
            if line.by not in keys or keys[line.by].verifies(note.text, line.signature) is not True:
                raise Refused("trust_not_vouched", line.name)
        doubtful = {*self.limits, *after.limits}
        signed = [key for by, key in keys.items() if note.signature_of(key) and by not in doubtful]
        witnesses = sum(key in self.witnesses for key in signed)
        needed = self.quorum if len(signed) > witnesses else max(2, self.quorum)
        if witnesses < needed:
            raise Refused("trust_not_vouched", f"{self.version} -> {after.version}")
        if any(after.limits.get(by) != limit for by, limit in self.limits.items()):
            raise Refused("trust_not_vouched", "a statement was taken back")


def notes_of(source: str) -> list[Note]:
    """The versioned lists in a file, oldest first: header and lines, an empty line, signature lines. None of a plain
    file. Raises `Refused`.
    """
    lines = source.split("\n")
    starts = [index for index, line in enumerate(lines) if line == HEADER]
    if not starts:
        return []
    if any(line and not line.startswith("#") for line in lines[: starts[0]]):
        raise Refused("trust_unusable", "something before the first list")
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        block = lines[start:end]
        gap = block.index("") if "" in block else len(block)
        text = "".join(f"{line}\n" for line in block[:gap])
        rest = "".join(f"{line}\n" for line in block[gap:] if line)
        try:
            found.append(Note.parse(f"{text}\n{rest}") if rest else Note(text))
        except Refused as refused:
            raise Refused("trust_unusable", refused.detail) from refused
    return found


def signed_at(line: Signature) -> int:
    """When a witness says to have signed, in seconds since 1970."""
    return int.from_bytes(line.signature[:8])


def _key(vkey: str, role: str) -> Key:
    key = Key.of_vkey(vkey)
    if key.kind != (ED25519 if role == "system" else COSIGNATURE):
        raise Refused("trust_unusable", f"{role}: type {key.kind.hex()}")
    return key


def _by(text: str) -> By:
    name, _, key_id = text.partition("+")
    return name, bytes.fromhex(key_id) if re.fullmatch("[0-9a-f]{8}", key_id) else b""


def _limit(words: list[str], line: str) -> Limit:
    size, root, at = [*words, "", "", ""][:3]
    found = number(size), unb64_hash(root), number(at)
    if len(words) != 3 or found[0] is None or found[1] is None or found[2] is None:  # noqa: PLR2004 -- size, root, time
        raise Refused("trust_unusable", line[:80])
    return Limit(found[0], found[1], found[2])
