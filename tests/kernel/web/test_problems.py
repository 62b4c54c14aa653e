"""Whatever is sent, the answer is a sentence in the reader's language, never a trace and never a 500."""

import json
from typing import Any
from uuid import UUID

import pytest

from kernel.db.paging import encode_cursor
from tests.kernel.web.conftest import LIMIT, ORG, Edge

UNITS = f"{ORG}/units"
NOBODY = UUID("01a22000-0000-7000-8000-000000000000")
JSON = {"Content-Type": "application/json"}


async def refused(edge: Edge, method: str = "POST", path: str = UNITS, **request: Any) -> dict[str, Any]:
    found = await edge.caller(edge.admin()).problem(method, path, **request)
    assert 400 <= found["status"] < 500, found
    assert found["type"] == f"urn:kaohe:problem:{found['code']}"
    assert found["request_id"]
    return found


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "nonsense",
        '{"code":}',
        "[]",
        "null",
        "7",
        '"text"',
        "NaN",
        '{"a":1,}',
        "\ufeff{}",
    ],
)
async def test_malformed_json_is_a_finding(edge: Edge, body: str):
    found = await refused(edge, content=body.encode(), headers=JSON)
    assert (found["status"], found["code"]) == (422, "validation")


@pytest.mark.parametrize("body", [b"\xff\xfe", b'{"name":"\xc3\x28"}', b"\x00", b'{"a":"\x00"}', b"[" * 5000])
async def test_bytes_that_are_no_text_are_refused(edge: Edge, body: bytes):
    assert (await refused(edge, content=body, headers=JSON))["status"] in {400, 422}


@pytest.mark.parametrize("bad", ["a\u0000b", "a\u0007b", "\x7f", "\u200b" * 201, "", "   ", "长" * 10_000])
async def test_a_name_that_cannot_be_one_is_a_finding_at_its_place(edge: Edge, bad: str):
    found = await refused(edge, json=edge.unit(name=bad))
    assert (found["status"], found["code"]) == (422, "validation")
    assert [e["place"] for e in found["errors"]] == ["body.name"]
    assert bad[:50] not in json.dumps(found["errors"], ensure_ascii=False) or not bad.strip()


async def test_a_lone_surrogate_is_refused(edge: Edge):
    body = json.dumps(edge.unit()).replace('"name": "\\u5355\\u4f4d"', '"name": "\\ud800"')
    assert "ud800" in body
    assert (await refused(edge, content=body.encode(), headers=JSON))["status"] == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", 7),
        ("name", None),
        ("name", ["a"]),
        ("name", {"a": 1}),
        ("kind", "castle"),
        ("parent_id", "JZ"),
        ("parent_id", 7),
        ("valid_from", "2026-02-30"),
        ("valid_from", "yesterday"),
        ("valid_from", 1e308),
        ("lines", "all"),
        ("unheard_of", 1),
    ],
)
async def test_a_value_of_the_wrong_type_is_a_finding_at_its_place(edge: Edge, field: str, value: Any):
    found = await refused(edge, json=edge.unit(**{field: value}))
    assert (found["status"], found["code"]) == (422, "validation")
    assert all(e["place"].startswith(f"body.{field}") for e in found["errors"])


@pytest.mark.parametrize("text", ["a%00b", "%ed%a0%80", "%ff", "x" * 101])
async def test_text_in_the_query_is_held_to_the_same_rules(edge: Edge, text: str):
    answer = await edge.caller(edge.admin()).send("GET", f"{UNITS}?q={text}")
    assert answer.status_code in {200, 422}, answer.text


@pytest.mark.parametrize("text", ["%25", "_", "'", "\\", "%27%3B--", "\u0301"])
async def test_a_search_takes_every_character_as_itself(edge: Edge, text: str):
    answer = await edge.caller(edge.admin()).send("GET", f"{UNITS}?q={text}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"] == []


