"""The only door of the service."""

from contracts import org as events
from kernel.delivery.restoring import restores
from kernel.service import Service
from services.org.actions.bootstrap import bootstrap
from services.org.api import ROUTERS
from services.org.errands import ERRANDS
from services.org.handlers import handlers
from services.org.jobs import JOBS
from services.org.models import (
    AssessmentOfficeRow,
    ConditionRow,
    DelegationRow,
    GrantRow,
    LineAuthorityRow,
    OfficerRow,
    ParameterRow,
    PostingRow,
    RecusalRow,
    SeriesRow,
    SessionRow,
    TermRow,
    UnitRow,
)
from services.org.settings import OrgSettings
from services.org.tables import Base

service = Service(
    name="org",
    title_zh="组织、人员与权限",
    title_en="organisation, people and rights",
    metadata=Base.metadata,
    routers=ROUTERS,
    handlers=handlers,
    settings=OrgSettings,
    jobs=JOBS,
    errands=ERRANDS,
    owned=(
        (events.Unit, UnitRow),
        (events.Series, SeriesRow),
        (events.Officer, OfficerRow),
        (events.Posting, PostingRow),
        (events.AssessmentOffice, AssessmentOfficeRow),
        (events.LineAuthority, LineAuthorityRow),
        (events.Grant, GrantRow),
        (events.Session, SessionRow),
        (events.Delegation, DelegationRow),
        (events.Recusal, RecusalRow),
        (events.Condition, ConditionRow),
        (events.Parameter, ParameterRow),
        (events.Term, TermRow),
    ),
    # Accounts, sessions and grants hold what no event tells; they are made anew.
    restores={
        event: restores(row)
        for event, row in (
            (events.Unit, UnitRow),
            (events.Series, SeriesRow),
            (events.Officer, OfficerRow),
            (events.Posting, PostingRow),
            (events.AssessmentOffice, AssessmentOfficeRow),
            (events.LineAuthority, LineAuthorityRow),
        )
    },
    extras={"bootstrap": bootstrap},
)
