"""A mistake found after the seal: corrected by two people in a seal of its own, and what was sealed stays as it was."""

import gzip
import io
import json
from typing import Any

from cli.bundle.verifying import verify_bundle
from cli.rehearsal.client import Person
from cli.rehearsal.quiet import until_level
from cli.rehearsal.sealing import SCORING, SealedMonth, receipt_path
from cli.rehearsal.showing import Show
from cli.rehearsal.staffing import Crew
from sealing.receipt import CORRECTED
from sealing.trust import Trust
from sealing.verify import verify

POINTS_MILLI = 500


async def correct_sealed(show: Show, crew: Crew, auditor: Person, month: SealedMonth) -> bool:
    """Half a point more for one officer. True if the new receipt, the old one and the bundle of the month all verify."""
    office, second = crew.office[0], crew.office[1]
    period, number = month.scheme.period["id"], month.seal["number"]
    before = json.loads(month.receipt)["leaf"]
    with show.stage("封存后更正 correction", 1) as step:
        row = await office.post(f"{SCORING}/closings/{period}/corrections", _correction(month, before))
        done = await second.post(f"{SCORING}/corrections/{row['id']}/approve")
        step()
    await until_level(auditor)
    later = await office.get(f"{SCORING}/seals/{done['seal_number']}")
    receipt = await office.download(receipt_path(period, "officer", month.subject))
    told = json.loads(receipt)
    after = told["supplements"][-1]["leaf"]["total_milli"] if told["_t"] == CORRECTED else None
    verdict = verify(receipt, trust=month.trust, board=later["checkpoint"].encode()).outcome
    corrected = verdict == "verified" and after == before["total_milli"] + POINTS_MILLI
    show.check(
        "a correction after the seal is in the officer's receipt, beside what was sealed",
        holds=corrected and told["leaf"] == before,
        detail=f"seal {done['seal_number']} supplements seal {number}: {before['total_milli']} → {after} thousandths, {verdict}",
    )
    old = verify(month.receipt, trust=month.trust, board=month.board).outcome
    packed = await auditor.download(f"{SCORING}/verification/seals/{number}/bundle")
    report = verify_bundle(io.BytesIO(gzip.decompress(packed)), Trust.parse(month.trust.decode()))
    whole = await auditor.post(f"{SCORING}/verification")
    kept = old == "verified" and report.holds and bool(whole["holds"])
    show.check(
        "what was sealed before stays: receipt, bundle, ledger",
        holds=kept,
        detail="; ".join(finding.en for finding in report.findings[:3])
        or f"receipt {old}, ledger {'holds' if whole['holds'] else 'differs'}",
    )
    return corrected and told["leaf"] == before and kept


def _correction(month: SealedMonth, leaf: dict[str, Any]) -> dict[str, Any]:
    line = {
        "subject_kind": "officer", "subject_id": month.subject, "unit_id": leaf["unit"],
        "module": next(iter(month.scheme.indicators.values()))["module"], "points": f"{POINTS_MILLI / 1000:.3f}",
    }  # fmt: skip
    return {"lines": [line], "reason": "复核发现漏计一件", "document_number": "考核办〔2026〕演练1号"}
