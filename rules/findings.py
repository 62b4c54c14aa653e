"""What is wrong with a rule, each error with its place."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`place` is the path in the data, such as "parts.2.rule.full"; empty for the rule itself."""

    place: str
    code: str
    zh: str
    en: str


class RuleError(ValueError):
    """The data is not a rule; `findings` says all that is wrong with it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{f.place}: {f.en}" for f in self.findings))
