"""When a unit's result falls on a person: who served the periods that led to it, and was not new.

"Heads who served both years" resign, or get merit (Guangdong 2004); nobody answers for a unit's past before his time.
"""

from dataclasses import dataclass
from typing import Any

from rules.calendars.months import completed
from rules.calendars.spans import Span
from rules.fields import whole
from rules.reading import Reader
from rules.sentences import Sentence
from rules.standing.subjects import Service

WHOLE, ANY_DAY = "whole", "any_day"


@dataclass(frozen=True, slots=True)
class Persons:
    """`served`: each of the periods from first to last day, or at least one day of each. Who has fewer than
    `spare_under_months` months in the post at the end of the last one is spared as new.
    """

    served: str = WHOLE
    spare_under_months: int = 0

    @classmethod
    def read(cls, reader: Reader) -> "Persons":
        served = reader.choice("served", (WHOLE, ANY_DAY), WHOLE)
        found = cls(served, whole(reader, "spare_under_months", 0))
        reader.close()
        return found

    def to_data(self) -> dict[str, Any]:
        return {"served": self.served, "spare_under_months": self.spare_under_months}

    def concerned(self, service: Service, periods: tuple[Span, ...]) -> bool:
        """Whether the person had the post in any of the periods at all."""
        return any(service.touches(span) for span in periods)

    def spared(self, service: Service, periods: tuple[Span, ...]) -> Sentence | None:
        """Why it does not fall on the person; None if it does."""
        test = service.covers if self.served == WHOLE else service.touches
        missing = [span.key for span in periods if not test(span)]
        if missing:
            zh = (
                f"{service.who} {'、'.join(missing)} 期未任满"
                if self.served == WHOLE
                else f"{service.who} {'、'.join(missing)} 期不在任"
            )
            en = f"{service.who} did not serve {', '.join(missing)}"
            return Sentence(zh, f"{en} in full" if self.served == WHOLE else en)
        months = completed(service.since, periods[-1].end)
        if months < self.spare_under_months:
            zh = f"{service.who} 任职 {months} 个月,不满 {self.spare_under_months} 个月"
            return Sentence(
                zh, f"{service.who} has {months} months in the post, fewer than {self.spare_under_months}"
            )
        return None

    def words(self) -> Sentence:
        zh = "各期均任满的人员" if self.served == WHOLE else "各期均在任的人员"
        en = "those who served all these periods" + (" in full" if self.served == WHOLE else "")
        if self.spare_under_months:
            zh += f",任职不满 {self.spare_under_months} 个月的除外"
            en += f", unless new (under {self.spare_under_months} months)"
        return Sentence(zh, en)
