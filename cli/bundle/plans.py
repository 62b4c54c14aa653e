"""From a plan and what it was applied to, as a bundle has both, to what the ledger must hold of every node."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from cli.bundle.deriving import Facts
from cli.bundle.findings import Report
from rules import RuleError
from rules.binding import Assessed, Record, Work, assemble, parse_binding, postings, read, read_assessed
from rules.calendars.spans import Span
from rules.plan import evaluate
from sealing.bundle import BundleDamaged, Entry


@dataclass
class PlanScores:
    """Node and module → thousandths, by subject; which entry is of which node. Empty where single rules score."""

    derived: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)
    posted: dict[str, tuple[str, str]] = field(default_factory=dict)  # entry → (node, module)
    span: Span | None = None
    assessed: list[Assessed] = field(default_factory=list)

    def take(self, section: str, entries: Iterable[Entry]) -> None:
        """Raises BundleDamaged for a line that is not of its section."""
        for entry in entries:
            try:
                told = json.loads(entry.text)
                if section == "assessed":
                    self._assessed(told)
                else:
                    self._posted(told)
            except (ValueError, TypeError) as error:
                zh, en = "无法读取办法所依据的记录", "what the plan was applied to cannot be read"
                raise BundleDamaged(entry.place, zh, f"{en}: {error}") from error

    def _assessed(self, told: Any) -> None:
        if self.span is None:
            self.span = read(Span, told)
        else:
            self.assessed.append(read_assessed(told))

    def _posted(self, told: Any) -> None:
        mark, entry, module, node = told
        if mark != "posted" or not all(isinstance(part, str) for part in told):
            raise ValueError("not an entry of a plan")
        self.posted[entry] = node, module

    def derive(self, facts: Facts, period: str, report: Report) -> None:
        """The plan applied to everybody at once, because it may compare them."""
        if self.span is None or not period.endswith(f"/{self.span.key}"):
            report.find(
                "section assessed", "没有本周期的考核对象", "whom the plan was applied to is not there"
            )
            return
        try:
            binding = parse_binding(facts.regulation.plan)
            known = {each.person.id for each in self.assessed}
            for subject in sorted(facts.for_plan.keys() - known):
                report.find(
                    f"subject {subject}", "有事实而不在考核对象中", "has facts and is not among the assessed"
                )
            records = {
                each.person.id: _completed(each.record, facts.for_plan.get(each.person.id, {}))
                for each in self.assessed
            }
            people = [each.person for each in self.assessed]
            evaluation = evaluate(binding.plan, assemble(binding, self.span, people, records))
            for subject in known:
                self.derived[subject] = {
                    (each.node, each.module): each.milli for each in postings(binding, evaluation, subject)
                }
        except (RuleError, ValueError, KeyError, TypeError, ArithmeticError) as error:
            zh, en = "办法无法重新计算", "the plan cannot be applied again"
            report.find("section rules", f"{zh}:{error}", f"{en}: {error}")
        facts.for_plan.clear()
        self.assessed.clear()

    def compare(self, place: str, subject: str, told: Mapping[tuple[str, str], int], report: Report) -> None:
        """What the lines of one statement say of each node, with what the plan makes of the facts."""
        derived = self.derived.pop(subject, {})
        for node, module in sorted({*told, *derived}):
            one, other = derived.get((node, module), 0), told.get((node, module), 0)
            report.count("plan-nodes")
            if one != other:
                report.differ(f"{place}, node {node}", "得分", "the points", derived=one, told=other)


def _completed(record: Record, found: Mapping[str, list[list[str]]]) -> Record:
    """With the live targets and the work of the period, behind earlier work that still counts."""
    goals = {
        code: Fraction(fact[3]) for code, facts in found.items() for fact in facts if fact[0] == "target"
    }
    work = {code: tuple(items) for code, items in record.work.items()}
    for code, facts in found.items():
        here = tuple(
            Work(fact[5], Fraction(fact[3]), date.fromisoformat(fact[4]))
            for fact in facts
            if fact[0] == "work"
        )
        if here:
            work[code] = (*work.get(code, ()), *here)
    return replace(record, goals=goals, work=work)
