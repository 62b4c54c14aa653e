"""What is known of a subject besides its figures, from data: groups, facts, bounds, who answers for it."""

from fractions import Fraction

from rules.fields import as_day, inner, name, optional_name, some, switch
from rules.reading import Reader
from rules.standing.grades import NOT_ABOVE, NOT_BELOW
from rules.standing.subjects import Bound, NoGrade, Outside, Placed, Service, Subject, Ungraded


def read_subject(reader: Reader) -> Subject:
    """From the same object that has the subject's id and figures; the caller closes it."""
    outside = inner(reader, "outside")
    held = None
    why = ""
    if outside is not None:
        held = Outside(outside.choice("state", tuple(Outside)))
        why = optional_name(outside, "reason") or ""
        outside.close()
    return Subject(
        groups=_words(reader, "groups"),
        outside=held,
        outside_reason=why,
        marks=_marks(reader),
        figures={label: Fraction(number) for label, number in reader.table("known").items()},
        proposed=optional_name(reader, "proposed"),
        placed=_placed(reader),
        ungraded=_ungraded(reader),
        bounds=tuple(_bound(item) for item in some(reader, "bounds")),
        persons=tuple(found for item in some(reader, "persons") if (found := _service(item))),
        service=None if (own := inner(reader, "service")) is None else _service(own),
    )


def _words(reader: Reader, key: str) -> dict[str, str]:
    table = inner(reader, key)
    return {} if table is None else {str(label): name(table, str(label)) for label in table.data}


def _marks(reader: Reader) -> dict[str, bool]:
    table = inner(reader, "marks")
    return {} if table is None else {str(k): switch(table, str(k), default=False) for k in table.data}


def _placed(reader: Reader) -> Placed | None:
    item = inner(reader, "placed")
    if item is None:
        return None
    found = Placed(name(item, "grade"), name(item, "ground"))
    item.close()
    return found


def _ungraded(reader: Reader) -> Ungraded | None:
    item = inner(reader, "ungraded")
    if item is None:
        return None
    state = NoGrade(item.choice("state", tuple(NoGrade)))
    found = Ungraded(state, name(item, "reason"), optional_name(item, "reference") or "")
    item.close()
    return found


def _bound(reader: Reader) -> Bound:
    found = Bound(
        reader.choice("kind", (NOT_ABOVE, NOT_BELOW)),
        name(reader, "grade"),
        name(reader, "reason"),
        optional_name(reader, "ground") or "",
        as_day(reader.raw("since")),
        as_day(reader.raw("until")),
    )
    reader.close()
    return found


def _service(reader: Reader) -> Service | None:
    since = as_day(reader.raw("since"))
    who, until = name(reader, "who"), as_day(reader.raw("until"))
    reader.close()
    if since is None:
        reader.refuse("since", "not-a-day", "应为 YYYY-MM-DD", "must be written YYYY-MM-DD")
        return None
    return Service(who, since, until)
