"""All leaves of a period, in the order of the tree: officers, system, units, each by subject."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.bus.canonical import canonical_json
from kernel.db.copying import copy_rows
from sealing.digests import SHA256, SM3
from sealing.merkle import Tree
from sealing.profile import encode
from sealing.statements import RuleSet, system_statement
from services.scoring.domain.leaves import Sealed, digest_of, officer_leaf, unit_leaf
from services.scoring.models import SealLeafRow, SealRecordRow
from services.scoring.queries import bundling
from services.scoring.queries import sealing as queries
from services.scoring.queries.sealing import Subject
from services.scoring.queries.told import Sources
from services.scoring.replicas import PeriodReplica, SchemeReplica, UnitReplica

Salt = Callable[[], str]
#: Number of the seal, place in the tree, kind, subject, canonical JSON, both hashes.
LeafRow = tuple[int, int, str, str, str, str, str]
LEAF_COLUMNS = ("seal_number", "idx", "kind", "subject", "leaf", "hash_sha256", "hash_sm3")


@dataclass
class Leaves:
    """Both hashes of every leaf, the texts of those that are not written yet, and what the seal says about all."""

    about: Sealed
    unwritten: list[LeafRow] = field(default_factory=list)
    sha256: list[bytes] = field(default_factory=list)
    sm3: list[bytes] = field(default_factory=list)
    officers: int = 0
    units: int = 0
    entries: int = 0
    rejected: int = 0
    skipped: int = 0
    org_sha256: str = ""
    attachments_sha256: str = ""

    @property
    def trees(self) -> tuple[Tree, Tree]:
        """Under SHA-256 and under SM3."""
        return Tree(self.sha256), Tree(self.sm3, SM3)

    def add(self, kind: str, subject: str, text: bytes) -> bytes:
        """The SHA-256 hash of the new leaf."""
        sha256, sm3 = SHA256.leaf(text), SM3.leaf(text)
        place = (self.about.seal_number, len(self.sha256), kind, subject)
        self.unwritten.append((*place, text.decode(), sha256.hex(), sm3.hex()))
        self.sha256.append(sha256)
        self.sm3.append(sm3)
        return sha256

    def taken(self) -> list[LeafRow]:
        """Those that were added since, to be written: a city's leaves do not fit into memory together."""
        ready, self.unwritten = self.unwritten, []
        return ready


async def write(session: AsyncSession, rows: Sequence[LeafRow]) -> None:
    await copy_rows(session, SealLeafRow.__table__, LEAF_COLUMNS, rows)  # type: ignore[arg-type]


async def gather(
    session: AsyncSession, period: PeriodReplica, told: Sources, *, number: int, deployment: str, salt: Salt
) -> Leaves:
    """Reads what `verify` finds to be right, a page at a time, and writes the leaves; hashes stay in memory.

    `told`: the logs, as `told.read` has read them in this transaction. While a page is checked and hashed beside the event
    loop, the database takes in the leaves of the one before and puts the lines of the next one together.
    """
    scheme = await queries.scheme(session, period.scheme_id)
    rules = [canonical_json(_public(row)) for row in (scheme, *await queries.indicators(session, scheme.id))]
    rule_set = RuleSet(id=str(scheme.id), version=str(scheme.version), sha256=digest_of(rules))
    about = Sealed(deployment, f"{scheme.id}/{period.code}", period.ends_on, number, rule_set)
    leaves = Leaves(about)
    by_unit: dict[UUID, list[str]] = defaultdict(list)
    hashing = asyncio.create_task(asyncio.sleep(0))  # nothing is hashed before the first page
    try:
        async for page in queries.subjects(session, period.id, "officer"):
            await hashing
            ready = leaves.taken()
            hashing = asyncio.create_task(asyncio.to_thread(_officers, leaves, page, by_unit, salt))
            await write(session, ready)
    finally:
        await hashing
    tree = await queries.units(session)
    await _system(session, leaves, period, told, tree, rules, salt)
    own = {unit.id: unit async for units in queries.subjects(session, period.id, "unit") for unit in units}
    for subject, text in _units(about, scheme, tree, own, by_unit, salt):
        leaves.add("unit", subject, text)
    await write(session, leaves.taken())
    leaves.units = len(own)
    leaves.entries += sum(unit.entries for unit in own.values())
    return leaves


