"""Those who were refused or cut appeal; half of the appeals succeed."""

from typing import Any

from cli.rehearsal.journal import Journal
from cli.rehearsal.parallel import each
from cli.rehearsal.showing import Show
from cli.rehearsal.staffing import Crew
from cli.rehearsal.working import SUBMISSIONS, Work


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
