"""The bulletins of docs/samples: a year that is scored, closed and sealed; its ledger says what they say. If not: `make samples`."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from services.reporting.domain.report import BulletinKind, report_of
from services.reporting.replicas import StatementReplica
from services.scoring.models import EntryRow, SealRow
from tests.services.reporting.samples.city import YEAR, City
from tests.services.reporting.samples.papers import NUMBERS, OUT, pdf_of
from tests.services.reporting.samples.play import report, year

OWN, MEMBERS = Fraction("0.6"), Fraction("0.4")
MONTHS = {
    BulletinKind.MONTH: (12,),
    BulletinKind.QUARTER: (10, 11, 12),
    BulletinKind.YEAR: tuple(range(1, 13)),
}


@dataclass
class Played:
    """What was left when the year was over."""

    reports: dict[BulletinKind, dict[str, Any]]
    anew: dict[BulletinKind, bool]
    ledger: dict[tuple[UUID, UUID], int]
    """(period, subject) → thousandths."""
    seals: int


@pytest.fixture(scope="module")
def played(databases: Databases, objects: ObjectStore) -> Played:
    return asyncio.run(_play(databases, objects))


async def _play(databases: Databases, objects: ObjectStore) -> Played:
    ledger: dict[tuple[UUID, UUID], int] = defaultdict(int)
    async with year(databases, objects) as made:
        async with made.db("scoring").reading() as session:
            columns = (EntryRow.period_id, EntryRow.subject_id, EntryRow.points_milli)
            for period_id, subject_id, milli in await session.execute(select(*columns)):
                ledger[period_id, subject_id] += milli
            seals = len((await session.scalars(select(SealRow))).all())
        rows = await made.bulletins()
        # What moves after the seals touches no bulletin that was made of them.
        async with made.db("reporting").transaction() as tx:
            half = {"total_milli": StatementReplica.total_milli / 2, "version": StatementReplica.version + 1}
            await tx.session.execute(update(StatementReplica).values(half))
        anew = {kind: await made.made_anew(row) for kind, row in rows.items()}
    reports = {kind: json.loads(json.dumps(report(row).to_data())) for kind, row in rows.items()}
    return Played(reports, anew, ledger, seals)


def committed(kind: BulletinKind) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((OUT / f"{kind}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("kind", list(NUMBERS))
def test_a_sample_is_what_is_made_of_its_report_today(kind: BulletinKind):
    assert pdf_of(kind, report_of(committed(kind))) == (OUT / f"{kind}.pdf").read_bytes()
    assert all((OUT / f"{kind}.{form}").stat().st_size > 5_000 for form in ("docx", "xlsx"))


@pytest.mark.parametrize("kind", list(NUMBERS))
def test_a_sample_is_what_the_year_gives_today(played: Played, kind: BulletinKind):
    assert played.reports[kind] == committed(kind)


@pytest.mark.parametrize("kind", list(NUMBERS))
def test_each_total_and_place_is_that_of_the_ledger(played: Played, kind: BulletinKind):
    """Worked out anew from the entries: own points and the mean of the members, the mean of the months, competition ranks."""
    city, expected = City(), {}
    for unit in city.units:
        crew = [who.id for who in city.crews[unit.id]]
        months = []
        for month in MONTHS[kind]:
            period = city.period(month).id
            members = Fraction(sum(played.ledger[period, who] for who in crew), len(crew))
            months.append(half_up(OWN * played.ledger[period, unit.id] + MEMBERS * half_up(members, 10), 10))
        expected[unit.name] = (unit.series_id, half_up(Fraction(sum(months), len(months)), 1))
    shown = {row[1]: row for row in committed(kind)["appendix"]["rows"]}
    assert {name: int(Decimal(row[-2]) * 1000) for name, row in shown.items()} == {
        name: milli for name, (_, milli) in expected.items()
    }
    for name, (series, milli) in expected.items():
        ahead = sum(1 for other, theirs in expected.values() if other == series and theirs > milli)
        assert int(shown[name][-1]) == ahead + 1, name


@pytest.mark.parametrize("kind", list(NUMBERS))
def test_each_bulletin_is_made_anew_from_its_seals_after_the_figures_moved(
    played: Played, kind: BulletinKind
):
    assert played.anew[kind]
    assert played.seals == len(committed(BulletinKind.YEAR)["digests"]) == 12
    assert committed(kind)["span_code"].endswith(f"{YEAR}-12")


def half_up(milli: Fraction | int, step: int) -> int:
    """To whole steps of thousandths."""
    exact = Fraction(milli) / step
    return (
        int((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP))
        * step
    )
