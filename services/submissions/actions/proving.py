"""Adding and removing evidence. The bytes are stored before; here it is decided whether they belong."""

from dataclasses import asdict, dataclass
from uuid import UUID

from kernel.delivery.transaction import Transaction
from kernel.errors import NotFound
from kernel.identity import Principal
from services.submissions.actions.recording import record, seen
from services.submissions.domain.authorship import ensure_author
from services.submissions.domain.evidence import ensure_room
from services.submissions.domain.submission import State, ensure_editable
from services.submissions.queries.cases import Case, lock_case
from services.submissions.queries.people import author_of
from services.submissions.queries.visibility import visible_to


class EvidenceNotFound(NotFound):
    code = "evidence-not-found"
    zh = "该提交没有这个佐证文件"
    en = "The submission has no such file"


@dataclass(frozen=True, slots=True)
class File:
    sha256: str
    name: str
    size: int
    media_type: str


def ensure_takes_evidence(case: Case, *, by: Principal, limit: int) -> None:
    """The author may add one more file now; asked before the upload, and again when it is there."""
    ensure_author(author_of(by), case.subject)
    ensure_editable(State(case.row.status))
    ensure_room(len(case.row.evidence), limit=limit)


async def add_evidence(
    tx: Transaction, submission_id: UUID, file: File, *, by: Principal, limit: int
) -> tuple[Case, bool]:
    """The case with the file, and whether it is new: the same content twice is one file."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row = case.row
    if any(known["sha256"] == file.sha256 for known in row.evidence):
        ensure_author(author_of(by), case.subject)
        return case, False
    ensure_takes_evidence(case, by=by, limit=limit)
    before = seen(row)
    row.evidence = [*row.evidence, asdict(file)]
    await record(tx, row, by=by, action="evidence_add", now=await tx.now(), before=before, reason=file.name)
    return case, True


async def remove_evidence(tx: Transaction, submission_id: UUID, sha256: str, *, by: Principal) -> Case:
    """The file leaves the submission; the stored bytes stay, others may use them."""
    case = await lock_case(tx.session, submission_id, where=visible_to(by))
    row = case.row
    ensure_author(author_of(by), case.subject)
    ensure_editable(State(row.status))
    left = [file for file in row.evidence if file["sha256"] != sha256]
    if len(left) == len(row.evidence):
        raise EvidenceNotFound
    before = seen(row)
    row.evidence = left
    await record(tx, row, by=by, action="evidence_remove", now=await tx.now(), before=before)
    return case
