"""Campaigns with their own deadline, extensions, late applications."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.services.targets.bureau import API, Bureau, Published

AFTER = datetime(2026, 11, 26, 1, tzinfo=UTC)


def campaign(published: Published, **different: object) -> dict[str, object]:
    body: dict[str, object] = {
        "code": "Z1",
        "name": "冬季行动",
        "period_id": published.period,
        "starts_on": "2026-11-01",
        "ends_on": "2026-11-20",
        "cutoff_at": "2026-11-20T10:00:00Z",
        "pool": "50",
        "indicator_ids": [published.indicators[0]],
    }
    return body | different


async def test_a_campaign_has_its_own_deadline_and_can_be_extended_and_closed(bureau: Bureau):
    published = await bureau.published(indicators=2)
    county = await published.issue("XZ01")
    office, path = bureau.office(), f"{API}/schemes/{published.scheme}/campaigns"
    made = await office.post(path, campaign(published))
    assert (made["full_marks"], made["above_pool"]) == ("100", True)
    deadline = f"{API}/targets/{county['id']}/deadline"
    assert (await office.get(deadline))["cutoff_at"] == "2026-11-25T10:00:00Z"
    await office.post(f"{API}/campaigns/{made['id']}/open")
    assert (await office.get(deadline))["cutoff_at"] == "2026-11-20T10:00:00Z"
    extended = await office.post(
        f"{API}/campaigns/{made['id']}/extend", {"cutoff_at": "2026-11-23T10:00:00Z", "reason": "暴雪"}
    )
    assert (extended["reason"], extended["version"]) == ("暴雪", made["version"] + 2)
    assert (await office.get(deadline))["open_until"] == "2026-11-23T10:00:00Z"
    closed = await office.post(f"{API}/campaigns/{made['id']}/close", {"reason": "结束"})
    assert closed["status"] == "closed"
    steps = (await office.get(f"{API}/campaigns/{made['id']}/timeline"))["items"]
    assert [step["action"] for step in steps] == ["draft", "open", "extend", "close"]


async def test_overlapping_pools_are_warned_of_and_an_indicator_has_one_deadline(bureau: Bureau):
    published = await bureau.published(indicators=2)
    office, path = bureau.office(), f"{API}/schemes/{published.scheme}/campaigns"
    first = await office.post(path, campaign(published))
    await office.post(f"{API}/campaigns/{first['id']}/open")
    other = await office.post(path, campaign(published, code="Z2", indicator_ids=[published.indicators[1]]))
    assert [overlap["code"] for overlap in other["overlaps"]] == ["Z1"]
    apart = await office.post(
        path,
        campaign(published, code="Z3", indicator_ids=[published.indicators[1]], starts_on="2026-11-21", ends_on="2026-11-25"),
    )  # fmt: skip
    assert apart["overlaps"] == []
    same = await office.post(path, campaign(published, code="Z4"))
    problem = await office.problem("POST", f"{API}/campaigns/{same['id']}/open")
    assert problem["code"] == "indicator-in-campaign"


async def test_a_campaign_outside_its_period_or_scheme_is_refused(bureau: Bureau):
    published = await bureau.published()
    path = f"{API}/schemes/{published.scheme}/campaigns"
    early = campaign(published, starts_on="2026-10-01")
    assert (await bureau.office().problem("POST", path, json=early))["code"] == "campaign-days-invalid"
    strange = campaign(published, indicator_ids=[str(uuid4())])
    assert (await bureau.office().problem("POST", path, json=strange))["code"] == "campaign-unknown-part"


async def test_an_extension_reaches_those_it_names_and_can_be_taken_back(bureau: Bureau):
    published = await bureau.published()
    targets = {code: await published.issue(code) for code in ("XZ01", "XZ02")}
    body = {
        "period_id": published.period,
        "unit_id": str(bureau.unit("XZ01")),
        "until": "2026-11-28T10:00:00Z",
        "reason": "系统停电",
    }
    path = f"{API}/schemes/{published.scheme}/extensions"
    granted = await bureau.office().post(path, body)

    async def until(code: str) -> str:
        return str((await bureau.office().get(f"{API}/targets/{targets[code]['id']}/deadline"))["open_until"])

    assert (await until("XZ01"), await until("XZ02")) == ("2026-11-28T10:00:00Z", "2026-11-25T10:00:00Z")
    shown = (await bureau.leader("XZ01").get(f"{API}/extensions", period_id=published.period))["items"]
    assert [(e["reason"], e["late"]) for e in shown] == [("系统停电", False)]
    await bureau.office().post(f"{API}/extensions/{granted['id']}/revoke", {"reason": "已恢复"})
    assert await until("XZ01") == "2026-11-25T10:00:00Z"
    earlier = body | {"until": "2026-11-24T10:00:00Z"}
    assert (await bureau.office().problem("POST", path, json=earlier))["code"] == "extension-invalid"


async def test_a_late_application_is_asked_after_the_cut_off_and_decided_by_the_office(bureau: Bureau):
    published = await bureau.published()
    wanted = published.wanted(bureau.officers["ZD01"][0], 3, kind="officer")
    made = (await bureau.office().post(f"{API}/targets/batch", published.batch(wanted)))["targets"][0]
    path, officer = f"{API}/targets/{made['id']}/late-applications", bureau.officer("ZD01")
    ask = {"reason": "住院", "until": "2026-11-30T10:00:00Z"}
    assert (await officer.problem("POST", path, json=ask))["code"] == "not-yet-late"
    bureau.clock.move_to(AFTER)
    asked = await officer.post(path, ask)
    assert (asked["status"], asked["deciding_unit_id"]) == ("asked", str(bureau.unit("CITY")))
    assert (await officer.problem("POST", path, json=ask))["code"] == "late-asked-already"
    decide = f"{API}/late-applications/{asked['id']}/decide"
    assert (await bureau.leader("ZD01").problem("POST", decide, json={"granted": True, "reason": "x"}))[
        "status"
    ] == 403
    granted = await bureau.office().post(decide, {"granted": True, "reason": "属实"})
    assert (granted["status"], granted["until"]) == ("granted", "2026-11-30T10:00:00Z")
    assert (await officer.get(f"{API}/targets/{made['id']}/deadline"))["open_until"] == "2026-11-30T10:00:00Z"
    again = await bureau.office().problem("POST", decide, json={"granted": False, "reason": "x"})
    assert again["code"] == "late-decided"
    steps = (await officer.get(f"{API}/targets/{made['id']}/timeline"))["items"]
    assert [step["action"] for step in steps] == ["issue", "ask_late", "late_granted"]
    stranger = bureau.leader("XZ02")
    assert (await stranger.get(f"{API}/late-applications"))["items"] == []
    assert (await stranger.problem("GET", f"{API}/late-applications/{asked['id']}"))["status"] == 404


async def test_one_s_own_application_can_be_withdrawn(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01")
    bureau.clock.move_to(AFTER)
    leader = bureau.leader("XZ01")
    asked = await leader.post(f"{API}/targets/{county['id']}/late-applications", {"reason": "迟报"})
    path = f"{API}/late-applications/{asked['id']}/withdraw"
    assert (await bureau.leader("XZ01").problem("POST", path))["code"] == "not-yours-to-ask"
    assert (await leader.post(path))["status"] == "withdrawn"
    stranger = await bureau.officer("ZD01").problem(
        "POST", f"{API}/targets/{county['id']}/late-applications", json={"reason": "x"}
    )
    assert stranger["status"] == 404
