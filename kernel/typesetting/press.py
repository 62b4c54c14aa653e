"""Template and data to PDF/A, the same bytes for the same input (Typst). Nothing is fetched, no font of the system is used."""

import asyncio
import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import pylopdf_fonts_zh_cn
import typst
from typst import Fonts, TypstError

HOUSE: Final = Path(__file__).with_name("house.typ")
#: PDF/A-3: for keeping, with files attached, every font inside.
STANDARD: Final = "a-3b"
#: How many different characters that no font has are written as their numbers before a paper is given up.
MOST_UNKNOWN: Final = 20
T = TypeVar("T")
_UNKNOWN: Final = re.compile(r'the text `"(.+?)"` could not be displayed')


class TypesettingFailed(RuntimeError):
    """A template is wrong or asks for data that it was not given: a fault of ours, with Typst's own account of it."""


async def typeset(
    template: Path, data: Mapping[str, Any], *, at: datetime, files: Mapping[str, bytes] | None = None
) -> bytes:
    """The PDF, made in the press's own thread: one paper at a time, the event loop goes on.

    `data` is JSON; `at`, an aware time, is the paper's date inside the file; `files` stand under `/files/`.
    A character that no font has appears as its number, 〔U+2A6A5〕. Raises TypesettingFailed.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_thread(), lambda: compiled(template, data, at=at, files=files or {}))


def compiled(
    template: Path,
    data: Mapping[str, Any],
    *,
    at: datetime,
    files: Mapping[str, bytes] | None = None,
    modules: Sequence[Path] = (),
) -> bytes:
    """As `typeset`, in the caller's thread; `modules` are Typst files that the template imports by name."""
    return _pressed(template, data, files or {}, modules, lambda root: _printed(root, at))


def pictured(
    template: Path, data: Mapping[str, Any], *, ppi: int, modules: Sequence[Path] = ()
) -> list[bytes]:
    """As `compiled`, each page a PNG of `ppi` dots an inch."""
    return _pressed(template, data, {}, modules, lambda root: _drawn(root, ppi))


def _pressed(
    template: Path,
    data: Mapping[str, Any],
    files: Mapping[str, bytes],
    modules: Sequence[Path],
    press: Callable[[Path], T],
) -> T:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    with tempfile.TemporaryDirectory(prefix="kaohe-press-") as name:
        root = Path(name)
        _lay_out(root, template, files, modules)
        for _ in range(MOST_UNKNOWN + 1):
            (root / "data.json").write_text(text, encoding="utf-8")
            try:
                return press(root)
            except TypstError as error:
                unknown = _UNKNOWN.search(error.message)
                if unknown is None or (plain := text.replace(unknown[1], _numbers(unknown[1]))) == text:
                    raise TypesettingFailed(f"{template.name}: {error.diagnostic}") from error
                text = plain
    raise TypesettingFailed(f"{template.name}: too many characters that no font has")


def _lay_out(root: Path, template: Path, files: Mapping[str, bytes], modules: Sequence[Path]) -> None:
    """Everything a template may see: the house style, its modules, its own text, its files."""
    for module in modules:
        (root / module.name).write_bytes(module.read_bytes())
    (root / "house.typ").write_bytes(HOUSE.read_bytes())
    (root / "main.typ").write_bytes(template.read_bytes())
    (root / "files").mkdir()
    for name, content in files.items():
        if Path(name).name != name:
            raise ValueError(name)
        (root / "files" / name).write_bytes(content)


def _printed(root: Path, at: datetime) -> bytes:
    printed: bytes
    printed, warnings = typst.compile_with_warnings(
        **_world(root), format="pdf", pdf_standards=STANDARD, timestamp=int(at.timestamp())
    )
    _refuse(warnings)
    return printed


def _drawn(root: Path, ppi: int) -> list[bytes]:
    pages, warnings = typst.compile_with_warnings(**_world(root), format="png", ppi=ppi)
    _refuse(warnings)
    return [pages] if isinstance(pages, bytes) else pages


def _world(root: Path) -> dict[str, Any]:
    return {
        "input": root / "main.typ", "root": root, "font_paths": _fonts(), "ignore_system_fonts": True,
        "package_path": root / "packages", "package_cache_path": root / "packages",
    }  # fmt: skip


def _refuse(warnings: Sequence[object]) -> None:
    if warnings:
        raise TypesettingFailed("; ".join(str(warning) for warning in warnings))


def _numbers(text: str) -> str:
    return "".join(f"〔U+{ord(character):04X}〕" for character in text)


@cache
def _fonts() -> Fonts:
    folder = pylopdf_fonts_zh_cn.sans_path().parent
    return Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="press")
