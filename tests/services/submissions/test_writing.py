"""Saved forms, last month's work, estimates, phrases."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from contracts.targets import Target
from kernel.ids import new_id
from tests.services.submissions.conftest import API, Desk, together

HALF = {"summary": "写到一半", "quantity": ""}


async def test_a_half_filled_form_survives_and_two_devices_do_not_overwrite_each_other(desk: Desk) -> None:
    path = f"{API}/autosaves/{uuid4()}"
    saved = await desk["author"].put(path, {"version": 0, "content": HALF})
    assert saved["version"] == 1
    again = await desk["author"].put(path, {"version": 1, "content": HALF | {"summary": "写完了"}})
    assert again["version"] == 2
    problem = await desk["author"].problem("PUT", path, json={"version": 1, "content": {"summary": "另一台"}})
    assert (problem["code"], problem["version"]) == ("autosave-conflict", 2)
    assert problem["content"]["summary"] == "写完了"
    kept = await desk["author"].get(path)
    assert (kept["version"], kept["content"]["summary"]) == (2, "写完了")
    assert (await desk["colleague"].problem("GET", path))["code"] == "form-not-saved"


async def test_a_form_that_was_sent_is_no_longer_among_the_saved_ones(desk: Desk) -> None:
    key = str(uuid4())
    await desk["author"].put(f"{API}/autosaves/{key}", {"version": 0, "content": HALF})
    target = await desk.target()
    body = {"target_id": str(target.id), "event_date": "2026-11-10", "quantity": "1", "summary": "x"}
    await desk["author"].post(f"{API}/submissions/send", body | {"client_key": key})
    kept = await desk["author"].get(f"{API}/autosaves")
    assert key not in {form["key"] for form in kept["items"]}


async def test_a_saved_form_is_forgotten_when_asked(desk: Desk) -> None:
    path = f"{API}/autosaves/{uuid4()}"
    await desk["author"].put(path, {"version": 0, "content": HALF})
    await desk["author"].delete(path)
    assert (await desk["author"].problem("GET", path))["code"] == "form-not-saved"


async def test_last_months_work_is_there_to_be_copied(desk: Desk) -> None:
    bureau = desk.bureau
    earlier = bureau.period.model_copy(
        update={
            "id": new_id(),
            "code": "2026-10",
            "starts_on": date(2026, 10, 1),
            "ends_on": date(2026, 10, 31),
        }
    )
    target = bureau.target("squad_member")
    before = target.model_copy(update={"id": new_id(), "period_id": earlier.id})
    await desk.platform.tell("submissions", earlier, target, before)
    path = f"{API}/targets/{target.id}/prefill"
    assert (await desk["squad_member"].get(path))["number"] is None
    body = {"target_id": str(before.id), "event_date": "2026-10-20", "quantity": "7", "summary": "上月所写"}
    sent = await desk["squad_member"].post(f"{API}/submissions/send", body | {"client_key": str(uuid4())})
    copied = await desk["squad_member"].get(path)
    assert (copied["number"], copied["summary"], copied["quantity"]) == (sent["number"], "上月所写", "7")
    assert (await desk["colleague"].problem("GET", path))["code"] == "not-yours"


async def ruled(desk: Desk, rule: dict[str, object]) -> Target:
    """A target of the author under an indicator of its own with that rule."""
    indicator = desk.bureau.without_evidence.model_copy(update={"id": new_id(), "rule": rule})
    target = desk.bureau.target("author").model_copy(update={"indicator_id": indicator.id})
    await desk.platform.tell("submissions", indicator, target)
    return target


async def test_an_estimate_follows_the_published_rule_beside_what_was_sent(desk: Desk) -> None:
    target = await ruled(desk, {"type": "events", "each": "0.5", "cap": "2"})
    path, work = f"{API}/targets/{target.id}/estimate", {"quantity": "3", "event_date": "2026-11-10"}
    first = await desk["author"].get(path, **work)
    assert (Decimal(first["points"]), first["silence"], first["by_plan"]) == (Decimal("1.5"), None, False)
    assert "0.5" in first["explanation_zh"]
    body = {"target_id": str(target.id), "summary": "x", "client_key": str(uuid4())} | work
    await desk["author"].post(f"{API}/submissions/send", body)
    second = await desk["author"].get(path, **work)
    assert Decimal(second["points"]) == Decimal("0.5")  # the cap of 2 leaves half a point


async def test_an_estimate_says_when_it_cannot_tell(desk: Desk) -> None:
    work = {"quantity": "3", "event_date": "2026-11-10"}
    for rule, silence in (({}, "no_rule"), ({"type": "unheard of"}, "rule_unreadable")):
        target = await ruled(desk, rule)
        answer = await desk["author"].get(f"{API}/targets/{target.id}/estimate", **work)
        assert (answer["points"], answer["silence"]) == (None, silence)
        assert answer["explanation_zh"]


async def test_phrases_are_ones_own_unless_shared_and_come_in_order(desk: Desk) -> None:
    path = f"{API}/phrases"
    add = [{"kind": "return", "text": text} for text in ("照片不清", "缺少文书", "口径不符")]
    made = [await desk["assessor"].post(path, body) for body in add]
    await desk["assessor"].put(f"{path}/order", {"ids": [made[2]["id"], made[0]["id"], made[1]["id"]]})
    mine = (await desk["assessor"].get(path, kind="return"))["items"]
    assert [p["text"] for p in mine] == ["口径不符", "照片不清", "缺少文书"]
    assert (await desk["other_assessor"].get(path, kind="return"))["items"] == []
    unit = str(desk.bureau.units["XJ"].id)
    shared = await desk["assessor"].post(
        path, {"kind": "return", "text": "请补送立案决定书", "unit_id": unit}
    )
    seen = (await desk["other_assessor"].get(path, kind="return"))["items"]
    assert [(p["text"], p["mine"]) for p in seen] == [("请补送立案决定书", False)]
    problem = await desk["author"].problem(
        "POST", path, json={"kind": "return", "text": "x", "unit_id": unit}
    )
    assert problem["code"] == "sharing-not-yours"
    assert (await desk["author"].problem("DELETE", f"{path}/{shared['id']}"))["code"] == "phrase-not-found"
    await desk["assessor"].delete(f"{path}/{shared['id']}")
    assert (await desk["other_assessor"].get(path, kind="return"))["items"] == []


async def test_twice_the_same_save_at_the_same_time_is_one_version(desk: Desk) -> None:
    path = f"{API}/autosaves/{uuid4()}"
    body = {"version": 0, "content": HALF}
    answers = await together(*(desk["author"].send("PUT", path, json=body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
