"""`python -m bench.county --before IMAGE --image IMAGE`: the county bundle from a fresh clone, a month played through its TLS port while its
parts are killed, its broker is wiped, its disk fills and it is upgraded; alerts; a backup under load, restored into an empty installation.

Needs root, a Docker engine with compose, and the images (docs/guides/exercise.md says what is real when some are stand-ins).
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bench.county import alerts, faults
from bench.county.installation import ROOT, Installation, run, until
from cli.rehearsal.client import Door, Person
from cli.rehearsal.journal import Journal
from cli.rehearsal.play import Plan, Played, play
from cli.rehearsal.sealing import SCORING, SealedMonth, verify_receipts
from cli.rehearsal.showing import Show
from cli.rehearsal.stage import Backstage
from kernel.clock import SystemClock

COLD_START_S, IDLE_MB, FIRST_PAGE_S = 90, 2560, 2.0
SETTLE_S = 30


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.county")
    options.add_argument("--before", required=True, help="image to begin with")
    options.add_argument("--image", required=True, help="image to upgrade to")
    options.add_argument("--submissions", type=int, default=150)
    options.add_argument("--players", type=int, default=24)
    options.add_argument("--units", type=int, default=8)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--disk", type=int, default=3000, help="size of the data disk in MB")
    options.add_argument(
        "--https", type=int, default=18443, help="port of the door; the next one is plain HTTP"
    )
    options.add_argument(
        "--quiet", action="store_true", help="no faults and no alerts: only the month and the backup"
    )
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kaohe-county-"))
    folder.chmod(0o755)  # what watches the machine is nobody, and looks at the disk below
    county = Installation.new(
        folder / "first", "kaohe-first", image=given.before, https=given.https, disk_mb=given.disk
    )
    second: list[Installation] = []
    show = Show()
    try:
        good = asyncio.run(_exercise(county, second, given, show))
    except BaseException:
        for made in (*second, county):
            show.out.print(made.complaints(), markup=False, highlight=False)
        raise
    finally:
        for made in (*second, county):
            made.removed()
        shutil.rmtree(folder, ignore_errors=True)
    show.out.print(f"exercise {'ok' if good else 'FAILED'}")
    sys.exit(not good)


async def _exercise(
    county: Installation, second: list[Installation], given: argparse.Namespace, show: Show
) -> bool:
    good = _starts(county, show)
    accounts = county.accounts()
    strikes = () if given.quiet else faults.all_of(county, given.image)
    journal = Journal(county.folder / "journal.jsonl")
    async with Door(county.url, str(county.authority())) as door:
        plan = Plan(
            ROOT / "examples/city", given.submissions, given.players, given.units, given.seed,
            SystemClock().now().astimezone().date(), strikes, Backstage(county.clock_file, county),
        )  # fmt: skip
        played = await play(door, accounts, plan, journal, show)
        good &= played.good
        if not given.quiet:
            good &= await asyncio.to_thread(_alerts, county, show)
        backup = await _backup_under_load(county, played.crew.office, show)
    journal.close()
    doctor = county.control("doctor")
    show.check("doctor", holds="✖" not in doctor, detail=doctor.replace("\n", "; "))
    show.check("drill", holds="succeeded" in county.control("drill", backup), detail=backup)
    county.control("down")
    second.append(Installation.restored(county, backup, county.folder.parent / "second", "kaohe-second"))
    return good & await _receipts(second[0], played, show)


def _starts(county: Installation, show: Show) -> bool:
    """Cold start, the first page over TLS, memory at rest."""
    began = time.monotonic()
    county.control("up")
    cold = time.monotonic() - began
    show.check(
        "cold start to healthy",
        holds=cold <= COLD_START_S,
        detail=f"{cold:.0f} s; load {os.getloadavg()[0]:.1f}",
    )
    page = float(
        run(
            "curl",
            "-fsS",
            "--cacert",
            county.authority(),
            "-o",
            "/dev/null",
            "-w",
            "%{time_total}",
            f"{county.url}/",
        )
    )
    show.check("first page over TLS", holds=page <= FIRST_PAGE_S, detail=f"{page:.2f} s")
    time.sleep(SETTLE_S)
    used = sum(
        _mib(line)
        for line in county.compose("stats", "--no-stream", "--format", "{{.MemUsage}}").split("\n")
        if line
    )
    show.check("memory at rest", holds=used <= IDLE_MB, detail=f"{used:.0f} MiB in all containers")
    return cold <= COLD_START_S and page <= FIRST_PAGE_S and used <= IDLE_MB


def _mib(line: str) -> float:
    used = line.split("/", maxsplit=1)[0].strip()
    return float(used[:-3]) * {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}[used[-3:]]


def _alerts(county: Installation, show: Show) -> bool:
    county.compose("--profile", "monitoring", "up", "--detach")
    held = True
    for name, holds, detail in alerts.fire_and_end(county):
        show.check(name, holds=holds, detail=detail)
        held &= holds
    until("everything is healthy", lambda: all(county.healthy(part) for part in faults.PARTS))
    return held


async def _backup_under_load(county: Installation, people: list[Person], show: Show) -> str:
    """Sessions are opened, with their audit records, while the backup is made."""
    signed_in = 0

    async def keep_signing_in(person: Person) -> None:
        nonlocal signed_in
        while True:
            await person.sign_in()
            signed_in += 1

    load = [asyncio.create_task(keep_signing_in(person)) for person in people]
    try:
        await asyncio.to_thread(county.control, "backup")
    finally:
        for task in load:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    newest = county.control("backups").strip().splitlines()[-1].split()[0]
    show.check("backup under load", holds=signed_in > 0, detail=f"{newest}, {signed_in} sign-ins meanwhile")
    return newest


async def _receipts(county: Installation, played: Played, show: Show) -> bool:
    """Every receipt of every sealed month, from the restored installation, against the checkpoint that was printed before."""
    async with Door(county.url, str(county.authority())) as door:
        office = played.crew.office[0]
        person = Person(door, office.username, office.password)
        await person.sign_in()
        return all([await _month(person, month, show) for month in played.sealed])


async def _month(person: Person, month: SealedMonth, show: Show) -> bool:
    period = month.scheme.period["id"]
    told = await person.every(f"{SCORING}/statements", period_id=period)
    good = await verify_receipts(show, person, period, told, trust=month.trust, board=month.board)
    holds = all(good) and bool(good)
    show.check(
        f"restored: every receipt of {month.scheme.name} verifies",
        holds=holds,
        detail=f"{len(good)} receipts",
    )
    return holds


if __name__ == "__main__":
    main()
