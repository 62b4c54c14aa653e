"""`kaohe objects`: the stored files out of the S3 server into a folder, and back. A file's name is the SHA-256 of its bytes."""

import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress

from cli.texts import EXIT_DEPENDENCY, EXIT_FINDINGS, EXIT_PRECONDITION, say
from kernel.settings import StorageSettings
from kernel.storage import twins
from kernel.storage.blobs import Blobs, FileMissing
from kernel.storage.copies import place_of, relative_place
from kernel.storage.server import ServerAway

_PIECE = 1024 * 1024
_console = Console(stderr=True, highlight=False)
app = typer.Typer(no_args_is_help=True, help="附件的备份与恢复 / back up and restore stored files")


@app.command()
def save(
    to: Path = typer.Option(..., help="目标目录 / folder; files that are there are not copied again"),
    listing: Path = typer.Option(..., "--list", help="写下有哪些文件 / file to write the names to"),
) -> None:
    """复制全部附件,边复制边核对 / Copy every stored file, hashing what is copied.

    kaohe objects save --to /backups/objects --list /backups/today/objects.txt
    """
    names, copied = asyncio.run(_save(to))
    listing.write_text("".join(f"{name} {relative_place(name)}\n" for name in names), encoding="ascii")
    _console.print(say(f"{copied} 个新文件,共 {len(names)} 个", f"{copied} new files of {len(names)}"))


@app.command()
def restore(
    source: Path = typer.Option(..., "--from", help="备份目录 / folder that they were saved to"),
    listing: Path = typer.Option(..., "--list", help="要恢复的文件清单 / the list that was written then"),
) -> None:
    """把清单中的附件放回 S3 / Put the files of a list back.

    kaohe objects restore --from /backups/objects --list /backups/today/objects.txt
    """
    names = [line.split(" ")[0] for line in listing.read_text(encoding="ascii").splitlines()]
    print(asyncio.run(_restore(source, names)))


@app.command()
def compare(
    hashes: bool = typer.Option(False, help="逐个读出并核对指纹 / read every file and hash it"),
    as_json: bool = typer.Option(False, "--json", help="机器可读 / for programs"),
) -> None:
    """核对两台 S3 服务器,补齐缺少的附件 / Compare the two S3 servers, copy what one lacks; 3 if a file is lost on both.

    kaohe objects compare --hashes
    """
    blobs = _blobs()
    if len(blobs.servers) == 1:
        _console.print(say("只有一台 S3 服务器", "there is one S3 server"))
        raise typer.Exit(EXIT_PRECONDITION)
    try:
        found = asyncio.run(twins.compare(blobs, hashes=hashes))
    except ServerAway as error:
        _console.print(say(f"{error} 没有应答", f"{error} does not answer"))
        raise typer.Exit(EXIT_DEPENDENCY) from error
    if as_json:
        print(json.dumps(asdict(found)))
    else:
        print(
            say(
                f"{found.files} 个附件,补齐 {found.mended} 个,缺失 {len(found.lost)} 个",
                f"{found.files} files, {found.mended} mended, {len(found.lost)} lost",
            )
        )
        print(*found.lost, sep="\n", end="\n" if found.lost else "")
    if found.lost:
        raise typer.Exit(EXIT_FINDINGS)


async def _save(to: Path) -> tuple[list[str], int]:
    """The names of all files, and how many of them were not in the folder yet."""
    blobs, copied, names = _blobs(), 0, list[str]()
    await blobs.prepare()
    with Progress(console=_console, disable=not _console.is_terminal) as progress:
        task = progress.add_task(say("附件", "files"), total=None)
        async for name, size in blobs.every():
            target = place_of(to, name)
            if _size(target) != size:
                await _copy(blobs, name, target)
                copied += 1
            names.append(name)
            progress.advance(task)
    return names, copied


async def _copy(blobs: Blobs, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft, digest = target.with_suffix(".part"), hashlib.sha256()
    with draft.open("wb") as out:
        async for piece in blobs.read(name):
            digest.update(piece)
            out.write(piece)
    if digest.hexdigest() != name:
        draft.unlink()
        raise RuntimeError(f"stored bytes differ from their name: {name}")
    draft.replace(target)


async def _restore(source: Path, names: list[str]) -> int:
    blobs = _blobs()
    await blobs.prepare()
    for name in names:
        file = place_of(source, name)
        size = _size(file)
        if size is None:
            raise FileMissing
        if await blobs.size(name) != size:
            await _put(blobs, name, file, size)
    return len(names)


async def _put(blobs: Blobs, name: str, file: Path, size: int) -> None:
    pieces = _pieces(file)

    async def read(_count: int) -> bytes:
        return await asyncio.to_thread(next, pieces, b"")

    async with blobs.receive(read, limit=size) as spooled:
        if spooled.sha256 != name:
            raise RuntimeError(f"saved bytes differ from their name: {name}")
        await blobs.keep(spooled, "application/octet-stream")


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece


def _size(file: Path) -> int | None:
    return file.stat().st_size if file.exists() else None


def _blobs() -> Blobs:
    return Blobs.of(StorageSettings.read())
