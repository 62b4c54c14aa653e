"""The door of the targets service."""

from contracts import targets as said
from kernel.service import Service
from services.targets.actions.restoring import RESTORES
from services.targets.api import cascade, indicators, plans, schemes, targets
from services.targets.handlers import handlers
from services.targets.models import IndicatorRow, PeriodRow, SchemeRow, TargetRow
from services.targets.replicas import REPLICAS
from services.targets.settings import TargetSettings
from services.targets.tables import Base

service = Service(
    name="targets",
    title_zh="方案、指标与目标",
    title_en="schemes, indicators and targets",
    metadata=Base.metadata,
    routers=(schemes.router, plans.router, indicators.router, cascade.router, targets.router),
    handlers=handlers,
    settings=TargetSettings,
    owned=(
        (said.Scheme, SchemeRow),
        (said.Indicator, IndicatorRow),
        (said.Period, PeriodRow),
        (said.Target, TargetRow),
    ),
    restores=RESTORES,
    replicas=REPLICAS,
)
