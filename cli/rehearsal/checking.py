"""The checks: what the players wrote down, the ledger, its replay, the statements and the boards must all agree."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cli.rehearsal.client import Person
from cli.rehearsal.expecting import MILLI, expected_points
from cli.rehearsal.issuing import Issued
from cli.rehearsal.journal import Journal, Submitted, sha256
from cli.rehearsal.parallel import each
from cli.rehearsal.quiet import integrity
from cli.rehearsal.showing import Show
from cli.rehearsal.staffing import Crew
from cli.rehearsal.working import SUBMISSIONS
from contracts.catalog import SUBSCRIPTIONS

SCORING = "/api/scoring/v1"
REPORTING = "/api/reporting/v1"


@dataclass
class Tally:
    """How the acknowledged submissions fared."""

    submissions: int = 0
    lost: int = 0
    doubled: int = 0
    altered: int = 0
    failed: int = 0

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.altered or self.failed)


async def check_all(show: Show, crew: Crew, auditor: Person, issued: list[Issued], journal: Journal) -> Tally:
    tally = Tally(submissions=len(journal.submissions))
    await _submissions(show, crew, journal, tally)
    entries = await _entries(show, crew, issued)
    _scored_once(show, issued, journal, entries, tally)
    _awards(show, journal, entries, tally)
    await _replay(show, auditor, tally)
    await _boards(show, crew, issued, entries, tally)
    await _replicas(show, auditor, tally)
    return tally


async def _submissions(show: Show, crew: Crew, journal: Journal, tally: Tally) -> None:
    """Each acknowledged submission is there once, in the expected state, with the same words, figures and files."""
    office = crew.office[0]
    listed = await office.every(f"{SUBMISSIONS}/submissions")
    by_id: dict[str, list[dict[str, Any]]] = defaultdict(list)
    numbers: dict[str, int] = defaultdict(int)
    for row in listed:
        by_id[row["id"]].append(row)
        numbers[row["number"]] += 1
    for item in journal.submissions.values():
        rows = by_id[item.id]
        tally.lost += not rows
        tally.doubled += len(rows) > 1 or numbers[item.number] > 1
        tally.altered += any(not _same(item, row) for row in rows)
    sample = [item for n, item in enumerate(journal.submissions.values()) if n % 10 == 0]

    async def files_unaltered(item: Submitted) -> bool:
        author = crew.person(item.subject_id)
        path = f"{SUBMISSIONS}/submissions/{item.id}/evidence"
        return all([sha256(await author.download(f"{path}/{digest}")) == digest for digest in item.files])

    intact = await each(show, "核对佐证 files", sample, files_unaltered)
    tally.altered += intact.count(False)
    show.check(
        "each acknowledged submission is there exactly once and unaltered",
        holds=not (tally.lost or tally.doubled or tally.altered),
        detail=f"{tally.submissions} in the journal, {len(listed)} listed, {len(sample)} with files re-hashed",
    )


def _same(item: Submitted, row: dict[str, Any]) -> bool:
    accepted = None if row["accepted_quantity"] is None else Decimal(row["accepted_quantity"])
    return (
        row["status"] == item.expected
        and Decimal(row["quantity"]) == item.quantity
        and accepted == item.accepted
        and row["summary"] == item.summary
        and row["event_date"] == item.event_date
        and {f["sha256"] for f in row["evidence"]} == set(item.files)
    )


async def _entries(show: Show, crew: Crew, issued: list[Issued]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    with show.stage("读取台账 ledger", len(issued)) as step:
        for scheme in issued:
            entries += await crew.office[0].every(f"{SCORING}/entries", period_id=scheme.period["id"])
            step()
    return entries


def _scored_once(
    show: Show, issued: list[Issued], journal: Journal, entries: list[dict[str, Any]], tally: Tally
) -> None:
    """The rules, evaluated here on the players' own notes, give what the ledger holds; no source event posted twice."""
    posted: dict[tuple[str, str], int] = defaultdict(int)
    sources: set[tuple[str | None, ...]] = set()
    for entry in entries:
        if not _beside_the_rules(entry):
            posted[entry["subject_id"], entry["node"] or entry["indicator_id"]] += entry["points_milli"]
            source = (entry["source_event_id"], entry["node"], entry["indicator_id"], entry["subject_id"])
            tally.doubled += source in sources
            sources.add(source)
    expected = {key: milli for key, milli in expected_points(issued, journal).items() if milli}
    wrong = {key for key in expected.keys() | posted.keys() if expected.get(key, 0) != posted.get(key, 0)}
    tally.altered += len(wrong)
    show.check(
        "each acknowledged submission is scored exactly once",
        holds=not wrong,
        detail=f"{len(expected)} officer × indicator or node from the journal through rules and plans = ledger; {len(wrong)} differ",
    )


