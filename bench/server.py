"""The PostgreSQL server of a measurement, what it and this process have used of the processors, and word of how far it is."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kernel.local.postgres import PostgresServer

_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def running(*, durable: bool) -> Iterator[PostgresServer]:
    """A server in a folder of its own; both are gone afterwards, however the run ends."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 -- the server runs as another account
        server = PostgresServer(Path(folder), log=Path(folder) / "postgres.log", durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def say(what: str) -> None:
    """Where the measurement is, for whoever waits for it."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def used_s(server: int) -> float:
    """Processor seconds of this process and of the server with all its children, those that have ended included.

    On a busy machine that is fairer than the clock on the wall.
    """
    return time.process_time() + processor_s(server)


def processor_s(pid: int) -> float:
    """Of a process and its children, those that have ended included."""
    return _of(pid, ended=True) + sum(map(_of, _children(pid)))


def _of(pid: int, *, ended: bool = False) -> float:
    try:
        fields = _fields(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11 : 15 if ended else 13])) / _TICKS


def _children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int(_fields(int(folder.name))[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == pid:
                found.append(int(folder.name))
    return found


def _fields(pid: int) -> list[str]:
    """State, parent and so on, as proc(5) numbers them from the third."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
