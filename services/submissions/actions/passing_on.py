"""Work that nobody of its competent unit may review, for recusals, goes to the next one upwards."""

from datetime import date
from typing import Final

from sqlalchemy import true

from kernel.delivery.transaction import Transaction
from services.submissions.actions.recording import record, seen
from services.submissions.actions.releasing import NOBODY
from services.submissions.domain.routing import route
from services.submissions.domain.submission import State
from services.submissions.queries.cases import lock_cases
from services.submissions.queries.deserted import deserted_submissions, deserted_units
from services.submissions.queries.facts import assessment_offices, kinds_upwards, line_authorities

MOST: Final = 200
#: Says nothing of who is related to whom.
_WHY: Final = "归口单位无可审核人员"


async def pass_on(tx: Transaction, *, today: date) -> tuple[int, int]:
    """How many went to another unit, and how many stay because there is none with anybody who may review them.

    Those that stay are marked for the office, as all work without a line authority is.
    """
    moved = stuck = 0
    ids = await deserted_submissions(tx.session, today, most=MOST)
    cases = await lock_cases(tx.session, ids, where=true())
    for case in cases.values():
        row, path = case.row, case.unit.path
        if row.status != State.SUBMITTED:
            continue
        authorities = await line_authorities(tx.session, path=path, line=row.line, day=today)
        offices = await assessment_offices(tx.session, path=path, day=today)
        units = {candidate.unit_id for candidate in (*authorities, *offices)}
        to = route(
            unit_path=path,
            kinds=await kinds_upwards(tx.session, path),
            authorities=authorities,
            offices=offices,
            deserted=await deserted_units(tx.session, row.id, units, today),
        )
        if (to.unit_id, to.to_office) == (row.authority_unit_id, row.routed_to_office):
            stuck += 1
            continue
        before = seen(row)
        row.authority_unit_id, row.routed_to_office = to.unit_id, to.to_office
        now = await tx.now()
        await record(tx, row, by=NOBODY, action="reroute", now=now, before=before, reason=_WHY)
        moved += 1
    return moved, stuck
