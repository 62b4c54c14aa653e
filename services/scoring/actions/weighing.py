"""What awards are worth beside the rules: the highest of one cause, and nothing for those that are facts of a plan."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.scoring import EntryKind
from rules.binding import Binding
from rules.totals import BONUS, DEDUCTION
from services.scoring.actions.posting import Draft
from services.scoring.domain.awards import AwardState, worths
from services.scoring.domain.ledger import difference
from services.scoring.models import AwardRow, EntryRow


async def differences(
    session: AsyncSession, period_id: UUID, binding: Binding | None, subjects: Collection[UUID] | None = None
) -> list[tuple[AwardRow, int, int]]:
    """Award, what it is worth, what the ledger holds for it, where these differ; of these subjects, or everybody's."""
    query = select(AwardRow).where(AwardRow.period_id == period_id)
    sums = (
        select(EntryRow.award_id, func.sum(EntryRow.points_milli))
        .where(EntryRow.period_id == period_id, EntryRow.award_id.is_not(None))
        .group_by(EntryRow.award_id)
    )
    if subjects is not None:
        query = query.where(AwardRow.subject_id.in_(subjects))
        sums = sums.where(EntryRow.subject_id.in_(subjects))
    by_subject: dict[UUID, list[AwardRow]] = defaultdict(list)
    awards = (await session.scalars(query.order_by(AwardRow.id))).all()
    for award in awards:
        if award.status == AwardState.POSTED and not (binding is not None and binding.takes(award.kind)):
            by_subject[award.subject_id].append(award)
    worth = {key: value for rows in by_subject.values() for key, value in worths(rows).items()}
    held: dict[Any, int] = {key: int(total) for key, total in (await session.execute(sums)).all()}
    found = [(award, worth.get(award.id, 0), held.get(award.id, 0)) for award in awards]
    return [(award, wanted, posted) for award, wanted, posted in found if wanted != posted]


def drafts(
    found: Sequence[tuple[AwardRow, int, int]],
    act: str,
    source: UUID,
    *,
    own: EntryKind,
    actor: UUID | None,
    reason: str = "",
) -> list[Draft]:
    """Entries of the differences, first those of the deed `source` itself, with the kind `own`; the others are adjustments."""
    made = []
    for award, wanted, posted in sorted(found, key=lambda each: each[0].deed_id != source):
        change = difference(wanted, posted)
        if change is None:
            continue
        is_own = award.deed_id == source
        zh, en = _reasons(award, wanted, own=is_own, reason=reason)
        made.append(
            Draft(
                scheme_id=award.scheme_id, period_id=award.period_id, subject_kind=award.subject_kind,
                subject_id=award.subject_id, unit_id=award.unit_id,
                module=BONUS if award.kind == "bonus" else DEDUCTION, indicator_id=None,
                kind=own if is_own else EntryKind.ADJUSTMENT, points_milli=change, rule_revision=None,
                rule_key=f"award:{act}:{award.id}", source_event_id=source, submission_id=None, award_id=award.id,
                reason_zh=zh, reason_en=en, actor_id=actor, occurred_on=award.occurred_on,
            )
        )  # fmt: skip
    return made


def _reasons(award: AwardRow, wanted: int, *, own: bool, reason: str) -> tuple[str, str]:
    zh, en = f"{award.category} {award.document_number}:", f"{award.kind} {award.document_number}: "
    if own and (wanted or award.status != AwardState.POSTED):
        said = reason or award.reason
        share = "" if award.parts == award.part else f"({award.part}/{award.parts})"
        return f"{zh}{said}{share}", f"{en}{said} {share}".rstrip()
    if wanted:
        return f"{zh}同一事由的更高项已撤销", f"{en}the higher one of the same cause is gone"
    return f"{zh}同一事由取最高,不重复计分", f"{en}of the same cause only the highest counts"
