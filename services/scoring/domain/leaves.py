"""Ledger entries and statements as the leaves of a seal (reliability.md D2.1). Pure; salts come from the caller."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.ids import derived
from sealing.statements import Line, RuleSet, Statement, officer_statement, unit_statement

#: The reason of the line that module limits, weights and rounding add to the plain sum of the entries.
LIMITS = "limits-and-weights"
NO_ATTACHMENTS: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """What all leaves of one seal have in common."""

    deployment: str
    period: str
    ends_on: date
    seal_number: int
    rule_set: RuleSet


@dataclass(frozen=True, slots=True)
class Posted:
    """A ledger entry, as far as a leaf tells it."""

    id: UUID
    event_id: UUID
    hash: str
    indicator: str | None
    points_milli: int
    kind: str
    occurred_on: date
    attachments: Sequence[str] = NO_ATTACHMENTS


def officer_leaf(
    about: Sealed,
    *,
    officer: UUID,
    unit: UUID,
    unit_key: str,
    name: str,
    entries: Sequence[Posted],
    total_milli: int,
    salt: str,
) -> Statement:
    """The lines are the entries; where caps, weights or rounding make another total, one more line says by how much."""
    lines = [_line(entry) for entry in entries]
    rest = total_milli - sum(line["points_milli"] for line in lines)
    if rest:
        key = str(derived("limits", officer, about.period, about.seal_number))
        lines.append(
            Line(
                entry_id=key,
                event_id=key,
                content_hash=about.rule_set["sha256"],
                indicator=None,
                points_milli=rest,
                reason_code=LIMITS,
                occurred_at=_moment(about.ends_on),
                attachments_sha256=[],
            )
        )
    return officer_statement(
        lines,
        deployment=about.deployment, period=about.period, seal_no=about.seal_number, salt=salt, officer=str(officer),
        name_hash=salted(salt, name), unit=str(unit), unit_leaf_key=unit_key, rule_set=about.rule_set, adjustments=[],
    )  # fmt: skip


def unit_leaf(
    about: Sealed,
    *,
    unit: UUID,
    rule: str,
    entries: Sequence[Posted],
    members: Sequence[str],
    total_milli: int,
    salt: str,
) -> Statement:
    """`members` are the hashes of its officers' and its lower units' leaves, in that order, each by subject."""
    return unit_statement(
        [_line(entry) for entry in entries],
        deployment=about.deployment, period=about.period, seal_no=about.seal_number, salt=salt, unit=str(unit),
        rule_set=about.rule_set, rule=rule, members=list(members), total_milli=total_milli, adjustments=[],
    )  # fmt: skip


def salted(salt: str, text: str) -> str:
    """SHA-256(salt || text), so that a name cannot be guessed from its hash."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def digest_of(texts: Iterable[str]) -> str:
    """SHA-256 over any number of texts without line feeds, each ended by one."""
    state = hashlib.sha256()
    for text in texts:
        state.update(text.encode() + b"\n")
    return state.hexdigest()


def _line(entry: Posted) -> Line:
    return Line(
        entry_id=str(entry.id), event_id=str(entry.event_id), content_hash=entry.hash, indicator=entry.indicator,
        points_milli=entry.points_milli, reason_code=entry.kind, occurred_at=_moment(entry.occurred_on),
        attachments_sha256=sorted(entry.attachments),
    )  # fmt: skip


def _moment(day: date) -> str:
    """An event date has no hour: the first moment of its day."""
    return f"{day.isoformat()}T00:00:00.000000Z"
