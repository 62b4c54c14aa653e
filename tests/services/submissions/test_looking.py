"""What the worker makes of files, and what reviewers see of it."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageEnhance
from sqlalchemy import text, update

from kernel.storage.renderer import CannotBeShown, render
from services.submissions.jobs import look_at_files
from services.submissions.models import FileRow
from tests.services.submissions.conftest import API, Desk

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def scene(seed: int, *, size: tuple[int, int] = (900, 700)) -> Image.Image:
    """A picture of coloured rectangles that looks like no other seed's."""
    image = Image.new("RGB", size, (seed * 37 % 256, 90, 120))
    draw = ImageDraw.Draw(image)
    for n in range(14):
        left, top = (seed * 131 + n * 197) % size[0], (seed * 71 + n * 113) % size[1]
        colour = ((n * 53 + seed * 29) % 256, (n * 91 + seed * 17) % 256, (n * 151 + seed) % 256)
        draw.rectangle((left, top, left + 60 + n * 17 % 300, top + 40 + n * 29 % 260), fill=colour)
    return image


def jpeg(image: Image.Image, **how: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **({"quality": 92} | how))
    return buffer.getvalue()


def photograph(seed: int) -> bytes:
    """With the place where it was taken, and turned on its side as telephones do."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 20.0)
    return jpeg(scene(seed), exif=exif)


def pdf(pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


async def with_file(desk: Desk, name: str, content: bytes, by: str = "author") -> tuple[str, str]:
    """A draft with the file, and the hash."""
    draft = await desk.draft(by)
    answer = await desk.upload(draft["id"], name, content, by=by)
    assert answer.status_code == 201, answer.text
    return str(draft["id"]), hashlib.sha256(content).hexdigest()


async def look(desk: Desk) -> None:
    await look_at_files(desk.platform.runtimes["submissions"])


async def picture(desk: Desk, who: str, path: str) -> Image.Image:
    answer = await desk[who].send("GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg"), answer.text
    return Image.open(io.BytesIO(answer.content))


async def test_previews_are_upright_small_and_without_the_place(desk: Desk) -> None:
    submission, sha256 = await with_file(desk, "现场.jpg", photograph(1))
    path = f"{API}/submissions/{submission}/evidence/{sha256}/previews"
    assert (await desk["author"].get(path))["state"] == "pending"
    assert (await desk["author"].problem("GET", f"{path}/web"))["code"] == "preview-not-ready"
    await look(desk)
    told = await desk["author"].get(path)
    assert (told["state"], told["width"], told["height"]) == ("made", 900, 700)
    web = await picture(desk, "author", f"{path}/web")
    assert web.size == (700, 900)
    assert not web.getexif()
    assert max((await picture(desk, "author", f"{path}/thumbnail")).size) == 320
    original = await desk["author"].send("GET", f"{API}/submissions/{submission}/evidence/{sha256}")
    assert Image.open(io.BytesIO(original.content)).getexif().get_ifd(0x8825)[2] == (30.0, 15.0, 20.0)


async def test_a_pdf_has_a_thumbnail_a_page(desk: Desk) -> None:
    submission, sha256 = await with_file(desk, "文书.pdf", pdf(3))
    await look(desk)
    told = await desk["author"].get(f"{API}/submissions/{submission}/evidence/{sha256}/previews")
    assert told["pages"] == 3
    assert {item["kind"] for item in told["items"]} == {"web", "thumbnail", "page-1", "page-2", "page-3"}


async def test_what_cannot_be_shown_says_why_and_is_still_there(desk: Desk) -> None:
    submission, sha256 = await with_file(desk, "坏.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 500)
    await look(desk)
    told = await desk["author"].get(f"{API}/submissions/{submission}/evidence/{sha256}/previews")
    assert told["state"] == "failed"
    assert told["problem"]
    answer = await desk["author"].send("GET", f"{API}/submissions/{submission}/evidence/{sha256}")
    assert answer.status_code == 200


async def test_the_program_that_renders_is_ended_when_it_takes_too_long(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(jpeg(scene(2)))
    with pytest.raises(CannotBeShown, match="took longer"):
        await render(file, "image/jpeg", patience_s=0.001)


async def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    Image.new("1", (14_000, 14_000)).save(file)
    with pytest.raises(CannotBeShown, match="DecompressionBomb"):
        await render(file, "image/png")


@pytest.mark.parametrize(
    ("looked_at_first", "seed"), [(False, 3), (True, 13)], ids=["sent first", "looked at first"]
)
async def test_a_similar_image_elsewhere_is_shown_to_the_reviewer_with_where_it_is_used(
    desk: Desk, *, looked_at_first: bool, seed: int
) -> None:
    first = scene(seed)
    again = ImageEnhance.Brightness(first.resize((640, 498))).enhance(1.08)
    one, _ = await with_file(desk, "一.jpg", jpeg(first))
    other, copied = await with_file(desk, "二.jpg", jpeg(again, quality=60), by="stranger")
    _, _ = await with_file(desk, "三.jpg", jpeg(scene(seed + 1)), by="stranger")
    if looked_at_first:
        await look(desk)
    await desk["author"].post(f"{API}/submissions/{one}/submit")
    await desk["stranger"].post(f"{API}/submissions/{other}/submit")
    await look(desk)
    found = (await desk["assessor"].get(f"{API}/submissions/{one}/evidence-alike"))["items"]
    assert [(item["other"], [use["submission_id"] for use in item["uses"]]) for item in found] == [
        (copied, [other])
    ]
    assert 0 < found[0]["distance"] <= 7
    for submission in (one, other):
        seen = await desk["assessor"].get(f"{API}/submissions/{submission}")
        assert seen["suspicions"] == ["similar_image"]
    assert (await desk["author"].get(f"{API}/submissions/{one}"))["suspicions"] == []
    assert (await desk["author"].problem("GET", f"{API}/submissions/{one}/evidence-alike"))["status"] == 403


async def test_the_same_file_and_the_same_case_number_elsewhere_are_suspicious(desk: Desk) -> None:
    content = jpeg(scene(5))
    for by in ("author", "stranger"):
        draft = await desk.draft(by, case_number="A2026-77")
        await desk.upload(draft["id"], "a.jpg", content, by=by)
        sent = await desk[by].post(f"{API}/submissions/{draft['id']}/submit")
    seen = await desk["assessor"].get(f"{API}/submissions/{sent['id']}")
    assert seen["suspicions"] == ["same_case", "same_file"]


async def test_similar_images_are_found_by_index_among_many(desk: Desk) -> None:
    async with desk.platform.runtimes["submissions"].db.transaction() as tx:
        await tx.session.execute(
            text(
                "INSERT INTO stored_file (sha256, size, media_type, stored_at, scan, preview, waiting, attempts, look, "
                "band_1, band_2, band_3, band_4) SELECT md5(n::text), 1, 'image/jpeg', now(), 'unscanned', 'made', false, 0, "
                "l, (l >> 48) & 65535, (l >> 32) & 65535, (l >> 16) & 65535, l & 65535 FROM generate_series(1, 20000) n, "
                "LATERAL (SELECT hashtextextended(n::text, 7) AS l) AS looks"
            )
        )
    async with desk.platform.runtimes["submissions"].db.transaction() as tx:
        await tx.session.execute(text("ANALYZE stored_file"))
        from services.submissions.domain.alike import bands_of, neighbours
        from services.submissions.queries.alike import _NEAR

        keys = {f"b{n}": neighbours(band) for n, band in enumerate(bands_of(12345678901234567), start=1)}
        facts = keys | {"look": 12345678901234567, "own": "", "most": 7}
        plan = (await tx.session.execute(text(f"EXPLAIN {_NEAR.text}"), facts)).scalars().all()
    assert "Seq Scan" not in "\n".join(plan)
    assert "BitmapOr" in "\n".join(plan)


@asynccontextmanager
async def clamd() -> AsyncIterator[str]:
    """A daemon that speaks clamd's INSTREAM and knows one virus."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(length)
        writer.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def scanning(desk: Desk, address: str) -> AsyncIterator[None]:
    runtime = desk.platform.runtimes["submissions"]
    before = runtime.settings
    runtime.settings = before.model_copy(update={"scanner": address})
    try:
        yield
    finally:
        runtime.settings = before


