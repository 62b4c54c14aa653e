"""分解下达: a received target is handed down to sub-units and officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.errors import Finding
from kernel.identity import Principal
from kernel.ids import new_id
from services.targets.actions.issuing import TargetsInvalid, TargetTaken, insert_targets
from services.targets.domain.quantity import decimals_of, trimmed
from services.targets.domain.scheme import SumCheck, ensure_published
from services.targets.domain.splitting import (
    NoParts,
    above_parent,
    ensure_within,
    remainder_to_split,
    split_by_weight,
    split_evenly,
)
from services.targets.domain.target import (
    NotYoursToSplit,
    TargetOfOfficerIndivisible,
    TargetState,
    ensure_binding,
    ensure_period_open,
    subject_kind_fits,
)
from services.targets.models import TargetRow
from services.targets.queries import org
from services.targets.queries.below import Below, below_units
from services.targets.queries.targets import (
    Handed,
    Setting,
    handed_down,
    live_subjects,
    lock_targets,
    setting_of,
    shares_before,
)
from services.targets.queries.visibility import visible_to


class Method(StrEnum):
    HAND = "hand"
    EVEN = "even"
    HEAD_COUNT = "head_count"
    COEFFICIENT = "coefficient"
    LAST_MONTH = "last_month"


@dataclass(frozen=True, slots=True)
class Part:
    subject_kind: str
    subject_id: UUID
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class Split:
    """No parts: all sub-units, or all officers of a unit without sub-units."""

    target_id: UUID
    method: Method
    parts: Sequence[Part] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The parent, its new parts, and its sum over all live parts."""

    parent: TargetRow
    made: list[TargetRow]
    handed_down: Decimal

    @property
    def uncovered(self) -> Decimal:
        return max(self.parent.quantity - self.handed_down, Decimal(0))

    @property
    def above(self) -> Decimal:
        return max(self.handed_down - self.parent.quantity, Decimal(0))


async def split_targets(tx: Transaction, splits: Sequence[Split], *, by: Principal) -> list[Outcome]:
    """Hand targets down; parts are issued at once. Parts count on top of those that are there.

    All ways but by hand hand down what is not handed down yet, to those who have no part yet, in exact shares (largest
    remainder); shares of nothing are left out. Raises TargetsInvalid with every cell that cannot be, SplitAboveParent for
    a single target, or NothingToSplit.
    """
    outcomes = await plan_splits(tx, splits, by=by)
    await insert_targets(tx, [row for one in outcomes for row in one.made], by=by, action="cascade")
    return outcomes


async def plan_splits(tx: Transaction, splits: Sequence[Split], *, by: Principal) -> list[Outcome]:
    """The same with nothing written: what a proposal shows before it is adjusted and issued."""
    parents = await lock_targets(tx.session, {split.target_id for split in splits}, where=visible_to(by))
    setting = await setting_of(tx.session, parents.values())
    carriers = await org.units(tx.session, {row.unit_id for row in parents.values()})
    for row in parents.values():
        _ensure_may_split(row, setting, carriers[row.unit_id].path, by=by)
    below = await below_units(tx.session, parents.values(), setting)
    parts = {part.subject_id for split in splits for part in split.parts or ()} | below.subjects()
    taken = await live_subjects(
        tx.session, set(setting.indicators), {row.period_id for row in parents.values()}, parts
    )
    sums = await handed_down(tx.session, parents)
    before = (
        await shares_before(tx.session, parents.values())
        if any(split.method is Method.LAST_MONTH for split in splits)
        else {}
    )
    now, made, errors = await tx.now(), list[list[TargetRow]](), list[Finding]()
    for n, split in enumerate(splits):
        parent = parents[split.target_id]
        handed = sums.get(parent.id, Handed())
        shares, found = _shares(split, parent, handed, below, setting, taken, before)
        errors += [Finding(f"splits[{n}].{f.place}", f.code, f.zh, f.en) for f in found]
        total = handed.total + sum((share.quantity or Decimal(0) for share in shares), Decimal(0))
        if not found:
            blocking = setting.schemes[parent.scheme_id].split_check == SumCheck.BLOCKING
            if len(splits) == 1:
                ensure_within(parent.quantity, total, blocking=blocking)
            elif blocking and total > parent.quantity:
                errors.append(above_parent(f"splits[{n}]", parent.quantity, total))
        sums[parent.id] = Handed(handed.count + len(shares), total)
        rows = []
        for share in shares:
            taken.add((parent.indicator_id, parent.period_id, share.subject_id))
            rows.append(
                TargetRow(
                    id=new_id(),
                    scheme_id=parent.scheme_id,
                    indicator_id=parent.indicator_id,
                    period_id=parent.period_id,
                    subject_kind=share.subject_kind,
                    subject_id=share.subject_id,
                    quantity=share.quantity,
                    parent_id=parent.id,
                    issuer_unit_id=parent.unit_id,
                    unit_id=below.carrier(parent, share.subject_kind, share.subject_id),
                    status=TargetState.ISSUED.value,
                    issued_at=now,
                )
            )
        made.append(rows)
    if errors:
        raise TargetsInvalid(errors)
    return [
        Outcome(parents[split.target_id], rows, sums[split.target_id].total)
        for split, rows in zip(splits, made, strict=True)
    ]


