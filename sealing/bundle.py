"""The seal bundle (`oa/bundle/2`): one text file with everything that a period's seal was made of.

    bundle 1a2b3c4d {"_t":"oa/bundle/2","seal":{…},"checkpoint":"…","log":["…"]}
    rules  …        …one line each: the scheme, its indicators
    …
    end    …        <SHA-256 over all bytes before this line>

A line is a section's name, the CRC-32 of its text in hex, and the text, with a space between and a line feed at the end. The
check sums say in which line something was damaged; that nothing was altered on purpose, the seal says: SHA-256 over the texts
of a section, each ended by a line feed, stands in the leaf of the system that is named after it.

`oa/bundle/1` is of seals made before `assessed` and `posted` were kept: it is read, and cannot show what a plan was applied to.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

FORMAT: Final = "oa/bundle/2"
OLD_FORMAT: Final = "oa/bundle/1"
HEAD, LEAVES, END = "bundle", "leaf", "end"
#: Sections in the order of the file, between head and leaves → the system leaf that has their digest.
RECORDS: Final = {
    "rules": "rule-set", "organisation": "organisation", "streams": "stream-heads", "skipped": "skipped-events",
    "refused": "submissions-refused", "files": "attachments", "facts": "facts",
    "assessed": "assessed", "posted": "posted",
}  # fmt: skip
#: Sections that `oa/bundle/2` has more.
OF_PLANS: Final = frozenset({"assessed", "posted"})
_ORDER: Final = (HEAD, *RECORDS, LEAVES, END)


class BundleDamaged(Exception):
    """A line that is not what a bundle has there; `place` says which."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        super().__init__(f"{place}: {en}")
        self.place, self.zh, self.en = place, zh, en


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: its number from 1, its section, its text."""

    number: int
    section: str
    text: str

    @property
    def place(self) -> str:
        return f"line {self.number} ({self.section})"


def line(section: str, text: str) -> bytes:
    data = text.encode()
    return b"%s %08x %s\n" % (section.encode(), zlib.crc32(data), data)


def read(lines: Iterable[bytes]) -> Iterator[Entry]:
    """The entries of a file, a line at a time. Raises BundleDamaged at the first line that is wrong, or when the end is missing."""
    state, at, number = hashlib.sha256(), 0, 0
    for raw in lines:
        number += 1
        entry = _entry(number, raw)
        place = _ORDER.index(entry.section)
        if place < at or (number == 1) != (entry.section == HEAD):
            raise BundleDamaged(entry.place, "各节次序不对", "a section out of its order")
        at = place
        if entry.section == END:
            if entry.text != state.hexdigest():
                raise BundleDamaged(
                    entry.place, "与前面全部内容的指纹不符", "not the digest of all before it"
                )
            if next(iter(lines), None) is not None:
                raise BundleDamaged(f"line {number + 1}", "结尾之后还有内容", "something after the end")
            return
        state.update(raw)
        yield entry
    raise BundleDamaged(f"line {number + 1}", "文件不完整", "the file is cut short")


def _entry(number: int, raw: bytes) -> Entry:
    section, _, rest = raw.partition(b" ")
    check, _, text = rest.partition(b" ")
    name = section.decode("ascii", "replace")
    if name not in _ORDER:
        raise BundleDamaged(f"line {number}", "不认识的一节", "an unknown section")
    if not text.endswith(b"\n") or check != b"%08x" % zlib.crc32(text[:-1]):
        raise BundleDamaged(f"line {number} ({name})", "这一行被改动过", "this line was altered")
    try:
        return Entry(number, name, text[:-1].decode())
    except UnicodeDecodeError as error:
        raise BundleDamaged(f"line {number} ({name})", "不是 UTF-8", "not UTF-8") from error
