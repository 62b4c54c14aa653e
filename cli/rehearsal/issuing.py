"""Schemes are drafted from workbooks, checked and published; targets go down five levels and are acknowledged."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cli.rehearsal.cast import Unit
from cli.rehearsal.client import Person
from cli.rehearsal.parallel import each
from cli.rehearsal.showing import Show
from cli.rehearsal.staffing import Crew

TARGETS = "/api/targets/v1"
CHUNK = 400


@dataclass
class Issued:
    """A published scheme with its open period, its indicators and plan, and the targets that reached officers."""

    id: str
    name: str
    period: dict[str, Any]
    indicators: dict[str, dict[str, Any]]
    plan: dict[str, Any] | None = None
    by_officer: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    targets: int = 0


def lines_of(folder: Path) -> set[str]:
    plans = json.loads((folder / "schemes.json").read_text(encoding="utf-8"))
    return {line for plan in plans for line in plan["lines"]}


async def publish_schemes(show: Show, office: Person, crew: Crew, folder: Path, today: date) -> list[Issued]:
    """One scheme a workbook: draft, calendar, import with preview, check, publish."""
    plans = json.loads((folder / "schemes.json").read_text(encoding="utf-8"))

    async def publish(plan: dict[str, Any]) -> Issued:
        body = {k: v for k, v in plan.items() if k not in {"workbook", "lines", "source", "targets", "plan"}}
        scheme = await office.post(
            f"{TARGETS}/schemes", body | {"year": today.year, "scope_unit_id": crew.bureau.root.id}
        )
        await office.post(f"{TARGETS}/schemes/{scheme['id']}/calendar", calendar_around(today))
        workbook = (folder / plan["workbook"]).read_bytes()
        preview = await office.upload(
            f"{TARGETS}/schemes/{scheme['id']}/indicator-imports", "workbook", plan["workbook"], workbook
        )
        if preview["errors"]:
            raise AssertionError(f"{plan['workbook']}: {preview['errors'][:5]}")
        await office.post(f"{TARGETS}/indicator-imports/{preview['id']}/apply")
        if "plan" in plan:
            now = await office.get(f"{TARGETS}/schemes/{scheme['id']}")
            bound = {"version": now["version"], "plan": plan["plan"]}
            await office.put(f"{TARGETS}/schemes/{scheme['id']}/plan", bound)
        await office.post(f"{TARGETS}/schemes/{scheme['id']}/publish")
        periods = await office.every(f"{TARGETS}/schemes/{scheme['id']}/periods")
        period = next(p for p in periods if p["starts_on"] <= today.isoformat() <= p["ends_on"])
        indicators = await office.every(f"{TARGETS}/schemes/{scheme['id']}/indicators")
        return Issued(scheme["id"], plan["name"], period, {i["id"]: i for i in indicators}, plan.get("plan"))

    return await each(show, "方案发布 schemes", plans, publish, hands=1)


def calendar_around(today: date) -> dict[str, Any]:
    """A monthly calendar whose cut-off is still ahead: day 25 with a month from the 26th, or the plain month near its end."""
    until = today + timedelta(days=2)
    by_the_25th = today.day <= 23 or today.day >= 26
    start_day = 26 if by_the_25th else 1
    month = (
        (today.replace(day=28) + timedelta(days=6)).strftime("%Y-%m") if today.day >= start_day > 1 else None
    )
    return {
        "start_day": start_day,
        "year_start": {"month": 1, "day": 1},
        "cutoff_day": 25 if by_the_25th else max(until.day, 28),
        "cutoff_time": "18:00",
        "review_days": 5,
        "appeal_working_days": 5,
        "months": [month or today.strftime("%Y-%m")],
    }


async def hand_down(
    show: Show,
    crew: Crew,
    issued: Issued,
    taking_part: list[Unit] | None = None,
    quantity_per_officer: int = 4,
) -> None:
    """City → second level (issued by the office), then each leader splits to units and officers, level by level."""
    office = crew.office[0]
    units = [unit for unit in taking_part or crew.bureau.second_level() if crew.bureau.officers_below(unit)]
    wanted = [
        {
            "indicator_id": indicator["id"],
            "period_id": issued.period["id"],
            "subject_kind": "unit",
            "subject_id": unit.id,
            "quantity": str(quantity_per_officer * len(crew.bureau.officers_below(unit))),
        }
        for indicator in issued.indicators.values()
        for unit in units
        if takes_part(indicator, unit)
    ]
    made: list[dict[str, Any]] = []
    chunks = [wanted[i : i + CHUNK] for i in range(0, len(wanted), CHUNK)]
    for answer in await each(
        show,
        f"下达 issue · {issued.name}",
        chunks,
        lambda chunk: office.post(
            f"{TARGETS}/targets/batch", {"scheme_id": issued.id, "issue": True, "targets": chunk}
        ),
        hands=1,
    ):
        made += answer["targets"]
    issued.targets += len(made)
    by_unit: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for target in made:
        by_unit[target["subject_id"]].append(target)

    async def cascade(unit: Unit) -> int:
        return await _cascade(crew, issued, crew.leaders[unit.id], {unit.id: by_unit[unit.id]})

    receivers = [unit for unit in units if by_unit[unit.id]]
    issued.targets += sum(await each(show, f"分解 cascade · {issued.name}", receivers, cascade, hands=4))


def takes_part(indicator: dict[str, Any], unit: Unit) -> bool:
    """Indicators for officers go to everybody; in this bureau every second-level unit does every line's work."""
    return indicator["subject_kind"] in {"officer", "both"} and unit.level > 0


