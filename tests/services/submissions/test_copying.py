"""Evidence on two S3 servers: sent while one is away, and after the disk of one was lost."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.texts import EXIT_DEPENDENCY, EXIT_PRECONDITION
from kernel.local.objectstore import ObjectStore
from kernel.nightly import outcomes
from kernel.storage import server as server_module
from kernel.storage.blobs import Blobs, key_of
from kernel.storage.server import Address
from services.submissions.actions.rehashing import wrong_of
from services.submissions.jobs.copying import compare_copies, repair_copies
from tests.services.submissions.conftest import API, PDF, Desk


class Second:
    """The server beside the one that all tests share."""

    def __init__(self, folder: Path, first: ObjectStore) -> None:
        self.folder, self.first = folder, first
        self.store = ObjectStore(folder / "second", log=folder / "second.log", like=first)
        self.bucket = folder.name.replace("_", "-")  # its own: others fill the shared one meanwhile

    def blobs(self) -> Blobs:
        keys = self.first.keys
        addresses = [Address(store.endpoint, *keys, secure=False) for store in (self.first, self.store)]
        return Blobs(addresses, bucket=self.bucket, spool=self.folder, service="submissions")

    def has(self, sha256: str) -> bool:
        return (self.folder / "second" / "data" / self.bucket / key_of(sha256)).exists()

    def environment(self) -> dict[str, str]:
        access, secret = self.first.keys
        return {
            "KAOHE_S3_ENDPOINT": self.first.endpoint, "KAOHE_S3_SECOND_ENDPOINT": self.store.endpoint,
            "KAOHE_S3_ACCESS_KEY": access, "KAOHE_S3_SECRET_KEY": secret, "KAOHE_S3_BUCKET": self.bucket,
            "KAOHE_S3_SECURE": "false",
        }  # fmt: skip


@pytest.fixture
async def second(
    desk: Desk, objects: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Second]:
    monkeypatch.setattr(server_module, "REST_S", 0.0)  # a server that comes back is asked again at once
    made = Second(tmp_path, objects)
    made.store.start()
    runtime = desk.platform.runtimes["submissions"]
    runtime.blobs = made.blobs()
    await runtime.blobs.prepare()
    yield made
    made.store.stop()


async def send(desk: Desk, content: bytes) -> str:
    answer = await desk["author"].send("POST", f"{API}/library", files={"file": ("a.pdf", content)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["sha256"])


async def test_work_goes_on_with_one_server_and_the_other_is_brought_level(
    desk: Desk, second: Second
) -> None:
    runtime = desk.platform.runtimes["submissions"]
    before = await send(desk, PDF + b"%1")
    assert second.has(before)
    second.store.stop()
    meanwhile = await send(desk, PDF + b"%2")
    assert (await desk["author"].send("GET", f"{API}/library/{before}")).status_code == 200
    await repair_copies(runtime)
    second.store.start()
    await repair_copies(runtime)
    assert second.has(meanwhile)

    second.store.stop()
    shutil.rmtree(second.folder / "second" / "data")
    second.store.start()
    await repair_copies(runtime)
    assert [second.has(name) for name in (before, meanwhile)] == [True, True]
    assert outcomes()["stored-copies"] == 0


async def test_what_both_servers_have_spoilt_is_told(desk: Desk, second: Second) -> None:
    runtime = desk.platform.runtimes["submissions"]
    name = await send(desk, PDF + b"%3")
    first, other = runtime.blobs.servers
    await first.put_bytes(key_of(name), b"cut")
    assert await wrong_of(runtime.blobs, [name]) == []
    await first.put_bytes(key_of(name), b"cut")
    await other.put_bytes(key_of(name), b"cut short")
    assert await wrong_of(runtime.blobs, [name]) == [name]
    await compare_copies(runtime)
    assert outcomes()["stored-copies"] == 1


async def test_an_operator_compares_them_at_once(desk: Desk, second: Second) -> None:
    name = await send(desk, PDF + b"%4")
    _, other = desk.platform.runtimes["submissions"].blobs.servers
    await other.remove([key_of(name)])
    runner, command = CliRunner(), ["objects", "compare", "--hashes", "--json"]

    def run(environment: dict[str, str]) -> Awaitable[Result]:
        return asyncio.to_thread(runner.invoke, app, command, env=environment)

    done = await run(second.environment())
    assert json.loads(done.stdout) == {"files": 1, "mended": 1, "lost": []}
    assert second.has(name)
    second.store.stop()
    assert (await run(second.environment())).exit_code == EXIT_DEPENDENCY
    alone = {k: v for k, v in second.environment().items() if k != "KAOHE_S3_SECOND_ENDPOINT"}
    assert (await run(alone)).exit_code == EXIT_PRECONDITION
