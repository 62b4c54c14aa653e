"""Periodic work of `submissions`."""

from datetime import time, timedelta

import structlog

from kernel.errors import Forbidden
from kernel.figures import counting
from kernel.nightly import told
from kernel.runtime import Runtime
from kernel.scheduling import Job
from services.submissions.actions import adjudging, ruling
from services.submissions.actions.keeping_pulse import beat
from services.submissions.actions.passing_on import pass_on
from services.submissions.actions.rehashing import wrong_of
from services.submissions.actions.releasing import AT_ONCE, release_expired
from services.submissions.actions.tidying import forget_old_forms, uploads_to_drop
from services.submissions.jobs.copying import compare_copies, forget_copies, repair_copies
from services.submissions.jobs.looking import look_at_files
from services.submissions.queries.figures import FIGURES
from services.submissions.queries.sampling import some_files
from services.submissions.settings import settings_of

_log = structlog.get_logger(__name__)


async def rehash_some_evidence(runtime: Runtime) -> None:
    """One file in a hundred is read from the store and hashed again (reliability.md D2.8)."""
    async with runtime.db.reading() as session:
        drawn = await some_files(session)
    wrong = await wrong_of(runtime.blobs, drawn)
    if wrong:
        _log.error("evidence_wrong", count=len(wrong), files=wrong[:20])
    told(runtime, "evidence", len(wrong))


async def keep_pulse(runtime: Runtime) -> None:
    async with runtime.db.transaction() as tx:
        began = await beat(tx)
    if began is not None:
        _log.warning("outage_ended", began_at=began.isoformat())


async def tidy_up(runtime: Runtime) -> None:
    """Rows first: parts whose removal fails are only garbage, parts without a row would be files that cannot be finished."""
    async with runtime.db.transaction() as tx:
        await forget_old_forms(tx)
        dropped = [(str(row.id), row.parts) for row in await uploads_to_drop(tx)]
    for upload, parts in dropped:
        await runtime.blobs.drop_parts(upload, parts)


async def make_decisions_effective(runtime: Runtime) -> None:
    """Those whose time of grace is over."""
    settings = settings_of(runtime)
    count = ruling.AT_ONCE
    while count == ruling.AT_ONCE:
        async with runtime.db.transaction() as tx:
            due = await ruling.take_due(tx)
            for one in due:
                problem = await ruling.take_effect(tx, one, settings=settings)
                if problem is not None:
                    log = _log.warning if isinstance(problem, Forbidden) else _log.error
                    log("decision_void", submission=str(one.submission_id), code=problem.code)
        count = len(due)


async def release_expired_claims(runtime: Runtime) -> None:
    count = AT_ONCE
    while count == AT_ONCE:
        async with runtime.db.transaction() as tx:
            count = await release_expired(tx)


async def pass_on_deserted(runtime: Runtime) -> None:
    """What nobody of its line may review, for recusals, to the next unit upwards; where there is none it is said."""
    async with runtime.db.transaction() as tx:
        today = (await tx.now()).astimezone(runtime.zone).date()
        moved, stuck = await pass_on(tx, today=today)
    if moved or stuck:
        _log.warning("reviewers_recused", moved=moved, stuck=stuck)


async def answer_silence(runtime: Runtime) -> None:
    """Appeals that nobody decided in time, each in a transaction of its own."""
    settings = settings_of(runtime)
    async with runtime.db.transaction() as tx:
        late = await adjudging.overdue(tx)
    for appeal_id in late:
        async with runtime.db.transaction() as tx:
            await adjudging.answer_silence(tx, appeal_id, settings=settings)


JOBS = (
    counting(FIGURES),
    Job("answer-silence", answer_silence, every=timedelta(minutes=5)),
    Job("make-decisions-effective", make_decisions_effective, every=timedelta(seconds=2)),
    Job("release-expired-claims", release_expired_claims, every=timedelta(seconds=30)),
    Job("pass-on-deserted", pass_on_deserted, every=timedelta(minutes=1)),
    Job("rehash-some-evidence", rehash_some_evidence, daily=time(4)),
    Job("repair-copies", repair_copies, every=timedelta(minutes=1), afterwards=forget_copies),
    Job("compare-copies", compare_copies, daily=time(2)),
    Job("keep-pulse", keep_pulse, every=timedelta(seconds=15)),
    Job("tidy-up", tidy_up, every=timedelta(minutes=10)),
    Job("look-at-files", look_at_files, every=timedelta(seconds=5), apart=True),
)
