"""Supplement seals (补充封存): new leaves for whom a correction concerns, and for every unit above; the old ones stay."""

import json
import secrets
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.bus.canonical import plain
from kernel.delivery.transaction import Transaction
from rules.totals import Scheme, members_figure, unit_total
from sealing.digests import SHA256
from sealing.statements import Adjustment, SealFacts
from services.scoring.actions.leaves import Leaves, write
from services.scoring.actions.sealing import Sealer, enter, head_of, heads_of
from services.scoring.domain.corrections import Line, RollUpDiffers, content_hash, sealed_line
from services.scoring.domain.leaves import Sealed, line_text, officer_leaf, unit_leaf, with_line
from services.scoring.models import CorrectionRow, SealLeafRow
from services.scoring.queries import corrections as queries
from services.scoring.queries import facts, lists, sealed
from services.scoring.replicas import PeriodReplica


@dataclass(frozen=True, slots=True)
class Approved:
    row: CorrectionRow
    period: PeriodReplica
    sealer: Sealer
    now: datetime


@dataclass
class _Work:
    """What is known of one supplement while it is made. `replaced`: hash of an old leaf → hash of the new one."""

    approved: Approved
    about: Sealed
    approvers: list[str]
    digest: str
    replaced: dict[str, str] = field(default_factory=dict)
    texts: dict[tuple[str, str], bytes] = field(default_factory=dict)
    totals: list[dict[str, Any]] = field(default_factory=list)

    def adjustments(self, old: dict[str, Any], digest: str) -> list[Adjustment]:
        latest = Adjustment(
            leaf_sha256=digest,
            seal_no=old["seal_no"],
            reason=self.approved.row.reason,
            approvers=self.approvers,
        )
        return [*old["adjustments"], latest]

    def take(self, row: SealLeafRow, text: bytes, before: int, after: int) -> None:
        self.texts[row.kind, row.subject] = text
        self.replaced[row.hash_sha256] = SHA256.leaf(text).hex()
        self.totals.append(
            {
                "subject_kind": row.kind,
                "subject_id": row.subject,
                "before_milli": before,
                "after_milli": after,
            }
        )


async def supplement(tx: Transaction, approved: Approved) -> tuple[int, list[dict[str, Any]]]:
    """The number of the new seal, and everybody's total before and after. Raises RollUpDiffers."""
    row, session = approved.row, tx.session
    log = await sealed.log(session, approved.sealer.origin)
    main = await sealed.main_seal(session, row.period_id)
    about = json.loads(main.statement)
    lines = [Line.of(told) for told in row.lines]
    rule_set = await queries.rule_set(session, main.number)
    work = _Work(
        approved,
        Sealed(about["origin"], about["period"], approved.period.ends_on, log.size + 1, rule_set),
        [f"{row.proposer} ({row.proposed_by})", f"{row.decider} ({row.decided_by})"],
        content_hash(row.id, about["period"], row.reason, row.lines),
    )
    own: dict[tuple[str, UUID], list[tuple[int, Line]]] = defaultdict(list)
    for number, line in enumerate(lines):
        own[line.subject_kind, line.subject_id].append((number, line))
    for (kind, subject_id), told in own.items():
        if kind == "officer":
            await _officer(tx, work, subject_id, told)
    await _units(tx, work, {key: told for (kind, key), told in own.items() if kind == "unit"})
    leaves = Leaves(work.about)
    for (kind, subject), text in sorted(work.texts.items()):
        leaves.add(kind, subject, text)
    await write(session, leaves.taken())
    trees = leaves.trees
    heads, ledger = await heads_of(session)
    counts = {kind: sum(key[0] == kind for key in work.texts) for kind in ("officer", "unit")}
    points = sum(line.points_milli for line in lines)
    told_by = SealFacts(
        origin=about["origin"], seal_no=work.about.seal_number, prev_seal_sha256=log.head, kind="supplement",
        supplements=main.number, period=about["period"], opened_at=about["opened_at"], cutoff_at=about["cutoff_at"],
        sealed_at=plain(approved.now), tree=head_of(trees), inputs=heads, ledger_head=ledger,
        counts={
            "officers": counts["officer"], "units": counts["unit"], "submissions_accepted": 0, "submissions_rejected": 0,
            "ledger_entries": len(lines), "skipped": 0,
        },
        sums={"total_milli": points, "by_indicator": [{"indicator": None, "points_milli": points}]},
        rule_set_sha256=about["rule_set_sha256"], org_snapshot_sha256=about["org_snapshot_sha256"],
        attachments_root=about["attachments_root"], software=approved.sealer.software,
        keys=[approved.sealer.signer.key.key_id.hex()],
    )  # fmt: skip
    enter(
        tx, log, told_by, trees, approved.sealer,
        period_id=row.period_id, people=(row.proposed_by, row.decided_by or row.proposed_by), now=approved.now,
    )  # fmt: skip
    return work.about.seal_number, sorted(
        work.totals, key=lambda each: (each["subject_kind"], each["subject_id"])
    )


