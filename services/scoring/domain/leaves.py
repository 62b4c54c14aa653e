"""The leaves of a seal as canonical texts (reliability.md D2.1). Pure; salts come from the caller.

`lines` are one text, as it stands between the brackets: the ledger's database writes it (`queries.sealing`), and it is checked
once, as a part of its leaf.
"""

import hashlib
import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from kernel.ids import derived
from sealing.grammar import require
from sealing.profile import written
from sealing.refusal import Refused
from sealing.statements import OFFICER, UNIT, Adjustment, Line, RuleSet

#: The reason of the line that module limits, weights and rounding add to the plain sum of the entries.
LIMITS: Final = "limits-and-weights"
# Quotes inside of a text are escaped, so these cannot be met there.
_POINTS: Final = re.compile(r'"points_milli":(-?[0-9]+),"reason_code"')
_ENTRY: Final = re.compile(r'"entry_id":"([0-9a-f-]{36})","event_id"')
_NEXT: Final = re.compile(r',(?=\{"attachments_sha256":)')


@dataclass(frozen=True, slots=True)
class Sealed:
    """What all leaves of one seal have in common."""

    deployment: str
    period: str
    ends_on: date
    seal_number: int
    rule_set: RuleSet

    def shared(self, salt: str) -> dict[str, Any]:
        return {
            "deployment": self.deployment, "period": self.period, "seal_no": self.seal_number, "salt": salt,
            "rule_set": self.rule_set,
        }  # fmt: skip


def officer_leaf(
    about: Sealed,
    *,
    officer: UUID,
    unit: UUID,
    name: str,
    lines: str,
    total_milli: int,
    salt: str,
    adjustments: Sequence[Adjustment] = (),
) -> bytes:
    """The lines are the entries by id; where caps, weights or rounding make another total, one more line says by how much.

    Raises `Refused` for what is no canonical statement.
    """
    rest = total_milli - total(lines)
    told = with_line(lines, _limits(about, officer, rest)) if rest else lines
    facts = {
        "_t": OFFICER, **about.shared(salt), "officer": str(officer), "name_hash": salted(salt, name), "unit": str(unit),
        "unit_leaf_key": str(unit), "lines": [], "total_milli": total_milli, "adjustments": list(adjustments),
    }  # fmt: skip
    if rest and total(told) != total_milli:
        raise Refused("lines_unordered", "another sum")
    return _leaf(facts, told)


def unit_leaf(
    about: Sealed,
    *,
    unit: UUID,
    rule: str,
    lines: str,
    members: Sequence[str],
    total_milli: int,
    salt: str,
    adjustments: Sequence[Adjustment] = (),
) -> bytes:
    """`members` are the hashes of its officers' and its lower units' leaves, in that order, each by subject."""
    own = total(lines)
    facts = {
        "_t": UNIT, **about.shared(salt), "unit": str(unit), "rule": rule, "lines": [], "own_milli": own,
        "members": list(members), "total_milli": total_milli, "adjustments": list(adjustments),
    }  # fmt: skip
    return _leaf(facts, lines)


def total(lines: str) -> int:
    """In thousandths of a point."""
    return sum(map(int, _POINTS.findall(lines)))


def entries_of(lines: str) -> list[str]:
    """The ids of the entries that the lines tell."""
    return _ENTRY.findall(lines)


def with_line(lines: str, line: str) -> str:
    """One more line, at the place of its entry."""
    told = _NEXT.split(lines) if lines else []
    told.insert(bisect(entries_of(lines), entries_of(line)[0]), line)
    return ",".join(told)


def line_text(line: Line) -> str:
    return written(line).decode()


def salted(salt: str, text: str) -> str:
    """SHA-256(salt || text), so that a name cannot be guessed from its hash."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def digest_of(texts: Iterable[str]) -> str:
    """SHA-256 over any number of texts without line feeds, each ended by one."""
    state = hashlib.sha256()
    for text in texts:
        state.update(text.encode() + b"\n")
    return state.hexdigest()


def moment(day: date) -> str:
    """An event date has no hour: the first moment of its day."""
    return f"{day.isoformat()}T00:00:00.000000Z"


def _leaf(facts: dict[str, Any], lines: str) -> bytes:
    """The statement with its lines put in. Its own texts cannot contain the place: a quote in them is escaped."""
    head, place, tail = written(facts).decode().partition(',"lines":[]')
    data = f"{head}{place[:-1]}{lines}]{tail}".encode()
    require(data, facts["_t"])
    entries = entries_of(lines)
    if any(a >= b for a, b in pairwise(entries)):
        raise Refused("lines_unordered", "entries not in order, or one twice")
    return data


def _limits(about: Sealed, officer: UUID, rest: int) -> str:
    key = str(derived("limits", officer, about.period, about.seal_number))
    return line_text(
        Line(
            entry_id=key, event_id=key, content_hash=about.rule_set["sha256"], indicator=None, points_milli=rest,
            reason_code=LIMITS, occurred_at=moment(about.ends_on), attachments_sha256=[],
        )
    )  # fmt: skip