@pytest.mark.parametrize("value", ["0", "-1", "201", "9" * 30, "x", "1.5", ""])
async def test_a_page_has_one_to_two_hundred_rows(edge: Edge, value: str):
    assert (await refused(edge, "GET", f"{UNITS}?limit={value}"))["code"] == "validation"


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "%00",
        "AAAA",
        "bnVsbA",
        "W10",
        "e30",
        "é",
        "9" * 1999,
        encode_cursor([1, 2, 3, 4, 5]),
        encode_cursor(["a\x00", NOBODY]),
    ],
)
async def test_a_cursor_that_is_not_ours_is_refused(edge: Edge, after: str):
    assert (await refused(edge, "GET", f"{UNITS}?after={after}"))["status"] == 422


@pytest.mark.parametrize("first", [1, "text", NOBODY])
@pytest.mark.parametrize("second", [2**70, "text", NOBODY])
async def test_a_cursor_with_values_of_other_types_is_refused_or_read(edge: Edge, first: Any, second: Any):
    answer = await edge.caller(edge.admin()).send("GET", f"{UNITS}?after={encode_cursor([first, second])}")
    assert answer.status_code in {200, 422}, answer.text


async def test_a_body_over_the_limit_is_refused_by_its_announced_length(edge: Edge):
    found = await refused(edge, json=edge.unit(name="x" * LIMIT))
    assert (found["status"], found["code"], found["limit"]) == (413, "body-too-large", LIMIT)


async def test_a_body_over_the_limit_is_refused_by_what_really_comes(edge: Edge):
    async def endless() -> Any:
        for _ in range(LIMIT // 1024 + 2):
            yield b" " * 1024
        yield json.dumps(edge.unit()).encode()

    found = await refused(edge, content=endless(), headers=JSON)
    assert (found["status"], found["code"]) == (413, "body-too-large")


async def test_a_length_that_is_no_number_is_refused(edge: Edge):
    found = await refused(edge, content=b"{}", headers={**JSON, "Content-Length": "-1"})
    assert found["status"] in {400, 413}


@pytest.mark.parametrize(
    "path",
    ["/", "/api", "/api/org", f"{ORG}/castles", f"{UNITS}/", "/api/targets/v1/schemes", f"{UNITS}/../x"],
)
async def test_an_unknown_address_is_a_problem(edge: Edge, path: str):
    assert (await refused(edge, "GET", path))["status"] == 404


@pytest.mark.parametrize("method", ["DELETE", "PUT", "BREW"])
async def test_an_unknown_method_is_a_problem_that_names_the_known_ones(edge: Edge, method: str):
    answer = await edge.caller(edge.admin()).send(method, UNITS)
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["allow"]


@pytest.mark.parametrize("path", [f"{UNITS}/not-a-uuid", f"{UNITS}/{NOBODY}"])
async def test_an_id_that_is_none_or_nobodys_is_a_problem(edge: Edge, path: str):
    assert (await refused(edge, "GET", path))["status"] in {404, 422}


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("en", "Please sign in"),
        ("en-GB,zh;q=0.5", "Please sign in"),
        ("EN", "Please sign in"),
        ("zh-CN", "请先登录"),
        ("fr", "请先登录"),
        ("", "请先登录"),
    ],
)
async def test_a_problem_speaks_the_language_that_was_asked_for(edge: Edge, asked: str, title: str):
    found = await edge.caller().problem("GET", UNITS, headers={"Accept-Language": asked})
    assert (found["title"], found["detail"]) == (title, title)


async def test_findings_are_in_chinese_too(edge: Edge):
    found = await refused(edge, json={}, headers={"Accept-Language": "zh"})
    assert {e["detail"] for e in found["errors"]} == {"必填"}


async def test_every_answer_carries_a_request_id_and_the_headers_of_safety(edge: Edge):
    caller = edge.caller(edge.admin())
    for answer in (await caller.send("GET", UNITS), await caller.send("GET", "/nowhere")):
        assert answer.headers["x-request-id"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("sent", "kept"), [("abcd-1234", True), ("short", False), ("a b c d e f g h", False), ("x" * 65, False)]
)
async def test_a_request_id_is_taken_over_only_if_it_is_harmless(edge: Edge, sent: str, *, kept: bool):
    answer = await edge.caller(edge.admin(), **{"X-Request-Id": sent}).send("GET", UNITS)
    assert (answer.headers["x-request-id"] == sent) is kept
