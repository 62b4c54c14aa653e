"""Checkpoints (c2sp.org/tlog-checkpoint): the origin, size and root of a log, as the text of a signed note."""

from dataclasses import dataclass

from sealing.lines import b64, has_controls, number, unb64_hash
from sealing.refusal import Refused


@dataclass(frozen=True)
class Checkpoint:
    """`size` counts entries, `root` is the RFC 6962 root over SHA-256. `extensions` are signed but mean nothing here."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), b64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Of a note's text. Raises `Refused`."""
        *lines, end = text.split("\n")
        if len(lines) < 3 or end or "" in lines or has_controls(text):  # noqa: PLR2004 -- origin, size, root
            raise Refused("note_malformed", "a checkpoint has an origin, a size and a root")
        size, root = number(lines[1]), unb64_hash(lines[2])
        if size is None or root is None:
            raise Refused("note_malformed", "size or root of the checkpoint")
        return cls(lines[0], size, root, tuple(lines[3:]))

    @classmethod
    def of_board(cls, source: str) -> "Checkpoint":
        """Of a text copied from a notice board: three lines, with or without the signatures under them.

        The signatures are not looked at: a board is believed because everybody sees it.
        """
        text, gap, _ = source.partition("\n\n")
        return cls.parse(text + "\n" if gap or not text.endswith("\n") else text)
