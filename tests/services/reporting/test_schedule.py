"""Bulletins by the calendar: one draft for an occasion, of weeks, campaigns and months; re-created to the same figures."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

from docx import Document

from contracts.deadlines import Campaign, CampaignStatus
from contracts.permissions import Role
from contracts.scoring import ClosingStatus
from kernel.ids import new_id
from kernel.testing.people import Caller, grant, person
from services.reporting.actions.scheduling import draft_due
from services.reporting.documents.word_template import default_template
from services.reporting.domain.figures import Month
from services.reporting.domain.report import BulletinKind
from services.reporting.domain.schedule import by_version, by_week
from services.reporting.domain.versions import VersionKind
from services.reporting.settings import House
from tests.services.reporting.conftest import NOON, REPORTING, Bureau

BULLETINS = f"{REPORTING}/bulletins"
HOUSE = House(3, ZoneInfo("Asia/Shanghai"), "公考")
ALL = frozenset(BulletinKind)


def office(bureau: Bureau, role: Role = Role.ASSESSMENT_OFFICE) -> Caller:
    city = bureau.units["CITY"]
    who = person(grant(role, city.id, city.path), unit_id=city.id, unit_path=city.path)
    return bureau.platform.caller("reporting", who)


def months(*numbers: int) -> list[Month]:
    return [Month(uuid4(), f"2026-{n:02}", 2026, (n + 2) // 3, n, date(2026, n, 1)) for n in numbers]


def test_a_stretch_is_due_when_each_of_its_months_has_figures():
    year = months(*range(1, 7))
    figures = {month.id: VersionKind.SEALED for month in year}
    keys = {occasion.key for occasion in by_version(year, figures, ALL)}
    assert {"month:2026-06", "quarter:2026-03", "quarter:2026-06", "half:2026-06"} <= keys
    del figures[year[4].id]
    keys = {occasion.key for occasion in by_version(year, figures, ALL)}
    assert {"quarter:2026-06", "half:2026-06", "month:2026-05"}.isdisjoint(keys)


def test_a_stretch_of_which_a_month_is_only_public_is_of_public_figures():
    found = months(1, 2, 3)
    figures = dict(zip((m.id for m in found), ("sealed", "sealed", "public"), strict=True))
    states = {key: VersionKind(value) for key, value in figures.items()}
    assert {o.figures for o in by_version(found, states, frozenset({BulletinKind.QUARTER}))} == {"public"}


def test_a_week_is_due_once_it_is_over_and_belongs_to_the_period_of_its_sunday():
    november, december = uuid4(), uuid4()
    periods = [
        (november, date(2026, 11, 1), date(2026, 11, 30)),
        (december, date(2026, 12, 1), date(2026, 12, 31)),
    ]
    found = list(by_week(periods, date(2026, 12, 7), frozenset({BulletinKind.WEEK})))
    assert [(o.week_of, o.period_id) for o in found] == [
        (date(2026, 11, 30), december),
        (date(2026, 11, 23), november),
    ]


async def test_the_calendar_makes_one_draft_for_an_occasion_however_often_it_runs(bureau: Bureau):
    await bureau.score("P1", 90_000)
    await bureau.close(ClosingStatus.PUBLIC, 1)
    db, now = bureau.platform.runtimes["reporting"].db, datetime(2026, 11, 17, 4, tzinfo=UTC)
    assert await draft_due(db, HOUSE, now, ALL) == 5  # the month; two weeks, each with its zero drive
    assert await draft_due(db, HOUSE, now, ALL) == 0
    listed = (await office(bureau).get(BULLETINS))["items"]
    kinds = sorted(b["kind"] for b in listed)
    assert kinds == ["month", "week", "week", "zero", "zero"]
    assert all(b["by_calendar"] for b in listed)


async def test_the_calendar_makes_none_where_somebody_has_made_his_own(bureau: Bureau):
    await bureau.score("P1", 90_000)
    await bureau.close(ClosingStatus.PUBLIC, 1)
    body = {"kind": "month", **{k: str(v) for k, v in bureau.board().items()}}
    await office(bureau).post(BULLETINS, body)
    db = bureau.platform.runtimes["reporting"].db
    assert await draft_due(db, HOUSE, NOON, frozenset({BulletinKind.MONTH})) == 0


async def test_a_bulletin_is_re_created_from_its_own_version_and_newer_figures_are_flagged(bureau: Bureau):
    makers = office(bureau)
    where = {k: str(v) for k, v in bureau.board().items()}
    await bureau.score("P2", 50_000, "2026-10")
    await bureau.score("P1", 40_000, "2026-10")
    await bureau.close(ClosingStatus.SEALED, 1, "2026-10")
    await bureau.score("P1", 90_000)
    await bureau.score("P2", 60_000)
    await bureau.close(ClosingStatus.CHECKING, 1)
    made = await makers.post(BULLETINS, {"kind": "month", "figures": "trial", **where})
    path = f"{BULLETINS}/{made['id']}"
    rows = next(b["table"]["rows"] for b in (await makers.get(path))["blocks"] if b["kind"] == "table")
    assert [row[3] for row in rows] == ["▲1", "▼1"]
    await bureau.score("P1", 80_000, version=2)
    await bureau.score("P2", 10_000, "2026-10", version=2)  # what moves later changes no comparison either
    await bureau.close(ClosingStatus.CHECKING, 2)
    lines = {"data": {}, "red_lines": {str(bureau.series["STATIONS"]): "70"}, "reason": "后来设定"}
    await makers.put(f"{REPORTING}/schemes/{bureau.scheme_id}/standing", lines)
    check = await makers.get(f"{path}/check")
    assert (check["same"], check["data_changed"]) == (True, True)


async def test_weekly_and_zero_drive_bulletins_count_work_and_name_no_people(bureau: Bureau):
    await bureau.target("an", 4)
    await bureau.entry("an", 1000)
    makers = office(bureau)
    where = {k: str(v) for k, v in bureau.board().items()} | {"figures": "live"}
    week = await makers.post(BULLETINS, {"kind": "week", "week_of": "2026-11-09", **where})
    detail = await makers.get(f"{BULLETINS}/{week['id']}")
    assert "2026年11月9日至15日" in week["title"]
    rows = next(b["table"]["rows"] for b in detail["blocks"] if b["id"] == "table-week")
    assert [row[:3] for row in rows] == [["P1所", "1", "1"], ["P2所", "0", "0"]]
    zero = await makers.post(BULLETINS, {"kind": "zero", "week_of": "2026-11-09", **where})
    blocks = (await makers.get(f"{BULLETINS}/{zero['id']}"))["blocks"]
    assert {"table-zero", "chart-zero"} <= {block["id"] for block in blocks}
    for day in ("2026-11-10", "2026-12-07", "9999-12-27"):  # no Monday; after the period
        problem = await makers.problem("POST", BULLETINS, json={"kind": "week", "week_of": day, **where})
        assert problem["code"] == "bulletin-week-missing"


async def test_a_campaigns_bulletin_says_what_was_done_of_what_was_wanted(bureau: Bureau):
    target = await bureau.target("an", 4)
    await bureau.entry("an", 1000, target_id=target.id)
    campaign = Campaign(
        id=new_id(), version=1, scheme_id=bureau.scheme_id, period_id=bureau.periods["2026-11"].id, code="C1", name="清查",
        starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 10), cutoff_at=NOON, pool=Decimal(10),
        indicator_ids=(bureau.indicator_id,), unit_ids=(bureau.units["P1"].id,), status=CampaignStatus.OPEN, reason=None,
    )  # fmt: skip
    await bureau.tell(campaign)
    db = bureau.platform.runtimes["reporting"].db
    assert await draft_due(db, HOUSE, NOON, frozenset({BulletinKind.CAMPAIGN})) == 1
    [made] = (await office(bureau).get(BULLETINS, kind="campaign"))["items"]
    detail = await office(bureau).get(f"{BULLETINS}/{made['id']}")
    rows = [b["table"]["rows"] for b in detail["blocks"] if b["kind"] == "table"]
    assert rows == [[["P1所", "4", "2", "50.0", "0"]], [["走访", "4", "2", "50.0", "0"]]]


async def test_a_bulletin_waits_for_the_signature_of_another_and_then_for_each_unit(bureau: Bureau):
    await bureau.score("P1", 90_000)
    makers, chief = office(bureau), office(bureau, Role.CHIEF)
    p1 = bureau.units["P1"]
    leader = bureau.platform.caller(
        "reporting", person(grant(Role.UNIT_LEADER, p1.id, p1.path), unit_id=p1.id, unit_path=p1.path)
    )

    async def waits(caller: Caller, tab: str = "open") -> list[str]:
        found = (await caller.get(f"{REPORTING}/todos", tab=tab))["items"]
        return [todo["action"] for todo in found if todo["object_kind"] == "bulletin"]

    body = {"kind": "month", "figures": "live", **{k: str(v) for k, v in bureau.board().items()}}
    path = f"{BULLETINS}/{(await makers.post(BULLETINS, body))['id']}"
    assert await waits(chief) == []
    await makers.post(f"{path}/send")
    assert (await waits(chief), await waits(makers), await waits(leader)) == (["sign_bulletin"], [], [])
    assert (await chief.get(f"{REPORTING}/todos/summary"))["todos"] == {"sign_bulletin": 1}
    await chief.post(f"{path}/sign")
    assert "sign_bulletin" in await waits(chief, "done")
    assert await waits(leader) == ["acknowledge_bulletin"]
    await leader.post(f"{path}/acknowledge")
    assert (await waits(leader), await waits(leader, "done")) == ([], ["acknowledge_bulletin"])


async def test_the_offices_template_is_checked_kept_and_can_be_rolled_back(bureau: Bureau):
    templates, makers = f"{REPORTING}/bulletin-templates", office(bureau)
    own = Document(io.BytesIO(default_template()))
    own.add_paragraph("江州市公安局考核办公室")
    changed = io.BytesIO()
    own.save(changed)
    await _upload(makers, changed.getvalue(), 201)
    wrong = Document()
    wrong.add_paragraph("{{ nonsense }}")
    broken = io.BytesIO()
    wrong.save(broken)
    refused = await _upload(makers, broken.getvalue(), 422)
    assert {e["code"] for e in refused["errors"]} >= {"unknown-variable", "missing-variable"}
    await makers.post(f"{templates}/0/restore")
    assert [t["number"] for t in await makers.get(templates)] == [2, 1]
    answer = await makers.send("GET", f"{templates}/2/file")
    assert answer.content == default_template()
    filled = Document(io.BytesIO((await makers.send("GET", f"{templates}/1/sample")).content))
    words = [paragraph.text for paragraph in filled.paragraphs]
    assert {"关于目标责任考核情况的通报", "江州市公安局考核办公室"} <= set(words)
    assert (await makers.problem("GET", f"{templates}/9/sample"))["code"] == "template-not-found"
    part = bureau.units["P1"]
    local = bureau.platform.caller("reporting", person(grant(Role.ASSESSMENT_OFFICE, part.id, part.path)))
    assert (await local.problem("POST", f"{templates}/1/restore"))["status"] == 403


async def _upload(caller: Caller, content: bytes, status: int) -> dict[str, object]:
    files = {"template": ("模板.docx", content, "application/octet-stream")}
    answer = await caller.send("POST", f"{REPORTING}/bulletin-templates", files=files)
    assert answer.status_code == status, answer.text
    found: dict[str, object] = answer.json()
    return found
