"""An import takes effect: everything in one transaction, by COPY and a few statements."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal_column, select, text, update

from kernel.db.copying import copy_rows
from kernel.db.patience import take_time
from kernel.delivery.alike import write_alike
from kernel.delivery.transaction import Transaction
from kernel.errands.asking import ask
from kernel.errands.running import Running
from kernel.errors import Conflict
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.pinyin import initials
from services.org import messages
from services.org.actions.recording import record
from services.org.actions.roster import classifying, unit_rows
from services.org.actions.roster.receiving import open_import
from services.org.models import OfficerRow, PostingRow, RosterImportRow, RosterLineRow, SeriesRow
from services.org.queries.roster import ANY_ERROR

APPLY = "roster-apply"
CHUNK = 5_000
L = RosterLineRow
_OFFICER = ("id", "version", "police_number", "name", "initials", "category", "status", "series_id")
#: What the others are told of a new officer; the rest is the same for all.
_TOLD = ("id", "police_number", "name", "category", "series_id")
_POSTING = (
    "id", "version", "officer_id", "unit_id", "post", "kind", "role_coefficient", "is_primary", "valid_from", "deleted",
)  # fmt: skip


class HasErrors(Conflict):
    code = "roster-has-errors"
    zh = "花名册仍有 {errors} 行错误;可只导入正确的行"
    en = "The roster still has {errors} wrong rows; the good rows alone can be imported"


class HeadCountJumps(Conflict):
    code = "roster-head-count"
    zh = "人数变化 {percent}%(系统 {before} 人,花名册 {after} 人),请确认不是用错了文件"
    en = "The head count changes by {percent}% (system {before}, roster {after}); confirm that it is the right file"


async def start(
    tx: Transaction,
    import_id: UUID,
    *,
    good_only: bool,
    absent_left: bool,
    head_count_seen: bool,
    effective_on: date,
    by: Principal,
) -> RosterImportRow:
    """Asks for the errand, after what can be refused at once."""
    row = await open_import(tx, import_id, "checked")
    if row.counts["errors"] and not good_only:
        raise HasErrors(errors=row.counts["errors"])
    change = row.counts["head_count"]
    if change["confirm"] and not head_count_seen:
        raise HeadCountJumps(**{name: change[name] for name in ("percent", "before", "after")})
    row.effective_on = effective_on
    asked = {"import": row.id, "good_only": good_only, "absent_left": absent_left}
    row.errand_id = await ask(tx, APPLY, asked, by=by)
    await tx.session.flush()
    return row


async def run(running: Running) -> None:
    """The errand `roster-apply`."""
    await running.progress("importing")
    today = running.runtime.clock.now().astimezone(running.runtime.zone).date()
    async with running.runtime.db.transaction() as tx:
        await take_time(tx.session)
        await tx.lock("roster")
        row = await open_import(tx, UUID(running.asked["import"]), "checked")
        await classifying.classify(tx, row, today=today)
        await _refuse_new_errors(tx, row, good_only=bool(running.asked["good_only"]))
        done = await _apply(tx, row, running)
        row.status, row.counts = "applied", row.counts | {"absent_left": bool(running.asked["absent_left"])}
        await tx.session.flush()
        row.applied_at = await tx.session.scalar(
            select(func.clock_timestamp())
        )  # after the last write: what undoing asks
        await record(tx, "roster-import", row.id, "applied", by=running.by, **done)
        await running.finish(tx, {"import": row.id, **done})


async def _refuse_new_errors(tx: Transaction, row: RosterImportRow, *, good_only: bool) -> None:
    """Somebody may have changed the organisation since the check."""
    wrong = select(func.count()).where(L.import_id == row.id, literal_column(ANY_ERROR))
    errors = int(await tx.session.scalar(wrong) or 0)
    if errors and not good_only:
        raise HasErrors(errors=errors)


async def _apply(tx: Transaction, row: RosterImportRow, running: Running) -> dict[str, int]:
    start_on = row.effective_on or (await tx.now()).date()
    units = await unit_rows.write(tx, row, start_on)
    series = await _series_of_people(tx, row)
    new = await _add_people(tx, row, series, start_on, running)
    changed = await _change_people(tx, row, series, start_on)
    left = await _leave(tx, row, start_on) if running.asked["absent_left"] else 0
    return {**units, "officers_new": new, "officers_changed": changed, "officers_left": left}


#: Officers are ranked among their own category unless the roster, or somebody, assigns a finer series.
_BY_CATEGORY = {
    "officer": ("P-OFFICER", "民警"),
    "auxiliary": ("P-AUXILIARY", "辅警"),
    "civilian": ("P-CIVILIAN", "文职"),
}


async def _series_of_people(tx: Transaction, row: RosterImportRow) -> dict[str, UUID]:
    """Series by the name that the roster gives, and by category; those that are missing are made."""
    said = select(L.series).where(L.import_id == row.id, L.kind == "person", L.series.is_not(None)).distinct()
    names = set((await tx.session.scalars(said.where(L.effect.is_not(None)))).all())
    used = select(L.category).where(L.import_id == row.id, L.effect == "new").distinct()
    categories = {category or "officer" for category in (await tx.session.scalars(used)).all()}
    by_name = await unit_rows.series(tx, {n for n in names if n}, subject_kind="officer")
    found = {name: by_name[name].id for name in by_name}
    existing = {s.code: s for s in (await tx.session.scalars(select(SeriesRow))).all()}
    fresh = [
        SeriesRow(code=_BY_CATEGORY[c][0], name=_BY_CATEGORY[c][1], subject_kind="officer")
        for c in sorted(categories)
        if _BY_CATEGORY[c][0] not in existing
    ]
    tx.session.add_all(fresh)
    await tx.publish_many(messages.series, fresh)
    codes = {s.code: s.id for s in [*existing.values(), *fresh]}
    return found | {f"@{c}": codes[code] for c, (code, _) in _BY_CATEGORY.items() if code in codes}


async def _lines(tx: Transaction, row: RosterImportRow, effects: Sequence[str], after: int) -> Sequence[Any]:
    query = (
        select(L.position, L.number, L.name, L.unit_id, L.post, L.category, L.series, L.since, L.coefficient, L.officer_id,
               L.effect, L.before)
        .where(L.import_id == row.id, L.effect.in_(effects), L.position > after)
        .order_by(L.position)
        .limit(CHUNK)
    )  # fmt: skip
    return (await tx.session.execute(query)).all()


async def _add_people(
    tx: Transaction, row: RosterImportRow, series: Mapping[str, UUID], start_on: date, running: Running
) -> int:
    done, after = 0, -1
    while lines := await _lines(tx, row, ["new"], after):
        officers = [_officer(line, series) for line in lines]
        pairs = zip(lines, officers, strict=True)
        postings = [_posting(line, officer["id"], start_on) for line, officer in pairs]
        await copy_rows(tx.session, OfficerRow.__table__, _OFFICER, [tuple(o.values()) for o in officers])  # type: ignore[arg-type]
        await copy_rows(tx.session, PostingRow.__table__, _POSTING, [tuple(p.values()) for p in postings])  # type: ignore[arg-type]
        told = ({name: officer[name] for name in _TOLD} for officer in officers)
        await write_alike(tx, messages.officer(OfficerRow(**officers[0])), told)
        await write_alike(tx, messages.posting(PostingRow(**postings[0])), postings)
        await tx.session.execute(
            text(
                "UPDATE roster_line l SET officer_id = o.id, posting_id = p.id FROM officer o JOIN posting p ON p.officer_id = o.id "
                "WHERE l.import_id = :import AND l.position BETWEEN :first AND :last AND l.effect = 'new' AND o.police_number = l.number"
            ),
            {"import": row.id, "first": lines[0].position, "last": lines[-1].position},
        )
        done, after = done + len(lines), lines[-1].position
        await running.progress("importing", done, row.counts["people"]["new"])
    return done


def _officer(line: Any, series: Mapping[str, UUID]) -> dict[str, Any]:
    """The columns `_OFFICER`, in their order."""
    category = line.category or "officer"
    return {
        "id": new_id(),
        "version": 1,
        "police_number": line.number,
        "name": line.name,
        "initials": initials(line.name),
        "category": category,
        "status": "in_service",
        "series_id": series[line.series or f"@{category}"],
    }


def _posting(line: Any, officer_id: UUID, start_on: date) -> dict[str, Any]:
    """The columns `_POSTING`, in their order."""
    since = min(line.since, start_on) if line.since else start_on.replace(month=1, day=1)
    return {
        "id": new_id(),
        "version": 1,
        "officer_id": officer_id,
        "unit_id": line.unit_id,
        "post": line.post or "民警",
        "kind": "regular",
        "role_coefficient": line.coefficient or Decimal(1),
        "is_primary": True,
        "valid_from": since,
        "deleted": False,
    }


async def _change_people(
    tx: Transaction, row: RosterImportRow, series: Mapping[str, UUID], start_on: date
) -> int:
    """Whoever moved, changed or returned: the posting up to now ends on the eve, a new one begins."""
    done, after = 0, -1
    while lines := await _lines(tx, row, ["moved", "changed", "returned"], after):
        officers = await _by_id(tx, OfficerRow, [line.officer_id for line in lines])
        ended = await _by_id(tx, PostingRow, [x for x in (line.before["posting_id"] for line in lines) if x])
        seen = {posting.id: posting.version for posting in ended.values()}
        told, postings, fresh, made = [], [], [], []
        for line in lines:
            officer = officers[line.officer_id]
            if _changed(officer, line, series):
                told.append(officer)
            old = ended.get(UUID(line.before["posting_id"])) if line.before["posting_id"] else None
            following = _succeed(line, old, start_on)
            if old is not None:
                postings.append(old)
            if following is not None:
                fresh.append(following)
                made.append((line, following))
        # The old ones must have ended before the new ones begin: one open main posting an officer.
        await tx.session.flush()
        tx.session.add_all(fresh)
        await tx.publish_many(messages.officer, told)
        await tx.publish_many(messages.posting, [p for p in postings if p.version > seen[p.id]] + fresh)
        for line, posting in made:
            mine = update(L).where(L.import_id == row.id, L.position == line.position)
            await tx.session.execute(mine.values(posting_id=posting.id))
        await tx.flush_events()
        done, after = done + len(lines), lines[-1].position
    return done


async def _by_id(tx: Transaction, kind: Any, ids: Sequence[Any]) -> dict[UUID, Any]:
    rows = await tx.session.scalars(
        select(kind).where(kind.id.in_([UUID(str(i)) for i in ids])).with_for_update()
    )
    return {found.id: found for found in rows}


def _changed(officer: OfficerRow, line: Any, series: Mapping[str, UUID]) -> bool:
    before = (officer.category, officer.series_id, officer.status)
    officer.category = line.category or officer.category
    officer.series_id = series[line.series] if line.series else officer.series_id
    if line.effect == "returned":
        officer.status = "in_service"
    return before != (officer.category, officer.series_id, officer.status)


def _succeed(line: Any, old: PostingRow | None, start_on: date) -> PostingRow | None:
    """Ends or puts right the old posting; gives the one that follows it, if anything changed."""
    post = line.post or (old.post if old else "民警")
    coefficient = line.coefficient or (old.role_coefficient if old else Decimal(1))
    if old is not None and (old.unit_id, old.post, old.role_coefficient) == (line.unit_id, post, coefficient):
        return None
    since: date = line.since if line.since and (old is None or line.since > old.valid_from) else start_on
    if old is not None and since <= old.valid_from:
        # It began today, or only will: the same posting, put right.
        old.unit_id, old.post, old.role_coefficient = line.unit_id, post, coefficient
        return None
    following = PostingRow(
        id=new_id(), officer_id=line.officer_id, unit_id=line.unit_id, post=post, kind="regular",
        role_coefficient=coefficient, is_primary=True, valid_from=since, valid_to=old.valid_to if old else None, deleted=False,
    )  # fmt: skip
    if old is not None:
        old.valid_to = since - timedelta(days=1)
    return following


async def _leave(tx: Transaction, row: RosterImportRow, start_on: date) -> int:
    done, after = 0, -1
    while lines := await _lines(tx, row, ["left"], after):
        officers = await _by_id(tx, OfficerRow, [line.officer_id for line in lines])
        postings = await _by_id(tx, PostingRow, [line.before["posting_id"] for line in lines])
        for officer in officers.values():
            officer.status = "left"
        for posting in postings.values():
            posting.valid_to = max(start_on - timedelta(days=1), posting.valid_from)
        await tx.publish_many(messages.officer, list(officers.values()))
        await tx.publish_many(messages.posting, list(postings.values()))
        await tx.flush_events()
        done, after = done + len(lines), lines[-1].position
    return done
