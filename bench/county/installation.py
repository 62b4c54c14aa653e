"""One installation of the county bundle, made as the guide says: a clone of this repository and `./kaohectl init`."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from kernel.local.provisioning import owner_url

ROOT = Path(__file__).parents[2]
SITE = "localhost"
BOUND_S = 300
SLACK = 32 << 20  # what the file system may want for itself
#: Of the example city, whose roster is imported into it.
BUREAU = "JZ"
BUREAU_NAME = "江州市公安局"
TIMES = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
OVERLAY = "compose.yaml:compose.rehearsal.yaml"


def run(*command: str | Path, within: Path = ROOT, bound_s: int = 900) -> str:
    """What the command says; its complaint as an error."""
    done = subprocess.run(  # noqa: S603 -- our own script and the engine's client
        [str(part) for part in command], cwd=within, capture_output=True, text=True, check=False, timeout=bound_s,
        env={**os.environ, "LANG": "en_US.UTF-8"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


def until(what: str, holds: Callable[[], bool], *, bound_s: float = BOUND_S) -> float:
    """Seconds until it holds."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > bound_s:
            raise TimeoutError(f"not within {bound_s} s: {what}")
        time.sleep(0.5)
    return time.monotonic() - began


@dataclass(frozen=True)
class Installation:
    """A folder with the bundle. Also what lies below it, for a rehearsal's worst administrator (`Below`)."""

    folder: Path
    name: str
    https: int

    @classmethod
    def new(cls, folder: Path, name: str, *, image: str, https: int, disk_mb: int) -> "Installation":
        """From a fresh clone, with a data disk of `disk_mb` for PostgreSQL: a file system of its own, which can be filled."""
        made = cls._cloned(folder, name, https)
        disk, image_of_disk = made.disk, folder / "disk.ext4"
        disk.mkdir()
        run("truncate", "--size", f"{disk_mb}M", image_of_disk)
        run("mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", image_of_disk)
        run("mount", "-o", "loop", image_of_disk, disk)
        (disk / "lost+found").rmdir()  # initdb wants an empty folder
        options = ("--opt", "type=none", "--opt", "o=bind", "--opt", f"device={disk}")
        run("docker", "volume", "create", *options, f"{name}-postgres")
        example = made.folder / ".env.example"
        example.write_text(
            example.read_text("utf-8").replace("=kaohe\n", f"={name}\n")
            + f"COMPOSE_FILE={OVERLAY}\nKAOHE_CLOCK_FOLDER={made.folder / 'clock'}\n",
            "utf-8",
        )
        os.environ["KAOHE_BUREAU_NAME"] = BUREAU_NAME
        made.control(
            "init", "--bureau", BUREAU, "--site", SITE, "--size", "16g", "--image", image,
            "--https-port", str(https), "--http-port", str(https + 1),
        )  # fmt: skip
        return made

    @classmethod
    def restored(cls, origin: "Installation", backup: str, folder: Path, name: str) -> "Installation":
        """A second, empty one beside the first, filled from a backup of it. The first must be down."""
        made = cls._cloned(folder, name, origin.https)
        shutil.copytree(origin.folder / "backups", made.folder / "backups")
        run("tar", "-xzf", f"backups/{backup}/settings.tar.gz", within=made.folder)
        settings = made.folder / ".env"
        kept = settings.read_text("utf-8").replace(f"={origin.name}\n", f"={name}\n")
        settings.write_text(kept.replace(str(origin.folder), str(made.folder)), "utf-8")
        shutil.copy(origin.clock_file, made.clock_file)
        made.control("restore", backup, BUREAU)
        return made

    @classmethod
    def _cloned(cls, folder: Path, name: str, https: int) -> "Installation":
        run("git", "clone", "--quiet", ROOT, folder)
        made = cls(folder, name, https)
        made.clock_file.parent.mkdir()
        made.clock_file.write_text("0", "utf-8")
        return made

    @property
    def url(self) -> str:
        return f"https://{SITE}:{self.https}"

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock" / "ahead"

    @property
    def disk(self) -> Path:
        return self.folder / "disk"

    def control(self, *arguments: str) -> str:
        return run(self.folder / "kaohectl", *arguments, within=self.folder)

    def compose(self, *arguments: str) -> str:
        return run("docker", "compose", *arguments, within=self.folder)

    def authority(self) -> Path:
        """Certificate of the door's own authority."""
        to = self.folder / "root.crt"
        self.compose("cp", "edge:/data/caddy/pki/authorities/local/root.crt", str(to))
        return to

    def accounts(self) -> dict[str, dict[str, str]]:
        """The ceremony: the three administrators with their one-time passwords."""
        made: dict[str, dict[str, str]] = json.loads(self.control("ceremony"))
        return made

    def state(self, part: str) -> dict[str, Any]:
        container = self.compose("ps", "--all", "--quiet", part).strip()
        seen: dict[str, Any] = json.loads(run("docker", "inspect", container))[0]
        return seen

    def healthy(self, part: str) -> bool:
        state = self.state(part)["State"]
        return bool(state["Running"] and state.get("Health", {}).get("Status") == "healthy")

    def address(self, part: str, network: str) -> str:
        return str(self.state(part)["NetworkSettings"]["Networks"][f"{self.name}_{network}"]["IPAddress"])

    def database(self, service: str) -> str:
        passwords = json.loads((self.folder / "secrets/kaohe_database_passwords").read_text("utf-8"))
        return owner_url(
            service, passwords[service]["owner"], address=f"{self.address('postgres', 'data')}:5432"
        )

    def seal_key(self) -> tuple[str, str]:
        return f"{SITE}/{BUREAU}", (self.folder / "secrets/kaohe_seal_key").read_text("utf-8")

    def put_clock_ahead(self, by: timedelta) -> None:
        self.clock_file.write_text(str(by.total_seconds()), "utf-8")

    def leave_room(self, share: float) -> Path:
        """Fill the data disk until that share of it is left; the file to remove again."""
        rest, stone = os.statvfs(self.disk), self.disk / "filler"
        with stone.open("wb", buffering=0) as file:
            bulk = int((rest.f_bavail - rest.f_blocks * share) * rest.f_frsize) - SLACK
            os.posix_fallocate(file.fileno(), 0, max(bulk, 1))
            file.seek(0, os.SEEK_END)
            with suppress(OSError):  # full: others take from the rest meanwhile
                while share == 0:
                    file.write(bytes(4096))
        return stone

    def complaints(self) -> str:
        """Last lines of the logs, before they go."""
        told = self.compose(
            "logs",
            "--no-color",
            "--tail",
            "400",
            "org",
            "targets",
            "submissions",
            "scoring",
            "reporting",
            "gateway",
        )
        seen: dict[str, str] = {}  # one of each kind, the last
        for line in told.splitlines():
            if '"level": "error"' in line or "Traceback" in line or "{" not in line:
                seen[TIMES.sub("", line)] = line
        lines = list(seen.values())
        return "\n".join(f"{line[:200]} … {line[-400:]}" for line in lines[-40:])

    def removed(self) -> None:
        """Containers, volumes, the disk and the folder."""
        if (self.folder / ".env").exists():
            self.compose("--profile", "monitoring", "down", "--volumes", "--timeout", "20")
        for volume in run("docker", "volume", "ls", "--quiet", "--filter", f"name={self.name}-").split():
            run("docker", "volume", "rm", volume)
        if self.disk.exists():
            run("umount", self.disk)
        shutil.rmtree(self.folder)
