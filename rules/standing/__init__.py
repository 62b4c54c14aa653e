"""R16, what follows from totals: rank, grade, bounds, quota, consequences. Pure; the standard library only.

`parse_standing` checks a setting and names every error with its place; `Standing.settle` gives lists, grades, quotas and
consequences with the sentences that led to them; `who_moved` compares two settlements.
"""

from typing import Any

from rules.fields import parsed
from rules.standing.appeals import grade_after_review, score_after_review
from rules.standing.differences import Moved, who_moved
from rules.standing.grading import Graded, GradeState, fill
from rules.standing.listing import Place, RankList
from rules.standing.records import Position, Record
from rules.standing.settlement import Outcome, Settlement
from rules.standing.settling import Standing, read_standing
from rules.standing.subjects import (
    Bound,
    Context,
    NoGrade,
    Outside,
    Placed,
    Service,
    Subject,
    Total,
    Ungraded,
)

__all__ = [
    "Bound",
    "Context",
    "GradeState",
    "Graded",
    "Moved",
    "NoGrade",
    "Outcome",
    "Outside",
    "Place",
    "Placed",
    "Position",
    "RankList",
    "Record",
    "Service",
    "Settlement",
    "Standing",
    "Subject",
    "Total",
    "Ungraded",
    "fill",
    "grade_after_review",
    "parse_standing",
    "read_standing",
    "score_after_review",
    "who_moved",
]


def parse_standing(data: Any) -> Standing:
    """The setting; raises RuleError with every error that is in the data. `parse_standing(s.to_data()) == s`."""
    return parsed(read_standing, data)
