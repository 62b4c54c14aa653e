"""Outside channels: signed, tried again, written down, sent again; and only to hosts that the operator allows."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts.permissions import Role
from kernel.clock import ManualClock
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.platform import Platform
from services.targets import jobs
from services.targets.domain.webhook import BACK_OFF, next_attempt
from services.targets.manifest import service
from tests.services.targets.bureau import API, NOW, Bureau

PATH = f"{API}/webhooks"


@asynccontextmanager
async def receiver(status: int = 200) -> AsyncIterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A channel on a free port of the loopback; what it got."""
    got: list[tuple[dict[str, str], bytes]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {
            k.lower(): v for k, _, v in (line.partition(": ") for line in head.split("\r\n")[1:] if line)
        }
        got.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(b"HTTP/1.1 %d x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"127.0.0.1:{port}", got


@asynccontextmanager
async def hooked(
    databases: Databases, objects: ObjectStore, folder: Path, host: str
) -> AsyncIterator[tuple[Bureau, Any]]:
    (folder / "im").write_bytes(b"not-the-real-one\n")
    clock = ManualClock(NOW)
    settings = {"webhook_hosts": host, "webhook_secrets_dir": str(folder)}
    async with Platform(databases, objects, [service], clock=clock, settings=settings) as platform:
        bureau = Bureau(platform, clock)
        await bureau.settle()
        keeper = bureau.in_role(Role.ROSTER_ADMIN, "CITY")
        body = {
            "name": "警务通",
            "url": f"http://{host}/in",
            "secret_name": "im",
            "kinds": ["supervision_note"],
        }
        yield bureau, (keeper, await keeper.post(PATH, body))


async def a_note(bureau: Bureau) -> None:
    body = {
        "unit_ids": [str(bureau.unit("XZ01"))],
        "subject": "x",
        "text": "y",
        "answer_due": "2026-11-12T10:00:00Z",
    }
    await bureau.office().post(f"{API}/supervision/notes", body)


async def deliver(bureau: Bureau) -> None:
    await jobs.deliver_webhooks(bureau.platform.runtimes["targets"])


async def test_a_delivery_is_signed_over_time_and_body(
    databases: Databases, objects: ObjectStore, tmp_path: Path
):
    async with (
        receiver() as (host, got),
        hooked(databases, objects, tmp_path, host) as (bureau, (keeper, hook)),
    ):
        await a_note(bureau)
        assert got == []  # nothing is sent in the transaction of the note
        await deliver(bureau)
        await deliver(bureau)
        ((headers, body),) = got
        moment = headers["kaohe-signature"].split(",")[0].removeprefix("t=")
        mac = hmac.new(b"not-the-real-one", f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        assert headers["kaohe-signature"] == f"t={moment},v1={mac}"
        said = json.loads(body)
        assert (said["kind"], said["type"], said["data"]["subject"]) == (
            "supervision_note",
            "targets.supervision_note.v1",
            "x",
        )
        log = (await keeper.get(f"{PATH}/{hook['id']}/deliveries"))["items"]
        assert [(d["status"], d["attempts"], d["last_status"]) for d in log] == [("delivered", 1, 200)]
        await keeper.post(f"{PATH}/deliveries/{log[0]['id']}/send-again")
        await deliver(bureau)
        assert len(got) == 2
        assert got[1][0]["kaohe-delivery"] == headers["kaohe-delivery"]


async def test_what_is_not_taken_is_tried_again_later_and_then_given_up(
    databases: Databases, objects: ObjectStore, tmp_path: Path
):
    async with (
        receiver(503) as (host, got),
        hooked(databases, objects, tmp_path, host) as (bureau, (keeper, hook)),
    ):
        await a_note(bureau)
        await deliver(bureau)
        await deliver(bureau)
        assert len(got) == 1  # not before its time
        for wait in BACK_OFF:
            bureau.clock.advance(wait + timedelta(seconds=1))
            await deliver(bureau)
        assert len(got) == len(BACK_OFF) + 1
        log = (await keeper.get(f"{PATH}/{hook['id']}/deliveries", status="given_up"))["items"]
        assert [(d["attempts"], d["last_status"]) for d in log] == [(len(BACK_OFF) + 1, 503)]
        assert next_attempt(len(BACK_OFF) + 1) is None


async def test_a_missing_secret_sends_nothing_unsigned(
    databases: Databases, objects: ObjectStore, tmp_path: Path
):
    async with (
        receiver() as (host, got),
        hooked(databases, objects, tmp_path, host) as (bureau, (keeper, hook)),
    ):
        change = {k: hook[k] for k in ("name", "url", "kinds", "version")} | {"secret_name": "gone"}
        await keeper.put(f"{PATH}/{hook['id']}", change)
        await a_note(bureau)
        await deliver(bureau)
        assert got == []
        log = (await keeper.get(f"{PATH}/{hook['id']}/deliveries"))["items"]
        assert (log[0]["status"], log[0]["last_error"]) == ("waiting", "no secret named gone")


@pytest.mark.parametrize("url", ["http://elsewhere/in", "http://127.0.0.1:1/in", "https://u:p@127.0.0.1/in"])
async def test_only_hosts_that_the_operator_allows_are_sent_to(bureau: Bureau, url: str):
    keeper = bureau.in_role(Role.ROSTER_ADMIN, "CITY")
    body = {"name": "x", "url": url, "secret_name": "im", "kinds": ["digest"]}
    assert (await keeper.problem("POST", PATH, json=body))["code"] == "webhook-address-refused"
    assert (await bureau.office().problem("POST", PATH, json=body))["status"] == 403
    assert (await keeper.problem("POST", f"{PATH}/deliveries/{uuid4()}/send-again"))["status"] == 404
