"""Periodic work of `reporting`."""

from datetime import timedelta

from kernel.runtime import Runtime
from kernel.scheduling import Job
from services.reporting.actions.scheduling import draft_due
from services.reporting.domain.report import BulletinKind
from services.reporting.settings import house_of, settings_of


async def draft_bulletins(runtime: Runtime) -> None:
    kinds = frozenset(BulletinKind(k) for k in settings_of(runtime).bulletins_made.split(",") if k)
    await draft_due(runtime.db, house_of(runtime), runtime.clock.now(), kinds)


JOBS = (Job("draft-bulletins", draft_bulletins, every=timedelta(minutes=5)),)
