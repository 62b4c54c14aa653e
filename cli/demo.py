"""The demonstration bureau of a first start: the example city, with accounts for the main roles."""

from pathlib import Path

from cli.rehearsal import issuing, staffing
from cli.rehearsal.client import Door
from cli.rehearsal.quiet import until_level
from cli.rehearsal.showing import Show
from kernel.clock import SystemClock

#: How many second-level units the first start hands targets down in; the others wait for their leaders.
UNITS = 3
CITY = Path(__file__).parents[1] / "examples" / "city"


async def seed(url: str, accounts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Import the city, open accounts for an office, a chief, a leader, an assessor, an adjudicator and an officer, publish
    its schemes and hand the first one down. Returns role → username and password of everybody who can sign in now.
    """
    show = Show()
    # The demonstration's own month, by this machine's calendar.
    today = SystemClock().now().astimezone().date()
    since = today.replace(month=1, day=1).isoformat()
    async with Door(url) as door:
        people = await staffing.administrators(door, accounts)
        await staffing.import_roster(show, people.roster, CITY)
        bureau = await staffing.read_bureau(people.roster)
        competent = await staffing.arrange_authorities(
            show, people.roster, bureau, issuing.lines_of(CITY), since
        )
        shown_units = bureau.second_level()[:UNITS]
        parts = staffing.cast_parts(bureau, competent, shown_units, assessors=1)
        leading = {part.officer["id"] for part in parts}
        detachment = shown_units[0]
        player = next(o for o in bureau.officers_below(detachment) if o["id"] not in leading)
        crew = await staffing.open_accounts(show, people, bureau, parts, [player], since)
        await until_level(people.auditor)
        issued = await issuing.publish_schemes(show, crew.office[0], crew, CITY, today)
        await until_level(people.auditor)
        await issuing.hand_down(show, crew, issued[0], shown_units)
        await until_level(people.auditor)
    shown = {
        "roster_admin": people.roster,
        "security_admin": people.security,
        "auditor": people.auditor,
        "assessment_office": crew.office[0],
        "chief": crew.chiefs[0],
        "unit_leader": crew.leaders[detachment.id],
        "assessor": next(iter(crew.assessors.values()))[0],
        "adjudicator": crew.adjudicators[0],
        "officer": crew.person(player["id"]),
    }
    return {
        role: {"username": person.username, "password": person.password} for role, person in shown.items()
    }
