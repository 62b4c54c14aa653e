"""What is decided about somebody beside the points: sanctions, investigations, exemptions, direct placements.

The record says what was decided, by which document and from when to when; the plan says what follows from it (C3, C4, C5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from rules.calendars.spans import Span
from rules.fields import inner, is_name, optional_name
from rules.reading import Reader
from rules.standing.grades import NOT_ABOVE, NOT_BELOW
from rules.standing.subjects import Bound, NoGrade, Outside, Placed, Subject, Ungraded

_KEYS = (NOT_ABOVE, NOT_BELOW, "ungraded", "outside", "placed")


@dataclass(frozen=True, slots=True)
class Circumstance:
    """Both days included. `lifted`: the reference of the decision that it was without ground, such as a closed investigation."""

    name: str
    document: str
    since: date
    until: date | None = None
    lifted: str = ""

    def touches(self, span: Span) -> bool:
        return self.since <= span.end and (self.until is None or span.start <= self.until)


@dataclass(frozen=True, slots=True)
class Effect:
    """What the circumstance does: one of a bound on the grade, no grade, no rank, a grade given directly; or nothing but being
    known, for figures.
    """

    kind: str = ""
    value: str = ""

    @classmethod
    def read(cls, reader: Reader) -> "Effect":
        given = [key for key in _KEYS if key in reader.data]
        if len(given) > 1:
            zh, en = f"只能写一种:{'、'.join(given)}", f"only one of: {', '.join(given)}"
            reader.refuse(given[1], "effects-several", zh, en)
        found = cls()
        if given:
            kind = given[0]
            states = {"ungraded": tuple(NoGrade), "outside": tuple(Outside)}.get(kind)
            value = optional_name(reader, kind) if states is None else reader.choice(kind, states)
            found = cls(kind, value or "")
        reader.close()
        return found

    def on(self, about: Subject, found: Circumstance) -> Subject:
        """The subject with what follows. A decision that was lifted holds nobody down; what was held stays so until it is filled in."""
        if found.lifted and not (self.kind == "ungraded" and self.value == NoGrade.HELD):
            return about
        match self.kind:
            case "not_above" | "not_below":
                bound = Bound(self.kind, self.value, found.name, found.document, found.since, found.until)
                return replace(about, bounds=(*about.bounds, bound))
            case "ungraded" if about.ungraded is None:
                return replace(about, ungraded=Ungraded(NoGrade(self.value), found.name, found.document))
            case "outside" if about.outside is None:
                reason = f"{found.name}({found.document})"
                return replace(about, outside=Outside(self.value), outside_reason=reason)
            case "placed":
                return replace(about, placed=Placed(self.value, f"{found.name}({found.document})"))
            case _:
                return about


def read_effects(reader: Reader) -> dict[str, Effect]:
    """Under `circumstances`: name → what follows from it."""
    table = inner(reader, "circumstances")
    if table is None:
        return {}
    found = {}
    for label in table.data:
        item = inner(table, str(label))
        if item is None or not is_name(label):
            table.refuse(
                str(label),
                "not-an-object",
                "应写明名称及其后果",
                "a name and what follows from it are needed",
            )
        else:
            found[str(label)] = Effect.read(item)
    return found


def grades_of(effects: Mapping[str, Effect]) -> Iterable[tuple[str, str]]:
    """(circumstance, grade) where a grade is named."""
    return ((n, e.value) for n, e in effects.items() if e.kind in {NOT_ABOVE, NOT_BELOW, "placed"})
