"""What a file is, decided from its bytes. An allow-list: what is not recognised is refused, with the reason."""

import codecs
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kernel.errors import Invalid, Unsupported

HEAD = 4096
MAX_ENTRIES = 5000
MAX_UNPACKED = 512 * 1024 * 1024
MAX_RATIO = 200
SAMPLE = 64 * 1024


class FileEmpty(Invalid):
    code = "file-empty"
    zh = "文件是空的(0 字节)"
    en = "The file is empty (0 bytes)"


class FileTypeUnknown(Unsupported):
    code = "file-type-unsupported"
    zh = "不支持这种文件,请上传 {allowed}"
    en = "This kind of file is not supported; upload {allowed}"


class FileTypeMismatch(Unsupported):
    code = "file-type-mismatch"
    zh = "文件名以 .{extension} 结尾,但内容不是这种文件"
    en = "The file name ends in .{extension}, but the content is something else"


class FileHasMacros(Unsupported):
    code = "file-macros"
    zh = "文件含有宏,请另存为不含宏的格式后上传"
    en = "The file contains macros; save it without macros and upload it again"


class FileBomb(Unsupported):
    code = "file-archive-bomb"
    zh = "压缩内容异常庞大,已拒绝"
    en = "The compressed content is suspiciously large and was refused"


class FileDamaged(Invalid):
    code = "file-damaged"
    zh = "文件已损坏,无法打开"
    en = "The file is damaged and cannot be opened"


@dataclass(frozen=True, slots=True)
class FileType:
    media_type: str
    extensions: tuple[str, ...]
    matches: Callable[[bytes], bool]


_OOXML = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OOXML_ROOT = {"xlsx": "xl/", "docx": "word/", "pptx": "ppt/"}

_PLAIN: Final = (
    FileType("application/pdf", ("pdf",), lambda b: b.startswith(b"%PDF-")),
    FileType("image/png", ("png",), lambda b: b.startswith(b"\x89PNG\r\n\x1a\n")),
    FileType("image/jpeg", ("jpg", "jpeg"), lambda b: b.startswith(b"\xff\xd8\xff")),
    FileType("video/mp4", ("mp4",), lambda b: b[4:8] == b"ftyp"),
)
ALLOWED: Final = ("pdf", "jpg", "jpeg", "png", "mp4", *_OOXML, "txt", "csv")


def sniff(path: Path, name: str) -> str:
    """The media type of the file at `path` that was sent under `name`; raises one of the classes above."""
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if path.stat().st_size == 0:
        raise FileEmpty
    if extension not in ALLOWED:
        raise FileTypeUnknown(allowed="、".join(ALLOWED))
    with path.open("rb") as file:
        head = file.read(HEAD)
    for kind in _PLAIN:
        if kind.matches(head):
            return _agreed(kind.media_type, extension, kind.extensions)
    if head.startswith(b"PK\x03\x04"):
        return _office(path, extension)
    if extension in {"txt", "csv"} and _is_text(path):
        return "text/csv" if extension == "csv" else "text/plain"
    raise FileTypeMismatch(extension=extension)


def _agreed(media_type: str, extension: str, extensions: tuple[str, ...]) -> str:
    if extension not in extensions:
        raise FileTypeMismatch(extension=extension)
    return media_type


def _office(path: Path, extension: str) -> str:
    """A zip is accepted only as one of three office formats, without macros and of sane size."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_bomb(entries, path.stat().st_size)
            names = {entry.filename for entry in entries}
            if "[Content_Types].xml" not in names or extension not in _OOXML:
                raise FileTypeMismatch(extension=extension)
            types = archive.read("[Content_Types].xml").lower()
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        zlib.error,
    ) as error:
        raise FileDamaged from error
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroenabled" in types:
        raise FileHasMacros
    if not any(name.startswith(_OOXML_ROOT[extension]) for name in names):
        raise FileTypeMismatch(extension=extension)
    return _OOXML[extension]


def _refuse_bomb(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise FileBomb
    if any(entry.filename.lower().endswith((".zip", ".exe", ".dll", ".js", ".vbs")) for entry in entries):
        raise FileTypeUnknown(allowed="、".join(ALLOWED))


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if b"\x00" in sample or sample.startswith((b"MZ", b"\x7fELF", b"#!")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # A sample may end in the middle of a character, a whole file may not.
            codecs.getincrementaldecoder(encoding)().decode(sample, final=len(sample) < SAMPLE)
        except UnicodeDecodeError:
            continue
        return True
    return False
