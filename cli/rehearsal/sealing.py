"""The end of the month: cut-off, closing, publicity, an objection, two signatures, everybody's receipt verified."""

import asyncio
import gzip
import io
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cli.bundle.verifying import verify_bundle
from cli.rehearsal.client import Person
from cli.rehearsal.issuing import Issued
from cli.rehearsal.parallel import each
from cli.rehearsal.quiet import until_level
from cli.rehearsal.showing import Show
from cli.rehearsal.staffing import Crew
from cli.rehearsal.stage import Backstage
from kernel.clock import SystemClock
from sealing.checkpoint import Checkpoint
from sealing.proofs import LogProof
from sealing.receipt import Receipt
from sealing.trust import Trust
from sealing.verify import verify

SCORING = "/api/scoring/v1"
AFTER = timedelta(hours=1)
PUBLICITY = timedelta(days=3)
FILES_WITHIN_S = 180


@dataclass(frozen=True)
class SealedMonth:
    """What the officers take home: the trusted keys and the checkpoint as printed, and one receipt."""

    scheme: Issued
    seal: dict[str, Any]
    trust: bytes
    board: bytes
    subject: str  # an officer
    receipt: bytes


async def seal_month(
    show: Show, crew: Crew, auditor: Person, scheme: Issued, backstage: Backstage
) -> tuple[SealedMonth, bool]:
    """Closes and seals one scheme's period; whether every receipt verifies."""
    office, second = crew.office[0], crew.office[1]
    period = scheme.period["id"]
    closing = f"{SCORING}/closings/{period}"
    with show.stage("结账与公示 closing", 4) as step:
        cutoff = datetime.fromisoformat(scheme.period["cutoff_at"])
        _move(backstage, cutoff + AFTER)
        await office.post(f"{closing}/begin")
        await until_level(auditor)
        await _files_checked(office, closing)
        step()
        trial = await office.post(f"{closing}/trials")
        step()
        until = cutoff + AFTER + PUBLICITY
        await office.post(f"{closing}/publish", {"objections_until": until.isoformat()})
        step()
        await _object(crew, scheme, closing)
        _move(backstage, until + AFTER)
        step()
    with show.stage("封存 seal", 1) as step:
        await office.post(f"{closing}/approve")
        sealed = await second.post(f"{closing}/approve")
        step()
    await until_level(auditor)
    seal = await office.get(f"{SCORING}/seals/{sealed['seal_number']}")
    trust = await office.download(f"{SCORING}/seal-keys")
    board = seal["checkpoint"].encode()
    told = await office.every(f"{SCORING}/statements", period_id=period)
    good = await verify_receipts(show, office, period, told, trust=trust, board=board)
    show.check(
        f"every receipt of {scheme.name} verifies",
        holds=all(good) and len(good) == trial["subjects"],
        detail=f"{len(good)} receipts, seal {seal['number']}, tree of {seal['tree_size']}, root {seal['root_sha256'][:16]}…",
    )
    packed = await auditor.download(f"{SCORING}/verification/seals/{seal['number']}/bundle")
    report = verify_bundle(io.BytesIO(gzip.decompress(packed)), Trust.parse(trust.decode()))
    show.check(
        f"every score of {scheme.name} follows from its seal bundle",
        holds=report.holds,
        detail="; ".join(f.en for f in report.findings[:3])
        or f"{len(packed):,} bytes, {report.counts['facts']} facts, {report.counts['lines']} lines",
    )
    subject = next(
        row["subject_id"] for row in told if row["subject_kind"] == "officer" and row["total_milli"]
    )
    receipt = await office.download(receipt_path(period, "officer", subject))
    month = SealedMonth(scheme, seal, trust, board, subject, receipt)
    return month, all(good) and len(good) == trial["subjects"] and report.holds


async def verify_receipts(
    show: Show, office: Person, period: str, told: list[dict[str, Any]], *, trust: bytes, board: bytes
) -> list[bool]:
    """The receipt of every statement told, fetched now and held against the keys and the checkpoint given."""

    async def proved(row: dict[str, Any]) -> bool:
        receipt = await office.download(receipt_path(period, row["subject_kind"], row["subject_id"]))
        proof = await _grown(office, receipt, board)
        verdict = verify(receipt, trust=trust, board=board, consistency=proof)
        return verdict.outcome == "verified"

    return await each(show, "核验凭证 receipts", told, proved)


async def _grown(office: Person, receipt: bytes, board: bytes) -> bytes | None:
    """Proof that the log of the receipt grew out of what was printed; none where a correction was not sealed since."""
    own = Checkpoint.parse(LogProof.parse(Receipt.parse(receipt).log_proof).checkpoint.text)
    printed = Checkpoint.of_board(board.decode())
    if own.size == printed.size:
        return None
    # The log has a seal an entry, numbered like it.
    return await office.download(f"{SCORING}/seals/{own.size}/consistency", old=printed.size)


async def _files_checked(office: Person, closing: str) -> None:
    """Until every file has been hashed again; the platform begins with that by itself."""
    deadline = time.monotonic() + FILES_WITHIN_S
    while True:
        files = await office.every(f"{closing}/files")
        if all(file["state"] == "sound" for file in files):
            return
        if time.monotonic() > deadline:
            raise RuntimeError(f"files of the period are not checked: {files[:3]}")
        await asyncio.sleep(0.5)


def receipt_path(period: str, kind: str, subject: str) -> str:
    return f"{SCORING}/receipts/{period}/{kind}/{subject}"


async def _object(crew: Crew, scheme: Issued, closing: str) -> None:
    """Somebody objects to his own figures, and is answered."""
    officer = next(iter(scheme.by_officer), None)
    if officer is None or officer not in crew.officers:
        return
    said = {"subject_kind": "officer", "subject_id": officer, "text": "请说明第二件为何未计分"}
    raised = await crew.person(officer).post(f"{closing}/objections", said)
    await crew.office[1].post(
        f"{SCORING}/closings/objections/{raised['id']}/answer",
        {"upheld": False, "answer": "第二件发生在上一周期,已在当期计分"},
    )


def _move(backstage: Backstage, moment: datetime) -> None:
    backstage.put_clock_ahead(moment.astimezone(UTC) - SystemClock().now())
