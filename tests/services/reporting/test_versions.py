"""Figures that stand still beside those that move, longer stretches, and who is not named."""

import json
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from contracts import org, scoring
from contracts.org import PostingKind, SubjectKind
from contracts.scoring import ClosingStatus
from contracts.submissions import SubmissionStatus
from kernel.bus.canonical import canonical
from kernel.delivery.handlers import MissingReference
from kernel.ids import new_id
from tests.services.reporting.conftest import NOON, REPORTING, Bureau

BOARDS = f"{REPORTING}/boards"


async def totals(bureau: Bureau, **more: object) -> list[tuple[str, str]]:
    found = await bureau.leader("CITY").get(BOARDS, **bureau.board(subject_kind="officer", **more))
    return [(row["name"], row["total"]) for row in found["items"]]


async def test_trial_public_sealed_and_live_stand_side_by_side(bureau: Bureau):
    await bureau.score("an", 1000)
    await bureau.close(ClosingStatus.CHECKING, 1)
    await bureau.score("an", 2000, version=2)
    await bureau.close(ClosingStatus.PUBLIC, 2)
    await bureau.score("an", 3000, version=3)
    await bureau.close(ClosingStatus.SEALED, 3)
    await bureau.score("an", 4000, version=4)
    for version, total in (("trial", "1.000"), ("public", "2.000"), ("sealed", "3.000"), ("live", "4.000")):
        assert await totals(bureau, version=version) == [("an", total)]
    listed = await bureau.officer("an").get(f"{BOARDS}/versions", **bureau.board())
    assert [(v["kind"], v["number"]) for v in listed["items"]] == [("trial", 1), ("public", 1), ("sealed", 7)]


async def test_what_was_public_is_withdrawn_by_another_trial(bureau: Bureau):
    await bureau.score("an", 1000)
    await bureau.close(ClosingStatus.PUBLIC, 1)
    await bureau.close(ClosingStatus.CHECKING, 2)
    query = bureau.board(subject_kind="officer", version="public")
    problem = await bureau.officer("an").problem("GET", BOARDS, params=query)
    assert (problem["status"], problem["code"]) == (409, "version-missing")


async def test_names_and_series_of_a_version_are_those_of_its_day(bureau: Bureau):
    await bureau.score("an", 1000)
    await bureau.close(ClosingStatus.SEALED, 1)
    await bureau.tell(bureau.officers["an"].model_copy(update={"version": 2, "name": "renamed"}))
    assert await totals(bureau, version="sealed") == [("an", "1.000")]
    assert await totals(bureau) == [("renamed", "1.000")]


async def test_a_version_is_what_the_log_said_even_when_a_copy_runs_ahead(bureau: Bureau):
    """The statement at place 1 says 1.000, the one at place 9, already applied, 9.000; the closing stands at place 5."""
    await bureau.score("an", 9000, version=2)
    period, officer = bureau.periods["2026-11"].id, bureau.officers["an"].id
    modules = (scoring.ModulePoints(module="mod_business", points_milli=1000),)
    db = bureau.platform.runtimes["reporting"].db
    async with db.engine.begin() as connection:
        for seq, milli in ((1, 1000), (9, 9000)):
            told = scoring.Statement(
                id=new_id(), version=seq, scheme_id=bureau.scheme_id, period_id=period, subject_kind="officer",
                subject_id=officer, unit_id=bureau.units["P1"].id, modules=modules, entries=1, entries_milli=milli,
                own_milli=milli, members_milli=None, members=0, total_milli=milli,
            )  # fmt: skip
            await connection.execute(
                text(
                    "INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, "
                    "headers, created_at, state) VALUES ('reporting', 'scoring', :id, 1, :seq, '', '', :type, :key, :body, "
                    "'{}', now(), 'applied')"
                ),
                {
                    "id": uuid4(),
                    "seq": seq,
                    "type": told.type,
                    "key": told.order_key,
                    "body": canonical(told),
                },
            )
    await bureau.close(ClosingStatus.CHECKING, 5)
    assert await totals(bureau, version="trial") == [("an", "1.000")]
    assert json.loads(canonical(told))["total_milli"] == 9000


async def test_a_quarter_is_the_mean_of_the_months_that_have_a_figure(bureau: Bureau):
    await bureau.score("an", 1000, "2026-10")
    await bureau.score("an", 2001)
    await bureau.score("bo", 1800)
    assert await totals(bureau, span="quarter") == [("bo", "1.800"), ("an", "1.501")]
    assert await totals(bureau, span="year", combine="sum") == [("an", "3.001"), ("bo", "1.800")]


async def test_improvement_ranks_by_what_was_gained(bureau: Bureau):
    for name, before, now in (("an", 1000, 9000), ("bo", 8000, 9500)):
        await bureau.score(name, before, "2026-10")
        await bureau.score(name, now)
    await bureau.score("chen", 9900)
    assert await totals(bureau, by="improvement") == [("an", "8.000"), ("bo", "1.500")]


