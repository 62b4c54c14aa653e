"""The only door of the service."""

from kernel.service import Service
from services.reporting.api import ROUTERS
from services.reporting.errands import ERRANDS
from services.reporting.handlers import handlers
from services.reporting.jobs import JOBS
from services.reporting.replicas import REPLICAS
from services.reporting.settings import ReportingSettings
from services.reporting.tables import Base

#: What follows from events alone, beside the copies; everything else is what people decided here.
DERIVED = ("version", "version_line", "todo", "message", "search_item")

service = Service(
    name="reporting",
    title_zh="排名、进度与报表",
    title_en="boards, progress and tables",
    metadata=Base.metadata,
    routers=ROUTERS,
    handlers=handlers,
    settings=ReportingSettings,
    jobs=JOBS,
    errands=ERRANDS,
    replicas=REPLICAS,
    extras={"rebuilt": (*(row.__tablename__ for row in REPLICAS), *DERIVED)},
)
