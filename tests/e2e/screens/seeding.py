"""What the pictures need beyond the journeys: something that waits for everybody who signs, decides or closes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller, until

#: Months that are over, of a scheme of their own; each stands at another step of its closing.
PAST = {
    "months": ["2026-08", "2026-09", "2026-10"], "start_day": 26, "cutoff_day": 25, "cutoff_time": "18:00", "rest_day": "stays",
    "review_days": 5, "review_unit": "calendar_days", "appeal_working_days": 5, "year_start": {"month": 1, "day": 1},
}  # fmt: skip


def caller(bureau: Bureau, role: str) -> Caller:
    account = bureau.accounts[role]
    return Caller(bureau.url, account["username"], account["password"])


def furnish(bureau: Bureau) -> dict[str, str]:
    """Name → address of what was made."""
    _propose(bureau)
    office = caller(bureau, "assessment_office")
    leader = caller(bureau, "unit_leader")
    found = _closings(office, leader) | _paper(office, bureau)
    leader.close()
    office.close()
    officer = caller(bureau, "officer")
    every = officer.every("/api/scoring/v1/entries")
    mine = next(one for one in every if one.get("submission_id") == bureau.reduced)
    officer.close()
    return found | {
        "item": f"/submissions/{bureau.returned}",
        "decided": f"/submissions/{bureau.reduced}",
        "officer-id": officer.officer,
        "appeal": f"/my/appeals/new?entry={mine['id']}",
    }


def _propose(bureau: Bureau) -> None:
    """A grant that waits for approval and has something to look at: who reviews would also decide appeals."""
    admin = caller(bureau, "roster_admin")
    [account] = admin.get("/api/org/v1/accounts", q=bureau.accounts["reviewer"]["username"])["items"]
    root = next(one for one in admin.every("/api/org/v1/units") if one["parent_id"] is None)
    wish = {
        "account_id": account["id"], "role": "adjudicator", "scope_unit_id": root["id"], "lines": [],
        "valid_from": "2026-01-01",
    }  # fmt: skip
    admin.call("POST", "/api/org/v1/grants", json=wish)
    admin.close()


def _closings(office: Caller, leader: Caller) -> dict[str, str]:
    """August is public for the second time, September tried out, October begun."""
    first = next(one for one in office.every("/api/targets/v1/schemes") if not one["has_plan"])
    copied = {"code": "CLOSED", "name": "案件办理绩效考核(已结月份)", "year": 2026}
    scheme = office.call("POST", f"/api/targets/v1/schemes/{first['id']}/copy", json=copied)
    path = f"/api/targets/v1/schemes/{scheme['id']}"
    office.call("POST", f"{path}/calendar", json=PAST)
    office.call("POST", f"{path}/publish", json={"version": office.get(path)["version"]})
    august, september, october = sorted(office.every(f"{path}/periods"), key=lambda one: one["code"])
    closings = "/api/scoring/v1/closings"

    def begin(period: Any) -> bool:
        office.call("POST", f"{closings}/{period['id']}/begin")
        return True

    unit = next(one for one in office.every("/api/org/v1/units") if one["name"] == "城东分局")
    until(lambda: _award(office, scheme["id"], unit["id"], "2", august))
    for period in (august, september, october):
        until(lambda period=period: begin(period))
    _published(office, f"{closings}/{august['id']}")
    words = {"subject_kind": "unit", "subject_id": leader.unit, "text": "专项行动通报表扬未计入本单位得分"}
    objection = leader.call("POST", f"{closings}/{august['id']}/objections", json=words)
    ruling = {"upheld": True, "answer": "经核对属实,予以补计"}
    office.call("POST", f"{closings}/objections/{objection['id']}/answer", json=ruling)
    # Points are put in while the period takes them again.
    given_up = {"reason": "异议成立,补计后重新公示"}
    office.call("POST", f"{closings}/{august['id']}/withdraw", json=given_up)
    until(lambda: _award(office, scheme["id"], leader.unit, "1.5", august))
    until(lambda: begin(august))
    _published(office, f"{closings}/{august['id']}")
    office.call("POST", f"{closings}/{september['id']}/trials")
    return {
        "checks": f"/periods/{october['id']}/close",
        "trial": f"/periods/{september['id']}/close",
        "public": f"/periods/{august['id']}/close",
    }


def _award(office: Caller, scheme_id: str, unit_id: str, points: str, period: Any) -> bool:
    body = {
        "scheme_id": scheme_id, "kind": "bonus", "points": points, "category": "通报表扬", "level": "市级",
        "occurred_on": period["starts_on"], "reason": "专项行动成绩突出(演示)",
        "document_number": f"江公通〔2026〕8{points.replace('.', '')}号", "subject_kind": "unit", "subject_id": unit_id,
    }  # fmt: skip
    office.call("POST", "/api/scoring/v1/awards", json=body)
    return True


def _published(office: Caller, path: str) -> None:
    """Tried out and made public; figures may still be on their way."""
    ends = (datetime.now(UTC) + timedelta(days=6)).isoformat()

    def clear() -> bool:
        return not any(one["blocks"] and one["count"] for one in office.get(path)["checks"])

    until(clear)
    office.call("POST", f"{path}/trials")
    office.call("POST", f"{path}/publish", json={"objections_until": ends})


def _paper(office: Caller, bureau: Bureau) -> dict[str, str]:
    task = bureau.tasks[0]
    draft = {
        "kind": "month", "scheme_id": task["scheme_id"], "period_id": task["period_id"], "figures": "live",
    }  # fmt: skip
    made = office.call("POST", "/api/reporting/v1/bulletins", json=draft)
    return {"bulletin": f"/bulletins/{made['id']}/edit", "bulletin-id": made["id"]}
