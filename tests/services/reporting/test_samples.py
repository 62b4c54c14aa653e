"""The bulletins of docs/samples are what the present code makes of their reports, byte for byte."""

import json

import pytest

from services.reporting.domain.report import BulletinKind, report_of
from tests.services.reporting.samples import KINDS, OUT, City, pdf_of


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_sample_is_what_is_made_of_its_report_today(kind: BulletinKind):
    """If it is not: `make samples`, and look at the pages."""
    report = report_of(json.loads((OUT / f"{kind}.json").read_text(encoding="utf-8")))
    assert pdf_of(kind, report) == (OUT / f"{kind}.pdf").read_bytes()
    assert all((OUT / f"{kind}.{form}").stat().st_size > 5_000 for form in ("docx", "xlsx"))


def test_the_figures_of_the_samples_are_those_that_the_seed_gives():
    """The last month's totals of all units, drawn anew without a database."""
    city = City()
    _, statements = city.month(12)
    names = {unit.id: unit.name for unit in city.units}
    drawn = {names[s.subject_id]: s.total_milli for s in statements if s.subject_id in names}
    report = json.loads((OUT / "month.json").read_text(encoding="utf-8"))
    shown = {row[1]: row[-2] for row in report["appendix"]["rows"]}
    assert {name: float(total) * 1000 for name, total in shown.items()} == pytest.approx(drawn)
