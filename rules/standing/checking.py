"""Settings that must fit each other: grades that quotas and consequences name, lists that they look at."""

from collections.abc import Sequence

from rules.reading import Reader
from rules.standing.consequences import Consequence
from rules.standing.grades import Grades
from rules.standing.order import HIGHER, LOWER
from rules.standing.quotas import Quota
from rules.standing.ranking import Ranking
from rules.standing.when import FIRST, GRADES, LAST, RANKS, When


def check(
    reader: Reader,
    ranking: Ranking,
    grades: Grades | None,
    quotas: Sequence[Quota],
    consequences: Sequence[Consequence | None],
) -> None:
    known = () if grades is None or not grades.grades else grades.names
    if grades is not None and grades.grades:
        _check_direction(reader, ranking, grades)
    for index, quota in enumerate(quotas):
        _check_quota(reader, f"quotas.{index}", quota, known)
    for index, consequence in enumerate(consequences):
        for when in () if consequence is None else consequence.trigger.whens:
            _check_when(reader, f"consequences.{index}", when, (ranking.scopes, known))


def _check_direction(reader: Reader, ranking: Ranking, grades: Grades) -> None:
    way = HIGHER if grades.grades[0].op.startswith(">") else LOWER
    if grades.by_threshold and way != ranking.direction:
        zh, en = "分数线与排名方向相反", "thresholds and ranking look opposite ways"
        reader.refuse("grades", "direction-contradicts", zh, en)


def _check_quota(reader: Reader, place: str, quota: Quota, known: tuple[str, ...]) -> None:
    named = {"grade": quota.grade, "least": quota.least, "falls_to": quota.falls_to}
    for key, grade in named.items():
        if grade and grade not in known:
            reader.refuse(f"{place}.{key}", "grade-unknown", "没有这个等次", "there is no such grade")
    if quota.grade in known:
        at = known.index(quota.grade)
        lower = quota.falls_to
        if at == len(known) - 1 or (lower in known and known.index(lower) <= at):
            zh, en = "名额外应降到更低的等次", "beyond the places there must be a lower grade"
            reader.refuse(place, "not-lower", zh, en)


def _check_when(
    reader: Reader, place: str, when: When, there: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    scopes, known = there
    if when.kind in {RANKS, FIRST, LAST} and when.scope not in scopes:
        zh, en = "排名中没有这个范围", "the ranking has no such scope"
        reader.refuse(place, "scope-unknown", zh, en)
    if when.kind == GRADES and any(grade not in known for grade in when.grades):
        reader.refuse(place, "grade-unknown", "没有这个等次", "there is no such grade")
