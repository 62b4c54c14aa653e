"""The result of an appeal is not worse for who brought it (civil-service law of 2018, article 96).

A review that finds a lower score correct does not lower it through the appellant's own appeal.
"""

from fractions import Fraction

from rules.rounding import plain
from rules.sentences import Sentence
from rules.standing.grades import Grades
from rules.standing.order import HIGHER


def score_after_review(
    before: Fraction, proposed: Fraction, direction: str = HIGHER
) -> tuple[Fraction, Sentence]:
    worse = proposed < before if direction == HIGHER else proposed > before
    if worse:
        zh = f"复核拟改为 {plain(proposed)},不得加重,维持 {plain(before)}"
        return before, Sentence(
            zh, f"review proposes {plain(proposed)}: not worse than before, {plain(before)} stands"
        )
    zh, en = f"{plain(before)} 改为 {plain(proposed)}", f"{plain(before)} becomes {plain(proposed)}"
    return proposed, Sentence(zh, en)


def grade_after_review(before: str, proposed: str, grades: Grades) -> tuple[str, Sentence]:
    if grades.worse(proposed, before):
        zh = f"复核拟改为{proposed},不得加重,维持{before}"
        return before, Sentence(zh, f"review proposes {proposed}: not worse than before, {before} stands")
    return proposed, Sentence(f"{before}改为{proposed}", f"{before} becomes {proposed}")
