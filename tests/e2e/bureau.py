"""The demonstration bureau with work in it: somebody for every part of the journeys. Made once for all of them."""

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.e2e.people import Caller, picture, until

WAITING = 12
#: So many units of a series get points: 4.90, 4.60 and so on, 1.30 for the last.
RANKED = 13


@dataclass
class Bureau:
    url: str
    accounts: dict[str, dict[str, str]]
    """Role → username and password, as the first start wrote them; `reviewer` is added."""
    tasks: list[Any]
    """The officer's targets of the period that runs."""
    returned: str
    reduced: str
    day: str


def prepare(url: str, accounts: dict[str, dict[str, str]]) -> Bureau:
    people = {role: Caller(url, a["username"], a["password"]) for role, a in accounts.items()}
    for role, person in people.items():
        accounts[role]["password"] = person.password
    officer = people["officer"]
    tasks = until(lambda: officer.every("/api/targets/v1/targets", mine="true"))
    line, own = _of_one_line(officer, tasks)
    reviewer = _reviewer(url, people, accounts, line)
    day = date.today().isoformat()  # noqa: DTZ011 -- the machine's own day, as the demonstration has it
    for kind, text, clause in (
        ("return", "照片不清晰,请补充现场照片", None),
        ("return", "缺少办理结果,请补充说明", None),
        ("refusal", "不属于本指标的计分范围", "计分细则第三条"),
        ("reduction", "其中一件已在上月计分", "不重复计分"),
        ("appeal", "经查,新提交的证据足以证明", None),
    ):
        who = people["adjudicator"] if kind == "appeal" else reviewer
        who.call("POST", "/api/submissions/v1/phrases", json={"kind": kind, "text": text, "clause": clause})
    returned = _sent(officer, own[0], day, 2, "走访辖区企业并完成结案材料上传", 1)
    reduced = _sent(officer, own[-1], day, 4, "受理案件均在二十四小时内录入系统", 2)
    for item in (returned, reduced):
        until(lambda item=item: reviewer.get(f"/api/submissions/v1/submissions/{item}"))
        reviewer.call("POST", f"/api/submissions/v1/submissions/{item}/claim")
    body = {"reason": "照片不清晰,请补充现场照片", "repair_until": None}
    reviewer.call("POST", f"/api/submissions/v1/submissions/{returned}/return", json=body)
    less = {"quantity": "3", "reason": "其中一件已在上月计分", "clause": "不重复计分"}
    reviewer.call("POST", f"/api/submissions/v1/submissions/{reduced}/accept", json=less)
    for number in range(WAITING):
        _sent(officer, own[0], day, 1, f"第 {number + 1} 件:超期案件清理完毕", 10 + number)
    _for_splitting(people, tasks[0])
    _for_leading(people, tasks[0])
    period = tasks[0]["period_id"]
    until(lambda: officer.get(f"/api/reporting/v1/subjects/{officer.officer}/periods/{period}"))
    for person in (*people.values(), reviewer):
        person.close()
    return Bureau(url, accounts, tasks, returned, reduced, day)


def _of_one_line(officer: Caller, tasks: list[Any]) -> tuple[str, list[Any]]:
    """The business line of most of the tasks, and those tasks: one reviewer is competent for all of them."""
    lines = {
        one["id"]: officer.get(f"/api/targets/v1/indicators/{one['indicator_id']}")["line"] for one in tasks
    }
    line = max(sorted(set(lines.values())), key=list(lines.values()).count)
    return line, [one for one in tasks if lines[one["id"]] == line]


def _sent(officer: Caller, target: Any, day: str, quantity: int, summary: str, number: int) -> str:
    file = officer.keep_file(f"现场照片{number}.png", picture(number))
    sent = officer.send_work(target["id"], day=day, quantity=quantity, summary=summary, files=[file])
    return str(sent["id"])


