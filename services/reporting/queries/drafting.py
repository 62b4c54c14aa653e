"""A report while it is put together: what is wanted, and blocks in their order."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.reporting.domain.report import (
    Block,
    BulletinKind,
    Chart,
    Table,
    chinese_numeral,
)
from services.reporting.domain.versions import VersionKind
from services.reporting.queries.standings import Pin
from services.reporting.settings import House


@dataclass(frozen=True, slots=True)
class Wanted:
    """`week_of`: the Monday of a weekly one. `pin`: as it was made once; None: of the newest figures."""

    kind: BulletinKind
    scheme_id: UUID
    period_id: UUID
    figures: VersionKind
    house: House
    week_of: date | None = None
    campaign_id: UUID | None = None
    pin: Pin | None = None


@dataclass
class Draft:
    """Blocks in order; headings of the first level are numbered as they come."""

    blocks: list[Block] = field(default_factory=list)
    first: int = 0
    second: int = 0

    def heading(self, text: str, level: int = 1) -> None:
        if level == 1:
            self.first, self.second = self.first + 1, 0
            text = f"{chinese_numeral(self.first)}、{text}"
        else:
            self.second += 1
            text = f"（{chinese_numeral(self.second)}）{text}"
        self.blocks.append(Block(f"h{self.first}-{self.second}", "heading", text, level))

    def text(self, name: str, *sentences: str) -> None:
        self.blocks.append(Block(f"text-{name}", "text", "\n".join(s for s in sentences if s)))

    def table(self, name: str, table: Table) -> None:
        self.blocks.append(Block(f"table-{name}", "table", table=table))

    def chart(self, name: str, chart: Chart) -> None:
        self.blocks.append(Block(f"chart-{name}", "chart", chart=chart))
