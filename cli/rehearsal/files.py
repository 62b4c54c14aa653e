"""Evidence made on the fly: real PDF, JPEG and XLSX files, each different."""

import io
import random

import xlsxwriter
from PIL import Image, ImageDraw

KINDS = ("pdf", "jpg", "xlsx")


def evidence(kind: str, title: str, seed: int) -> tuple[str, bytes]:
    """A file name and the bytes of a small file of that kind; the same seed gives the same content."""
    make = {"pdf": _pdf, "jpg": _jpeg, "xlsx": _xlsx}[kind]
    return f"{title}.{kind}", make(seed)


def _pdf(seed: int) -> bytes:
    text = f"BT /F1 14 Tf 60 760 Td (Kaohe rehearsal evidence {seed}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table)
    return bytes(out)


def _jpeg(seed: int) -> bytes:
    rng = random.Random(seed)
    image = Image.new("RGB", (240, 160), tuple(rng.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        pen.line([(rng.randrange(240), rng.randrange(160)) for _ in range(2)], fill="white", width=3)
    pen.text((8, 8), f"Kaohe {seed}", fill="black")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def _xlsx(seed: int) -> bytes:
    rng = random.Random(seed)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, ["序号", "事项", "数量", "凭证"])
    for row in range(1, 6):
        sheet.write_row(row, 0, [row, f"演示事项{row}", rng.randrange(1, 9), f"{seed}-{row}"])
    book.close()
    return out.getvalue()
