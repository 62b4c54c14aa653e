"""The first days: the roster comes in, accounts are opened, roles are proposed, approved and taken up."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.rehearsal.cast import Bureau, Unit, bureau_of
from cli.rehearsal.client import Door, Person
from cli.rehearsal.parallel import each
from cli.rehearsal.showing import Show

ORG = "/api/org/v1"
BATCH = 200


@dataclass
class Administrators:
    roster: Person
    security: Person
    auditor: Person


@dataclass
class Crew:
    """Everybody who plays a part, by part. `leaders`, `assessors`, `adjudicators` are keyed by unit id."""

    bureau: Bureau
    office: list[Person]
    leaders: dict[str, Person] = field(default_factory=dict)
    assessors: dict[str, list[Person]] = field(default_factory=dict)
    adjudicators: list[Person] = field(default_factory=list)
    chiefs: list[Person] = field(default_factory=list)
    officers: dict[str, Person] = field(default_factory=dict)  # by officer id: everybody, in whatever role

    def person(self, officer_id: str) -> Person:
        return self.officers[officer_id]


async def administrators(door: Door, accounts: dict[str, dict[str, str]]) -> Administrators:
    """The three administrators of the first start, with one-time passwords exchanged for own ones."""
    people = {}
    for role in ("roster_admin", "security_admin", "auditor"):
        person = Person(door, accounts[role]["username"], accounts[role]["password"])
        who = await person.sign_in()
        if who["must_change_password"]:
            await person.choose_password(new_password())
        people[role] = person
    return Administrators(people["roster_admin"], people["security_admin"], people["auditor"])


def new_password() -> str:
    return f"Kh-{secrets.token_urlsafe(12)}-9a"


async def import_roster(show: Show, admin: Person, folder: Path) -> dict[str, Any]:
    """Preview, compare the errors found with those known to be in the workbook, import the good rows."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["roster"]
    with show.stage("导入花名册 roster import", 1) as step:
        workbook = (folder / "roster.xlsx").read_bytes()
        upload = await admin.upload(f"{ORG}/roster/imports", "workbook", "roster.xlsx", workbook)
        await admin.errand("org", upload["errand_id"])
        address = f"{ORG}/roster/imports/{upload['id']}"
        wrong = await admin.every(f"{address}/findings")
        found = {(row["sheet"], row["row"], finding["code"]) for row in wrong for finding in row["findings"]}
        known = {(e["sheet"], e["row"], e["code"]) for e in expected}
        if found != known:
            message = f"roster preview: unexpected {sorted(found - known)}, missing {sorted(known - found)}"
            raise AssertionError(message)
        applying = await admin.post(f"{address}/apply", {"mode": "good"})
        done = await admin.errand("org", applying["errand_id"])
        step()
    return done


async def read_bureau(admin: Person) -> Bureau:
    units = await admin.every(f"{ORG}/units")
    officers = await admin.every(f"{ORG}/officers")
    return bureau_of(units, officers)


async def arrange_authorities(
    show: Show, admin: Person, bureau: Bureau, lines: set[str], since: str
) -> dict[str, Unit]:
    """Assessment offices and, for each line that the schemes use, the unit competent for it in the whole bureau."""
    offices = [u for u in bureau.units.values() if u.kind == "assessment_office" and u.level == 2]
    competent: dict[str, Unit] = {}
    with show.stage("归口与考核办 authorities", len(offices) + 1) as step:
        covers = {True: ["county_bureau", "sub_bureau"], False: ["detachment"]}
        for office in sorted(offices, key=lambda u: u.code):
            county = "县" in office.name
            await admin.post(
                f"{ORG}/assessment-offices",
                {
                    "unit_id": office.id,
                    "scope_unit_id": bureau.root.id,
                    "covers": covers[county],
                    "valid_from": since,
                },
            )
            step()
        detachments = [u for u in bureau.second_level() if u.kind == "detachment" and u.officers]
        for line in sorted(lines):
            competent[line] = next((u for u in detachments if line in u.lines), detachments[0])
        authorities = [
            {"scope_unit_id": bureau.root.id, "line": line, "unit_id": unit.id, "valid_from": since}
            for line, unit in competent.items()
        ]
        await admin.post(f"{ORG}/line-authorities/batch", {"authorities": authorities})
        step()
    return competent


