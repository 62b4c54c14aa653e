"""The three forms of a sample, as if it had been signed on a fixed day."""

from pathlib import Path

from services.reporting.documents.heads import Imprint, document_number, written
from services.reporting.documents.pdf import bulletin_pdf
from services.reporting.documents.word import bulletin_docx
from services.reporting.documents.workbook import bulletin_xlsx
from services.reporting.domain.report import BulletinKind, Report
from tests.services.reporting.samples.play import HOUSE, SIGNED

OUT = Path(__file__).parents[4] / "docs" / "samples"
NUMBERS = {BulletinKind.MONTH: 7, BulletinKind.QUARTER: 8, BulletinKind.YEAR: 9}


def imprint_of(kind: BulletinKind, report: Report) -> Imprint:
    number = document_number(HOUSE.word, SIGNED.year, NUMBERS[kind])
    return Imprint(
        f"{report.issuer}文件", number, written(SIGNED.date()), "演示数据 / demonstration data", draft=False
    )


def pdf_of(kind: BulletinKind, report: Report) -> bytes:
    return bulletin_pdf(report, imprint_of(kind, report), at=SIGNED.replace(hour=0))


def docx_of(kind: BulletinKind, report: Report) -> bytes:
    return bulletin_docx(report, imprint_of(kind, report))


def xlsx_of(kind: BulletinKind, report: Report) -> bytes:
    return bulletin_xlsx(report, imprint_of(kind, report), fingerprint=False)
