"""A file is what its bytes say, and what is not on the list is refused with the reason."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kernel.storage.sniffing import (
    FileBomb,
    FileDamaged,
    FileEmpty,
    FileHasMacros,
    FileTypeMismatch,
    FileTypeUnknown,
    sniff,
)

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
JPEG = b"\xff\xd8\xff\xe0" + bytes(16)
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(16)
EXE = b"MZ\x90\x00\x03\x00\x00\x00"
ELF = b"\x7fELF\x02\x01\x01"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)  # .doc, .xls: may hold macros that nobody sees
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Sent = Callable[[bytes, str], str]
TYPES = "[Content_Types].xml"


def office(root: str, **more: bytes) -> bytes:
    return archive({TYPES: b"<Types/>", f"{root}/document.xml": b"<x/>", **more})


def archive(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as found:
        for name, content in entries.items():
            found.writestr(name, content)
    return target.getvalue()


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    def sent(content: bytes, name: str) -> str:
        path = tmp_path / "spooled"
        path.write_bytes(content)
        return sniff(path, name)

    return sent


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "证明.pdf", "application/pdf"),
        (PDF, "A.PDF", "application/pdf"),
        (PNG, "a.png", "image/png"),
        (JPEG, "a.jpg", "image/jpeg"),
        (JPEG, "a.b.jpeg", "image/jpeg"),
        (MP4, "a.mp4", "video/mp4"),
        (office("xl"), "a.xlsx", SHEET),
        (office("word"), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            office("ppt"),
            "a.pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        ("出警记录\n".encode(), "a.txt", "text/plain"),
        ("出警记录\n".encode("gb18030"), "a.txt", "text/plain"),
        (b"\xef\xbb\xbf1,2\r\n", "a.csv", "text/csv"),
        (b"a", "a.txt", "text/plain"),
    ],
)
def test_files_of_the_list_are_recognised(sent: Sent, content: bytes, name: str, media_type: str):
    assert sent(content, name) == media_type


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a.exe", "a"])
def test_an_empty_file_is_called_empty(sent: Sent, name: str):
    with pytest.raises(FileEmpty):
        sent(b"", name)


@pytest.mark.parametrize(
    "name", ["a.exe", "a.html", "a.svg", "a.zip", "a.doc", "a.xls", "a.xlsm", "a.pdf.js", "a", "pdf", ".", ""]
)
def test_what_is_not_on_the_list_is_refused_by_its_name(sent: Sent, name: str):
    with pytest.raises(FileTypeUnknown):
        sent(PDF, name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (EXE, "a.pdf"),
        (ELF, "a.pdf"),
        (EXE, "a.txt"),
        (ELF, "a.txt"),
        (b"#!/bin/sh\n", "a.txt"),
        (PDF, "a.png"),
        (JPEG, "a.png"),
        (PNG, "a.xlsx"),
        (OLE, "a.xlsx"),
        (OLE, "a.txt"),
        (office("word"), "a.xlsx"),
        (office("xl"), "a.docx"),
        (office("xl"), "a.pdf"),
        (office("xl"), "a.txt"),
        (archive({"a.txt": b"x"}), "a.docx"),
        (b" " + PDF, "a.pdf"),
        (b"<html><script>", "a.pdf"),
        (b"plain text", "a.xlsx"),
        (PDF, "a.txt"),
        (b"a\x00b", "a.csv"),
        (b"\xff\xff\xff\xff", "a.txt"),
        (b"\xff", "a.txt"),
    ],
)
def test_a_name_that_does_not_fit_the_bytes_is_refused(sent: Sent, content: bytes, name: str):
    with pytest.raises(FileTypeMismatch):
        sent(content, name)


@pytest.mark.parametrize(
    "content",
    [
        office("xl", **{"xl/vbaProject.bin": b"x"}),
        office("xl", **{"xl/VBAPROJECT.BIN": b"x"}),
        archive(
            {
                TYPES: b'<Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>',
                "xl/a": b"x",
            }
        ),
    ],
)
def test_macros_are_found_whatever_the_name(sent: Sent, content: bytes):
    with pytest.raises(FileHasMacros):
        sent(content, "a.xlsx")


def test_an_archive_that_would_swell_beyond_measure_is_refused_unopened(sent: Sent):
    with pytest.raises(FileBomb):
        sent(office("xl", **{"xl/big.xml": bytes(20_000_000)}), "a.xlsx")


def test_a_content_list_that_would_swell_is_refused_unopened(sent: Sent):
    with pytest.raises(FileBomb):
        sent(archive({TYPES: bytes(20_000_000), "xl/a": b"x"}), "a.xlsx")


def test_an_archive_of_too_many_entries_is_refused(sent: Sent):
    many = archive({TYPES: b"<Types/>", **{f"xl/{n}": b"" for n in range(5001)}}, zipfile.ZIP_STORED)
    with pytest.raises(FileBomb):
        sent(many, "a.xlsx")


@pytest.mark.parametrize("name", ["xl/embeddings/a.exe", "xl/a.ZIP", "xl/a.vbs"])
def test_programs_and_archives_inside_an_archive_are_refused(sent: Sent, name: str):
    with pytest.raises(FileTypeUnknown):
        sent(office("xl", **{name: b"x"}), "a.xlsx")


@pytest.mark.parametrize("cut", [5, 30, 100, -1, -20])
def test_a_damaged_archive_is_called_damaged(sent: Sent, cut: int):
    with pytest.raises(FileDamaged):
        sent(office("xl")[:cut], "a.xlsx")


def test_an_archive_with_wrong_bytes_inside_is_called_damaged(sent: Sent):
    content = bytearray(
        archive({TYPES: b"<Types>" + b"abc" * 50 + b"</Types>", "xl/a": b"x"}, zipfile.ZIP_STORED)
    )
    content[60] ^= 0xFF
    with pytest.raises(FileDamaged):
        sent(bytes(content), "a.xlsx")


def test_a_broken_deflate_stream_is_called_damaged(sent: Sent):
    content = bytearray(archive({TYPES: bytes(range(256)) * 8, "xl/a": b"x"}))
    start = 30 + len(TYPES)
    content[start : start + 40] = b"\xff" * 40
    with pytest.raises(FileDamaged):
        sent(bytes(content), "a.xlsx")


def test_an_encrypted_archive_is_called_damaged(sent: Sent):
    content = bytearray(office("xl"))
    content[6] |= 1
    position = content.index(b"PK\x01\x02")
    content[position + 8] |= 1
    with pytest.raises(FileDamaged):
        sent(bytes(content), "a.xlsx")


def test_a_long_text_is_not_cut_in_the_middle_of_a_character(sent: Sent):
    for shift in range(4):
        for encoding in ("utf-8", "gb18030"):
            text = "x" * shift + "警" * 40_000
            assert sent(text.encode(encoding), "a.txt") == "text/plain", (shift, encoding)
