"""The month itself: officers submit work with files, the competent line reviews, returned work comes again."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cli.rehearsal.client import Person
from cli.rehearsal.files import KINDS, evidence
from cli.rehearsal.issuing import Issued
from cli.rehearsal.journal import Journal, Submitted, sha256
from cli.rehearsal.parallel import each
from cli.rehearsal.showing import Show
from cli.rehearsal.staffing import Crew

SUBMISSIONS = "/api/submissions/v1"
#: What the reviewers decide, in the long run.
OUTCOMES = (("accept", 74), ("adjust", 8), ("return", 8), ("refuse", 10))


@dataclass(frozen=True)
class Work:
    """One piece of work that an officer will submit."""

    officer_id: str
    target: dict[str, Any]
    issued: Issued
    quantity: int
    outcome: str
    seed: int

    @property
    def indicator(self) -> dict[str, Any]:
        return self.issued.indicators[self.target["indicator_id"]]


def plan_work(issued: list[Issued], players: list[str], wanted: int, rng: random.Random) -> list[Work]:
    """`wanted` pieces of work spread evenly over players and their targets."""
    pool = [
        (officer, scheme, target)
        for officer in players
        for scheme in issued
        for target in scheme.by_officer[officer]
    ]
    rng.shuffle(pool)
    if not pool:
        raise AssertionError("no target has reached a player")
    outcomes = rng.choices([name for name, _ in OUTCOMES], [weight for _, weight in OUTCOMES], k=wanted)
    return [
        Work(officer, target, scheme, rng.randint(2, 4), outcomes[n], rng.randrange(10**9))
        for n in range(wanted)
        for officer, scheme, target in (pool[n % len(pool)],)
    ]


async def submit_all(
    show: Show, crew: Crew, works: list[Work], journal: Journal, today: date
) -> list[tuple[Work, str]]:
    """Each piece: draft, files, submit. Written to the journal only after the platform said yes."""

    async def submit(work: Work) -> tuple[Work, str]:
        person = crew.person(work.officer_id)
        first = date.fromisoformat(work.issued.period["starts_on"])
        event_date = max(first, today - timedelta(days=work.seed % 7))
        body = {
            "target_id": work.target["id"],
            "event_date": event_date.isoformat(),
            "quantity": str(work.quantity),
            "summary": f"演练:{work.indicator['name'][:60]} 第{work.seed % 1000}号",
            "case_number": f"YL{work.seed:09d}",
        }
        draft = await person.post(f"{SUBMISSIONS}/submissions", body)
        item = Submitted(
            draft["id"], "", work.target["indicator_id"], work.issued.period["id"], "officer", work.officer_id,
            Decimal(work.quantity), body["summary"], body["event_date"],
        )  # fmt: skip
        for n in range(1 + work.seed % 2):
            kind = KINDS[(work.seed + n) % len(KINDS)]
            name, content = evidence(kind, f"佐证{n + 1}", work.seed + n)
            await person.upload(f"{SUBMISSIONS}/submissions/{draft['id']}/evidence", "file", name, content)
            item.files.append(sha256(content))
        done = await person.post(f"{SUBMISSIONS}/submissions/{draft['id']}/submit")
        item.number = done["number"]
        journal.keep("submit", item)
        return work, item.id

    return await each(show, "提交 submit", works, submit, hands=10)


async def review_all(show: Show, crew: Crew, done: list[tuple[Work, str]], journal: Journal) -> None:
    """Claim and decide each; a returned one is repaired, submitted again and then accepted."""

    async def review(item: tuple[Work, str]) -> None:
        work, submission = item
        reviewer = _reviewer(crew, work)
        kept = journal.submissions[submission]
        path = f"{SUBMISSIONS}/submissions/{submission}"
        await reviewer.post(f"{path}/claim")
        match work.outcome:
            case "return":
                await reviewer.post(f"{path}/return", {"reason": "演练:佐证材料不清晰,请补充"})
                author = crew.person(work.officer_id)
                name, content = evidence("pdf", "补充佐证", work.seed + 7)
                await author.upload(f"{path}/evidence", "file", name, content)
                kept.files.append(sha256(content))
                await author.post(f"{path}/submit")
                await reviewer.post(f"{path}/claim")
                await reviewer.post(f"{path}/accept", {})
                kept.accepted = kept.quantity
            case "refuse":
                await reviewer.post(f"{path}/refuse", {"reason": "演练:与指标口径不符", "clause": "第三条"})
                kept.accepted = Decimal(0)
            case "adjust":
                kept.accepted = kept.quantity - 1
                body = {"quantity": str(kept.accepted), "reason": "演练:一件重复计算", "clause": "第五条"}
                await reviewer.post(f"{path}/accept", body)
            case _:
                await reviewer.post(f"{path}/accept", {})
                kept.accepted = kept.quantity
        kept.expected = "refused" if work.outcome == "refuse" else "accepted"
        journal.keep("review", kept)

    await each(show, "审核 review", done, review, hands=8)


def _reviewer(crew: Crew, work: Work) -> Person:
    """An assessor of the line who is not the author and not of the author's unit."""
    path = _second_level(crew, work.officer_id)
    candidates = [
        p for p in crew.assessors[work.indicator["line"]] if _second_level(crew, p.officer_id or "") != path
    ]
    pool = candidates or [p for p in crew.office if p.officer_id != work.officer_id]
    return pool[work.seed % len(pool)]


def _second_level(crew: Crew, officer_id: str) -> str:
    for unit in crew.bureau.units.values():
        if any(officer["id"] == officer_id for officer in unit.officers):
            return unit.second_level_code
    return ""