def _reviewer(url: str, people: dict[str, Caller], accounts: dict[str, dict[str, str]], line: str) -> Caller:
    """Somebody of the competent unit of the line, made its assessor by the two administrators."""
    roster, security = people["roster_admin"], people["security_admin"]
    authority = roster.get("/api/org/v1/line-authorities", line=line)["items"][0]
    staff = roster.get("/api/org/v1/officers", unit_id=authority["unit_id"], limit=200)["items"]
    taken = {person.officer for person in people.values()}
    chosen = next(one for one in reversed(staff) if one["id"] not in taken)
    slip = roster.call("POST", "/api/org/v1/accounts", json={"officer_id": chosen["id"]})
    grant = {
        "account_id": slip["account_id"], "role": "assessor", "scope_unit_id": authority["scope_unit_id"], "lines": [line],
        "valid_from": "2026-01-01",
    }  # fmt: skip
    proposed = roster.call("POST", "/api/org/v1/grants", json=grant)
    security.call("POST", f"/api/org/v1/grants/{proposed['id']}/approve")
    person = Caller(url, slip["username"], slip["one_time_password"])
    accounts["reviewer"] = {"username": person.username, "password": person.password}
    return person


def _for_splitting(people: dict[str, Caller], task: Any) -> None:
    """Twelve targets at most of another scheme for the leader's unit, not handed down yet."""
    office, leader = people["assessment_office"], people["unit_leader"]
    scheme = next(
        one for one in office.get("/api/targets/v1/schemes")["items"]
        if one["status"] == "published" and one["id"] != task["scheme_id"] and not one["has_plan"]
    )  # fmt: skip
    period = next(
        one
        for one in office.get("/api/targets/v1/periods", open="true", limit=200)["items"]
        if one["scheme_id"] == scheme["id"]
    )
    indicators = office.every(f"/api/targets/v1/schemes/{scheme['id']}/indicators")
    fit = [one for one in indicators if one["subject_kind"] == "both" and one["active"]][:12]
    wanted = [
        {
            "indicator_id": one["id"],
            "period_id": period["id"],
            "subject_kind": "unit",
            "subject_id": leader.unit,
            "quantity": "120",
        }
        for one in fit
    ]
    body = {"scheme_id": scheme["id"], "issue": True, "targets": wanted}
    office.call("POST", "/api/targets/v1/targets/batch", json=body)


def _for_leading(people: dict[str, Caller], task: Any) -> None:
    """A ranking to look at, two units below their red lines, and points that wait for a second signature."""
    office, scheme_id = people["assessment_office"], task["scheme_id"]
    series = {one["name"]: one["id"] for one in office.get("/api/org/v1/series")["items"]}
    units = office.every("/api/org/v1/units")
    period = next(
        one for one in office.every("/api/targets/v1/periods", open="true") if one["id"] == task["period_id"]
    )
    number = itertools.count(1)

    def award(unit: Any, points: str) -> None:
        body = {
            "scheme_id": scheme_id, "kind": "bonus", "points": points, "category": "通报表扬", "level": "市级",
            "occurred_on": max(period["starts_on"], "2026-01-01"), "reason": "专项行动成绩突出(演示)",
            "document_number": f"江公通〔2026〕{next(number)}号", "subject_kind": "unit", "subject_id": unit["id"],
        }  # fmt: skip
        office.call("POST", "/api/scoring/v1/awards", json=body)

    for name in ("派出所", "县局"):
        for place, unit in enumerate([one for one in units if one["series_id"] == series[name]][:RANKED]):
            award(unit, f"{4.9 - place * 0.3:.2f}")
    award(next(one for one in units if one["series_id"] == series["市局支队"]), "8")
    path = f"/api/reporting/v1/schemes/{scheme_id}/standing"
    lines = {series["派出所"]: "1.4", series["分局"]: "100"}
    body = {"data": office.get(path)["data"], "red_lines": lines, "reason": "演示红线"}
    office.call("PUT", path, json=body)
