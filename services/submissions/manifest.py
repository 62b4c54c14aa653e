"""The only door of the service."""

from contracts import submissions as events
from kernel.service import Service
from services.submissions.actions.restoring import RESTORES
from services.submissions.api import ROUTERS
from services.submissions.handlers import handlers
from services.submissions.jobs import JOBS
from services.submissions.models import AppealRow, SubmissionRow
from services.submissions.queries.ruling import due_rulings
from services.submissions.replicas import REPLICAS
from services.submissions.settings import SubmissionSettings
from services.submissions.tables import Base

service = Service(
    name="submissions",
    title_zh="工作提交、审核与复议",
    title_en="submissions, reviews and appeals",
    metadata=Base.metadata,
    routers=ROUTERS,
    handlers=handlers,
    settings=SubmissionSettings,
    owned=((events.Submission, SubmissionRow), (events.Appeal, AppealRow)),
    restores=RESTORES,
    replicas=REPLICAS,
    jobs=JOBS,
    stores_files=True,
    due=due_rulings,
)