@dataclass
class Part:
    """A role to be granted to an officer."""

    officer: dict[str, Any]
    role: str
    unit: Unit
    lines: tuple[str, ...] = ()


def cast_parts(
    bureau: Bureau, competent: dict[str, Unit], taking_part: list[Unit], *, assessors: int = 3
) -> list[Part]:
    """Leaders of the units that take part, assessors of each competent unit, two offices, adjudicators, a chief."""
    root = bureau.root
    offices = sorted(
        (u for u in bureau.units.values() if u.kind == "assessment_office" and u.level == 2),
        key=lambda u: u.code,
    )
    parts = [Part(office.officers[0], "assessment_office", root) for office in offices]
    parts += [Part(office.officers[1], "adjudicator", root) for office in offices]
    parts += [Part(root.officers[0], "chief", root)] if root.officers else []
    parts += [Part(officers[0], "unit_leader", unit) for unit in taking_part if (officers := unit.officers)]
    for unit in {u.id: u for u in competent.values()}.values():
        lines = tuple(line for line, u in competent.items() if u.id == unit.id)
        parts += [
            Part(officer, "assessor", root, lines)
            for officer in bureau.officers_below(unit)[1 : 1 + assessors]
        ]
    return parts


async def open_accounts(
    show: Show,
    people: Administrators,
    bureau: Bureau,
    parts: list[Part],
    players: list[dict[str, Any]],
    since: str,
) -> Crew:
    """Accounts with one-time passwords, grants proposed by one administrator and approved by another, first sign-in."""
    wanted = {p.officer["id"]: p.officer for p in parts} | {o["id"]: o for o in players}
    slips: dict[str, dict[str, Any]] = {}
    batches = [list(wanted)[i : i + BATCH] for i in range(0, len(wanted), BATCH)]
    for answer in await each(
        show,
        "开通账号 accounts",
        batches,
        lambda ids: people.roster.post(f"{ORG}/accounts/batch", {"officer_ids": ids}),
        hands=1,
    ):
        slips |= {slip["officer_id"]: slip for slip in answer["accounts"]}
    await _grant(show, people, parts, slips, since)

    async def first_sign_in(officer_id: str) -> Person:
        slip = slips[officer_id]
        person = Person(people.roster.door, slip["username"], slip["one_time_password"])
        await person.sign_in()
        await person.choose_password(new_password())
        return person

    signed_in = await each(show, "首次登录 first sign-in", list(wanted), first_sign_in, hands=4)
    crew = Crew(bureau, office=[], officers=dict(zip(wanted, signed_in, strict=True)))
    for part in parts:
        person = crew.officers[part.officer["id"]]
        match part.role:
            case "assessment_office":
                crew.office.append(person)
            case "adjudicator":
                crew.adjudicators.append(person)
            case "chief":
                crew.chiefs.append(person)
            case "unit_leader":
                crew.leaders[part.unit.id] = person
            case "assessor":
                for line in part.lines:
                    crew.assessors.setdefault(line, []).append(person)
            case _:
                continue
    return crew


async def _grant(
    show: Show, people: Administrators, parts: list[Part], slips: dict[str, dict[str, Any]], since: str
) -> None:
    with show.stage("授权 grants", 2) as step:
        proposals = [
            {
                "account_id": slips[p.officer["id"]]["account_id"],
                "role": p.role,
                "scope_unit_id": p.unit.id,
                "lines": list(p.lines),
                "valid_from": since,
            }
            for p in parts
        ]
        proposed = await people.roster.post(f"{ORG}/grants/batch", {"grants": proposals})
        step()
        await people.security.post(
            f"{ORG}/grants/approve-batch", {"ids": [g["id"] for g in proposed["grants"]]}
        )
        step()
