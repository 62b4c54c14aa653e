"""A scheme may have a whole plan in the place of the rules of its indicators."""

from typing import Any

import pytest

from examples.schemes import safety_plan
from tests.services.targets.bureau import API, Bureau


def _small(**changes: Any) -> dict[str, Any]:
    """One indicator, by completion, out of a hundred."""
    return {
        "plan": {
            "format": "kaohe/plan/1",
            "name": "小办法",
            "figures": {"done": "件", "goal": "件"},
            "nodes": {
                "all": {
                    "type": "ratio",
                    "actual": "done",
                    "target": "goal",
                    "full": "100",
                    "full_marks": "100",
                }
            },
            "total": "all",
        },
        "sources": {"done": {"indicator": "I0"}, "goal": {"indicator": "I0", "how": "target"}},
        "rest": "mod_business",
    } | changes


async def _set(bureau: Bureau, scheme: str, plan: Any, **more: Any) -> Any:
    office = bureau.office()
    version = (await office.get(f"{API}/schemes/{scheme}"))["version"]
    return await office.put(f"{API}/schemes/{scheme}/plan", {"version": version, "plan": plan} | more)


async def _refused(bureau: Bureau, scheme: str, plan: Any, **more: Any) -> dict[str, Any]:
    office = bureau.office()
    version = (await office.get(f"{API}/schemes/{scheme}"))["version"]
    body = {"version": version, "plan": plan} | more
    return await office.problem("PUT", f"{API}/schemes/{scheme}/plan", json=body)


async def test_a_plan_is_kept_and_said_in_words(bureau: Bureau):
    scheme = await bureau.draft()
    told = await _set(bureau, scheme["id"], _small())
    assert told["zh"][0] == "all:“done”:按完成比例得分,满分100分,完成率上限100%、下限0%"
    assert (await bureau.office().get(f"{API}/schemes/{scheme['id']}"))["has_plan"] is True
    assert (await bureau.office().get(f"{API}/schemes/{scheme['id']}/plan"))["plan"] == told["plan"]
    assert (await _set(bureau, scheme["id"], None))["plan"] is None


async def test_numbers_with_a_fraction_are_kept_exactly(bureau: Bureau):
    plan = _small()
    plan["plan"]["nodes"]["all"]["full"] = 0.1
    plan["plan"]["nodes"]["all"]["full_marks"] = 0.1
    told = await _set(bureau, (await bureau.draft())["id"], plan)
    assert told["plan"]["plan"]["nodes"]["all"]["full"] == "0.1"


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"sources": {"done": {"indicator": "I0"}}}, "plan.sources.goal", "source-missing"),
        ({"sources": {"done": {}, "goal": {"indicator": "I0"}}}, "plan.sources.done", "source-unclear"),
        ({"lines": [{"node": "nobody", "module": "mod_business"}]}, "plan.lines.0.node", "node-unknown"),
        ({"lines": [{"node": "all", "module": "mod_business"}]}, "plan.lines.0.node", "line-twice"),
        ({"plan": {"format": "kaohe/plan/1"}}, "plan.plan.nodes", "not-a-table"),
        ({"rest": None}, "plan.rest", "missing"),
        ({"extra": 1}, "plan.extra", "unknown"),
    ],
)
async def test_what_is_no_plan_is_refused_with_its_place(
    bureau: Bureau, change: dict[str, Any], place: str, code: str
):
    told = await _refused(bureau, (await bureau.draft())["id"], _small(**change))
    assert (told["status"], told["code"]) == (422, "plan-invalid")
    assert (place, code) in {(e["place"], e["code"]) for e in told["errors"]}


async def test_before_publishing_plan_and_scheme_must_speak_of_the_same_things(bureau: Bureau):
    capped = {"code": "mod_business", "name": "业务工作", "full_marks": "100", "weight": "1", "cap": "100"}
    scheme = await bureau.draft(modules=[capped])
    await _set(bureau, scheme["id"], _small(rest="mod_special"))
    found = await bureau.office().get(f"{API}/schemes/{scheme['id']}/check")
    codes = {f["code"] for f in found["findings"] if f["severity"] == "error"}
    assert codes >= {"indicator-unknown", "module-unknown", "limits-beside-plan"}
    assert "marks-do-not-add-up" not in codes


async def test_a_bonus_that_the_plan_posts_is_not_cut_by_the_scheme_as_well(bureau: Bureau):
    bonus = {"code": "mod_bonus", "name": "激励加分", "full_marks": "5", "weight": "1"}
    scheme = await bureau.draft(modules=[bonus], bonus_cap="5")
    await _set(bureau, scheme["id"], _small(rest="mod_bonus"))
    found = await bureau.office().get(f"{API}/schemes/{scheme['id']}/check")
    places = {f["place"] for f in found["findings"] if f["code"] == "limits-beside-plan"}
    assert places == {"modules.mod_bonus"}


async def test_a_published_scheme_keeps_its_way_of_scoring(bureau: Bureau):
    published = await bureau.published()
    told = await _refused(bureau, published.scheme, _small(), reason="改为整套办法")
    assert told["code"] == "plan-fixed"


async def test_the_plan_of_the_example_city_may_be_published(bureau: Bureau):
    scheme = await bureau.draft()
    told = await _set(bureau, scheme["id"], safety_plan())
    assert len(told["zh"]) == len(safety_plan()["plan"]["nodes"]) + 1


async def test_a_stale_version_is_refused(bureau: Bureau):
    scheme = await bureau.draft()
    await _set(bureau, scheme["id"], _small())
    body = {"version": scheme["version"], "plan": None}
    told = await bureau.office().problem("PUT", f"{API}/schemes/{scheme['id']}/plan", json=body)
    assert told["code"] == "stale-version"
