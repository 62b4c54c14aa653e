"""The whole rehearsal, from the empty platform to the verdict."""

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from cli.rehearsal import appealing, awarding, checking, issuing, staffing, working
from cli.rehearsal.client import Door, Person
from cli.rehearsal.correcting import correct_sealed
from cli.rehearsal.journal import Journal
from cli.rehearsal.misbehaving import misbehave
from cli.rehearsal.quiet import until_level
from cli.rehearsal.sealing import SealedMonth, seal_month
from cli.rehearsal.showing import Show
from cli.rehearsal.stage import Backstage, Fault
from cli.rehearsal.tampering import tamper

T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """How large and how rough: the work is sent in one share more than there are faults, each but the first while one strikes."""

    folder: Path
    submissions: int
    players: int
    units: int
    seed: int
    today: date
    faults: tuple[Fault, ...] = ()
    backstage: Backstage | None = None


@dataclass(frozen=True)
class Played:
    """`good` only if everything holds. Who played, and what was sealed, for what comes after."""

    good: bool
    crew: staffing.Crew
    sealed: tuple[SealedMonth, ...]


async def play(
    door: Door, accounts: dict[str, dict[str, str]], plan: Plan, journal: Journal, show: Show
) -> Played:
    """Play and check. Prints the verdict as its last line."""
    began = time.monotonic()
    rng = random.Random(plan.seed)
    since = plan.today.replace(month=1, day=1).isoformat()

    people = await staffing.administrators(door, accounts)
    imported = await staffing.import_roster(show, people.roster, plan.folder)
    bureau = await staffing.read_bureau(people.roster)
    taking_part = bureau.second_level()[:: max(len(bureau.second_level()) // plan.units, 1)][: plan.units]
    lines = issuing.lines_of(plan.folder)
    competent = await staffing.arrange_authorities(show, people.roster, bureau, lines, since)
    parts = staffing.cast_parts(bureau, competent, taking_part)
    leading = {part.officer["id"] for part in parts}
    pool = [o for unit in taking_part for o in bureau.officers_below(unit) if o["id"] not in leading]
    players = rng.sample(pool, min(plan.players, len(pool)))
    crew = await staffing.open_accounts(show, people, bureau, parts, players, since)
    await until_level(people.auditor)

    issued = await issuing.publish_schemes(show, crew.office[0], crew, plan.folder, plan.today)
    await until_level(people.auditor)
    for scheme in issued:
        await issuing.hand_down(show, crew, scheme, taking_part)
    ids = [player["id"] for player in players]
    await issuing.acknowledge(show, crew, issued, ids)
    await until_level(people.auditor)

    polite = await misbehave(show, people, crew, issued[0], ids, plan.today)
    works = working.plan_work(issued, ids, plan.submissions, rng)
    done = []
    for share, fault in zip(_shares(works, len(plan.faults) + 1), (None, *plan.faults), strict=True):
        async with asyncio.TaskGroup() as group:
            striking = group.create_task(_struck(fault)) if fault else None
            sending = group.create_task(working.submit_all(show, crew, share, journal, plan.today))
        done += sending.result()
        if striking:
            show.out.print(striking.result(), highlight=False)
    await working.review_all(show, crew, done, journal)
    outcomes = await appealing.appeal_some(show, crew, done, journal)
    await awarding.award_some(show, crew, issued[0], ids, journal, today=plan.today, rng=rng)
    await awarding.share_and_appeal(show, crew, issued[0], ids, journal, today=plan.today)
    with show.stage("等待一致 level", 1) as step:
        await until_level(people.auditor)
        step()

    tally = await checking.check_all(show, crew, people.auditor, issued, journal)
    await _show_ranking(show, crew, issued)
    sealed, proved = await _close_and_seal(show, crew, people.auditor, issued, plan.backstage)
    seconds = time.monotonic() - began
    working_s = sum(s for title, s in show.seconds.items() if title.split(" ")[0] in {"提交", "审核", "复议"})
    show.facts(
        "演练数字 figures",
        {
            "officers imported": imported["officers_new"],
            "units imported": imported["units_new"],
            "targets handed down": sum(scheme.targets for scheme in issued),
            "submissions": tally.submissions,
            "appeals changed / upheld": f"{outcomes['changed']} / {outcomes['upheld']}",
            "awards": len(journal.awards),
            "requests": door.requests,
            "requests repeated": door.repeated,
            "server errors": door.server_errors,
            "submissions a second, from draft to decision": f"{tally.submissions / working_s:.1f}",
        },
    )
    verdict = "ok" if tally.clean and proved and polite and not door.server_errors else "FAILED"
    show.out.print(
        f"rehearsal {verdict}: {tally.submissions} submissions, {tally.lost} lost, {tally.doubled} doubled, "
        f"{tally.altered} altered, {seconds:.0f} s",
        highlight=False,
        soft_wrap=True,
    )
    return Played(verdict == "ok", crew, sealed)


def _shares(items: list[T], parts: int) -> list[list[T]]:
    return [items[len(items) * n // parts : len(items) * (n + 1) // parts] for n in range(parts)]


async def _struck(fault: Fault) -> str:
    return await fault()


async def _close_and_seal(
    show: Show,
    crew: "staffing.Crew",
    auditor: Person,
    issued: list["issuing.Issued"],
    backstage: Backstage | None,
) -> tuple[tuple[SealedMonth, ...], bool]:
    """Needs a clock that can be moved: a platform that is not our own keeps its month open. Whether all is proved."""
    if backstage is None:
        show.out.print(
            "the month stays open: only a platform of the rehearsal's own has a clock that can be moved"
        )
        return (), True
    sealed = [await seal_month(show, crew, auditor, scheme, backstage) for scheme in issued]
    last, _ = sealed[-1]
    caught = await tamper(show, auditor, last, backstage)
    corrected = await correct_sealed(show, crew, auditor, last)
    return tuple(month for month, _ in sealed), caught and corrected and all(proved for _, proved in sealed)


async def _show_ranking(show: Show, crew: "staffing.Crew", issued: list["issuing.Issued"]) -> None:
    office = crew.office[0]
    for scheme in issued[:1]:
        query = {"scheme_id": scheme.id, "period_id": scheme.period["id"]}
        summary = await office.get("/api/reporting/v1/boards/summary", **query)
        for board in summary["boards"][:3]:
            page = await office.get(
                "/api/reporting/v1/boards",
                **query, subject_kind=board["subject_kind"], series_id=board["series_id"],
                unassigned=board["series_id"] is None, limit=15,
            )  # fmt: skip
            show.ranking(f"{scheme.name} · {board['series_name']} · {scheme.period['code']}", page["items"])
