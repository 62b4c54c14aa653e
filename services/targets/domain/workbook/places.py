"""Places such as “考核细则!7 评分方式”, read back."""

import re
from dataclasses import dataclass

from services.targets.domain.workbook.headers import SYNONYMS

_PLACE = re.compile(r"(?P<sheet>.*)!(?P<row>\d+)(?: (?P<column>.+))?", re.DOTALL)
_FIELDS = {texts[0]: name for name, texts in SYNONYMS.items()}


@dataclass(frozen=True, slots=True)
class Cell:
    """`row` as Excel counts it; `column` is a field, None where the whole row is meant."""

    sheet: str
    row: int
    column: str | None


def cell_of(place: str) -> Cell | None:
    """None for what is said of the whole workbook or sheet."""
    found = _PLACE.fullmatch(place)
    if found is None:
        return None
    return Cell(found["sheet"], int(found["row"]), _FIELDS.get(found["column"] or ""))
