"""Bad input, as careless and as hostile people send it; each must be answered with a clear refusal, and leave nothing behind."""

import io
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import xlsxwriter

from cli.rehearsal.client import Person, Refused
from cli.rehearsal.files import evidence
from cli.rehearsal.issuing import TARGETS, Issued, calendar_around
from cli.rehearsal.showing import Show
from cli.rehearsal.staffing import ORG, Administrators, Crew
from cli.rehearsal.working import SUBMISSIONS

ATTEMPTS = 6
HUGE = 200 * 1024 * 1024
LONG = "长" * 10_000


@dataclass(frozen=True)
class Attempt:
    """`wanted`: the status and code that must come."""

    name: str
    wanted: tuple[int, str]
    send: Callable[[], Awaitable[Any]]


async def misbehave(
    show: Show, people: Administrators, crew: Crew, scheme: Issued, players: list[str], today: date
) -> bool:
    """True if every attempt is answered as it should be."""
    author, stranger = crew.person(players[0]), crew.person(players[1])
    target = scheme.by_officer[players[0]][0]
    body = {
        "target_id": target["id"],
        "event_date": max(date.fromisoformat(scheme.period["starts_on"]), today).isoformat(),
        "quantity": "1",
        "summary": "演练:错误输入",
        "case_number": None,
    }
    draft, sent = [await author.post(f"{SUBMISSIONS}/submissions", body) for _ in range(2)]
    attempts = [
        *_words(author, body),
        *_files(author, draft["id"]),
        *_rights(author, stranger, body, draft["id"]),
        *_plans(people, crew, today),
        *await _splits(crew, scheme),
        *await _decisions(crew, scheme, target, author, stranger, sent["id"]),
        *_sign_in(people),
    ]
    good = True
    for attempt in attempts:
        found = await _answer(attempt.send)
        good &= found == attempt.wanted
        show.check(
            f"bad input: {attempt.name}", holds=found == attempt.wanted, detail=f"{found[0]} {found[1]}"
        )
    return good


async def _answer(send: Callable[[], Awaitable[Any]]) -> tuple[int, str]:
    try:
        await send()
    except Refused as refused:
        return refused.status, refused.code
    return 200, "accepted"


def _words(author: Person, body: dict[str, Any]) -> list[Attempt]:
    path = f"{SUBMISSIONS}/submissions"
    key = str(uuid4())

    async def same_key_other_content() -> None:
        first = await author.post(path, body, key=key)
        again = await author.post(path, body, key=key)
        if first["id"] != again["id"]:
            raise AssertionError("one key made two drafts")
        await author.post(f"{path}/{first['id']}/withdraw", {"reason": "演练"})
        await author.post(path, {**body, "quantity": "2"}, key=key)

    return [
        Attempt("malformed JSON", (422, "validation"), lambda: author.raw("POST", path, b'{"target_id": ')),
        Attempt("a text of 10,000 characters", (422, "validation"), lambda: author.post(path, {**body, "summary": LONG})),
        Attempt("NUL bytes", (422, "validation"), lambda: author.post(path, {**body, "summary": "a\x00b"})),
        Attempt("one Idempotency-Key for two contents", (422, "idempotency-key-reused"), same_key_other_content),
        Attempt(
            "an event of last year", (422, "event-date-outside"),
            lambda: author.post(path, {**body, "event_date": (date.fromisoformat(body["event_date"]) - timedelta(days=366)).isoformat()}),
        ),
    ]  # fmt: skip


def _files(author: Person, draft: str) -> list[Attempt]:
    path = f"{SUBMISSIONS}/submissions/{draft}/evidence"

    def upload(name: str, content: bytes) -> Callable[[], Awaitable[Any]]:
        return lambda: author.upload(path, "file", name, content)

    huge = [
        Attempt("a file of 200 MB", (413, "body-too-large"), upload("大.pdf", b"%PDF-1.4\n" + bytes(HUGE)))
    ]
    return [
        Attempt("an empty file", (422, "file-empty"), upload("空.pdf", b"")),
        Attempt(
            "a program called .pdf",
            (415, "file-type-mismatch"),
            upload("材料.pdf", b"MZ\x90\x00" + bytes(400)),
        ),
        Attempt("a workbook with macros", (415, "file-macros"), upload("台账.xlsx", _macros())),
        # Behind TLS the door hangs up on HTTP/1.1, which we speak, before its answer is read.
        *(huge if author.door.url.startswith("http:") else []),
    ]


def _rights(author: Person, stranger: Person, body: dict[str, Any], draft: str) -> list[Attempt]:
    path = f"{SUBMISSIONS}/submissions"
    nobody = Person(author.door, "", "", cookies={"kaohe-token": "expired"}, csrf="x")
    return [
        Attempt("a token that is none", (401, "token-refused"), lambda: nobody.raw("GET", path, b"")),
        Attempt("writing for another officer", (403, "not-yours"), lambda: stranger.post(path, body)),
        Attempt(
            "another officer's draft", (404, "submission-not-found"), lambda: stranger.get(f"{path}/{draft}")
        ),
    ]


