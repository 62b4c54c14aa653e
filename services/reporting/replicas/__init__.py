"""Everything that boards, to-dos and bulletins are made of: copies of what the others said."""

from kernel.delivery.replicas import Replica
from services.reporting.replicas.org import (
    GrantReplica,
    OfficerReplica,
    PostingReplica,
    SeriesReplica,
    SessionReplica,
    UnitReplica,
)
from services.reporting.replicas.scoring import ClosingReplica, EntryReplica, StatementReplica
from services.reporting.replicas.submissions import AppealReplica, SubmissionReplica
from services.reporting.replicas.targets import IndicatorReplica, PeriodReplica, SchemeReplica, TargetReplica

__all__ = [
    "REPLICAS",
    "AppealReplica",
    "ClosingReplica",
    "EntryReplica",
    "GrantReplica",
    "IndicatorReplica",
    "OfficerReplica",
    "PeriodReplica",
    "PostingReplica",
    "SchemeReplica",
    "SeriesReplica",
    "SessionReplica",
    "StatementReplica",
    "SubmissionReplica",
    "TargetReplica",
    "UnitReplica",
]

REPLICAS: tuple[type[Replica], ...] = (
    UnitReplica,
    SeriesReplica,
    OfficerReplica,
    PostingReplica,
    GrantReplica,
    SessionReplica,
    SchemeReplica,
    IndicatorReplica,
    PeriodReplica,
    TargetReplica,
    SubmissionReplica,
    AppealReplica,
    EntryReplica,
    StatementReplica,
    ClosingReplica,
)
