"""Figures from outside, entered for a period: a survey, a provincial rank. The newest of a name counts, none is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.scoring import EntryKind
from kernel.delivery.recusals import in_place_of, standing_of
from kernel.delivery.transaction import Transaction
from kernel.errors import Conflict, Finding, Findings
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.recusal import About, Recused
from services.scoring.actions import planning
from services.scoring.domain.ledger import PeriodClosed
from services.scoring.models import ReadingRow
from services.scoring.queries import closing, planned, subjects
from services.scoring.queries.subjects import SubjectMissing


class NoPlan(Conflict):
    code = "scheme-without-plan"
    zh = "该方案没有整套办法,不需要外部数据"
    en = "The scheme has no plan, and no use for figures from outside"


class ReadingsRefused(Findings):
    code = "readings-refused"
    zh = "外部数据有 {count} 处错误,均未录入"
    en = "{count} of the readings are wrong; none was entered"


@dataclass(frozen=True, slots=True)
class Reading:
    """`value`, or the `state` that stands in its place."""

    subject_kind: str
    subject_id: UUID
    name: str
    value: Decimal | None
    state: str | None


async def enter(
    tx: Transaction, period_id: UUID, source: str, items: Sequence[Reading], *, today: date, by: Principal
) -> int:
    """All or none. Raises ReadingsRefused with every error and its place."""
    period = await closing.covered(tx.session, period_id, by, "scoring:award")
    if period.status != "open":
        raise PeriodClosed(period=period.code)
    binding = await planned.binding_of(tx.session, period.scheme_id)
    if binding is None:
        raise NoPlan
    names, standing = binding.readings, await standing_of(tx.session, by, today=today)
    absent = set()
    now, findings = await tx.now(), []
    for index, item in enumerate(items):
        if item.name not in names:
            zh, en = f"办法没有外部数据项 {item.name}", f"the plan has no reading {item.name}"
            findings.append(Finding(f"items.{index}.name", "reading-unknown", zh, en))
            continue
        try:
            subject = await subjects.subject(tx.session, item.subject_kind, item.subject_id, period.ends_on)
            about = About(item.subject_kind, item.subject_id, subject.path)
            absent.add(in_place_of(standing, "scoring:award", about, by=by))
        except (SubjectMissing, Recused) as problem:
            place = f"items.{index}.subject_id"
            findings.append(Finding(place, problem.code, problem.text("zh"), problem.text("en")))
            continue
        tx.session.add(
            ReadingRow(
                id=new_id(), period_id=period_id, subject_kind=item.subject_kind, subject_id=item.subject_id,
                unit_id=subject.unit_id, name=item.name, value=item.value, state=item.state, source=source,
                account_id=by.account_id, actor=by.name, at=now,
            )
        )  # fmt: skip
        why = planning.Why(item.subject_id, EntryKind.ADJUSTMENT, period.ends_on, actor_id=by.officer_id)
        await planning.due(tx, period_id, item.subject_id, why)
    if findings:
        raise ReadingsRefused(findings)
    by = by.standing_in_for(next((each for each in absent if each is not None), None))
    tx.act("readings_entered", "period", period_id, by=by, after={"count": len(items), "source": source})
    return len(items)
