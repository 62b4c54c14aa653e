"""The own library: quotas, uploads in parts, ranges."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response

from kernel.storage.blobs import FileMissing
from services.submissions.actions.uploading import PART_BYTES
from services.submissions.jobs import tidy_up
from tests.services.submissions.conftest import API, PDF, Desk

RAW = {"Content-Type": "application/offset+octet-stream"}


async def begin(
    desk: Desk, content: bytes, *, by: str = "author", sha256: str | None = None
) -> dict[str, Any]:
    body = {"name": "大文件.pdf", "size": len(content), "sha256": sha256}
    made: dict[str, Any] = await desk[by].post(f"{API}/uploads", body)
    return made


async def part(desk: Desk, upload: str, offset: int, content: bytes, *, key: str | None = None) -> Response:
    headers = RAW | {"Upload-Offset": str(offset)}
    return await desk["author"].send(
        "PATCH", f"{API}/uploads/{upload}", content=content, headers=headers, key=key or str(uuid4())
    )


def big(count: int) -> bytes:
    return PDF + bytes(range(256)) * (count // 256)


async def test_a_large_file_comes_in_parts_and_goes_on_after_a_broken_line(desk: Desk) -> None:
    content = big(300_000)
    upload = await begin(desk, content, sha256=hashlib.sha256(content).hexdigest())
    first = await part(desk, upload["id"], 0, content[:120_000])
    assert first.json()["offset"] == 120_000
    # The answer to a part was lost: sent again it is told where to go on.
    lost = await part(desk, upload["id"], 0, content[:120_000])
    assert (lost.status_code, lost.json()["code"], lost.json()["offset"]) == (
        409,
        "upload-offset-differs",
        120_000,
    )
    incomplete = await desk["author"].problem("POST", f"{API}/uploads/{upload['id']}/finish", json={})
    assert incomplete["code"] == "upload-incomplete"
    seen = await desk["author"].get(f"{API}/uploads/{upload['id']}")
    await part(desk, upload["id"], seen["offset"], content[seen["offset"] :])
    done = await desk["author"].post(f"{API}/uploads/{upload['id']}/finish")
    assert (done["sha256"], done["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    back = await desk["author"].send("GET", f"{API}/library/{done['sha256']}")
    assert back.content == content
    assert back.headers["content-disposition"].startswith("attachment")


async def test_the_same_part_with_the_same_key_counts_once(desk: Desk) -> None:
    content, key = big(1000), str(uuid4())
    upload = await begin(desk, content)
    for _ in range(2):
        assert (await part(desk, upload["id"], 0, content[:500], key=key)).json()["offset"] == 500
    assert (await desk["author"].get(f"{API}/uploads/{upload['id']}"))["offset"] == 500


async def test_what_is_put_together_is_looked_at_like_any_file(desk: Desk) -> None:
    content = b"MZ" + b"\0" * 400
    upload = await begin(desk, content)
    await part(desk, upload["id"], 0, content)
    problem = await desk["author"].problem("POST", f"{API}/uploads/{upload['id']}/finish", json={})
    assert problem["code"] == "file-type-mismatch"
    other = await begin(desk, PDF, sha256="0" * 64)
    await part(desk, other["id"], 0, PDF)
    problem = await desk["author"].problem("POST", f"{API}/uploads/{other['id']}/finish", json={})
    assert problem["code"] == "hash-differs"


async def test_parts_stay_inside_what_was_announced(desk: Desk) -> None:
    upload = await begin(desk, PDF)
    assert (await part(desk, upload["id"], 0, PDF + b"x")).json()["code"] == "upload-part-too-long"
    assert upload["part_bytes"] == PART_BYTES
    too_large = {"name": "a.pdf", "size": 2 * 1024 * 1024}
    assert (await desk["author"].problem("POST", f"{API}/uploads", json=too_large))[
        "code"
    ] == "file-too-large"
    form = await desk["author"].send(
        "PATCH", f"{API}/uploads/{upload['id']}", json={}, headers={"Upload-Offset": "0"}
    )
    assert form.json()["code"] == "part-not-raw"


async def test_an_upload_is_its_owners_and_ends_when_nobody_goes_on(desk: Desk) -> None:
    content = big(2000)
    upload = await begin(desk, content)
    await part(desk, upload["id"], 0, content[:1000])
    path = f"{API}/uploads/{upload['id']}"
    assert (await desk["colleague"].problem("GET", path))["code"] == "upload-not-found"
    runtime = desk.platform.runtimes["submissions"]
    assert b"".join([piece async for piece in runtime.blobs.read_part(upload["id"], 1)]) == content[:1000]
    from datetime import timedelta

    desk.clock.advance(timedelta(hours=25))
    assert (await desk["author"].problem("GET", path))["code"] == "upload-not-found"
    await tidy_up(runtime)
    with pytest.raises(FileMissing):
        [piece async for piece in runtime.blobs.read_part(upload["id"], 1)]


async def test_a_full_library_says_how_full_and_room_comes_back(desk: Desk) -> None:
    runtime = desk.platform.runtimes["submissions"]
    before = runtime.settings
    used = (await desk["squad_member"].get(f"{API}/library/room"))["used"]
    runtime.settings = before.model_copy(update={"quota_person_bytes": used + 300})
    try:
        first = await desk["squad_member"].send("POST", f"{API}/library", files={"file": ("a.pdf", PDF)})
        assert first.status_code == 201
        second = await desk["squad_member"].send(
            "POST", f"{API}/library", files={"file": ("b.pdf", PDF + b"%" * 300)}
        )
        assert (second.status_code, second.json()["code"]) == (413, "personal-quota-full")
        assert "MB" in second.json()["detail"]
        await desk["squad_member"].delete(f"{API}/library/{first.json()['sha256']}")
        assert (await desk["squad_member"].get(f"{API}/library/room"))["used"] == used
    finally:
        runtime.settings = before


async def test_a_file_in_use_does_not_leave_the_library(desk: Desk) -> None:
    draft = await desk.draft()
    added = (await desk.upload(draft["id"], "a.pdf", PDF + b"%in use")).json()
    problem = await desk["author"].problem("DELETE", f"{API}/library/{added['sha256']}")
    assert problem["code"] == "file-in-use"
    listed = await desk["author"].get(f"{API}/library", name="a.pdf")
    assert added["sha256"] in {file["sha256"] for file in listed["items"]}
    assert (await desk["stranger"].problem("GET", f"{API}/library/{added['sha256']}"))["status"] == 404


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=5-", 206, (5, None)),
        ("bytes=-7", 206, (-7, None)),
        ("bytes=0-999999", 206, (0, None)),
        ("bytes=999999-", 416, None),
        ("bytes=0-1,3-4", 200, (0, None)),
        ("lines=1", 200, (0, None)),
    ],
)
async def test_ranges_of_a_file_are_served(
    desk: Desk, asked: str, status: int, span: tuple[int, int | None] | None
) -> None:
    content = big(4096)
    draft = await desk.draft()
    sha256 = (await desk.upload(draft["id"], "a.pdf", content)).json()["sha256"]
    path = f"{API}/submissions/{draft['id']}/evidence/{sha256}"
    answer = await desk["author"].send("GET", path, headers={"Range": asked})
    assert answer.status_code == status
    if span is not None:
        wanted = content[span[0] : span[1]]
        assert answer.content == wanted
        assert answer.headers["content-length"] == str(len(wanted))
    if status == 206:
        first = span[0] % len(content)
        assert (
            answer.headers["content-range"]
            == f"bytes {first}-{first + len(answer.content) - 1}/{len(content)}"
        )
    stale = await desk["author"].send("GET", path, headers={"Range": asked, "If-Range": '"other"'})
    assert stale.status_code == 200
