"""A bulletin as data: what is said, the tables and the charts. Word, PDF, workbook and page are made of this alone.

Figures are decimals as text, so that every form shows the same digits. A data block is tied to the version it was read from;
a text block was filled with facts once and belongs to whoever edits it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any


class BulletinKind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    CAMPAIGN = "campaign"
    ZERO = "zero"


class Audience(StrEnum):
    """`public`: for everybody inside the bureau, no names in the last places; `internal`: everything."""

    PUBLIC = "public"
    INTERNAL = "internal"


class ChartKind(StrEnum):
    BAR = "bar"
    LINE = "line"
    COLUMN = "column"


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: "text", "count" or "points"."""

    title: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are text; None is shown as —, which is not zero. `low` are the rows (from 0) below the red line."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    note: str = ""
    low: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Categories in the order in which they are drawn; each series has a figure, or None, for each of them.

    `mean` is drawn dashed, `red_line` solid red. The table of a chart has its very figures.
    """

    kind: ChartKind
    title: str
    unit: str
    categories: tuple[str, ...]
    series: Mapping[str, tuple[str | None, ...]]
    mean: str | None = None
    red_line: str | None = None

    @property
    def table(self) -> Table:
        columns = (Column(""), *(Column(name, "points") for name in self.series))
        rows = tuple(
            (category, *(values[n] for values in self.series.values()))
            for n, category in enumerate(self.categories)
        )
        return Table(columns, rows)


@dataclass(frozen=True, slots=True)
class Block:
    """One of heading (`level` 1 to 3), text, table, chart. `id` names it through edits; `data`: it is not edited by hand."""

    id: str
    kind: str
    text: str = ""
    level: int = 0
    table: Table | None = None
    chart: Chart | None = None

    @property
    def data(self) -> bool:
        return self.kind in {"table", "chart"}


@dataclass(frozen=True, slots=True)
class Report:
    kind: BulletinKind
    title: str
    issuer: str
    addressees: str
    span_code: str
    first_day: str
    last_day: str
    version: str
    digests: tuple[str, ...]
    blocks: tuple[Block, ...]
    appendix: Table | None = None
    appendix_title: str = ""
    copies: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def data_digest(self) -> str:
        """SHA-256 over tables and charts: equal digests, equal figures."""
        figures = [asdict(block) for block in self.blocks if block.data]
        figures.append({"appendix": asdict(self.appendix) if self.appendix else None})
        text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def printed(self) -> tuple[Block, ...]:
        """As on paper, where nobody can point at a line: a chart that does not follow a table is followed by its own."""
        found: list[Block] = []
        for block in self.blocks:
            tabled = bool(found) and found[-1].kind == "table"
            found.append(block)
            if block.chart is not None and not tabled:
                found.append(Block(f"{block.id}-table", "table", table=block.chart.table))
        return tuple(found)

    def to_data(self) -> dict[str, Any]:
        """For keeping; `report_of` reads it back."""
        found: dict[str, Any] = json.loads(json.dumps(asdict(self), ensure_ascii=False))
        return found

    def with_texts(self, texts: Mapping[str, str]) -> "Report":
        """With edited texts; raises KeyError for a block that is not there or is not text."""
        editable = {block.id for block in self.blocks if not block.data}
        for key in texts:
            if key not in editable:
                raise KeyError(key)
        blocks = tuple(Block(b.id, b.kind, texts[b.id], b.level) if b.id in texts else b for b in self.blocks)
        return _replaced(self, blocks=blocks)

    def with_figures_of(self, newer: "Report") -> "Report":
        """The same words over newer figures; blocks that only the newer one has are taken over."""
        old = {block.id: block for block in self.blocks}
        blocks = tuple(b if b.data or b.id not in old else old[b.id] for b in newer.blocks)
        return _replaced(newer, blocks=blocks, title=self.title)


def _replaced(report: Report, **changes: Any) -> Report:
    return replace(report, **changes)


def report_of(data: Mapping[str, Any]) -> Report:
    """The report that `to_data` wrote."""
    return Report(
        **{**data, "kind": BulletinKind(data["kind"]), "digests": tuple(data["digests"])}
        | {
            "blocks": tuple(_block(block) for block in data["blocks"]),
            "appendix": _table(data["appendix"]),
        }
    )


def _block(data: Mapping[str, Any]) -> Block:
    return Block(
        data["id"], data["kind"], data["text"], data["level"], _table(data["table"]), _chart(data["chart"])
    )


def _table(data: Mapping[str, Any] | None) -> Table | None:
    if data is None:
        return None
    columns = tuple(Column(c["title"], c["kind"]) for c in data["columns"])
    return Table(columns, tuple(tuple(row) for row in data["rows"]), data["note"], tuple(data["low"]))


def _chart(data: Mapping[str, Any] | None) -> Chart | None:
    if data is None:
        return None
    series = {name: tuple(values) for name, values in data["series"].items()}
    return Chart(
        ChartKind(data["kind"]), data["title"], data["unit"], tuple(data["categories"]), series, data["mean"], data["red_line"]
    )  # fmt: skip


def chinese_numeral(number: int) -> str:
    """一 to 九十九, for headings of the first level."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def numbered(texts: Sequence[str]) -> list[str]:
    return [f"{chinese_numeral(n)}、{text}" for n, text in enumerate(texts, start=1)]
