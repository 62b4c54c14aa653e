"""`python -m bench.failover`: two data nodes and a witness on loopback addresses, with Debian's packages; the primary is killed under load.

Three plays: with the witness (promotion by itself), with the witness gone (none until it is back), and two nodes alone (none, then by hand with
ops/patroni/failover). After each, every write that was acknowledged must be on the new primary. Needs root and the packages
`patroni python3-etcd etcd-server postgresql`. Takes about six minutes, most of it waiting for leases of 30 s to run out.
"""

import asyncio
import itertools
import json
import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx2

from kernel.local.child import Child

OPS = Path(__file__).parents[1] / "ops" / "patroni"
BIN = max(Path("/usr/lib/postgresql").iterdir(), key=lambda folder: int(folder.name)) / "bin"
POSTGRES = pwd.getpwnam("postgres")
WAIT = Path(__file__).parent / "await-removal"
A, B, W = "127.0.1.1", "127.0.1.2", "127.0.1.3"
NO_PROMOTION_S = 90  # three leases: whoever has not promoted itself by then does not
PASSWORDS = {f"PATRONI_{role}_PASSWORD": "exercise" for role in ("SUPERUSER", "REPLICATION", "REWIND")}


class Cluster:
    """Nodes as processes of the user postgres; a node is killed as a power cut would."""

    def __init__(self, folder: Path, *, witness: bool) -> None:
        self.folder, self.nodes = folder, [f"a={A}", f"b={B}", *([f"w={W}"] if witness else [])]
        folder.mkdir()
        os.chown(folder, POSTGRES.pw_uid, POSTGRES.pw_gid)
        self.children: dict[str, Child] = {}

    def configured(self, what: str, name: str) -> str:
        address = {"a": A, "b": B, "w": W}[name]
        done = subprocess.run(  # noqa: S603 -- a script of this repository
            [OPS / "configure", what, name, address, *self.nodes],
            env=os.environ | self.variables(name) | ({"DATA": str(self.folder / f"etcd-{name}")} if what == "etcd" else {}),
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        # Between loopback addresses everybody comes from 127.0.0.1.
        here = "    - host replication replicator 127.0.0.0/8 scram-sha-256\n"
        return done.stdout.replace("  pg_hba:\n", f"  pg_hba:\n{here}")

    def variables(self, name: str) -> dict[str, str]:
        return {
            "DATA": str(self.folder / f"data-{name}"),
            "BIN": str(BIN),
            "SOCKETS": str(self.sockets(name)),
            "CLIENTS": "127.0.0.0/8",
        }

    def sockets(self, name: str) -> Path:
        folder = self.folder / f"sockets-{name}"
        if not folder.exists():
            folder.mkdir()
            os.chown(folder, POSTGRES.pw_uid, POSTGRES.pw_gid)
        return folder

    def start_etcd(self, name: str) -> None:
        file = self.folder / f"etcd-{name}.env"
        if not file.exists():
            file.write_text(self.configured("etcd", name), encoding="utf-8")
        env = dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())
        self._start(f"etcd-{name}", ["etcd", "--logger=zap"], env)

    def start_patroni(self, name: str) -> None:
        file = self.folder / f"patroni-{name}.yml"
        if not file.exists():
            file.write_text(self.configured("patroni", name), encoding="utf-8")
        self._start(f"patroni-{name}", ["patroni", str(file)], PASSWORDS)

    def _start(self, name: str, command: list[str], env: dict[str, str]) -> None:
        env = {"HOME": str(self.folder), "no_proxy": "*", **env}
        self.children[name] = Child(
            name, command, log=self.folder / f"{name}.log", env=env, user=POSTGRES.pw_uid
        )

    def kill(self, name: str) -> None:
        """Everything of a node, at once."""
        for child in (f"patroni-{name}", f"etcd-{name}"):
            if child in self.children:
                self.children.pop(child).kill()
        pid_file = self.folder / f"data-{name}" / "postmaster.pid"
        if pid_file.exists():
            postmaster = int(pid_file.read_text(encoding="utf-8").split()[0])
            children = Path(f"/proc/{postmaster}/task/{postmaster}/children")
            own = children.read_text(encoding="ascii").split() if children.exists() else []
            for pid in [postmaster, *map(int, own)]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def stop_patroni(self, name: str) -> None:
        self.children.pop(f"patroni-{name}").stop(seconds=60)

    def end(self) -> None:
        for name in ("a", "b", "w"):
            self.kill(name)


class Writer:
    """Writes a number after another, wherever the primary is, and notes which were acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: list[int] = []
        self.at: list[float] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(60):
            connection = await self._connect()
        await connection.execute("CREATE TABLE written (n bigint PRIMARY KEY)")
        self._task = asyncio.create_task(self._write(connection))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(
            host=[A, B], port=[5432, 5432], user="postgres", password=PASSWORDS["PATRONI_SUPERUSER_PASSWORD"], database="postgres",
            target_session_attrs="primary", timeout=3, command_timeout=5,
        )  # fmt: skip

    async def _write(self, connection: asyncpg.Connection | None) -> None:
        for n in itertools.count():
            try:
                connection = connection or await self._connect()
                await connection.execute("INSERT INTO written VALUES ($1)", n)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                if connection:
                    connection.terminate()
                connection = None
                await asyncio.sleep(0.1)
                continue
            self.acknowledged.append(n)
            self.at.append(time.monotonic())

    def longest_silence(self) -> float:
        return max((later - sooner for sooner, later in itertools.pairwise(self.at)), default=0.0)

    async def lost(self) -> int:
        connection = await self._connect()
        there = {row["n"] for row in await connection.fetch("SELECT n FROM written")}
        await connection.close()
        return len(set(self.acknowledged) - there)


async def told(address: str, what: str = "patroni") -> dict[str, Any]:
    """What Patroni of a node says; empty if it does not answer, or PostgreSQL does not run there."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        try:
            answer: dict[str, Any] = (await client.get(f"http://{address}:8008/{what}", timeout=2)).json()
        except (httpx2.HTTPError, json.JSONDecodeError):
            return {}
    return answer if answer.get("state", "running") == "running" else {}