async def _cascade(
    crew: Crew, issued: Issued, leader: Person, received: dict[str, list[dict[str, Any]]]
) -> int:
    """Acknowledge what was received, split it by hand by head count to sub-units and officers, and go on below."""
    count = 0
    while received:
        mine = [target["id"] for targets in received.values() for target in targets]
        for start in range(0, len(mine), CHUNK):
            await leader.post(f"{TARGETS}/targets/acknowledge-batch", {"ids": mine[start : start + CHUNK]})
        splits = [
            {"target_id": target["id"], "method": "hand", "parts": parts}
            for unit_id, targets in received.items()
            for target in targets
            if (parts := _parts(crew, crew.bureau.units[unit_id], int(float(target["quantity"]))))
        ]
        received = defaultdict(list)
        for start in range(0, len(splits), 100):
            answer = await leader.post(
                f"{TARGETS}/targets/split-batch", {"splits": splits[start : start + 100]}
            )
            for target in answer["targets"]:
                count += 1
                if target["subject_kind"] == "officer":
                    issued.by_officer[target["subject_id"]].append(target)
                else:
                    received[target["subject_id"]].append(target)
    return count


def _parts(crew: Crew, unit: Unit, quantity: int) -> list[dict[str, Any]]:
    """Each head gets the same: officers of the unit one share each, each sub-unit a share a head below it."""
    heads = len(crew.bureau.officers_below(unit))
    each_head = quantity // heads if heads else 0
    parts = [
        {"subject_kind": "officer", "subject_id": officer["id"], "quantity": str(each_head)}
        for officer in unit.officers
    ]
    return parts + [
        {"subject_kind": "unit", "subject_id": child.id, "quantity": str(each_head * below)}
        for child in crew.bureau.children(unit)
        if (below := len(crew.bureau.officers_below(child)))
    ]


async def acknowledge(show: Show, crew: Crew, issued: list[Issued], players: list[str]) -> None:
    """Each player signs for the targets that reached him."""

    async def sign(officer_id: str) -> None:
        ids = [target["id"] for scheme in issued for target in scheme.by_officer[officer_id]]
        if ids:
            await crew.person(officer_id).post(f"{TARGETS}/targets/acknowledge-batch", {"ids": ids})

    await each(show, "签收 acknowledge", players, sign)