async def test_with_a_scanner_reviewers_open_only_what_is_clean_and_nobody_a_virus(desk: Desk) -> None:
    async with clamd() as address, scanning(desk, address):
        clean, good = await with_file(desk, "好.pdf", pdf(1))
        foul, bad = await with_file(desk, "坏.pdf", pdf(1) + EICAR)
        for submission in (clean, foul):
            await desk["author"].post(f"{API}/submissions/{submission}/submit")
        path = f"{API}/submissions/{clean}/evidence/{good}"
        assert (await desk["assessor"].problem("GET", path))["code"] == "file-not-scanned"
        assert (await desk["author"].send("GET", path)).status_code == 200
        await look(desk)
        assert (await desk["assessor"].send("GET", path)).status_code == 200
        for who in ("assessor", "author"):
            problem = await desk[who].problem("GET", f"{API}/submissions/{foul}/evidence/{bad}")
            assert (problem["code"], problem["finding"]) == ("file-infected", "Eicar-Test-Signature")


async def test_while_the_scanner_is_away_files_wait_and_are_asked_about_again(desk: Desk) -> None:
    async with clamd() as address:
        pass
    async with scanning(desk, address):
        submission, sha256 = await with_file(desk, "等.pdf", pdf(2) + b"%away")
        await look(desk)
        told = await desk["author"].get(f"{API}/submissions/{submission}/evidence/{sha256}/previews")
        assert told["scan"] == "pending"
    async with clamd() as address, scanning(desk, address):
        async with desk.platform.runtimes["submissions"].db.transaction() as tx:
            await tx.session.execute(update(FileRow).values(not_before=None))
        await look(desk)
        told = await desk["author"].get(f"{API}/submissions/{submission}/evidence/{sha256}/previews")
        assert (told["scan"], told["state"]) == ("clean", "made")


async def test_the_readers_name_is_across_the_picture_where_that_is_set(desk: Desk) -> None:
    submission, sha256 = await with_file(desk, "印.jpg", jpeg(scene(6)))
    await look(desk)
    path = f"{API}/submissions/{submission}/evidence/{sha256}/previews/web"
    plain = (await desk["author"].send("GET", path)).content
    runtime = desk.platform.runtimes["submissions"]
    before = runtime.settings
    runtime.settings = before.model_copy(update={"watermark_previews": True})
    marked = (await desk["author"].send("GET", path)).content
    runtime.settings = before
    assert marked != plain
    assert Image.open(io.BytesIO(marked)).size == Image.open(io.BytesIO(plain)).size
