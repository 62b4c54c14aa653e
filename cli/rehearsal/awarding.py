"""Bonuses and penalties: the large ones signed twice, one shared by three, one of a cause that counts once, one appealed."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

from cli.rehearsal.issuing import Issued
from cli.rehearsal.journal import Journal
from cli.rehearsal.parallel import each
from cli.rehearsal.showing import Show
from cli.rehearsal.staffing import Crew

SCORING = "/api/scoring/v1"
#: Parts of a deed of three, and what they make of its 1.9 points, to a thousandth.
PARTS, SHARED, SHARES = (3, 2, 1), "1.9", ("0.950", "0.633", "0.317")


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
        points = Decimal(str(body["points"])) * (-1 if penalty else 1)
        if n == 1:
            made = await first.post(f"{SCORING}/awards/{made['id']}/reverse", {"reason": "演练:文件撤销"})
            points = Decimal(0)
        journal.keep_award({"id": made["id"], "subject_id": officer, "points": points})

    await each(show, "加减分 awards", list(enumerate(chosen)), award, hands=2)


async def share_and_appeal(
    show: Show, crew: Crew, issued: Issued, players: list[str], journal: Journal, *, today: date
) -> None:
    """A deed of three; two honours of one cause; a penalty that its officer appeals against, with success."""
    office, officers = crew.office[0], players[:3]
    common = {"scheme_id": issued.id, "level": "city", "occurred_on": today.isoformat(), "reason": "演练"}
    with show.stage("共享与复议 shares", 3) as step:
        people = [
            {"subject_kind": "officer", "subject_id": officer, "part": part}
            for officer, part in zip(officers, PARTS, strict=False)
        ]
        deed = common | {"kind": "bonus", "points": SHARED, "category": "集体嘉奖", "participants": people}
        for made, share in zip(await office.post(f"{SCORING}/awards/shared", deed), SHARES, strict=False):
            journal.keep_award({"id": made["id"], "subject_id": made["subject_id"], "points": Decimal(share)})
        step()
        alone = common | {"subject_kind": "officer", "subject_id": officers[-1]}
        honour = alone | {"kind": "bonus", "category": "表彰", "cause": "演练:同一专案"}
        for points, counted in (("0.5", "0"), ("1", "1")):
            made = await office.post(f"{SCORING}/awards", honour | {"points": points})
            journal.keep_award({"id": made["id"], "subject_id": officers[-1], "points": Decimal(counted)})
        step()
        await _appeal_a_penalty(
            crew, alone | {"kind": "penalty", "category": "通报批评", "points": "1"}, journal
        )
        step()


async def _appeal_a_penalty(crew: Crew, penalty: dict[str, Any], journal: Journal) -> None:
    """One point off, half of it taken back."""
    officer = penalty["subject_id"]
    made = await crew.office[0].post(f"{SCORING}/awards", penalty)
    mine = await crew.person(officer).every(f"{SCORING}/entries", subject_id=officer, kind="penalty")
    entry = next(entry for entry in mine if entry["award_id"] == made["id"])
    filed = await crew.person(officer).post(
        f"{SCORING}/entries/{entry['id']}/appeals", {"grounds": "演练:扣分偏重"}
    )
    judge = next(person for person in crew.adjudicators if person.officer_id != officer)
    ruling = {"outcome": "changed", "points": "-0.5", "reason": "演练:情节较轻,减半"}
    await judge.post(f"{SCORING}/entry-appeals/{filed['id']}/decide", ruling)
    journal.keep_award({"id": made["id"], "subject_id": officer, "points": Decimal("-0.5")})
