"""Which problems the reviewer's routes share."""

from kernel.recusal import Recused
from services.submissions.domain.deadlines import PeriodSealed
from services.submissions.domain.impartiality import NotCompetent, NotYourClaim, OwnUnitsWork, OwnWork
from services.submissions.domain.submission import WrongState
from services.submissions.queries.cases import SubmissionNotFound

PARTIAL = (OwnWork, OwnUnitsWork, Recused)
JUDGING = (SubmissionNotFound, NotCompetent, *PARTIAL, WrongState, PeriodSealed)
DECIDING = (*JUDGING, NotYourClaim)
