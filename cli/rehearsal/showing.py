"""What the person at the terminal sees: a bar a stage, then the ranking, the checks and the figures."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

BAR = 24


class Show:
    """Bars on a terminal; one line a stage elsewhere."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.out = Console(width=None if sys.stdout.isatty() else 120)
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, title: str, total: int = 1) -> Iterator[Callable[[], None]]:
        began = time.monotonic()
        if self.console.is_terminal:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
            )
            with Progress(*columns, console=self.console) as progress:
                task = progress.add_task(title, total=total)
                yield lambda: progress.advance(task)
        else:
            yield lambda: None
        self.seconds[title] = time.monotonic() - began
        if not self.console.is_terminal:
            self.console.print(f"{title}: {total} in {self.seconds[title]:.1f} s", highlight=False)

    def ranking(self, title: str, rows: Sequence[dict[str, Any]]) -> None:
        table = Table(title=title, title_justify="left")
        for name, justify in (
            ("名次", "right"),
            ("对象", "left"),
            ("单位", "left"),
            ("总分", "right"),
            ("", "left"),
        ):
            table.add_column(name, justify=justify)  # type: ignore[arg-type]
        best = max((float(row["total"]) for row in rows), default=0.0)
        for row in rows:
            length = round(BAR * max(float(row["total"]), 0.0) / best) if best > 0 else 0
            table.add_row(
                str(row["rank"]) + ("=" if row["tied"] else ""),
                row["name"],
                row.get("unit_name") or "",
                str(row["total"]),
                "█" * length,
            )
        self.out.print(table)

    def facts(self, title: str, facts: dict[str, Any]) -> None:
        table = Table(title=title, title_justify="left", show_header=False)
        table.add_column("", justify="left")
        table.add_column("", justify="right")
        for name, value in facts.items():
            table.add_row(name, f"{value:,}" if isinstance(value, int) else str(value))
        self.out.print(table)

    def check(self, name: str, *, holds: bool, detail: str) -> None:
        self.out.print(f"{'ok  ' if holds else 'FAIL'} {name}: {detail}", highlight=False)
