"""Deadlines of named procedures, as data.

Statutory windows are calendar days whose last day rolls forward to a working day; working-day windows follow the official
calendar; hours run on through nights and holidays. The day of the event is not counted.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rules.calendars.errors import CalendarError
from rules.calendars.workdays import WorkCalendar
from rules.fields import name, names, switch, whole
from rules.reading import Reader
from rules.sentences import Sentence

CALENDAR_DAYS, WORKING_DAYS, HOURS = "calendar_days", "working_days", "hours"
_UNITS = {
    CALENDAR_DAYS: Sentence("日", "calendar days"),
    WORKING_DAYS: Sentence("个工作日", "working days"),
    HOURS: Sentence("小时", "hours"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """`raw` is the last day before it rolls forward; `last` is the one that counts."""

    procedure: str
    start: date
    raw: date
    last: date
    why: Sentence


@dataclass(frozen=True, slots=True)
class Procedure:
    """`extension` is by how much the period may be made longer, at most. `grades`: the results it is open to; empty: any."""

    name: str
    title: Sentence
    length: int
    unit: str
    rolls: bool
    extension: int
    grades: tuple[str, ...]
    ground: str

    @classmethod
    def read(cls, reader: Reader) -> "Procedure":
        found = cls(
            name(reader, "name"),
            Sentence(name(reader, "zh"), name(reader, "en")),
            whole(reader, "length", least=1),
            reader.choice("unit", (CALENDAR_DAYS, WORKING_DAYS, HOURS), CALENDAR_DAYS),
            switch(reader, "rolls", default=True),
            whole(reader, "extension", 0),
            names(reader, "grades"),
            name(reader, "ground", ""),
        )
        reader.close()
        return found

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"name": self.name, "zh": self.title.zh, "en": self.title.en}
        data |= {"length": self.length, "unit": self.unit, "rolls": self.rolls, "extension": self.extension}
        data |= {"grades": list(self.grades)} if self.grades else {}
        return data | ({"ground": self.ground} if self.ground else {})

    def open_to(self, grade: str) -> bool:
        """Whether a result of this grade can be taken to this procedure."""
        return not self.grades or grade in self.grades

    def deadline(self, start: date, calendar: WorkCalendar, *, extended: int = 0) -> Deadline:
        """The last day. A period that is extended is counted as one, and rolls forward once."""
        self._check(extended, days=True)
        length = self.length + extended
        if self.unit == WORKING_DAYS:
            raw = last = calendar.add(start, length)
        else:
            raw = _later(start, length)
            last = calendar.roll(raw) if self.rolls else raw
        return Deadline(self.name, start, raw, last, self._why(start, raw, last, length))

    def moment(self, start: datetime, *, extended: int = 0) -> datetime:
        """The end of an hour clock; hours are real ones, also where clocks are changed."""
        self._check(extended, days=False)
        length = timedelta(hours=self.length + extended)
        if start.tzinfo is None:
            return start + length
        return (start.astimezone(UTC) + length).astimezone(start.tzinfo)

    def _check(self, extended: int, *, days: bool) -> None:
        if (self.unit == HOURS) is days:
            raise CalendarError(
                f"{self.title.zh}按{_UNITS[self.unit].zh}计",
                f"{self.title.en} runs in {_UNITS[self.unit].en}",
            )
        if not 0 <= extended <= self.extension:
            zh = f"{self.title.zh}最多延长 {self.extension}"
            raise CalendarError(zh, f"{self.title.en} is extended by {self.extension} at most")

    def _why(self, start: date, raw: date, last: date, length: int) -> Sentence:
        unit = _UNITS[self.unit]
        zh = f"{self.title.zh}:{start} 起(当日不计){length} {unit.zh},至 {raw}"
        en = f"{self.title.en}: {length} {unit.en} after {start}, to {raw}"
        if last != raw:
            zh, en = f"{zh};该日休息,顺延至 {last}", f"{en}; a rest day, so {last}"
        return Sentence(zh, en)

    def describe(self, language: str) -> str:
        unit = _UNITS[self.unit].say(language)
        if language == "zh":
            more = f",可延长不超过 {self.extension}" if self.extension else ""
            only = f",仅限{'、'.join(self.grades)}" if self.grades else ""
            ground = f"({self.ground})" if self.ground else ""
            return f"{self.title.zh}:{self.length} {unit}{more}{only}{ground}"
        more = f", extended by {self.extension} at most" if self.extension else ""
        only = f", only for {', '.join(self.grades)}" if self.grades else ""
        ground = f" ({self.ground})" if self.ground else ""
        return f"{self.title.en}: {self.length} {unit}{more}{only}{ground}"


def _later(start: date, length: int) -> date:
    try:
        return start + timedelta(days=length)
    except OverflowError:
        raise CalendarError(
            f"{start} 之后没有 {length} 日", f"there are no {length} days after {start}"
        ) from None


@dataclass(frozen=True, slots=True)
class Procedures:
    procedures: tuple[Procedure, ...]

    @classmethod
    def read(cls, reader: Reader) -> "Procedures":
        found = cls(tuple(Procedure.read(item) for item in reader.objects("procedures")))
        if len({procedure.name for procedure in found.procedures}) < len(found.procedures):
            reader.refuse("procedures", "name-twice", "程序名称重复", "a procedure is named twice")
        reader.close()
        return found

    def to_data(self) -> dict[str, Any]:
        return {"procedures": [procedure.to_data() for procedure in self.procedures]}

    def describe(self, language: str) -> list[str]:
        return [procedure.describe(language) for procedure in self.procedures]

    def named(self, wanted: str) -> Procedure:
        for procedure in self.procedures:
            if procedure.name == wanted:
                return procedure
        raise CalendarError(f"没有“{wanted}”这个程序", f"there is no procedure “{wanted}”")
