"""What a workbook holds, and where something in it stands."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """Values as the spreadsheet has them; merged cells filled from their first cell."""

    name: str
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the user's workbook; `row` as Excel counts it."""

    sheet: str
    row: int
