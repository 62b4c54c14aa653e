"""Figures about where the work stands: counted once a minute by the process that leads, with one query each.

No identity in labels: a figure of one unit or officer belongs into the reports, which know who may see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import Gauge
from sqlalchemy import text

from kernel.runtime import Runtime
from kernel.scheduling import Job


@dataclass(frozen=True, slots=True)
class Figure:
    """`query` gives a row for each set of labels: columns named like them, and `value`. `:now` is the platform's clock."""

    gauge: Gauge
    query: str

    async def count(self, runtime: Runtime) -> None:
        """Labels that the query no longer gives are no longer shown."""
        async with runtime.db.reading() as session:
            found = (await session.execute(text(self.query), {"now": runtime.clock.now()})).mappings().all()
        self.gauge.clear()
        for row in found:
            labels = {name: str(value) for name, value in row.items() if name != "value"}
            self.gauge.labels(**labels).set(float(row["value"]))


def counting(figures: Sequence[Figure]) -> Job:
    """The job of a service that counts them."""

    async def count(runtime: Runtime) -> None:
        for figure in figures:
            await figure.count(runtime)

    def forget() -> None:
        for figure in figures:
            figure.gauge.clear()

    return Job("count-figures", count, every=timedelta(minutes=1), afterwards=forget)
