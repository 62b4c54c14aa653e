"""Money by months of service: a full month for who was there in time, a share for who came later."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.calendars.months import months_of
from rules.calendars.spans import Span
from rules.fields import whole
from rules.reading import Reader, text
from rules.rounding import half_up, plain
from rules.sentences import Sentence
from rules.standing.subjects import Service
from rules.standing.triggers.trigger import Case, Earned
from rules.standing.when import When

MIRROR, FULL, NOTHING = "mirror", "full", "nothing"


@dataclass(frozen=True, slots=True)
class Payout:
    """So much a month by grade. Who joins within the first `full_within_days` days of a month has the full month, later
    `late_share` of it. The month of leaving: `mirror` (full if there beyond these days, else the share), full or nothing.
    Without dates of service the subject was there all the time.
    """

    by_grade: tuple[tuple[str, Decimal], ...]
    full_within_days: int
    late_share: Decimal
    leaving: str
    decimals: int

    @classmethod
    def read(cls, reader: Reader) -> "Payout":
        if reader.raw("by_grade") is None:
            reader.refuse("by_grade", "missing", "缺少各等次金额", "the amounts by grade are missing")
        decimals = reader.decimals()
        return cls(
            tuple(reader.table("by_grade").items()),
            whole(reader, "full_within_days", 15, least=1),
            reader.number("late_share", "0.5", least=0),
            reader.choice("leaving", (MIRROR, FULL, NOTHING), MIRROR),
            2 if decimals is None else decimals,
        )

    @property
    def whens(self) -> tuple[When, ...]:
        return (When("grades", grades=tuple(grade for grade, _ in self.by_grade)),)

    def to_data(self) -> dict[str, Any]:
        return {
            "type": "payout",
            "by_grade": {grade: text(amount) for grade, amount in self.by_grade},
            "full_within_days": self.full_within_days,
            "late_share": text(self.late_share),
            "leaving": self.leaving,
            "decimals": self.decimals,
        }

    def earned(self, case: Case) -> Earned | None:
        record = case.records[-1]
        monthly = dict(self.by_grade).get(record.grade or "")
        if monthly is None:
            return None
        months = self.months(record.period, case.subject.service)
        amount = Fraction(half_up(Fraction(monthly) * months, self.decimals))
        zh = f"{record.grade}每月 {plain(monthly)} × {plain(months)} 个月 = {plain(amount)}"
        en = f"{record.grade}: {plain(monthly)} a month × {plain(months)} months = {plain(amount)}"
        return Earned((), amount, (record.period,), Sentence(zh, en))

    def months(self, period: Span, service: Service | None) -> Fraction:
        since = period.start if service is None else max(service.since, period.start)
        until = period.end if service is None or service.until is None else min(service.until, period.end)
        found = Fraction(0)
        for month in months_of(period):
            if since <= month.end and month.start <= until:
                found += self._share(month, since, until)
        return found

    def _share(self, month: Span, since: date, until: date) -> Fraction:
        last_in_time = month.start + timedelta(days=self.full_within_days - 1)
        if since > last_in_time:
            return Fraction(self.late_share)
        if until >= month.end or self.leaving == FULL:
            return Fraction(1)
        if self.leaving == NOTHING:
            return Fraction(0)
        return Fraction(1) if until > last_in_time else Fraction(self.late_share)

    def words(self) -> Sentence:
        amounts = [f"{grade} {plain(amount)}" for grade, amount in self.by_grade]
        days, share = self.full_within_days, plain(self.late_share)
        zh = f"按月发放:{'、'.join(amounts)};月内前 {days} 日到岗的按整月,以后的按 {share} 个月"
        en = f"by the month: {', '.join(amounts)}; a full month for who joins within {days} days, later {share} of it"
        return Sentence(zh, en)
