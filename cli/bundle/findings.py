"""What is wrong with a bundle, and where."""

from dataclasses import dataclass, field

LISTED = 100


@dataclass(frozen=True, slots=True)
class Finding:
    place: str
    zh: str
    en: str


@dataclass
class Report:
    """`counts` of what was compared; `findings` are at most the first hundred of `wrong`."""

    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    wrong: int = 0
    notes: list[tuple[str, str]] = field(default_factory=list)  # what the file cannot show

    @property
    def holds(self) -> bool:
        return self.wrong == 0

    def find(self, place: str, zh: str, en: str) -> None:
        self.wrong += 1
        if len(self.findings) < LISTED:
            self.findings.append(Finding(place, zh, en))

    def differ(self, place: str, zh: str, en: str, *, derived: object, told: object) -> None:
        self.find(place, f"{zh}:算得 {derived},所载 {told}", f"{en}: derived {derived}, told {told}")

    def count(self, what: str, by: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + by