def _beside_the_rules(entry: dict[str, Any]) -> bool:
    """An award, or what an appeal against an entry changed."""
    return not (entry["node"] or entry["indicator_id"])


def _awards(show: Show, journal: Journal, entries: list[dict[str, Any]], tally: Tally) -> None:
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for award in journal.awards:
        wanted[award["subject_id"]] += award["points"]
    found: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if _beside_the_rules(entry):
            found[entry["subject_id"]] += Decimal(entry["points_milli"]) * MILLI
    holds = {k: v for k, v in wanted.items() if v} == {k: v for k, v in found.items() if v}
    tally.failed += not holds
    show.check(
        "bonuses, penalties and appeals against them as signed",
        holds=holds,
        detail=f"{len(journal.awards)} awards",
    )


async def _replay(show: Show, auditor: Person, tally: Tally) -> None:
    """The platform's own replay of the event logs through the rules, and the hash chains of every service."""
    result = await auditor.post(f"{SCORING}/verification")
    tally.failed += not result["holds"]
    show.check(
        "ledger = replay of the event log through the rules = statements",
        holds=result["holds"],
        detail=_brief(result),
    )
    for service in SUBSCRIPTIONS:
        chain = await auditor.post(f"/api/{service}/v1/integrity/verify")
        tally.failed += not chain["holds"]
        show.check(
            f"event log of {service} is gapless and chained",
            holds=chain["holds"],
            detail=f"{chain['events']} events",
        )


def _brief(result: dict[str, Any]) -> str:
    return ", ".join(
        f"{key} {value}" for key, value in result.items() if isinstance(value, int | str) and key != "holds"
    )


async def _boards(
    show: Show, crew: Crew, issued: list[Issued], entries: list[dict[str, Any]], tally: Tally
) -> None:
    """Each row of each board equals the statement, and the entries behind it add up."""
    office = crew.office[0]
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        sums[entry["subject_id"], entry["period_id"]] += entry["points_milli"]
    rows = statements = wrong = 0
    for scheme in issued:
        period = scheme.period["id"]
        told = {
            row["subject_id"]: row
            for row in await office.every(f"{SCORING}/statements", scheme_id=scheme.id, period_id=period)
        }
        statements += len(told)
        wrong += sum(row["entries_milli"] != sums[row["subject_id"], period] for row in told.values())
        summary = await office.get(f"{REPORTING}/boards/summary", scheme_id=scheme.id, period_id=period)
        shown: dict[str, Decimal] = {}
        for board in summary["boards"]:
            for row in await office.every(
                f"{REPORTING}/boards", scheme_id=scheme.id, period_id=period,
                subject_kind=board["subject_kind"], series_id=board["series_id"],
                unassigned=board["series_id"] is None,
            ):  # fmt: skip
                shown[row["subject_id"]] = Decimal(row["total"])
        rows += len(shown)
        totals = {subject: Decimal(row["total_milli"]) * MILLI for subject, row in told.items()}
        totals.pop(crew.bureau.root.id, None)  # the bureau itself has no peers to be ranked among
        wrong += sum(totals.get(subject) != shown.get(subject) for subject in totals.keys() | shown.keys())
    tally.failed += wrong
    show.check(
        "ledger = statements = boards",
        holds=not wrong,
        detail=f"{statements} statements, {rows} board rows, {wrong} differ",
    )


async def _replicas(show: Show, auditor: Person, tally: Tally) -> None:
    """For every subscription: the consumer's replica has the same things in the same versions as the owner."""
    pages = await integrity(auditor)
    compared = wrong = parked = 0
    for page in pages.values():
        parked += page["backlog"].get("parked", 0)
        for replica in page["replicas"]:
            owner = next(o for p in pages.values() for o in p["owned"] if o["type"] == replica["type"])
            compared += 1
            wrong += (owner["count"], owner["digest"]) != (replica["count"], replica["digest"])
    tally.failed += wrong + parked
    show.check(
        "replicas equal their sources",
        holds=not (wrong or parked),
        detail=f"{compared} compared, {wrong} differ, {parked} parked",
    )
