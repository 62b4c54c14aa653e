"""Signed notes (c2sp.org/signed-note): a text, an empty line, signature lines."""

from dataclasses import dataclass, replace
from typing import Final

from sealing.keys import Key, Signer
from sealing.lines import DASH, b64, has_controls, is_key_name, unb64
from sealing.refusal import Refused

MAX_SIGNATURES: Final = 64


@dataclass(frozen=True)
class Signature:
    """One signature line: who says to have signed, and with what."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        return f"{DASH} {self.name} {b64(self.key_id + self.signature)}\n"

    @property
    def by(self) -> tuple[str, bytes]:
        return self.name, self.key_id

    @classmethod
    def of_line(cls, line: str) -> "Signature":
        """Raises `Refused`."""
        dash, _, rest = line.partition(" ")
        name, _, code = rest.partition(" ")
        data = unb64(code)
        if dash != DASH or not is_key_name(name) or data is None or len(data) < 5:  # noqa: PLR2004 -- id and more
            raise Refused("note_malformed", line[:80])
        return cls(name, data[:4], data[4:])


@dataclass(frozen=True)
class Note:
    """`text` ends with a line feed. What it says counts only once `verified` by a trusted key."""

    text: str
    signatures: tuple[Signature, ...] = ()

    @property
    def source(self) -> str:
        return self.text + "\n" + "".join(s.line for s in self.signatures)

    @classmethod
    def parse(cls, source: str) -> "Note":
        """Raises `Refused`. A name and key id may sign once."""
        text, gap, lines = source.rpartition("\n\n")
        if not gap or not lines.endswith("\n") or has_controls(source):
            raise Refused("note_malformed", "no text, empty line and signature lines")
        found = tuple(Signature.of_line(line) for line in lines[:-1].split("\n"))
        if len(found) > MAX_SIGNATURES or len({s.by for s in found}) < len(found):
            raise Refused("note_malformed", "too many signatures, or one key twice")
        return cls(text + "\n", found)

    def signed(self, signer: Signer, at: int = 0) -> "Note":
        """With one more line; a line of the same key is replaced. `at`: seconds since 1970, for a witness."""
        key = signer.key
        line = Signature(key.name, key.key_id, signer.sign(self.text, at))
        kept = tuple(s for s in self.signatures if s.by != line.by)
        return replace(self, signatures=(*kept, line))

    def signature_of(self, key: Key) -> Signature | None:
        return next((s for s in self.signatures if s.by == (key.name, key.key_id)), None)