def _told(work: _Work, old: dict[str, Any], lines: list[tuple[int, Line]]) -> str:
    """The old leaf's lines with those of the correction."""
    text = ",".join(line_text(line) for line in old["lines"])
    for number, line in lines:
        new = sealed_line(
            work.approved.row.id, number, line, digest=work.digest, moment=plain(work.approved.now)
        )
        text = with_line(text, line_text(new))
    return text


async def _officer(tx: Transaction, work: _Work, officer_id: UUID, lines: list[tuple[int, Line]]) -> None:
    row = await queries.newest_leaf(tx.session, work.approved.row.period_id, "officer", str(officer_id))
    if row is None:
        raise LookupError(officer_id)
    old = json.loads(row.leaf)
    after = old["total_milli"] + sum(line.points_milli for _, line in lines)
    text = officer_leaf(
        work.about, officer=officer_id, unit=UUID(old["unit"]), name=await lists.officer_name(tx.session, officer_id),
        lines=_told(work, old, lines), total_milli=after, salt=secrets.token_hex(32),
        adjustments=work.adjustments(old, row.hash_sha256),
    )  # fmt: skip
    work.take(row, text, old["total_milli"], after)


async def _units(tx: Transaction, work: _Work, own: dict[UUID, list[tuple[int, Line]]]) -> None:
    """From the bottom: a unit is due when it was corrected itself, or a leaf that it names was."""
    period_id = work.approved.row.period_id
    due: dict[str, SealLeafRow] = {}
    for unit_id in own:
        row = await queries.newest_leaf(tx.session, period_id, "unit", str(unit_id))
        if row is not None:
            due[row.subject] = row
    for digest in list(work.replaced):
        await _above(tx, period_id, digest, due)
    levels = {str(unit.id): unit.level for unit in await sealed.unit_levels(tx.session)}
    while due:
        row = due.pop(max(due, key=lambda key: levels.get(key, 0)))
        await _unit(tx, work, row, own.get(UUID(row.subject), []))
        await _above(tx, period_id, row.hash_sha256, due)


async def _above(tx: Transaction, period_id: UUID, digest: str, due: dict[str, SealLeafRow]) -> None:
    row = await queries.leaf_above(tx.session, period_id, digest)
    if row is not None:
        due[row.subject] = row


async def _unit(tx: Transaction, work: _Work, row: SealLeafRow, lines: list[tuple[int, Line]]) -> None:
    session, old = tx.session, json.loads(row.leaf)
    below = await queries.leaves_of(session, work.approved.row.period_id, old["members"])
    before = [json.loads(below[digest])["total_milli"] for digest in old["members"]]
    members = [work.replaced.get(digest, digest) for digest in old["members"]]
    changed = {SHA256.leaf(text).hex(): json.loads(text)["total_milli"] for text in work.texts.values()}
    after = [changed.get(new, total) for new, total in zip(members, before, strict=True)]
    own = await queries.own_figures(session, work.approved.row.period_id, UUID(row.subject))
    scheme = _with_rule(await facts.scheme(session, work.approved.row.scheme_id), json.loads(old["rule"]))
    if unit_total(scheme, own, members_figure(scheme, before)) != old["total_milli"]:
        raise RollUpDiffers(unit=row.subject)
    if lines:
        own = (own or 0) + sum(line.points_milli for _, line in lines)
    total = unit_total(scheme, own, members_figure(scheme, after))
    text = unit_leaf(
        work.about, unit=UUID(row.subject), rule=old["rule"], lines=_told(work, old, lines), members=members,
        total_milli=total, salt=secrets.token_hex(32), adjustments=work.adjustments(old, row.hash_sha256),
    )  # fmt: skip
    work.take(row, text, old["total_milli"], total)


def _with_rule(scheme: Scheme, rule: dict[str, Any]) -> Scheme:
    """The roll-up as it was sealed, whatever the scheme says by now."""
    return replace(
        scheme, own_weight=Decimal(str(rule["own_weight"])), members_weight=Decimal(str(rule["members_weight"])),
        members=rule["members"], roll_up_decimals=int(rule["decimals"]),
    )  # fmt: skip
