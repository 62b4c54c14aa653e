"""Phrases: kept, ordered, shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from contracts.permissions import Role
from kernel.delivery.transaction import Transaction
from kernel.errors import NotFound, TooLarge
from kernel.identity import Principal
from kernel.ids import new_id
from services.submissions.domain.phrases import PhraseKind, PhraseNotYours, SharingNotYours
from services.submissions.models import PhraseRow
from services.submissions.queries.facts import unit
from services.submissions.queries.phrases import visible_phrases

MOST = 200
_SHARES = frozenset({Role.UNIT_LEADER, Role.ASSESSOR, Role.ASSESSMENT_OFFICE})


class PhraseNotFound(NotFound):
    code = "phrase-not-found"
    zh = "没有这条常用语"
    en = "There is no such phrase"


class TooManyPhrases(TooLarge):
    code = "too-many-phrases"
    zh = "每人最多保存 {limit} 条常用语"
    en = "A person keeps at most {limit} phrases"


@dataclass(frozen=True, slots=True)
class Wording:
    kind: PhraseKind
    text: str
    clause: str | None = None
    indicator_id: UUID | None = None
    unit_id: UUID | None = None


async def add_phrase(tx: Transaction, wording: Wording, *, by: Principal) -> PhraseRow:
    """`unit_id`: shared with everybody in that unit and below it."""
    mine = select(func.count()).where(PhraseRow.account_id == by.account_id)
    count = int(await tx.session.scalar(mine) or 0)
    if count >= MOST:
        raise TooManyPhrases(limit=MOST)
    row = PhraseRow(
        id=new_id(), account_id=by.account_id, author=by.name, kind=wording.kind.value, text=wording.text,
        clause=wording.clause, indicator_id=wording.indicator_id,
        unit_path=await _shared_in(tx, wording.unit_id, by=by), position=count + 1, created_at=await tx.now(),
    )  # fmt: skip
    tx.session.add(row)
    return row


async def remove_phrase(tx: Transaction, phrase_id: UUID, *, by: Principal) -> None:
    row = await _changeable(tx, phrase_id, by=by)
    await tx.session.delete(row)


async def reword_phrase(tx: Transaction, phrase_id: UUID, wording: Wording, *, by: Principal) -> PhraseRow:
    row = await _changeable(tx, phrase_id, by=by)
    row.kind, row.text, row.clause = wording.kind.value, wording.text, wording.clause
    row.indicator_id = wording.indicator_id
    row.unit_path = await _shared_in(tx, wording.unit_id, by=by)
    return row


async def order_phrases(tx: Transaction, ids: Sequence[UUID], *, by: Principal) -> None:
    """One's own, in the order of the keys 1 to 9 and on; the others follow."""
    for position, phrase_id in enumerate(ids, start=1):
        mine = (PhraseRow.id == phrase_id, PhraseRow.account_id == by.account_id)
        await tx.session.execute(update(PhraseRow).where(*mine).values(position=position))


async def _changeable(tx: Transaction, phrase_id: UUID, *, by: Principal) -> PhraseRow:
    row = await tx.session.scalar(select(PhraseRow).where(PhraseRow.id == phrase_id, visible_phrases(by)))
    if row is None:
        raise PhraseNotFound
    if row.account_id != by.account_id and not _may_share(by, row.unit_path):
        raise PhraseNotYours
    return row


async def _shared_in(tx: Transaction, unit_id: UUID | None, *, by: Principal) -> str | None:
    if unit_id is None:
        return None
    found = await unit(tx.session, unit_id)
    if found is None or not _may_share(by, found.path):
        raise SharingNotYours
    return found.path


def _may_share(by: Principal, path: str | None) -> bool:
    """Inside the scope of a grant, or in the own unit of whoever has one."""
    if path is None:
        return False
    held = [grant for grant in by.grants if grant.role in _SHARES]
    own = by.unit_path is not None and path.startswith(by.unit_path) and bool(held)
    return own or any(path.startswith(grant.scope_path) for grant in held)
