"""The lines of a board, as one reader may see them."""

from typing import Any
from uuid import UUID

from kernel.identity import Principal
from services.reporting.api.board_schemas import RangeOut, RowOut, points
from services.reporting.domain.bounds import Range
from services.reporting.domain.ranking import Rank, share_of_best, unnamed
from services.reporting.queries.boards import Board
from services.reporting.queries.disputes import Disputed

#: Lines of one board that are kept as they were drawn: some pages from the top.
MOST_DRAWN = 200


class Shown:
    """How the rows of one board look to one reader: people in the last places are named to themselves and their superiors."""

    def __init__(self, board: Board, disputed: Disputed, me: Principal, last: int) -> None:
        self.board, self._disputed, self._me, self._last = board, disputed, me, last

    def hidden(self, rank: Rank[UUID]) -> bool:
        """Whether the reader does not get to know who it is."""
        if self.board.choice.subject_kind != "officer" or rank.subject == self._me.officer_id:
            return False
        if not unnamed(rank.behind, len(self.board.ordered.ranks), self._last):
            return False
        return not self._me.covers("reporting:read", self.board.path(rank.subject))

    def hidden_count(self) -> int:
        """How many rows do not say who it is."""
        count = 0
        for rank in reversed(self.board.ordered.ranks):
            if not unnamed(rank.behind, len(self.board.ordered.ranks), self._last):
                break
            count += self.hidden(rank)
        return count

    def row(self, rank: Rank[UUID]) -> RowOut:
        """The first page looks the same to nearly everybody: its lines are drawn once."""
        drawn = self.board.ordered.drawn
        if self._disputed.ranges or self.hidden(rank):
            return self._drawn(rank)
        found = drawn.get(rank.subject)
        if found is None:
            found = self._drawn(rank)
            if len(drawn) < MOST_DRAWN:
                drawn[rank.subject] = found
        line: RowOut = found
        return line

    def _drawn(self, rank: Rank[UUID]) -> RowOut:
        board, subject = self.board, rank.subject
        member, score = board.members[subject], board.scores[subject]
        unit = board.units.get(score.unit_id)
        then = board.before.milli.get(subject)
        named = not self.hidden(rank)
        milli = board.ordered.milli[subject]
        return RowOut(
            rank=rank.rank,
            tied=rank.tied > 0,
            change=board.change(subject),
            subject_id=subject if named else None,
            code=member.code if named else None,
            name=member.name if named else None,
            unit_name=_unit_name(board, unit) if named else None,
            total=points(milli),
            previous_total=None if then is None else points(then),
            modules={module: points(value) for module, value in score.modules.items()},
            entries=score.entries,
            periods=score.periods,
            bar=round(share_of_best(milli, _best(board)), 4),
            parted_by=[sentence.zh for sentence in rank.by],
            parted_by_en=[sentence.en for sentence in rank.by],
            range=self._range(subject),
        )

    def _range(self, subject: UUID) -> RangeOut | None:
        places = self._disputed.places
        if places is None or not self._disputed.ranges:
            return None
        best, worst = places.of(subject)
        now = self.board.ordered.milli[subject]
        found = self._disputed.ranges.get(subject, Range(now, now))
        return RangeOut(
            lowest_total=points(found.low), highest_total=points(found.high), best_rank=best, worst_rank=worst
        )


def _best(board: Board) -> int:
    ranks = board.ordered.ranks
    return board.ordered.milli[ranks[0].subject] if ranks else 0


def _unit_name(board: Board, unit: Any) -> str | None:
    if unit is None:
        return None
    name: str = unit.code if board.choice.subject_kind == "unit" else unit.name
    return name
