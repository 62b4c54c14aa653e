"""Which problems the reviewer's routes share."""

from services.submissions.domain.deadlines import PeriodSealed
from services.submissions.domain.impartiality import NotCompetent, NotYourClaim, OwnUnitsWork, OwnWork
from services.submissions.domain.submission import WrongState
from services.submissions.queries.cases import SubmissionNotFound

JUDGING = (SubmissionNotFound, NotCompetent, OwnWork, OwnUnitsWork, WrongState, PeriodSealed)
DECIDING = (*JUDGING, NotYourClaim)