async def test_a_board_sees_a_change_of_figure_and_of_series_at_once(bureau: Bureau):
    await bureau.score("an", 1000)
    assert await totals(bureau) == [("an", "1.000")]
    await bureau.score("an", 1500, version=2)
    assert await totals(bureau) == [("an", "1.500")]
    other = new_id()
    await bureau.tell(bureau.officers["an"].model_copy(update={"version": 2, "series_id": other}))
    assert await totals(bureau, series_id=bureau.series["OFFICERS"]) == []
    assert await totals(bureau, series_id=other) == [("an", "1.500")]


async def test_people_in_the_last_places_are_named_to_themselves_and_their_superiors_only(bureau: Bureau):
    for name, milli in (("an", 9000), ("bo", 2000), ("chen", 1000)):
        await bureau.score(name, milli)
    query = bureau.board(subject_kind="officer")
    seen = {
        who: [row["name"] for row in (await caller.get(BOARDS, **query))["items"]]
        for who, caller in {
            "an": bureau.officer("an"), "chen": bureau.officer("chen"), "P1": bureau.leader("P1"), "P2": bureau.leader("P2"),
        }.items()
    }  # fmt: skip
    assert seen == {
        "an": ["an", "bo", None],
        "chen": ["an", "bo", "chen"],
        "P1": ["an", "bo", "chen"],
        "P2": ["an", "bo", None],
    }


async def test_whoever_was_away_for_the_whole_period_is_exempt(bureau: Bureau):
    await bureau.score("an", 1000)
    away = org.Posting(
        id=new_id(), version=1, officer_id=bureau.officers["bo"].id, unit_id=bureau.units["P1"].id, post="", kind=PostingKind.LEAVE,
        role_coefficient="1", is_primary=False, valid_from=date(2026, 10, 1), valid_to=None,
    )  # fmt: skip
    await bureau.tell(away)
    found = await bureau.officer("an").get(
        BOARDS, **bureau.board(subject_kind="officer", include_unranked=True)
    )
    assert [(u["name"], u["why"], u["exempt"]) for u in found["unranked"]] == [
        ("bo", "leave", True),
        ("chen", "no_figure", False),
    ]


async def test_open_appeals_show_which_places_can_still_be_taken(bureau: Bureau):
    """An has 2 of 8 claimed and 0.5 points each: he can come to 4.000, above bo, who then is second."""
    await bureau.score("an", 1000)
    await bureau.score("bo", 3000)
    await bureau.entry("an", 1000, quantity=Decimal(8), status=SubmissionStatus.UNDER_APPEAL)
    query = bureau.board(subject_kind="officer", include_disputes=True)
    found = await bureau.leader("CITY").get(BOARDS, **query)
    assert (found["disputes"]["open"], found["disputes"]["exact"]) == (1, True)
    assert [(r["name"], r["range"]) for r in found["items"]] == [
        ("bo", {"lowest_total": "3.000", "highest_total": "3.000", "best_rank": 1, "worst_rank": 2}),
        ("an", {"lowest_total": "1.000", "highest_total": "4.000", "best_rank": 1, "worst_rank": 2}),
    ]


async def test_an_appeal_below_a_unit_that_adds_up_its_members_is_said_and_not_guessed(bureau: Bureau):
    await bureau.score("P1", 5000)
    await bureau.entry("an", 1000, quantity=Decimal(8), status=SubmissionStatus.UNDER_APPEAL)
    query = bureau.board(subject_kind="unit", include_disputes=True)
    found = await bureau.leader("CITY").get(BOARDS, **query)
    assert (found["disputes"]["open"], found["disputes"]["unbounded"], found["disputes"]["exact"]) == (
        1,
        1,
        False,
    )
    assert found["items"][0]["range"] is None


async def test_a_supplement_seal_is_a_further_sealed_version_and_the_first_one_stays(bureau: Bureau):
    await bureau.score("P1", 90_000)
    await bureau.score("P2", 80_000)
    await bureau.close(ClosingStatus.SEALED, 1)
    changed = scoring.CorrectedTotal(
        subject_kind=SubjectKind.UNIT,
        subject_id=bureau.units["P1"].id,
        before_milli=90_000,
        after_milli=70_000,
    )
    supplement = scoring.Supplement(
        id=new_id(), version=1, scheme_id=bureau.scheme_id, period_id=bureau.periods["2026-11"].id, seal_number=8,
        reason="重复计分", document_number="考字3号", sealed_at=NOON, settled_period_id=None, totals=(changed,),
    )  # fmt: skip
    await bureau.tell(supplement, supplement)
    where = bureau.board(subject_kind="unit")
    listed = (await bureau.leader("CITY").get(f"{REPORTING}/boards/versions", **bureau.board()))["items"]
    assert [(v["number"], v["correction"]) for v in listed] == [(7, None), (8, "重复计分")]
    board = await bureau.leader("CITY").get(f"{REPORTING}/boards", **where, version="sealed")
    assert [(row["name"], row["total"]) for row in board["items"]] == [("P2所", "80.000"), ("P1所", "70.000")]


async def test_a_supplement_waits_for_the_version_that_it_corrects(bureau: Bureau):
    supplement = scoring.Supplement(
        id=new_id(), version=1, scheme_id=bureau.scheme_id, period_id=bureau.periods["2026-11"].id, seal_number=8,
        reason="重复计分", document_number=None, sealed_at=NOON, settled_period_id=None, totals=(),
    )  # fmt: skip
    with pytest.raises(MissingReference):
        await bureau.tell(supplement)
