"""Those who were refused or cut appeal; bonuses and penalties are entered, the large ones signed twice."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

from cli.rehearsal.issuing import Issued
from cli.rehearsal.journal import Journal
from cli.rehearsal.parallel import each
from cli.rehearsal.showing import Show
from cli.rehearsal.staffing import Crew
from cli.rehearsal.working import SUBMISSIONS, Work

SCORING = "/api/scoring/v1"


async def appeal_some(
    show: Show, crew: Crew, done: list[tuple[Work, str]], journal: Journal
) -> dict[str, int]:
    """Two of three decisions against the officer are appealed; half of the appeals succeed."""
    against = [
        (w, s) for n, (w, s) in enumerate(x for x in done if x[0].outcome in {"refuse", "adjust"}) if n % 3
    ]
    outcomes = {"changed": 0, "upheld": 0}

    async def appeal(item: tuple[Work, str]) -> None:
        work, submission = item
        kept = journal.submissions[submission]
        appellant = crew.person(work.officer_id)
        judges = [p for p in crew.adjudicators if p.officer_id != work.officer_id]
        judge = judges[work.seed % len(judges)]
        filed = await appellant.post(
            f"{SUBMISSIONS}/submissions/{submission}/appeals", {"grounds": "演练:事实清楚,佐证齐全,请予复议"}
        )
        path = f"{SUBMISSIONS}/appeals/{filed['id']}"
        await judge.post(f"{path}/admit")
        outcome = "changed" if work.seed % 2 else "upheld"
        body: dict[str, Any] = {
            "outcome": outcome,
            "reason": "演练:经复议" + ("予以变更" if outcome == "changed" else "维持"),
        }
        if outcome == "changed":
            body["quantity"] = str(kept.quantity)
            kept.accepted = kept.quantity
        await judge.post(f"{path}/decide", body)
        kept.expected = outcome
        outcomes[outcome] += 1
        journal.keep("appeal", kept)

    await each(show, "复议 appeals", against, appeal, hands=6)
    return outcomes


async def award_some(
    show: Show,
    crew: Crew,
    issued: Issued,
    players: list[str],
    journal: Journal,
    *,
    today: date,
    rng: random.Random,
) -> None:
    """Bonuses and penalties by one office, confirmed by the other where they are large; one is reversed."""
    first, second = crew.office[0], crew.office[1]
    chosen = rng.sample(players, min(12, len(players)))

    async def award(n_officer: tuple[int, str]) -> None:
        n, officer = n_officer
        penalty = n % 3 == 2
        body = {
            "scheme_id": issued.id,
            "subject_kind": "officer",
            "subject_id": officer,
            "kind": "penalty" if penalty else "bonus",
            "points": "1.5" if penalty else ("6" if n % 4 == 0 else "2"),
            "category": "通报批评" if penalty else "嘉奖",
            "level": "city",
            "document_number": f"演练〔{today.year}〕{n + 1}号",
            "occurred_on": today.isoformat(),
            "reason": "演练:" + ("检查发现问题" if penalty else "工作成绩突出"),
        }
        made = await first.post(f"{SCORING}/awards", body)
        if made["status"] == "pending":
            made = await second.post(f"{SCORING}/awards/{made['id']}/confirm")
        points = Decimal(body["points"]) * (-1 if penalty else 1)
        if n == 1:
            made = await first.post(f"{SCORING}/awards/{made['id']}/reverse", {"reason": "演练:文件撤销"})
            points = Decimal(0)
        journal.keep_award({"id": made["id"], "subject_id": officer, "points": points})

    await each(show, "加减分 awards", list(enumerate(chosen)), award, hands=2)
