"""Plans tried out over the interface."""

from pathlib import Path

from cli.plan_files import read_file
from tests.services.scoring.conftest import API, Desk

PLANS = Path(__file__).parents[3] / "examples" / "plans" / "30_safety"


async def test_a_plan_is_applied_to_facts_and_explains_itself(desk: Desk):
    body = {
        "plan": read_file(PLANS / "plan-shuozhou.yaml"),
        "facts": read_file(PLANS / "facts-shuozhou.yaml"),
        "explain": True,
    }
    found = await desk["an"].post(f"{API}/plans/evaluate", body)
    c1 = found["subjects"][0]
    assert (c1["total"], c1["grade"], c1["ranks"]) == ("91.43", "优秀", {"overall": 1})
    sentences = [line["words"] for line in c1["explanation"]["zh"]]
    assert "90.435 = 104 ÷ 115 × 100;四舍五入到 2 位小数:90.43" in sentences


async def test_a_plan_is_said_in_words(desk: Desk):
    found = await desk["an"].post(f"{API}/plans/describe", {"plan": read_file(PLANS / "plan-shuozhou.yaml")})
    assert found["order"][-1] == "total"
    assert any("折回百分制" in sentence for sentence in found["zh"])
    assert found["ready"], found["errors"]


async def test_who_would_move_under_another_reading(desk: Desk):
    population = PLANS.parent / "29_population"
    plan, facts = read_file(population / "plan.yaml"), read_file(population / "facts.yaml")
    facts["subjects"][0]["figures"]["registration"] = "86.5"
    body = {
        "before": {"plan": plan},
        "after": {"plan": plan, "settings": {"fraction": "started"}},
        "facts": facts,
    }
    (mover,) = await desk["an"].post(f"{API}/plans/compare", body)
    assert (mover["subject"], mover["total"]) == ("N1", ["95.2", "95"])
    assert [cause["node"] for cause in mover["causes"]] == ["registration_item"]


async def test_every_error_of_a_plan_comes_with_its_place(desk: Desk):
    plan = {
        "format": "kaohe/plan/1", "name": "x", "total": "none",
        "nodes": {"a": {"type": "combine", "parts": ["b"]}, "b": {"type": "combine", "parts": ["a"]}, "c": {"type": "?"}},
    }  # fmt: skip
    problem = await desk["an"].problem("POST", f"{API}/plans/describe", json={"plan": plan})
    found = {(error["place"], error["code"]) for error in problem["errors"]}
    assert {
        ("plan.total", "node-unknown"),
        ("plan.nodes", "cycle"),
        ("plan.nodes.c.type", "type-unknown"),
    } <= found


async def test_wrong_facts_are_told_as_facts(desk: Desk):
    body = {
        "plan": read_file(PLANS / "plan-zunyi.yaml"),
        "facts": {"format": "kaohe/facts/1", "subjects": [{"id": 7}]},
    }
    problem = await desk["an"].problem("POST", f"{API}/plans/evaluate", json=body)
    assert "facts.subjects.0.id" in {error["place"] for error in problem["errors"]}
