"""The check of a roster: read row by row, kept as lines, compared with the database in a few statements."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from kernel.db.copying import copy_rows
from kernel.db.patience import take_time
from kernel.delivery.transaction import Transaction
from kernel.errands.running import Running
from kernel.errors import Invalid
from kernel.workbooks.sheets import Place
from kernel.workbooks.streaming import Stream, open_streams
from services.org.actions.roster import classifying
from services.org.actions.roster.receiving import open_import
from services.org.domain.roster import headers, planning, reading
from services.org.domain.roster.headers import Header, SheetKind
from services.org.models import RosterImportRow, RosterLineRow, RosterMappingRow
from services.org.queries import roster as queries

CHUNK = 5_000
COLUMNS = (
    "import_id", "position", "sheet", "row", "kind", "number", "name", "unit", "post", "category", "series", "since",
    "coefficient", "cells", "findings",
)  # fmt: skip


class NothingRecognised(Invalid):
    code = "roster-not-recognised"
    zh = "没有找到花名册的表头(至少需要:警号、姓名、单位,或 单位名称、单位类别)"
    en = "No roster header was found (needed at least: police number, name, unit; or unit name, kind)"


@dataclass
class Book:
    """The sheets in which a header was found."""

    sheets: list[tuple[Stream, Header]]
    patches: dict[str, dict[tuple[int, str], str]] = field(default_factory=dict)

    def rows(self, kind: SheetKind) -> Iterator[reading.Row]:
        for stream, header in self.sheets:
            if header.kind is kind:
                yield from reading.rows_of(
                    stream.name, stream.rows(), header, self.patches.get(stream.name, {})
                )

    @property
    def height(self) -> int:
        return sum(stream.height for stream, _ in self.sheets)


async def run(running: Running) -> None:
    """The errand `roster-check`."""
    import_id = UUID(running.asked["import"])
    db = running.runtime.db
    await running.progress("reading")
    async with db.reading() as session:
        content = await queries.workbook(session, import_id)
    streams = await asyncio.to_thread(open_streams, content)
    today = running.runtime.clock.now().astimezone(running.runtime.zone).date()
    async with db.transaction() as tx:
        await take_time(tx.session)
        row = await open_import(tx, import_id)
        book = await _recognise(tx, row, streams)
        row.sheets = [_told(stream, header) for stream, header in book.sheets]
        if any(header.missing for _, header in book.sheets):
            row.status = "unmapped"
        else:
            await check(tx, row, book, today=today, running=running)
            row.status = "checked"
            await _remember(tx, row, book)
        await running.finish(tx, {"import": import_id, "status": row.status})


async def _recognise(tx: Transaction, row: RosterImportRow, streams: list[Stream]) -> Book:
    """Columns by what the user says, else by what the office said of the same headers before, else by their names."""
    found = []
    for stream in streams:
        top = list(islice(stream.rows(), headers.LOOK_AHEAD))
        given = row.given.get(stream.name)
        header = headers.find_header(top, given)
        if header is not None and given is None:
            kept = await tx.session.get(RosterMappingRow, (row.scope_unit_id, headers.fingerprint(header)))
            header = headers.find_header(top, kept.columns) if kept else header
        if header is not None:
            found.append((stream, header))
    whole = [pair for pair in found if not pair[1].missing]
    # A sheet that only looks a little like a roster is left alone when another one is a roster, unless it was named.
    chosen = [p for p in found if p in whole or p[0].name in row.given] if whole else found
    if not chosen:
        raise NothingRecognised
    return Book(chosen, await queries.patches(tx.session, row.id))


def _told(stream: Stream, header: Header) -> dict[str, Any]:
    return {
        "sheet": stream.name,
        "kind": header.kind,
        "header_row": header.row + 1,
        "headers": [text for text in header.texts if text],
        "columns": {field: header.texts[column] for field, column in header.columns.items()},
        "places": dict(header.columns),
        "missing": list(header.missing),
        "fields": reading.expected(header.kind),
    }


async def _remember(tx: Transaction, row: RosterImportRow, book: Book) -> None:
    for stream, header in book.sheets:
        if stream.name in row.given:
            key = {"scope_unit_id": row.scope_unit_id, "fingerprint": headers.fingerprint(header)}
            columns = {field: header.texts[column] for field, column in header.columns.items()}
            await tx.session.merge(RosterMappingRow(**key, columns=columns))


async def check(
    tx: Transaction, row: RosterImportRow, book: Book, *, today: date, running: Running | None = None
) -> None:
    """Lines, findings, effects and counts of an import, made anew."""
    await tx.session.execute(delete(RosterLineRow).where(RosterLineRow.import_id == row.id))
    plan, bad = _units(book, await queries.known_units(tx.session, today))
    row.units = [asdict(unit) for unit in plan.units]
    await tx.session.flush()
    position = await _copy(tx, [_bad_line(row.id, n, "unit", r, f) for n, (r, f) in enumerate(bad)])
    people = book.rows(SheetKind.PEOPLE)
    while chunk := await asyncio.to_thread(_lines, people, row.id, position):
        position += await _copy(tx, chunk)
        if running is not None:
            await running.progress("reading", position, book.height)
    if running is not None:
        await running.progress("comparing", position, position)
    await classifying.classify(tx, row, today=today)
    row.counts = await queries.counted(tx.session, row, plan)
    await tx.session.flush()


def _units(
    book: Book, known: list[planning.KnownUnit]
) -> tuple[planning.UnitPlan, list[tuple[reading.Row, list[dict[str, object]]]]]:
    lines, bad, by_place = [], [], {}
    for row in book.rows(SheetKind.UNITS):
        found = reading.read_unit(row)
        by_place[row.place] = row
        if isinstance(found, list):
            bad.append((row, _findings(row, found)))
        else:
            lines.append(found)
    plan = planning.plan_units(lines, known)
    bad += [(by_place[refused.line.place], [refused.finding]) for refused in plan.refused]
    return plan, sorted(bad, key=lambda pair: (pair[0].place.sheet, pair[0].place.row))


def _lines(rows: Iterator[reading.Row], import_id: UUID, start: int) -> list[tuple[Any, ...]]:
    """The next lines about people, ready for COPY."""
    found = []
    for position, row in enumerate(islice(rows, CHUNK), start):
        person = reading.read_person(row)
        if isinstance(person, list):
            found.append(_bad_line(import_id, position, "person", row, _findings(row, person)))
            continue
        p = person
        found.append(
            (import_id, position, row.place.sheet, row.place.row, "person", p.number, p.name, p.unit, p.post, p.category,
             p.series, p.since, p.coefficient, _json(row.texts()), None)
        )  # fmt: skip
    return found


def _findings(row: reading.Row, found: list[reading.Found]) -> list[dict[str, object]]:
    texts = row.texts()
    return [reading.finding_of(field, finding, texts.get(field, "")) for field, finding in found]


def _bad_line(
    import_id: UUID, position: int, kind: str, row: reading.Row, findings: list[dict[str, object]]
) -> tuple[Any, ...]:
    place: Place = row.place
    nothing = (None,) * 8
    return (import_id, position, place.sheet, place.row, kind, *nothing, _json(row.texts()), _json(findings))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


async def _copy(tx: Transaction, lines: list[tuple[Any, ...]]) -> int:
    if lines:
        await copy_rows(tx.session, RosterLineRow.__table__, COLUMNS, lines)  # type: ignore[arg-type]
    return len(lines)
