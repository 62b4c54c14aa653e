"""The big score table: a long list stays quick because only what is in sight is there; every figure opens."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Route

from tests.e2e.browsing import PHONE, Hand

LONG, INDICATORS = 10_000, 36
GRID = "[data-testid=P58-grid]"


def told(route: Route) -> None:
    """A table of ten thousand officers and forty columns, as the service would tell it."""
    query = parse_qs(urlparse(route.request.url).query)
    start, limit = int(query["start"][0]), int(query["limit"][0])
    columns = [
        {
            "module": f"m{m}", "name": f"模块{m}", "full_marks": "100", "mean": "50.000",
            "indicators": [
                {"id": f"{m}-{n}", "code": f"I{m}{n}", "name": f"指标{m}{n}", "full_marks": "10"} for n in range(INDICATORS // 4)
            ],
        }
        for m in range(4)
    ]  # fmt: skip
    rows: list[dict[str, Any]] = [
        {
            "rank": n + 1, "tied": False, "change": 0, "subject_id": f"s{n}", "code": f"{n}", "name": f"民警{n}",
            "unit_name": "某派出所", "total": f"{LONG - n}.000", "modules": {f"m{m}": "25.000" for m in range(4)},
            "cells": [None if c == n % INDICATORS else "1.250" for c in range(INDICATORS)], "zero": False, "below": n == LONG - 1,
        }
        for n in range(start, min(LONG, start + limit))
    ]  # fmt: skip
    route.fulfill(
        json={
            "scheme_name": "方案", "period_code": "2026-12", "series_name": "民警", "version": "live", "total": LONG,
            "start": start, "mean": "50.000", "red_line": "1.500", "by_indicator": True, "columns": columns, "rows": rows,
        }
    )  # fmt: skip


def test_ten_thousand_rows_are_scrolled_with_only_those_in_sight_on_the_page(at: Callable[..., Hand]) -> None:
    hand = at("assessment_office")
    hand.page.route(re.compile(r"/api/reporting/v1/score-table\?"), told)
    hand.begin("/scores?kind=officer")
    hand.see("[data-testid=P58-row]:has-text('民警0')")
    grid = hand.page.locator(GRID)
    for part in (0.25, 0.5, 0.75, 1):
        grid.evaluate("(box, part) => { box.scrollTop = (box.scrollHeight - box.clientHeight) * part }", part)
        assert hand.page.locator("[data-testid=P58-row]").count() < 60
    hand.see(f"[data-testid=P58-row]:has-text('民警{LONG - 1}'):has-text('红线以下')")
    head = hand.page.locator(f"{GRID} thead tr").nth(1).locator("th")
    assert head.count() == INDICATORS + 4
    assert not hand.serious()


def test_a_total_opens_down_to_what_it_is_made_of(at: Callable[..., Hand]) -> None:
    hand = at("assessment_office")
    hand.begin("/scores?kind=officer")
    hand.see("[data-testid=P58-row]")
    assert not hand.serious()
    hand.click("[data-testid=P58-row] a")
    hand.page.wait_for_url(re.compile("/scores/.+/.+"))
    hand.click("[data-testid=P16-module]")
    hand.see("[data-testid=P16-indicator]")
    assert hand.clicks <= 3
    assert not hand.complaints


def test_columns_can_be_narrowed_to_the_modules(at: Callable[..., Hand]) -> None:
    hand = at("assessment_office")
    hand.begin("/scores?kind=officer")
    hand.see("[data-testid=P58-row]")
    every = hand.page.locator(f"{GRID} thead tr").nth(1).locator("th").count()
    hand.begin("/scores?kind=officer&columns=modules")
    hand.see("[data-testid=P58-row]")
    assert hand.page.locator(f"{GRID} thead tr").nth(1).locator("th").count() < every


def test_an_officer_has_no_score_table(at: Callable[..., Hand]) -> None:
    hand = at("officer", viewport=PHONE, has_touch=True, is_mobile=True)
    hand.begin("/scores")
    hand.see("text=没有权限")
