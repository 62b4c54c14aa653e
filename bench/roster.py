"""A whole roster through the HTTP interface: `python -m bench.roster [rows]`; upload, check, import, end to end.

The service runs in this process against a PostgreSQL of its own; the client only asks and looks. Peak memory is that of
the process before the upload and at its highest: the difference between 10,000 and 100,000 rows says whether it is flat.
"""

import asyncio
import io
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import xlsxwriter

from bench import record
from contracts.permissions import Role
from kernel.local.objectstore import ObjectStore
from kernel.local.postgres import PostgresServer
from kernel.testing.databases import Databases
from kernel.testing.people import Caller, grant, person
from kernel.testing.platform import Platform
from services.org.actions.bootstrap import bootstrap
from services.org.manifest import service

UNITS = 45
ORG = "/api/org/v1"
GOALS = {10_000: 5.0, 100_000: 60.0}


def workbook(rows: int) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        units = book.add_worksheet("单位")
        units.write_row(0, 0, ["单位名称", "上级单位", "单位类别"])
        for n in range(UNITS):
            units.write_row(n + 1, 0, [f"第{n}支队", "江州市公安局", "支队"])
        people = book.add_worksheet("人员")
        people.write_row(0, 0, ["警号", "姓名", "所属单位", "职务", "人员类别", "到岗时间", "岗位系数"])
        for n in range(rows):
            name = f"{'赵钱孙李周吴郑王'[n % 8]}{'建国志强丽华晓明'[n % 7]}"
            people.write_row(
                n + 1, 0, [f"{n:06d}", name, f"第{n % UNITS}支队", "民警", "民警", "2020-03-01", 1]
            )
    return out.getvalue()


async def finished(caller: Caller, errand_id: str) -> dict[str, Any]:
    while True:
        seen: dict[str, Any] = await caller.get(f"{ORG}/errands/{errand_id}")
        if seen["finished_at"]:
            assert seen["state"] == "done", seen["problem"]
            return seen
        await asyncio.sleep(0.1)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(rows: int, server: PostgresServer, objects: ObjectStore) -> dict[str, Any]:
    content = workbook(rows)
    async with Platform(Databases(server), objects, [service]) as platform:
        await bootstrap(platform.runtimes["org"], root_code="JZ", root_name="江州市公安局")
        anybody = platform.caller("org", person(grant(Role.AUDITOR, uuid4(), "JZ/")))
        root = (await anybody.get(f"{ORG}/units"))["items"][0]
        admin = platform.caller("org", person(grant(Role.ROSTER_ADMIN, root["id"], "JZ/")))
        before, began = peak_mb(), time.perf_counter()
        upload = (
            await admin.send("POST", f"{ORG}/roster/imports", files={"workbook": ("r.xlsx", content)})
        ).json()
        answered = time.perf_counter() - began
        await finished(admin, upload["errand_id"])
        checked = time.perf_counter() - began
        applying = await admin.post(f"{ORG}/roster/imports/{upload['id']}/apply", {"mode": "all"})
        done = await finished(admin, applying["errand_id"])
        assert done["result"]["officers_new"] == rows
        total = time.perf_counter() - began
    return {
        "rows": rows, "file MB": round(len(content) / 2**20, 1), "upload answered s": round(answered, 2),
        "checked s": round(checked, 1), "end to end s": round(total, 1), "goal s": GOALS.get(rows),
        "memory before MB": round(before), "peak memory MB": round(peak_mb()),
    }  # fmt: skip


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pg").mkdir()
        (folder / "s3").mkdir()
        server = PostgresServer(folder / "pg", log=folder / "pg.log", durable=True)
        objects = ObjectStore(folder / "s3", log=folder / "s3.log")
        server.start()
        objects.start()
        try:
            figures = asyncio.run(measure(rows, server, objects))
        finally:
            objects.stop()
            server.stop()
    record(f"roster of {rows}", figures)
    print(figures)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
