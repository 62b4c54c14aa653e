import json
from typing import Any

import pytest

from contracts.permissions import Role
from tests.services.targets.bureau import API, Bureau

EACH = {"type": "events", "each": "0.5", "cap": "5"}


def _asked(rule: dict[str, Any], facts: Any = None) -> dict[str, str]:
    return {"rule": json.dumps(rule)} | ({"facts": json.dumps(facts)} if facts is not None else {})


async def test_a_rule_is_said_and_tried_without_being_kept(bureau: Bureau):
    found = await bureau.office().get(f"{API}/rules/preview", **_asked(EACH, {"actual": "6"}))
    assert found["rule"] == EACH
    assert "0.5" in found["text"]["zh"]
    assert "0.5" in found["text"]["en"]
    assert (found["trial"]["points"], found["trial"]["state"]) == ("3", "scored")
    assert "6件 × 0.5" in found["trial"]["steps"][-1]["zh"]


async def test_what_is_not_complete_comes_back_as_findings_with_their_places(bureau: Bureau):
    found = await bureau.office().get(f"{API}/rules/preview", **_asked({"type": "ratio", "cap": "x"}))
    assert found["rule"] is None
    assert {one["place"] for one in found["findings"]} == {"rule.full", "rule.cap"}


async def test_nothing_submitted_is_not_zero(bureau: Bureau):
    found = await bureau.office().get(f"{API}/rules/preview", **_asked(EACH, {}))
    assert (found["trial"]["points"], found["trial"]["state"]) == (None, "not_submitted")


@pytest.mark.parametrize(
    "facts", [{"actual": "many"}, {"events": 5}, {"events": ["six"]}, {"actual": "1e999"}]
)
async def test_facts_that_cannot_be_read_are_refused(bureau: Bureau, facts: dict[str, Any]):
    office = bureau.office()
    problem = await office.problem("GET", f"{API}/rules/preview", params=_asked(EACH, facts))
    assert (problem["status"], problem["code"]) == (422, "facts-unreadable")


async def test_only_who_drafts_tries_rules(bureau: Bureau):
    caller = bureau.in_role(Role.ASSESSOR, "CITY")
    problem = await caller.problem("GET", f"{API}/rules/preview", params=_asked(EACH))
    assert (problem["status"], problem["code"]) == (403, "permission-denied")