def _ensure_may_split(row: TargetRow, setting: Setting, path: str, *, by: Principal) -> None:
    if not by.covers("targets:cascade", path):
        raise NotYoursToSplit
    if row.subject_kind != "unit":
        raise TargetOfOfficerIndivisible
    ensure_published(setting.schemes[row.scheme_id].status)
    ensure_binding(row.status)
    ensure_period_open(setting.periods[row.period_id].status, setting.periods[row.period_id].code)


def _shares(
    split: Split,
    parent: TargetRow,
    handed: Handed,
    below: Below,
    setting: Setting,
    taken: set[tuple[UUID, UUID, UUID]],
    before: dict[tuple[UUID, UUID], Decimal],
) -> tuple[list[Part], list[Finding]]:
    """The parts with their quantities, and what is wrong with them."""
    takes = setting.indicators[parent.indicator_id].subject_kind
    named = split.parts if split.parts is not None else _everybody(parent, below, takes, taken)
    if not named:
        raise NoParts
    errors, seen = list[Finding](), set[UUID]()
    for n, part in enumerate(named):
        problem = None
        if not below.holds(parent, part.subject_kind, part.subject_id):
            problem = (
                "not-a-part",
                "不是本单位的直接下级单位,也不是本周期内在本单位任职的人员",
                "neither a direct sub-unit nor an officer posted to the unit in the period",
            )
        elif not subject_kind_fits(takes, part.subject_kind):
            problem = ("subject-kind", "该指标不考核个人", "the indicator is not for officers")
        elif part.subject_id in seen or (parent.indicator_id, parent.period_id, part.subject_id) in taken:
            problem = (TargetTaken.code, TargetTaken.zh, TargetTaken.en)
        elif split.method is Method.HAND and part.quantity is None:
            problem = ("quantity-missing", "请填写数量", "the quantity is missing")
        seen.add(part.subject_id)
        if problem is not None:
            errors.append(Finding(f"parts[{n}]", *problem))
    if errors or split.method is Method.HAND:
        return ([] if errors else list(named)), errors
    quantities = _in_proportion(split.method, parent, handed, named, below, setting, before)
    if quantities is None:
        return [], [Finding("method", *_NO_WEIGHTS[split.method])]
    return [
        Part(part.subject_kind, part.subject_id, trimmed(quantity))
        for part, quantity in zip(named, quantities, strict=True)
        if quantity > 0
    ], []


def _in_proportion(
    method: Method,
    parent: TargetRow,
    handed: Handed,
    named: Sequence[Part],
    below: Below,
    setting: Setting,
    before: dict[tuple[UUID, UUID], Decimal],
) -> list[Decimal] | None:
    """What each gets of what is not handed down yet; None if there is nothing to go by. Raises NothingToSplit."""
    rest = remainder_to_split(parent.quantity, handed.total)
    decimals = decimals_of(setting.indicators[parent.indicator_id].unit_of_measure)
    if method is Method.EVEN:
        return split_evenly(rest, len(named), decimals=decimals)
    weights = [_weight(method, parent, part, below, before) for part in named]
    return split_by_weight(rest, weights, decimals=decimals) if any(weights) else None


#: Even shares in their place would look like an answer and be none.
_NO_WEIGHTS = {
    Method.HEAD_COUNT: ("no-heads", "下级单位均无在岗人员", "none of the parts has anybody serving"),
    Method.COEFFICIENT: ("no-coefficients", "没有可用的岗位系数", "none of the parts has a role coefficient"),
    Method.LAST_MONTH: (
        "no-last-month",
        "上一周期没有该指标的分工",
        "nobody had a part of it in the period before",
    ),
}


def _weight(
    method: Method, parent: TargetRow, part: Part, below: Below, before: dict[tuple[UUID, UUID], Decimal]
) -> int | Decimal:
    if method is Method.LAST_MONTH:
        return before.get((parent.id, part.subject_id), Decimal(0))
    if method is Method.COEFFICIENT:
        return below.coefficient(parent, part.subject_kind, part.subject_id)
    return below.heads(parent, part.subject_kind, part.subject_id)


def _everybody(
    parent: TargetRow, below: Below, takes: str, taken: set[tuple[UUID, UUID, UUID]]
) -> list[Part]:
    kind = "unit" if below.sub_units(parent) else "officer"
    subjects = below.sub_units(parent) or (
        below.officers(parent) if subject_kind_fits(takes, "officer") else []
    )
    return [
        Part(kind, subject, None)
        for subject in subjects
        if (parent.indicator_id, parent.period_id, subject) not in taken
    ]
