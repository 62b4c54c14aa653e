"""The door of the targets service."""

from contracts import deadlines, supervision
from contracts import targets as said
from kernel.runtime import Runtime
from kernel.service import Service
from services.targets.actions.guarding import begin_list
from services.targets.actions.keeping_working_days import adopt_official
from services.targets.actions.restoring import RESTORES
from services.targets.api import ROUTERS
from services.targets.errands import ERRANDS
from services.targets.handlers import handlers
from services.targets.jobs import JOBS
from services.targets.models import (
    CampaignRow,
    DigestRow,
    ExtensionRow,
    IndicatorRow,
    LateApplicationRow,
    NoteRow,
    PeriodRow,
    ReminderRow,
    SchemeRow,
    TargetRow,
    WorkingDaysRow,
)
from services.targets.replicas import REPLICAS
from services.targets.settings import TargetSettings
from services.targets.tables import Base


async def start(runtime: Runtime) -> None:
    """A platform knows the published working days, and has a list of guarded indicators, from its first start."""
    async with runtime.db.transaction() as tx:
        await adopt_official(tx)
        await begin_list(tx)


service = Service(
    name="targets",
    title_zh="方案、指标与目标",
    title_en="schemes, indicators and targets",
    metadata=Base.metadata,
    routers=ROUTERS,
    handlers=handlers,
    settings=TargetSettings,
    owned=(
        (said.Scheme, SchemeRow),
        (said.Indicator, IndicatorRow),
        (said.Period, PeriodRow),
        (said.Target, TargetRow),
        (deadlines.WorkingDays, WorkingDaysRow),
        (deadlines.Campaign, CampaignRow),
        (deadlines.Extension, ExtensionRow),
        (deadlines.LateApplication, LateApplicationRow),
        (supervision.Reminder, ReminderRow),
        (supervision.SupervisionNote, NoteRow),
        (supervision.Digest, DigestRow),
    ),
    restores=RESTORES,
    replicas=REPLICAS,
    on_start=start,
    jobs=JOBS,
    errands=ERRANDS,
)
