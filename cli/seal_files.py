"""Files of keys, lists and checkpoints: read as people leave them, written whole or not at all."""

import os
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from cli.texts import EXIT_FAILED, EXIT_USAGE, say
from sealing import witness
from sealing.keyfile import read_key
from sealing.keys import Signer
from sealing.refusal import Refused
from sealing.texts import FAILED

_errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def read_text(path: Path) -> str:
    """A byte order mark and line ends of Windows do no harm. Raises `Refused` for other encodings, OSError."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refused("note_malformed", str(path)) from error


def write_new(path: Path, data: bytes, mode: int) -> None:
    """Raises FileExistsError: no key is ever written over another."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)


def replace(path: Path, data: bytes) -> None:
    """All or nothing, and on the disk before it counts."""
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def private_key(path: Path) -> Signer:
    """Of a file that `kaohe witness key` wrote; asks for the passphrase if there is one."""
    data = path.read_bytes()
    return read_key(data, ask_passphrase(confirm=False) if b"ENCRYPTED" in data else None)


def ask_passphrase(*, confirm: bool) -> str:
    given: str = typer.prompt(
        say("口令", "passphrase"), hide_input=True, confirmation_prompt=confirm, err=True
    )
    return given


def stop(error: Refused | OSError) -> NoReturn:
    """Says why, and ends: 1 for what does not hold, 2 for what cannot be read."""
    if isinstance(error, OSError):
        refuse(str(error), EXIT_USAGE)
    zh, en = FAILED.get(error.reason) or witness.REFUSALS[error.reason]
    refuse(f"{say(zh, en)} {error.detail}".rstrip(), EXIT_FAILED)


def refuse(text: str, code: int) -> NoReturn:
    _errors.print(text)
    raise typer.Exit(code)