def _officers(leaves: Leaves, page: Sequence[Subject], by_unit: dict[UUID, list[str]], salt: Salt) -> None:
    """Their leaves, and the hashes of these by unit."""
    for officer in page:
        text = officer_leaf(
            leaves.about, officer=officer.id, unit=officer.unit_id, name=officer.name, lines=officer.lines,
            total_milli=officer.total_milli, salt=salt(),
        )  # fmt: skip
        by_unit[officer.unit_id].append(leaves.add("officer", str(officer.id), text).hex())
        leaves.entries += officer.entries
    leaves.officers += len(page)


def _units(
    about: Sealed,
    scheme: SchemeReplica,
    tree: Sequence[UnitReplica],
    own: dict[UUID, Subject],
    officers: dict[UUID, list[str]],
    salt: Salt,
) -> list[tuple[str, bytes]]:
    """Computed from the bottom, because a unit's leaf names the leaves below it; given back by subject."""
    rule = canonical_json(scheme.roll_up)
    below: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    made: dict[str, bytes] = {}
    for unit in sorted(tree, key=lambda unit: -unit.level):
        found = own.get(unit.id)
        if found is None:
            continue
        members = officers.get(unit.id, []) + [digest for _, digest in sorted(below[unit.id])]
        text = unit_leaf(
            about, unit=unit.id, rule=rule, lines=found.lines, members=members, total_milli=found.total_milli,
            salt=salt(),
        )  # fmt: skip
        made[str(unit.id)] = text
        if unit.parent_id is not None:
            below[unit.parent_id].append((str(unit.id), SHA256.leaf(text).hex()))
    return sorted(made.items())


async def _system(
    session: AsyncSession,
    leaves: Leaves,
    period: PeriodReplica,
    told_by: Sources,
    tree: Sequence[UnitReplica],
    rules: Sequence[str],
    salt: Salt,
) -> None:
    refused = [str(key) for key in await queries.refused(session, period.id)]
    skipped = [canonical_json(list(row)) for row in await queries.skipped(session)]
    heads = await queries.stream_heads(session)
    org = [canonical_json(_public(unit)) for unit in tree]
    org += [canonical_json(list(row)) for row in await queries.postings(session)]
    texts = {
        "assessed": await bundling.assessed(session, period),
        "organisation": org,
        "rule-set": rules,
        "skipped-events": skipped,
        "stream-heads": [canonical_json(list(row)) for row in heads],
        "submissions-refused": refused,
    }
    told = {subject: _digest(lines) for subject, lines in texts.items()} | {
        "attachments": await queries.files_digest(session),
        "facts": await bundling.facts_digest(session, period.id, told_by),
        "posted": await bundling.posted_digest(session, period.id, told_by),
    }
    session.add_all(
        SealRecordRow(seal_number=leaves.about.seal_number, subject=subject, text="\n".join(lines))
        for subject, lines in texts.items()
    )
    for subject, (sha256, count) in sorted(told.items()):
        statement = system_statement(
            deployment=leaves.about.deployment, period=leaves.about.period, seal_no=leaves.about.seal_number,
            salt=salt(), subject=subject, sha256=sha256, count=count,
        )  # fmt: skip
        leaves.add("system", subject, encode(statement))
    leaves.rejected, leaves.skipped = len(refused), len(skipped)
    leaves.org_sha256, leaves.attachments_sha256 = told["organisation"][0], told["attachments"][0]


def _digest(texts: Sequence[str]) -> tuple[str, int]:
    return digest_of(texts), len(texts)


def _public(row: Any) -> dict[str, Any]:
    """A replica as it stands, column by column."""
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
