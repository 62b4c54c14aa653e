"""What makes a consequence follow: one period, a rank band, a run of periods, a ladder, a count, months of service."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from rules.calendars.spans import Span
from rules.fields import inner, switch, whole
from rules.reading import Reader
from rules.sentences import Sentence
from rules.standing.chains import BREAKS, SKIPS, Walk
from rules.standing.records import Record
from rules.standing.subjects import Subject
from rules.standing.when import When

EACH, RESTART, STAY = "each", "restart", "stay"


@dataclass(frozen=True, slots=True)
class Case:
    """One subject: its records, oldest first, the last being the period that is settled."""

    records: Sequence[Record]
    subject: Subject


@dataclass(frozen=True, slots=True)
class Earned:
    """`periods` are those that led to it; who answers for it must have served them."""

    gives: tuple[str, ...]
    amount: Fraction | None
    periods: tuple[Span, ...]
    why: Sentence


class Trigger(Protocol):
    @property
    def whens(self) -> tuple[When, ...]: ...

    def earned(self, case: Case) -> Earned | None: ...

    def to_data(self) -> dict[str, Any]: ...

    def words(self) -> Sentence: ...


def read_when(reader: Reader) -> When:
    item = inner(reader, "when")
    if item is not None:
        return When.read(item)
    if reader.raw("when") is None:
        reader.refuse("when", "missing", "缺少条件", "the condition is missing")
    return When("grades")


def read_walk(reader: Reader, *, ladder: bool = False) -> Walk:
    return Walk(
        read_when(reader),
        reader.choice("missing", (BREAKS, SKIPS), BREAKS),
        whole(reader, "reset_after", 1, least=1) if ladder else 1,
        switch(reader, "within_year", default=False),
    )


def walk_data(walk: Walk, *, ladder: bool = False) -> dict[str, Any]:
    data: dict[str, Any] = {"when": walk.when.to_data(), "missing": walk.missing}
    data |= {"reset_after": walk.reset_after} if ladder else {}
    return data | {"within_year": walk.within_year}
