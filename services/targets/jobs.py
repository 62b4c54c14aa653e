"""Periodic work of `targets`."""

from datetime import time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from kernel.figures import counting
from kernel.runtime import Runtime
from kernel.scheduling import Job
from services.targets.actions.delivering import Answer, Message, deliver_due
from services.targets.actions.digesting import digest
from services.targets.actions.noting import escalate
from services.targets.actions.reminding import settle, sweep
from services.targets.actions.scheme_revising import put_due_in_force
from services.targets.domain.webhook import WebhookAddressRefused, ensure_address
from services.targets.queries.figures import FIGURES
from services.targets.settings import TargetSettings

_ANSWER_S = 10.0


async def send_reminders(runtime: Runtime) -> None:
    """Until nothing is due, each stage of each deadline in a transaction of its own."""
    while True:
        async with runtime.db.transaction() as tx:
            if await sweep(tx, zone=runtime.zone) < 0:
                break
    async with runtime.db.transaction() as tx:
        await settle(tx)


async def escalate_notes(runtime: Runtime) -> None:
    async with runtime.db.transaction() as tx:
        await escalate(tx, zone=runtime.zone)


async def revise_schemes(runtime: Runtime) -> None:
    """Revisions whose day has come, each in a transaction of its own."""
    while True:
        async with runtime.db.transaction() as tx:
            if not await put_due_in_force(tx, zone=runtime.zone):
                return


async def make_digests(runtime: Runtime) -> None:
    async with runtime.db.transaction() as tx:
        await digest(tx, zone=runtime.zone)


async def deliver_webhooks(runtime: Runtime) -> None:
    """Only to hosts that the operator allows, asked again at every attempt; redirects are not followed."""
    settings = runtime.settings
    if not isinstance(settings, TargetSettings) or not settings.webhook_hosts:
        return
    hosts, folder = settings.webhook_hosts, Path(settings.webhook_secrets_dir)

    def secret_of(name: str) -> bytes | None:
        file = folder / name
        return file.read_bytes().strip() if file.is_file() else None

    async with httpx2.AsyncClient(timeout=_ANSWER_S, trust_env=False, follow_redirects=False) as client:

        async def send(message: Message) -> Answer:
            try:
                ensure_address(urlsplit(message.url), hosts)
                answer = await client.post(message.url, content=message.body, headers=message.headers)
            except (httpx2.HTTPError, WebhookAddressRefused) as error:
                return Answer(None, repr(error))
            return Answer(answer.status_code, None if answer.is_success else answer.text[:500])

        await deliver_due(runtime.db, send=send, secret_of=secret_of)


JOBS = (
    counting(FIGURES),
    Job("send-reminders", send_reminders, every=timedelta(minutes=1)),
    Job("escalate-notes", escalate_notes, every=timedelta(minutes=1)),
    Job("revise-schemes", revise_schemes, every=timedelta(minutes=1)),
    Job("make-digests", make_digests, daily=time(8, 30)),
    Job("deliver-webhooks", deliver_webhooks, every=timedelta(seconds=5)),
)
