"""Files: streamed in, hashed, looked at, streamed out."""

import hashlib
import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest

from tests.services.submissions.conftest import API, PDF, Desk

MB = 1024 * 1024


def workbook(*, macros: bool) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        if macros:
            archive.writestr("xl/vbaProject.bin", b"\xd0\xcf")
    return buffer.getvalue()


async def events_of(desk: Desk, submission_id: str) -> list[int]:
    from sqlalchemy import text

    async with desk.platform.runtimes["submissions"].db.reading() as session:
        rows = await session.execute(
            text("SELECT aggregate_version FROM bus.outbox WHERE aggregate_id = :id ORDER BY id"),
            {"id": submission_id},
        )
        return [row[0] for row in rows]


async def test_a_file_comes_back_as_it_was_sent(desk: Desk) -> None:
    draft = await desk.draft()
    content = PDF + bytes(range(256)) * 2000
    answer = await desk.upload(draft["id"], "现场照片 1.pdf", content)
    assert answer.status_code == 201
    sha256 = hashlib.sha256(content).hexdigest()
    added = answer.json()
    assert (added["sha256"], added["size"], added["name"]) == (sha256, len(content), "现场照片 1.pdf")
    back = await desk["author"].send("GET", f"{API}/submissions/{draft['id']}/evidence/{sha256}")
    assert back.content == content
    assert back.headers["content-type"] == "application/pdf"
    assert back.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in back.headers["content-security-policy"]
    assert back.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E7%8E%B0")


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("a.pdf", b"", 422, "file-empty"),
        ("a.pdf", b"MZ\x90\x00" + b"\x00" * 100, 415, "file-type-mismatch"),
        ("a.exe", b"MZ\x90\x00", 415, "file-type-unsupported"),
        ("a.xlsx", workbook(macros=True), 415, "file-macros"),
        ("a.pdf", PDF + b"\x00" * MB, 413, "file-too-large"),
        ("a\u202efdp.pdf", PDF, 422, "file-name-invalid"),
        ("x" * 121 + ".pdf", PDF, 422, "file-name-invalid"),
    ],
)
async def test_what_is_no_evidence_is_refused_with_the_reason(
    desk: Desk, name: str, content: bytes, status: int, code: str
) -> None:
    draft = await desk.draft()
    answer = await desk.upload(draft["id"], name, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    kept = await desk["author"].get(f"{API}/submissions/{draft['id']}")
    assert kept["evidence"] == []


async def test_a_workbook_without_macros_is_taken(desk: Desk) -> None:
    draft = await desk.draft()
    assert (await desk.upload(draft["id"], "表.xlsx", workbook(macros=False))).status_code == 201


async def test_a_file_beyond_the_limit_is_refused_while_it_comes_in(desk: Desk) -> None:
    draft, sent = await desk.draft(), 0

    async def endless() -> Any:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'
        for _ in range(64):
            sent += MB
            yield b"\x00" * MB
        yield b"\r\n--b--\r\n"

    taken: list[int] = []
    app = desk.platform.apps["submissions"]
    caller = desk["author"]
    token, _ = caller.runtime.sessions.sign(caller.principal, "c")  # type: ignore[arg-type]
    source = endless()

    async def receive() -> dict[str, Any]:
        piece = await anext(source, None)
        taken.append(len(piece or b""))
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    path = f"{API}/submissions/{draft['id']}/evidence"
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("kaohe.test", 80),
        "headers": [
            (b"host", b"kaohe.test"),
            (b"content-type", b"multipart/form-data; boundary=b"),
            (b"cookie", f"kaohe-token={token}".encode()),
            (b"x-csrf-token", b"c"),
        ],
    }
    await app(scope, receive, send)
    assert answers[0]["status"] == 413
    assert len(taken) < 5


async def test_the_same_content_twice_is_one_file(desk: Desk) -> None:
    draft = await desk.draft()
    first = (await desk.upload(draft["id"], "a.pdf", PDF)).json()
    second = (await desk.upload(draft["id"], "b.pdf", PDF)).json()
    assert first == second
    versions = await events_of(desk, draft["id"])
    assert versions == sorted(set(versions))


