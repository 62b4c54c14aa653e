"""Adding and removing evidence. The bytes are stored before; here it is decided whether they belong."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.errors import NotFound
from kernel.identity import Principal
from services.submissions.actions.keeping_files import File, FileNotInLibrary, keep_file
from services.submissions.actions.recording import record, seen
from services.submissions.domain.authorship import ensure_author
from services.submissions.domain.evidence import ensure_room
from services.submissions.domain.submission import State, ensure_editable
from services.submissions.queries.cases import Case, lock_case
from services.submissions.queries.library import library_of
from services.submissions.queries.people import author_of
from services.submissions.queries.visibility import visible_to
from services.submissions.settings import SubmissionSettings


class EvidenceNotFound(NotFound):
    code = "evidence-not-found"
    zh = "该提交没有这个佐证文件"
    en = "The submission has no such file"


def evidence_of(case: Case, sha256: str) -> dict[str, Any]:
    """The entry of a file that the submission has; raises EvidenceNotFound."""
    for file in case.row.evidence:
        if file["sha256"] == sha256:
            return dict(file)
    raise EvidenceNotFound


def ensure_takes_evidence(case: Case, *, by: Principal, limit: int) -> None:
    """The author may add one more file now; asked before the upload, and again when it is there."""
    ensure_author(author_of(by), case.subject, on_behalf=case.row.on_behalf)
    ensure_editable(State(case.row.status))
    ensure_room(len(case.row.evidence), limit=limit)


async def add_evidence(
    tx: Transaction, submission_id: UUID, file: File, *, by: Principal, settings: SubmissionSettings
) -> tuple[Case, bool]:
    """The case with the file, and whether it is new: the same content twice is one file. It joins the author's library."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row = case.row
    if any(known["sha256"] == file.sha256 for known in row.evidence):
        ensure_author(author_of(by), case.subject, on_behalf=row.on_behalf)
        return case, False
    ensure_takes_evidence(case, by=by, limit=settings.evidence_max_files)
    await keep_file(tx, file, by=by, settings=settings)
    before = seen(row)
    row.evidence = [*row.evidence, asdict(file)]
    await record(tx, row, by=by, action="evidence_add", now=await tx.now(), before=before, reason=file.name)
    return case, True


async def remove_evidence(tx: Transaction, submission_id: UUID, sha256: str, *, by: Principal) -> Case:
    """The file leaves the submission; the stored bytes stay, others may use them."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row = case.row
    ensure_author(author_of(by), case.subject, on_behalf=row.on_behalf)
    ensure_editable(State(row.status))
    left = [file for file in row.evidence if file["sha256"] != sha256]
    if len(left) == len(row.evidence):
        raise EvidenceNotFound
    before = seen(row)
    row.evidence = left
    await record(tx, row, by=by, action="evidence_remove", now=await tx.now(), before=before)
    return case


async def reuse_evidence(
    tx: Transaction,
    submission_id: UUID,
    hashes: Sequence[str],
    *,
    by: Principal,
    settings: SubmissionSettings,
) -> Case:
    """Files that the author has in the library already; those that the submission has are left as they are."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row = case.row
    ensure_author(author_of(by), case.subject, on_behalf=row.on_behalf)
    ensure_editable(State(row.status))
    has = {file["sha256"] for file in row.evidence}
    new = [sha256 for sha256 in dict.fromkeys(hashes) if sha256 not in has]
    if not new:
        return case
    room = settings.evidence_max_files - len(row.evidence)
    added = await from_library(tx, new, by=by, limit=room)
    before = seen(row)
    row.evidence = [*row.evidence, *added]
    names = "、".join(file["name"] for file in added)
    await record(tx, row, by=by, action="evidence_reuse", now=await tx.now(), before=before, reason=names)
    return case


async def from_library(
    tx: Transaction, hashes: Sequence[str], *, by: Principal, limit: int
) -> list[dict[str, Any]]:
    """Entries of evidence for files of the library, in the order asked for; raises FileNotInLibrary or TooManyFiles."""
    wanted = list(dict.fromkeys(hashes))
    if not wanted:
        return []
    ensure_room(len(wanted) - 1, limit=limit)
    found = await library_of(tx.session, by.account_id, wanted)
    if any(sha256 not in found for sha256 in wanted):
        raise FileNotInLibrary
    return [
        asdict(File(sha256, mine.name, file.size, file.media_type))
        for sha256, (mine, file) in ((sha256, found[sha256]) for sha256 in wanted)
    ]