def _plans(people: Administrators, crew: Crew, today: date) -> list[Attempt]:
    office = crew.office[0]
    scheme = {
        "code": f"BAD{uuid4().hex[:6]}", "name": "演练:错误方案", "year": today.year, "scope_unit_id": crew.bureau.root.id,
        "modules": [{"code": "mod_business", "name": "业务", "full_marks": "100", "weight": "1"}],
        "roll_up": {"own_weight": "0.5", "members_weight": "0.5"},
    }  # fmt: skip
    weights = scheme | {"roll_up": {"own_weight": "0.5", "members_weight": "0.6"}}
    indicator = {
        "code": "B1", "name": "矛盾纠纷排查", "module": "mod_business", "line": "public_order", "full_marks": "90",
        "rule": {"type": "ratio", "full": "90"}, "example": {"facts": {"target": "10", "actual": "8"}, "points": "72"},
        "basis": "演练", "subject_kind": "both",
    }  # fmt: skip

    async def marks_short() -> None:
        draft = await office.post(f"{TARGETS}/schemes", scheme)
        path = f"{TARGETS}/schemes/{draft['id']}"
        await office.post(f"{path}/calendar", calendar_around(today))
        await office.post(f"{path}/indicators", indicator)
        found = (await office.get(f"{path}/check"))["findings"]
        if "marks-do-not-add-up" not in {finding["code"] for finding in found}:
            raise AssertionError("the check sees nothing wrong")
        await office.post(f"{path}/publish")

    async def bad_roster() -> None:
        preview = await people.roster.upload(f"{ORG}/roster/imports", "workbook", "花名册.xlsx", _roster())
        await people.roster.errand("org", preview["errand_id"])
        if not await people.roster.every(f"{ORG}/roster/imports/{preview['id']}/findings"):
            raise AssertionError("the check sees nothing wrong")
        await people.roster.post(f"{ORG}/roster/imports/{preview['id']}/apply", {"mode": "all"})

    return [
        Attempt("weights that do not add up", (422, "roll-up-invalid"), lambda: office.post(f"{TARGETS}/schemes", weights)),
        Attempt("marks that do not add up", (422, "scheme-not-ready"), marks_short),
        Attempt(
            "a roster with an unknown unit, a number twice and no name", (409, "roster-has-errors"), bad_roster
        ),
    ]  # fmt: skip


async def _splits(crew: Crew, scheme: Issued) -> list[Attempt]:
    if len(crew.leaders) == 1:
        return []  # nobody is foreign to the only unit
    (unit, leader), (_, foreigner) = list(crew.leaders.items())[:2]
    page = await leader.get(f"{TARGETS}/targets", scheme_id=scheme.id, subject_id=unit, limit=1)
    path = f"{TARGETS}/targets/{page['items'][0]['id']}/split"
    officer = crew.bureau.officers_below(crew.bureau.units[unit])[0]
    parts = [{"subject_kind": "officer", "subject_id": officer["id"], "quantity": "1"}]
    body = {"method": "hand", "parts": parts}
    return [
        Attempt("splitting a foreign unit's target", (404, "not-found"), lambda: foreigner.post(path, body))
    ]


async def _decisions(
    crew: Crew, scheme: Issued, target: dict[str, Any], author: Person, stranger: Person, draft: str
) -> list[Attempt]:
    """On a real submission, which ends refused, so that it counts nothing."""
    name, content = evidence("pdf", "佐证", 1)
    path = f"{SUBMISSIONS}/submissions/{draft}"
    await author.upload(f"{path}/evidence", "file", name, content)
    await author.post(f"{path}/submit")
    line = scheme.indicators[target["indicator_id"]]["line"]
    reviewer = crew.assessors[line][0]

    async def above_the_claim() -> None:
        await reviewer.post(f"{path}/claim")
        await reviewer.post(f"{path}/accept", {"quantity": "999", "reason": "x", "clause": "第三条"})

    async def stranger_appeals() -> None:
        await reviewer.post(f"{path}/refuse", {"reason": "演练:错误输入", "clause": "第三条"})
        await stranger.post(f"{path}/appeals", {"grounds": "我认为应当计分"})

    return [
        Attempt("accepting more than was claimed", (422, "accept-above-claim"), above_the_claim),
        Attempt("an appeal by a stranger", (404, "submission-not-found"), stranger_appeals),
    ]


def _sign_in(people: Administrators) -> list[Attempt]:
    """Last, because it locks the account for a while."""
    somebody = Person(people.roster.door, people.roster.username, "not the password")

    async def six_times() -> None:
        for _ in range(ATTEMPTS - 1):
            await _answer(somebody.sign_in)
        await somebody.sign_in()

    return [Attempt("a wrong password six times", (429, "account-locked"), six_times)]


def _macros() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf")
    return buffer.getvalue()


def _roster() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("人员")
    sheet.merge_range(0, 0, 0, 3, "某局花名册")
    sheet.write_row(1, 0, ["警号", "姓名", "单位", "职务"])
    sheet.write_row(3, 0, ["990001", "甲", "没有这个单位", "民警"])
    sheet.write_row(4, 0, ["990002", "乙", "没有这个单位", "民警"])
    sheet.write_row(5, 0, ["990002", "", "没有这个单位", "民警"])
    book.close()
    return out.getvalue()
