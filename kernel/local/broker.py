"""A private RabbitMQ server from Debian's `rabbitmq-server` package, on loopback, with a name of its own."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

from kernel.local.child import Child, free_port, listens

START_S = 90
BINARIES = Path("/usr/lib/rabbitmq/bin")


class BrokerMissing(RuntimeError):
    """Debian's rabbitmq-server is not installed."""


class PrivateBroker:
    """Started and stopped with us; `wipe` deletes all it knows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._name = f"kaohe{secrets.token_hex(4)}@localhost"
        self.port, self._distribution = free_port(), free_port()
        self._child: Child | None = None

    @property
    def url(self) -> str:
        # RabbitMQ's built-in account, which it lets in from loopback only.
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def start(self) -> None:
        server = shutil.which("rabbitmq-server") or str(BINARIES / "rabbitmq-server")
        if not Path(server).exists():
            raise BrokerMissing("rabbitmq-server is missing: apt-get install rabbitmq-server")
        server = str(BINARIES / "rabbitmq-server") if (BINARIES / "rabbitmq-server").exists() else server
        home = self._folder / "home"
        home.mkdir(exist_ok=True)
        (self._folder / "conf").mkdir(exist_ok=True)
        (self._folder / "plugins").write_text("[].\n")
        env = {
            "HOME": str(home),
            "RABBITMQ_NODENAME": self._name,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "conf" / "rabbitmq"),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_CTL_ERL_ARGS": "",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        }
        self._child = Child("rabbitmq", [server], log=self._folder / "rabbitmq.log", env=env)
        self._child.wait_until(lambda: listens(self.port), seconds=START_S)

    def stop(self) -> None:
        if self._child:
            self._child.stop(signal.SIGTERM, seconds=30)
            self._kill_group()

    def kill(self) -> None:
        """As a power cut would."""
        if self._child:
            self._child.kill()
            self._kill_group()
            end = time.monotonic() + 10
            while listens(self.port) and time.monotonic() < end:
                time.sleep(0.05)

    def wipe(self) -> None:
        """Delete the data directory of a broker that was killed or stopped."""
        shutil.rmtree(self._folder / "mnesia", ignore_errors=True)

    @property
    def pid(self) -> int:
        if self._child is None:
            raise RuntimeError("the broker was not started")
        return self._child.pid

    def _kill_group(self) -> None:
        """Erlang's own children (the port mapper apart, which is shared) belong to our session."""
        if self._child is None:
            return
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def version() -> str:
    """Debian's package version, for reports."""
    found = subprocess.run(
        ["dpkg-query", "-W", "-f=${Version}", "rabbitmq-server"], capture_output=True, check=False, text=True
    )
    return found.stdout or "unknown"
