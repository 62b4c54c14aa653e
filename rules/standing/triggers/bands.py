"""Amounts by bands of ranks."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from rules.fields import names, some
from rules.reading import Reader, text
from rules.sentences import Sentence
from rules.standing.triggers.once import Once
from rules.standing.triggers.trigger import Case, Earned
from rules.standing.when import When


@dataclass(frozen=True, slots=True)
class Bands:
    """Amounts by rank: ranks 1 and 2 get 5000, ranks 3 to 7 get 2000. Equals share the band of their rank."""

    bands: tuple[Once, ...]

    @classmethod
    def read(cls, reader: Reader) -> "Bands":
        scope, gives = reader.raw("scope"), names(reader, "gives")
        found = []
        for item in some(reader, "bands"):
            data = {"type": "ranks", "scope": scope} | {k: v for k, v in item.data.items() if k != "amount"}
            when = When.read(Reader(data, item.place, item.findings))
            found.append(Once(when, gives, item.number("amount")))
        if reader.raw("bands") is None:
            reader.refuse("bands", "missing", "缺少名次段", "the bands are missing")
        ordered = sorted(found, key=lambda band: band.when.low)
        for one, other in pairwise(ordered):
            if one.when.high is None or one.when.high >= other.when.low:
                reader.refuse("bands", "band-doubly-covered", "名次段重叠", "bands overlap")
                break
        return cls(tuple(found))

    @property
    def whens(self) -> tuple[When, ...]:
        return tuple(band.when for band in self.bands)

    def to_data(self) -> dict[str, Any]:
        first = self.bands[0]
        bands = []
        for band in self.bands:
            row: dict[str, Any] = {"from": band.when.low}
            row |= {} if band.when.high is None else {"to": band.when.high}
            bands.append(row | {"amount": text(band.amount or Decimal(0))})
        data: dict[str, Any] = {"type": "bands", "scope": first.when.scope, "bands": bands}
        return data | ({"gives": list(first.gives)} if first.gives else {})

    def earned(self, case: Case) -> Earned | None:
        for band in self.bands:
            found = band.earned(case)
            if found is not None:
                return found
        return None

    def words(self) -> Sentence:
        said = [band.words() for band in self.bands]
        return Sentence(",".join(s.zh for s in said), "; ".join(s.en for s in said))
