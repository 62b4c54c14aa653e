"""The only door of the service."""

from contracts import deciding
from contracts import scoring as events
from kernel.service import Service
from services.scoring.api import ROUTERS
from services.scoring.handlers import handlers
from services.scoring.jobs import JOBS
from services.scoring.models import (
    AwardRow,
    ClosingRow,
    CorrectionRow,
    EntryAppealRow,
    EntryRow,
    ObjectionRow,
    StatementRow,
)
from services.scoring.queries.due import due
from services.scoring.replicas import REPLICAS
from services.scoring.settings import ScoringSettings
from services.scoring.tables import Base

service = Service(
    name="scoring",
    title_zh="评分台账与得分",
    title_en="ledger and scores",
    metadata=Base.metadata,
    routers=ROUTERS,
    handlers=handlers,
    settings=ScoringSettings,
    jobs=JOBS,
    owned=(
        (events.Entry, EntryRow),
        (events.Statement, StatementRow),
        (events.Closing, ClosingRow),
        (events.Supplement, CorrectionRow),
        (deciding.Award, AwardRow),
        (deciding.Objection, ObjectionRow),
        (deciding.Correction, CorrectionRow),
        (deciding.EntryAppeal, EntryAppealRow),
    ),
    replicas=REPLICAS,
    due=due,
)
