"""The built pages behind the front: every address of theirs, and what is none."""

import json
from pathlib import Path

import pytest

from gateway.app import make_gateway
from gateway.dispatch import Asgi
from tests.gateway.conftest import ask

HTML = {"accept": "text/html"}


@pytest.fixture
def front(tmp_path: Path) -> Asgi:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>pages</title>")
    (tmp_path / "boot.js").write_text("1")
    (tmp_path / "assets" / "entry-abc.js").write_text("2")

    async def readiness() -> dict[str, bool]:
        return {}

    return make_gateway({}, readiness, built=tmp_path)


@pytest.mark.parametrize("path", ["/", "/login", "/submissions/01a2", "/my/tasks?period=2026-11"])
async def test_every_address_of_a_page_is_the_document_of_the_pages(front: Asgi, path: str):
    answer = await ask(front, path, headers=HTML)
    assert (answer.status, answer.body) == (200, b"<title>pages</title>")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/assets/gone.js", "/internal/bus/v1/org/head", "/metrics", "/wp-login.php"]
)
async def test_what_is_no_page_is_not_found(front: Asgi, path: str):
    assert (await ask(front, path, headers=HTML)).status == 404


async def test_a_program_gets_a_problem_not_a_page(front: Asgi):
    answer = await ask(front, "/nowhere")
    assert (answer.status, json.loads(answer.body)["code"]) == (404, "not-found")


async def test_files_named_after_their_content_may_be_kept_for_ever(front: Asgi):
    answer = await ask(front, "/assets/entry-abc.js")
    assert (answer.status, answer.body) == (200, b"2")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/", "/tasks", "/boot.js", "/assets/entry-abc.js"])
async def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(front: Asgi, path: str):
    policy = (await ask(front, path, headers=HTML)).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    ("accepted", "body", "encoding"),
    [("gzip, deflate, br", b"packed", "gzip"), ("identity", b"2", None)],
)
async def test_a_file_is_sent_as_the_build_packed_it_to_whoever_takes_it_so(
    front: Asgi, tmp_path: Path, accepted: str, body: bytes, encoding: str | None
):
    (tmp_path / "assets" / "entry-abc.js.gz").write_bytes(b"packed")
    answer = await ask(front, "/assets/entry-abc.js", headers={"accept-encoding": accepted})
    assert (answer.body, answer.headers.get("content-encoding")) == (body, encoding)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "accept-encoding" in answer.headers["vary"].lower()
