"""Everything that boards, to-dos and bulletins are made of: copies of what the others said."""

from kernel.delivery.replicas import Replica
from services.reporting.replicas.deciding import (
    AwardReplica,
    CorrectionReplica,
    EntryAppealReplica,
    ObjectionReplica,
)
from services.reporting.replicas.org import (
    GrantReplica,
    OfficerReplica,
    PostingReplica,
    RecusalReplica,
    SeriesReplica,
    SessionReplica,
    UnitReplica,
)
from services.reporting.replicas.scoring import ClosingReplica, EntryReplica, StatementReplica
from services.reporting.replicas.submissions import AppealReplica, SubmissionReplica
from services.reporting.replicas.supervision import (
    CampaignReplica,
    LateApplicationReplica,
    ReminderReplica,
    SupervisionNoteReplica,
)
from services.reporting.replicas.targets import IndicatorReplica, PeriodReplica, SchemeReplica, TargetReplica

__all__ = [
    "REPLICAS",
    "AppealReplica",
    "AwardReplica",
    "CampaignReplica",
    "ClosingReplica",
    "CorrectionReplica",
    "EntryAppealReplica",
    "EntryReplica",
    "GrantReplica",
    "IndicatorReplica",
    "LateApplicationReplica",
    "ObjectionReplica",
    "OfficerReplica",
    "PeriodReplica",
    "PostingReplica",
    "RecusalReplica",
    "ReminderReplica",
    "SchemeReplica",
    "SeriesReplica",
    "SessionReplica",
    "StatementReplica",
    "SubmissionReplica",
    "SupervisionNoteReplica",
    "TargetReplica",
    "UnitReplica",
]

REPLICAS: tuple[type[Replica], ...] = (
    UnitReplica,
    SeriesReplica,
    OfficerReplica,
    PostingReplica,
    RecusalReplica,
    GrantReplica,
    SessionReplica,
    SchemeReplica,
    IndicatorReplica,
    PeriodReplica,
    TargetReplica,
    CampaignReplica,
    LateApplicationReplica,
    ReminderReplica,
    SupervisionNoteReplica,
    SubmissionReplica,
    AppealReplica,
    EntryReplica,
    StatementReplica,
    ClosingReplica,
    AwardReplica,
    ObjectionReplica,
    CorrectionReplica,
    EntryAppealReplica,
)
