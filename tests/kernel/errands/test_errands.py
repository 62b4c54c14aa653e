"""Long work that was asked for is done once, whatever dies meanwhile, and only its owner sees it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from kernel.delivery.transaction import current_headers
from kernel.errands.asking import Produced, ask, forget_old
from kernel.errands.running import Errand, Running
from kernel.errands.worker import MOST_ATTEMPTS, Worker
from kernel.errors import Conflict, Finding, Findings
from kernel.identity import Principal
from kernel.lifecycle import Role
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.people import Caller, person
from kernel.testing.platform import Platform
from services.org.manifest import service

ERRANDS = "/api/org/v1/errands"
ME = person(officer_id=uuid4())


class Full(Conflict):
    code = "full"
    zh = "满了"
    en = "full"


@dataclass
class Bench:
    platform: Platform
    me: Caller

    def worker(self, run: Callable[[Running], Awaitable[None]], **times: object) -> Worker:
        return Worker(self.platform.runtimes["org"], (Errand("count", "数数", "count", run),), **times)  # type: ignore[arg-type]

    async def ask(self, **asked: object) -> UUID:
        async with self.platform.runtimes["org"].db.transaction() as tx:
            return await ask(tx, "count", asked, by=ME)

    async def look(self, errand_id: UUID) -> dict:
        return await self.me.get(f"{ERRANDS}/{errand_id}")

    async def run(self, sql: str) -> None:
        async with self.platform.runtimes["org"].db.transaction() as tx:
            await tx.session.execute(text(sql))

    async def notes(self) -> int:
        async with self.platform.runtimes["org"].db.reading() as session:
            return await session.scalar(text("SELECT n FROM bus.barrier")) or 0


async def effect(running: Running) -> None:
    """Adds one to a figure, in the transaction that ends the errand."""
    async with running.runtime.db.transaction() as tx:
        await tx.session.execute(text("UPDATE bus.barrier SET n = n + 1"))
        await running.finish(tx, {"said": running.asked["say"]})


@pytest.fixture(scope="module")
async def bench(databases: Databases, objects: ObjectStore) -> AsyncIterator[Bench]:
    named = replace(service, errands=(Errand("count", "数数", "count", effect),))
    async with Platform(databases, objects, [named], role=Role.API) as platform:
        yield Bench(platform, platform.caller("org", ME))


async def test_an_errand_is_done_once_and_tells_what_came_of_it(bench: Bench):
    errand, before = await bench.ask(say="好"), await bench.notes()
    assert (await bench.look(errand))["state"] == "waiting"
    worker = bench.worker(effect)
    assert [await worker.run_one(), await worker.run_one()] == [True, False]
    seen = await bench.look(errand)
    assert (seen["state"], seen["result"], seen["title_zh"]) == ("done", {"said": "好"}, "数数")
    assert await bench.notes() == before + 1


async def test_two_processes_never_take_the_same_errand(bench: Bench):
    errands, before = [await bench.ask(say=n) for n in range(6)], await bench.notes()
    one, other = bench.worker(effect), bench.worker(effect)
    await asyncio.gather(*(w.run_one() for w in (one, other) for _ in range(3)))
    assert {(await bench.look(e))["state"] for e in errands} == {"done"}
    assert await bench.notes() == before + len(errands)


async def test_a_process_that_went_silent_is_replaced_and_its_late_effect_refused(bench: Bench):
    errand, before = await bench.ask(say="x"), await bench.notes()
    reached, released = asyncio.Event(), asyncio.Event()

    async def frozen(running: Running) -> None:
        reached.set()
        await released.wait()
        await effect(running)

    stopped = asyncio.create_task(bench.worker(frozen, beat_s=1000).run_one())
    await asyncio.wait_for(reached.wait(), 10)
    fresh = bench.worker(effect, silence=timedelta(0))
    assert await fresh.run_one()
    released.set()
    await asyncio.wait_for(stopped, 10)
    assert (await bench.look(errand))["state"] == "done"
    assert await bench.notes() == before + 1


async def test_a_process_that_stops_gives_its_errand_back(bench: Bench):
    errand, reached = await bench.ask(say="x"), asyncio.Event()

    async def long(running: Running) -> None:
        await running.progress("counting", 3, 10)
        reached.set()
        await asyncio.sleep(60)

    worker = bench.worker(long)
    await worker.start()
    await asyncio.wait_for(reached.wait(), 10)
    at_work = await bench.look(errand)
    assert (at_work["state"], at_work["step"], at_work["done"], at_work["total"]) == (
        "running",
        "counting",
        3,
        10,
    )
    await worker.stop()
    assert (await bench.look(errand))["state"] == "waiting"
    assert await bench.worker(effect).run_one()


async def test_a_refusal_is_told_at_once_in_both_languages(bench: Bench):
    async def refused(running: Running) -> None:
        raise Findings([Finding("甲!3", "full", "满了", "full")])

    errand = await bench.ask()
    await bench.worker(refused).run_one()
    seen = await bench.look(errand)
    assert (seen["state"], seen["problem"]["code"], seen["problem"]["zh"]) == (
        "failed",
        "findings",
        "发现 1 处问题",
    )
    assert seen["problem"]["items"] == [{"place": "甲!3", "code": "full", "zh": "满了", "en": "full"}]


async def test_what_nobody_foresaw_is_tried_again_and_told_in_the_end(bench: Bench):
    tries: list[int] = []

    async def broken(running: Running) -> None:
        tries.append(1)
        raise ZeroDivisionError

    errand, worker = await bench.ask(), bench.worker(broken)
    for _ in range(MOST_ATTEMPTS + 2):
        await worker.run_one()
        await bench.run("UPDATE web.errand SET due_at = clock_timestamp() WHERE state = 'waiting'")
    seen = await bench.look(errand)
    assert (seen["state"], seen["problem"]["code"], len(tries)) == ("failed", "errand-failed", MOST_ATTEMPTS)


async def test_work_in_parts_goes_on_where_it_was(bench: Bench):
    done: list[int] = []

    async def in_parts(running: Running) -> None:
        for part in range(running.mark.get("next", 0), 3):
            async with running.runtime.db.transaction() as tx:
                await running.keep(tx, {"next": part + 1})
            done.append(part)
            if part == 1 and done.count(1) == 1:
                raise ZeroDivisionError
        async with running.runtime.db.transaction() as tx:
            await running.finish(tx, {})

    await bench.ask()
    worker = bench.worker(in_parts)
    await worker.run_one()
    await bench.run("UPDATE web.errand SET due_at = clock_timestamp() WHERE state = 'waiting'")
    await worker.run_one()
    assert done == [0, 1, 2]


async def test_calling_off_stops_at_the_next_step(bench: Bench):
    errand, waits = await bench.ask(), await bench.ask()

    async def called_off(running: Running) -> None:
        await bench.me.post(f"{ERRANDS}/{errand}/cancel")
        await running.progress("next")

    await bench.worker(called_off).run_one()
    assert (await bench.look(errand))["state"] == "cancelled"
    assert (await bench.me.post(f"{ERRANDS}/{waits}/cancel"))["state"] == "cancelled"
    assert (await bench.me.problem("POST", f"{ERRANDS}/{waits}/cancel"))["code"] == "errand-finished"


async def test_it_acts_as_the_one_who_asked(bench: Bench):
    seen: list[tuple[Principal, str | None]] = []

    async def note(running: Running) -> None:
        seen.append((running.by, current_headers.get().actor))
        await effect(running)

    token = current_headers.set(current_headers.get().model_copy(update={"actor": str(ME.account_id)}))
    await bench.ask(say=1)
    current_headers.reset(token)
    await bench.worker(note).run_one()
    assert seen == [(ME, str(ME.account_id))]


async def test_a_file_that_is_handed_out_once_is_gone_then(bench: Bench):
    async def slips(running: Running) -> None:
        async with running.runtime.db.transaction() as tx:
            await running.finish(tx, {}, file=Produced("口令.pdf", "application/pdf", b"%PDF", once=True))

    errand = await bench.ask()
    await bench.worker(slips).run_one()
    seen = await bench.look(errand)
    assert (seen["file_name"], seen["file_once"]) == ("口令.pdf", True)
    assert (await bench.me.problem("GET", f"{ERRANDS}/{errand}/file"))["code"] == "errand-file-gone"
    taken = await bench.me.send("POST", f"{ERRANDS}/{errand}/file")
    assert (taken.content, taken.headers["cache-control"]) == (b"%PDF", "no-store")
    assert (await bench.me.problem("POST", f"{ERRANDS}/{errand}/file"))["code"] == "errand-file-gone"


async def test_nobody_else_sees_an_errand_or_its_file(bench: Bench):
    async def report(running: Running) -> None:
        async with running.runtime.db.transaction() as tx:
            await running.finish(tx, {}, file=Produced("表.csv", "text/csv", b"1"))

    errand = await bench.ask()
    await bench.worker(report).run_one()
    assert (await bench.me.send("GET", f"{ERRANDS}/{errand}/file")).content == b"1"
    other = bench.platform.caller("org", person(officer_id=uuid4()))
    assert (await other.get(ERRANDS))["items"] == []
    for method, path in (("GET", ""), ("POST", "/cancel"), ("GET", "/file"), ("POST", "/file")):
        assert (await other.problem(method, f"{ERRANDS}/{errand}{path}"))["status"] == 404


async def test_own_errands_are_listed_newest_first_page_by_page(bench: Bench):
    asked = [str(await bench.ask(say=n)) for n in range(3)]
    first = await bench.me.get(ERRANDS, limit=2, state="waiting")
    second = await bench.me.get(ERRANDS, limit=2, state="waiting", after=first["next"])
    assert [item["id"] for item in first["items"] + second["items"]][:3] == asked[::-1]
    await bench.run(
        "UPDATE web.errand SET finished_at = '2020-01-01', state = 'cancelled' WHERE state = 'waiting'"
    )
    async with bench.platform.runtimes["org"].db.transaction() as tx:
        await forget_old(tx)
    assert not set(asked) & {item["id"] for item in (await bench.me.get(ERRANDS))["items"]}
