"""Pictures of files, made by a process of its own for each file (`kernel.storage.rendering`)."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kernel.errors import Invalid

PATIENCE_S: Final = 40.0
MOST_BYTES: Final = 32 * 1024 * 1024


class CannotBeShown(Invalid):
    code = "cannot-be-shown"
    zh = "无法生成预览:{why}"
    en = "No preview could be made: {why}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG. `kind` is web, thumbnail or page-<n>."""

    kind: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """`look` is the perceptual hash of an image as an unsigned number of 64 bits."""

    width: int | None
    height: int | None
    pages: int | None
    look: int | None
    pictures: tuple[Picture, ...]


async def render(file: Path, media_type: str, *, patience_s: float = PATIENCE_S) -> Rendered:
    """Raises CannotBeShown; the process and whatever it started are gone when this ends, however it ends."""
    with tempfile.TemporaryDirectory(prefix="kaohe-render-") as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kernel.storage.rendering", str(file), media_type,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            cwd=folder, env=_bare(), start_new_session=True, limit=MOST_BYTES,
        )  # fmt: skip
        try:
            async with asyncio.timeout(patience_s):
                output, complaint = await process.communicate()
        except TimeoutError as error:
            raise CannotBeShown(why=f"took longer than {patience_s:.0f} s") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode != 0:
        said = complaint.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise CannotBeShown(why=said or f"ended with {process.returncode}")
    return _read(output)


def _bare() -> dict[str, str]:
    """Only what Python needs to find its own modules."""
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}


def _read(output: bytes) -> Rendered:
    line, _, rest = output.partition(b"\n")
    try:
        head: dict[str, Any] = json.loads(line)
        pictures, place = [], 0
        for kind, width, height, length in head["pictures"]:
            pictures.append(Picture(kind, width, height, rest[place : place + length]))
            place += length
        complete = place == len(rest)
    except (ValueError, KeyError, TypeError) as error:
        raise CannotBeShown(why="no readable answer") from error
    if not complete:
        raise CannotBeShown(why="the answer was cut off")
    return Rendered(head["width"], head["height"], head["pages"], head["look"], tuple(pictures))