async def until(what: str, true: Callable[[], Awaitable[bool]], seconds: float) -> float:
    """Seconds until it was true; raises TimeoutError after `seconds`."""
    began = time.monotonic()
    while not await true():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{what}: not after {seconds:.0f} s")
        await asyncio.sleep(0.2)
    return time.monotonic() - began


async def is_primary(address: str) -> bool:
    return (await told(address)).get("role") in {"master", "primary"}


async def is_synchronous(address: str) -> bool:
    """Whether the primary there waits for a standby."""
    return any(r.get("sync_state") == "sync" for r in (await told(address)).get("replication", []))


async def up(cluster: Cluster) -> None:
    for node in cluster.nodes if len(cluster.nodes) == 3 else cluster.nodes[:1]:
        cluster.start_etcd(node[0])
    cluster.start_patroni("a")
    await until("first primary", lambda: is_primary(A), 120)
    cluster.start_patroni("b")
    await until("synchronous standby", lambda: is_synchronous(A), 120)


async def stays_without_primary() -> None:
    end = time.monotonic() + NO_PROMOTION_S
    while time.monotonic() < end:
        assert not await is_primary(B), "promoted itself"
        await asyncio.sleep(1)


async def with_witness(folder: Path) -> dict[str, Any]:
    cluster = Cluster(folder / "three", witness=True)
    try:
        await up(cluster)
        async with Writer() as writer:
            await asyncio.sleep(10)
            cluster.kill("a")
            promoted = await until("promotion", lambda: is_primary(B), 120)
            await asyncio.sleep(5)
        result = {
            "promotion_s": round(promoted, 1), "silence_s": round(writer.longest_silence(), 1),
            "acknowledged": len(writer.acknowledged), "lost": await writer.lost(),
        }  # fmt: skip
        cluster.start_etcd("a")
        cluster.start_patroni("a")
        follows = await until("rejoin", lambda: is_synchronous(B), 180)
        return result | {"old_primary_follows_s": round(follows, 1)}
    finally:
        cluster.end()


async def without_witness(folder: Path) -> dict[str, Any]:
    cluster = Cluster(folder / "gone", witness=True)
    try:
        await up(cluster)
        async with Writer() as writer:
            cluster.kill("w")
            await asyncio.sleep(10)
            cluster.kill("a")
            await stays_without_primary()
            cluster.start_etcd("w")
            back = await until("promotion after the witness is back", lambda: is_primary(B), 120)
            await asyncio.sleep(3)
        return {
            "not_promoted_within_s": NO_PROMOTION_S, "promotion_after_witness_s": round(back, 1),
            "acknowledged": len(writer.acknowledged), "lost": await writer.lost(),
        }  # fmt: skip
    finally:
        cluster.end()


async def two_nodes(folder: Path) -> dict[str, Any]:
    cluster = Cluster(folder / "two", witness=False)
    try:
        await up(cluster)
        async with Writer() as writer:
            await asyncio.sleep(10)
            cluster.kill("a")
            await stays_without_primary()
            began = time.monotonic()
            # Its services are children of this program; the script only writes files and waits.
            flags = {name: folder / name for name in ("stop", "start-etcd", "start")}
            script = await asyncio.create_subprocess_exec(
                OPS / "failover", "b", B, A,
                env=os.environ | cluster.variables("b") | {
                    "KAOHE_CONFIRMED": f"{A} 已断电 is off", "CONFIG": str(cluster.folder / "patroni-b.yml"),
                    "ETCD_FILE": str(cluster.folder / "etcd-b.env"), "ETCD_DATA": str(cluster.folder / "etcd-b"),
                    **{name: f"{WAIT} {flags[flag]}" for name, flag in (("STOP", "stop"), ("START_ETCD", "start-etcd"), ("START", "start"))},
                },
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            for flag, act in (
                ("stop", lambda: cluster.stop_patroni("b")),
                ("start-etcd", lambda: cluster.start_etcd("b")),
                ("start", lambda: cluster.start_patroni("b")),
            ):
                await until(flag, lambda f=flag: asyncio.to_thread(flags[f].exists), 60)
                await asyncio.to_thread(act)
                flags[flag].unlink()
            output, _ = await script.communicate()
            assert script.returncode == 0, output.decode()
            taken = time.monotonic() - began
            await asyncio.sleep(5)
        assert (await told(B, "config"))["synchronous_mode"], "the rules of the cluster went with its store"
        return {
            "not_promoted_within_s": NO_PROMOTION_S, "failover_by_hand_s": round(taken, 1),
            "acknowledged": len(writer.acknowledged), "lost": await writer.lost(),
        }  # fmt: skip
    finally:
        cluster.end()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kaohe-failover-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the nodes are of another user
        for play in (with_witness, without_witness, two_nodes):
            result = asyncio.run(play(folder))
            print(play.__name__, json.dumps(result), flush=True)
            assert result["lost"] == 0


if __name__ == "__main__":
    main()
