"""The gateway's own pages: strict about scripts, complete in themselves."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from contracts.catalog import SERVICES
from gateway.app import STATIC
from gateway.routing import caddyfile
from tests.gateway.conftest import Front

ROOT = Path(__file__).parents[2]
PAGES = ("/", "/docs")
HTML = {"Accept": "text/html"}


class Inside(HTMLParser):
    """What a page loads, and what stands in it that the policy would refuse."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.refused: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.loads += [v for k, v in attrs if v and ((k == "src") or (k == "href" and tag == "link"))]
        self.refused += [f"{tag} {k}" for k, _ in attrs if k.startswith("on") or k == "style"]
        if tag == "style" or (tag == "script" and "src" not in found):
            self.refused.append(tag)


@pytest.mark.parametrize(
    "path", [*PAGES, "/nowhere", "/static/page.js", "/static/page.css", "/swagger/swagger-ui.css"]
)
async def test_no_page_allows_scripts_of_its_text_or_of_others(front: Front, path: str):
    answer = await front.ask(path, headers=HTML)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert ("'unsafe-inline'" in policy["style-src"]) is (path == "/docs")
    assert not any("unsafe-eval" in value or "*" in value for value in policy.values())
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_loads_only_what_the_gateway_serves_itself(front: Front, path: str):
    answer = await front.ask(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = Inside(answer.body.decode())
    assert page.refused == []
    assert page.loads
    for address in page.loads:
        assert address.startswith("/"), address
        assert (await front.ask(address)).status == 200, address


@pytest.mark.parametrize("name", sorted(p.name for p in STATIC.iterdir() if p.is_file()))
async def test_static_files_are_served_with_their_type(front: Front, name: str):
    answer = await front.ask(f"/static/{name}")
    assert answer.status == 200
    assert answer.body == (STATIC / name).read_bytes()
    kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    assert answer.headers["content-type"].startswith(kinds[name.rsplit(".", 1)[1]])


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/static/",
        "/swagger/",
    ],
)
async def test_nothing_beside_the_static_files_is_served(front: Front, path: str):
    assert (await front.ask(path)).status == 404


async def test_a_page_that_is_not_there_is_a_page_for_browsers_and_a_problem_for_programs(front: Front):
    page, problem = await front.ask("/nowhere", headers=HTML), await front.ask("/nowhere")
    assert (page.status, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (problem.status, problem.headers["content-type"]) == (404, "application/problem+json")
    assert json.loads(problem.body)["code"] == "not-found"
    wrong = await front.ask("/", "POST")
    assert (wrong.status, json.loads(wrong.body)["status"]) == (405, 405)


async def test_the_list_of_services_names_all_of_them(front: Front):
    found = json.loads((await front.ask("/api/services")).body)["services"]
    assert [s["name"] for s in found] == list(SERVICES)
    for service in found:
        assert (await front.ask(service["openapi"])).body.decode() == service["name"]


async def test_the_gateway_is_ready_when_all_services_are(front: Front):
    assert (await front.ask("/health/live")).status == 200
    assert (await front.ask("/health/ready")).status == 200
    front.ready["org"] = False
    answer = await front.ask("/health/ready")
    assert answer.status == 503
    assert json.loads(answer.body)["services"]["org"] is False


def test_the_caddyfile_is_the_routing_table():
    text = (ROOT / "gateway" / "Caddyfile").read_text(encoding="utf-8")
    assert text == caddyfile(), "run `kaohe documents`"
    assert re.findall(r"reverse_proxy (\w+):8000", text) == [*SERVICES, "gateway"]
    assert "respond /internal/* 404" in text
