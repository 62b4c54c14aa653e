"""Boards, drill-down and the score table, as told by events."""

import io
from uuid import uuid4

import pytest
from python_calamine import load_workbook

from contracts.submissions import SubmissionStatus
from contracts.targets import TargetStatus
from kernel.db.migrations import differences
from services.reporting.tables import Base
from tests.services.reporting.conftest import REPORTING, Bureau


async def test_the_database_is_what_the_rows_say(bureau: Bureau):
    assert await differences(Base.metadata, bureau.platform.owner_urls["reporting"]) == []


async def test_a_board_ranks_one_series_with_ties(bureau: Bureau):
    for name, milli in (("an", 9000), ("bo", 7500), ("chen", 7500)):
        await bureau.score(name, milli)
    found = await bureau.leader("P1").get(f"{REPORTING}/boards", **bureau.board(subject_kind="officer"))
    assert [(r["rank"], r["tied"], r["name"], r["total"]) for r in found["items"]] == [
        (1, False, "an", "9.000"),
        (2, True, "bo", "7.500"),
        (2, True, "chen", "7.500"),
    ]
    assert found["board"]["highest"] == "9.000"


async def test_whoever_has_no_figure_is_unranked_and_not_last(bureau: Bureau):
    await bureau.score("an", 1000)
    query = bureau.board(subject_kind="officer", include_unranked=True)
    found = await bureau.officer("bo").get(f"{REPORTING}/boards", **query)
    assert [row["name"] for row in found["items"]] == ["an"]
    assert sorted(row["name"] for row in found["unranked"]) == ["bo", "chen"]


async def test_the_change_counts_places_since_the_period_before(bureau: Bureau):
    for name, before, now in (("an", 1000, 9000), ("bo", 5000, 2000)):
        await bureau.score(name, before, "2026-10")
        await bureau.score(name, now)
    found = await bureau.leader("P1").get(f"{REPORTING}/boards", **bureau.board(subject_kind="officer"))
    assert [(r["name"], r["change"], r["previous_total"]) for r in found["items"]] == [
        ("an", 1, "1.000"),
        ("bo", -1, "5.000"),
    ]


async def test_an_older_statement_does_not_replace_a_newer_one(bureau: Bureau):
    await bureau.score("an", 9000, version=3)
    await bureau.score("an", 1000, version=2)
    found = await bureau.officer("an").get(f"{REPORTING}/boards", **bureau.board(subject_kind="officer"))
    assert found["items"][0]["total"] == "9.000"


async def test_pages_of_a_board_join_without_gap(bureau: Bureau):
    for name in ("an", "bo", "chen"):
        await bureau.score(name, 5000)
    query = bureau.board(subject_kind="officer", limit=2)
    first = await bureau.leader("P1").get(f"{REPORTING}/boards", **query)
    second = await bureau.leader("P1").get(f"{REPORTING}/boards", **query, after=first["next"])
    assert [r["name"] for r in first["items"] + second["items"]] == ["an", "bo", "chen"]
    assert second["next"] is None


async def test_a_period_of_another_scheme_is_not_found(bureau: Bureau):
    query = bureau.board(subject_kind="unit") | {"scheme_id": uuid4()}
    problem = await bureau.officer("an").problem("GET", f"{REPORTING}/boards", params=query)
    assert (problem["status"], problem["code"]) == (404, "period-not-found")


async def test_a_figure_opens_down_to_the_file(bureau: Bureau):
    await bureau.score("an", 1000)
    entry_id, submission_id = await bureau.entry("an", 1000)
    period = bureau.periods["2026-11"].id
    mine = await bureau.officer("an").get(f"{REPORTING}/subjects/{bureau.officers['an'].id}/periods/{period}")
    assert mine["modules"][0]["indicators"][0]["entries"][0]["id"] == str(entry_id)
    detail = await bureau.officer("an").get(f"{REPORTING}/entries/{entry_id}")
    [file] = detail["submission"]["evidence"]
    assert file["href"] == f"/api/submissions/v1/submissions/{submission_id}/evidence/{'ab' * 32}"


async def test_what_stands_behind_a_figure_is_for_its_owner_and_his_superiors(bureau: Bureau):
    await bureau.score("an", 1000)
    entry_id, _ = await bureau.entry("an", 1000)
    path = f"{REPORTING}/entries/{entry_id}"
    assert (await bureau.leader("P1").send("GET", path)).status_code == 200
    for stranger in (bureau.officer("bo"), bureau.leader("P2")):
        assert (await stranger.problem("GET", path))["status"] == 404


async def test_the_score_table_has_the_rows_of_the_board_and_no_formulas(bureau: Bureau):
    await bureau.score("an", 9125)
    await bureau.score("bo", 1000)
    path = f"{REPORTING}/exports/score-table.xlsx"
    answer = await bureau.leader("P1").send("GET", path, params=bureau.board(subject_kind="officer"))
    rows = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [(row[2], row[4], row[5], row[6]) for row in rows[4:6]] == [
        ("an", 9.125, 9.125, 1.0),
        ("bo", 1.0, 1.0, 2.0),
    ]


async def test_an_officer_may_look_and_not_export(bureau: Bureau):
    query = bureau.board(subject_kind="officer")
    problem = await bureau.officer("an").problem("GET", f"{REPORTING}/exports/score-table.xlsx", params=query)
    assert problem["code"] == "permission-denied"


@pytest.mark.parametrize("kind", ["unit", "officer"])
async def test_an_empty_board_is_an_empty_board(bureau: Bureau, kind: str):
    found = await bureau.officer("an").get(f"{REPORTING}/boards", **bureau.board(subject_kind=kind))
    assert (found["items"], found["next"]) == ([], None)


async def test_progress_of_a_unit_lists_itself_and_its_sub_units(bureau: Bureau):
    query = {
        "scheme_id": bureau.scheme_id,
        "period_id": bureau.periods["2026-11"].id,
        "unit_id": bureau.units["CITY"].id,
    }
    await bureau.entry("an", 1000)
    found = await bureau.leader("CITY").get(f"{REPORTING}/progress", **query)
    assert [(u["code"], u["submissions"]) for u in found["units"]] == [
        ("CITY", {}),
        ("P1", {"accepted": 1}),
        ("P2", {}),
    ]


async def test_progress_goes_from_what_was_issued_to_what_has_points_by_unit_level_and_indicator(
    bureau: Bureau,
):
    above = await bureau.target("P1", 8, status=TargetStatus.ACKNOWLEDGED)
    below = await bureau.target("an", 4, parent_id=above.id)
    await bureau.target("bo", 4, parent_id=above.id)
    await bureau.entry("an", 1000, target_id=below.id)
    await bureau.entry("bo", 0, status=SubmissionStatus.SUBMITTED, decided_at=None)
    query = {
        "scheme_id": bureau.scheme_id, "period_id": bureau.periods["2026-11"].id, "unit_id": bureau.units["CITY"].id,
    }  # fmt: skip
    found = await bureau.leader("CITY").get(f"{REPORTING}/progress", **query)
    assert found["levels"] == [
        {"level": 2, "targets": 1, "acknowledged": 1, "decomposed": 1},
        {"level": 5, "targets": 2, "acknowledged": 0, "decomposed": 0},
    ]
    [indicator] = found["indicators"]
    told = ("targets", "acknowledged", "decomposed", "submissions", "accepted", "waiting", "scored")
    assert [indicator[name] for name in told] == [3, 1, 1, 2, 1, 1, 2]
    assert [unit["scored"] for unit in found["units"]] == [0, 2, 0]
