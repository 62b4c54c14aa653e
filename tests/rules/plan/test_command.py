"""`kaohe evaluate`, as it is called."""

import json

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.rules.plan.files import PLANS

_CASE = PLANS / "12_wenzhou"


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")


def run(*arguments):
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def _plan(tmp_path, text):
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return path


_BANNED = """
format: kaohe/plan/1
name: t
nodes: {total: {type: take, of: a, title: 破案率}}
total: total
"""


def test_totals_as_text_and_as_data():
    shown = run("--plan", _CASE / "plan.yaml", "--facts", _CASE / "facts.yaml", "--explain")
    assert shown.exit_code == 0
    assert "order: " in shown.output
    told = json.loads(run("--plan", _CASE / "plan.yaml", "--facts", _CASE / "facts.yaml", "--json").stdout)
    assert {s["id"]: s["total"] for s in told["subjects"]} == {
        "K1": "-4",
        "K2": "-5",
        "K3": "-27",
        "K4": "-30",
    }


def test_a_reading_is_chosen_and_an_unknown_one_is_refused():
    whole = run(
        "--plan",
        _CASE / "plan.yaml",
        "--facts",
        _CASE / "facts.yaml",
        "--setting",
        "two_slopes=whole_at_rate",
    )
    assert "two_slopes = whole_at_rate" in whole.output
    wrong = run(
        "--plan", _CASE / "plan.yaml", "--facts", _CASE / "facts.yaml", "--setting", "two_slopes=other"
    )
    assert wrong.exit_code == 3
    assert (
        run("--plan", _CASE / "plan.yaml", "--facts", _CASE / "facts.yaml", "--setting", "x").exit_code == 2
    )


def test_a_plan_is_checked_before_it_is_published(tmp_path):
    assert "ready to be published" in run("--plan", _CASE / "plan.yaml", "--check").output
    banned = run("--plan", _plan(tmp_path, _BANNED), "--check")
    assert (banned.exit_code, "nodes.total" in banned.output) == (3, True)
    told = json.loads(run("--plan", _plan(tmp_path, _BANNED), "--check", "--json").stdout)
    assert (told["ready"], told["errors"][0]["code"]) == (False, "indicator-banned")
    assert run("--plan", _CASE / "plan.yaml").exit_code == 2


def test_who_would_move_under_another_version(tmp_path):
    other = _plan(
        tmp_path, (_CASE / "plan.yaml").read_text(encoding="utf-8").replace('floor: "-5"', 'floor: "-4"')
    )
    arguments = ("--plan", _CASE / "plan.yaml", "--facts", _CASE / "facts.yaml", "--against", other)
    assert "survey: -5 → -4" in run(*arguments).output
    (row,) = json.loads(run(*arguments, "--json").stdout)["moves"]["rows"]
    assert (row["subject"], row["total"], [c["node"] for c in row["causes"]]) == (
        "K2",
        ["-5", "-4"],
        ["survey"],
    )
    assert "nobody moves" in run(*arguments[:-1], _CASE / "plan.yaml").output


def test_a_file_that_cannot_be_read_or_is_no_plan(tmp_path):
    assert run("--plan", _plan(tmp_path, "{"), "--check").exit_code == 2
    assert run("--plan", _plan(tmp_path, "[]"), "--check").exit_code == 3