async def test_one_key_answers_for_one_content(desk: Desk) -> None:
    draft, key = await desk.draft(), str(uuid4())
    first = await desk.upload(draft["id"], "a.pdf", PDF, key=key)
    again = await desk.upload(draft["id"], "a.pdf", PDF, key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replay"] == "true"
    other = await desk.upload(draft["id"], "a.pdf", PDF + b"%", key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_submission_has_a_limited_number_of_files(desk: Desk) -> None:
    draft = await desk.draft()
    for n in range(3):
        assert (await desk.upload(draft["id"], f"{n}.pdf", PDF + bytes([n]))).status_code == 201
    answer = await desk.upload(draft["id"], "9.pdf", PDF + b"9")
    assert (answer.status_code, answer.json()["code"]) == (409, "too-many-files")


async def test_evidence_is_fixed_once_it_was_sent(desk: Desk) -> None:
    draft = await desk.draft()
    sha256 = (await desk.upload(draft["id"], "a.pdf", PDF)).json()["sha256"]
    path = f"{API}/submissions/{draft['id']}/evidence/{sha256}"
    gone = await desk["author"].delete(path)
    assert gone["evidence"] == []
    assert (await desk["author"].problem("DELETE", path))["code"] == "evidence-not-found"
    await desk["author"].post(f"{API}/submissions/{draft['id']}/submit")
    answer = await desk.upload(draft["id"], "a.pdf", PDF)
    assert (answer.status_code, answer.json()["code"]) == (409, "not-editable")


async def test_files_are_seen_by_whoever_sees_the_submission(desk: Desk) -> None:
    draft = await desk.draft()
    sha256 = (await desk.upload(draft["id"], "a.pdf", PDF)).json()["sha256"]
    path = f"{API}/submissions/{draft['id']}/evidence/{sha256}"
    assert (await desk["stranger"].problem("GET", path))["status"] == 404
    assert (await desk["assessor"].problem("GET", path))["status"] == 404  # a draft is not yet the reviewer's
    answer = await desk.upload(draft["id"], "a.pdf", PDF, by="stranger")
    assert answer.status_code == 404
    await desk["author"].post(f"{API}/submissions/{draft['id']}/submit")
    assert (await desk["assessor"].send("GET", path)).content == PDF


async def test_the_reviewer_sees_where_else_a_file_was_used(desk: Desk) -> None:
    content = PDF + b"shared"
    ids = []
    for _ in range(2):
        draft = await desk.draft()
        await desk.upload(draft["id"], "a.pdf", content)
        ids.append(await desk["author"].post(f"{API}/submissions/{draft['id']}/submit"))
    seen = await desk["assessor"].get(f"{API}/submissions/{ids[0]['id']}")
    assert seen["also_in"] == [
        {"sha256": hashlib.sha256(content).hexdigest(), "count": 1, "numbers": [ids[1]["number"]]}
    ]
    own = await desk["author"].get(f"{API}/submissions/{ids[0]['id']}")
    assert own["also_in"] == []


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("application/json", b"{}", 415, "not-multipart"),
        ("multipart/form-data", b"x", 415, "not-multipart"),
        ("multipart/form-data; boundary=b", b"nonsense", 422, "upload-broken"),
        ("multipart/form-data; boundary=b", b"", 422, "file-not-sent"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n',
            422,
            "file-not-sent",
        ),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-',
            422,
            "upload-broken",
        ),
    ],
)
async def test_a_malformed_upload_is_told(
    desk: Desk, content_type: str, body: bytes, status: int, code: str
) -> None:
    draft = await desk.draft()
    problem = await desk["author"].problem(
        "POST",
        f"{API}/submissions/{draft['id']}/evidence",
        content=body,
        headers={"Content-Type": content_type},
    )
    assert (problem["status"], problem["code"]) == (status, code)
