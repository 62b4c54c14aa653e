"""The statements of a bundle: canonical, in the tree's order, and what the facts make of them."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from cli.bundle.deriving import Facts, Regulation, officer_total, total_of_unit
from cli.bundle.findings import Report
from cli.bundle.plans import PlanScores
from sealing.bundle import Entry
from sealing.digests import SHA256, SM3
from sealing.grammar import is_canonical
from sealing.statements import OFFICER, SUBJECTS, UNIT, subject_of

LIMITS = "limits-and-weights"


@dataclass
class Statements:
    """Hashes of all, totals by hash, units as they are, digests of the system. Officers themselves are not kept."""

    facts: Facts
    plan: PlanScores
    regulation: Regulation
    report: Report
    sha256: list[bytes] = field(default_factory=list)
    sm3: list[bytes] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(
        default_factory=dict
    )  # hash of an officer's leaf that no unit has named yet → its place
    units: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)  # place, hash, leaf
    system: dict[str, tuple[str, int]] = field(default_factory=dict)
    points_milli: int = 0
    _last: tuple[bytes, bytes] = (b"", b"")

    def take(self, entry: Entry, seal: dict[str, Any]) -> None:
        data = entry.text.encode()
        leaf = _read(data)
        if leaf is None:
            self.report.find(entry.place, "报表不是规范编码", "the statement is not in canonical form")
            return
        kind, subject = subject_of(leaf)
        place = f"{entry.place}, {kind} {subject}"
        if (kind.encode(), subject.encode()) <= self._last:
            self.report.find(place, "报表次序不对,或有两份", "a statement out of order, or there twice")
        self._last = kind.encode(), subject.encode()
        if (leaf["seal_no"], leaf["period"]) != (seal["seal_no"], seal["period"]):
            self.report.find(place, "报表属于另一次封存", "the statement is of another seal")
        digest = SHA256.leaf(data)
        self.sha256.append(digest)
        self.sm3.append(SM3.leaf(data))
        self.report.count(kind)
        if leaf["_t"] == OFFICER:
            self.places[digest.hex()] = place
            self.totals[digest.hex()] = leaf["total_milli"]
            derived = officer_total(self.regulation.scheme, self._modules(place, subject, leaf))
            if not derived == leaf["total_milli"] == sum(line["points_milli"] for line in leaf["lines"]):
                self.report.differ(place, "合计", "the total", derived=derived, told=leaf["total_milli"])
        elif leaf["_t"] == UNIT:
            self.totals[digest.hex()] = leaf["total_milli"]
            self.units.append((place, digest.hex(), leaf))
        else:
            self.system[subject] = leaf["sha256"], leaf["count"]

    def roll_up(self) -> None:
        """Once all are read, because a unit names statements that come after it."""
        for place, _, leaf in self.units:
            modules = self._modules(place, leaf["unit"], leaf)
            unknown = [digest for digest in leaf["members"] if digest not in self.totals]
            for digest in unknown:
                self.report.find(
                    place,
                    f"没有指纹为 {digest} 的下级报表",
                    f"no statement below it has the fingerprint {digest}",
                )
            for digest in leaf["members"]:
                self.places.pop(digest, None)
            members = [self.totals[digest] for digest in leaf["members"] if digest in self.totals]
            derived = total_of_unit(self.regulation.scheme, modules if leaf["lines"] else None, members)
            if derived != leaf["total_milli"] and not unknown:
                self.report.differ(place, "汇总", "the roll-up", derived=derived, told=leaf["total_milli"])
        for place in self.places.values():
            self.report.find(
                place, "没有单位列出这份报表:内容被改动过", "no unit names this statement: it was altered"
            )
        by_rules = {subject for subject, points in self.facts.points.items() if any(points.values())}
        by_plan = {subject for subject, nodes in self.plan.derived.items() if any(nodes.values())}
        for subject in sorted(by_rules | by_plan):
            self.report.find(f"subject {subject}", "有事实而没有报表", "there are facts and no statement")

    def _modules(self, place: str, subject: str, leaf: dict[str, Any]) -> dict[str, int]:
        """Sums by module of the lines; on the way each indicator is compared with what the facts make of it."""
        modules: dict[str, int] = defaultdict(int)
        told: dict[str, int] = defaultdict(int)
        nodes: dict[tuple[str, str], int] = defaultdict(int)
        for line in leaf["lines"]:
            code, points = line["indicator"], line["points_milli"]
            if line["reason_code"] == LIMITS:
                continue
            self.points_milli += points
            self.report.count("lines")
            posted = self.plan.posted.get(line["entry_id"])
            if posted is not None:
                nodes[posted] += points
                module: str | None = posted[1]
            else:
                module = (
                    self.regulation.modules.get(code) if code else self.facts.modules.get(line["entry_id"])
                )
            if module is None:
                self.report.find(
                    place,
                    f"{line['entry_id']}:没有这个指标或模块",
                    f"{line['entry_id']}: no such indicator or module",
                )
                continue
            modules[module] += points
            if code:
                told[code] += points
        derived = self.facts.points.pop(subject, {})
        for code in sorted({*told, *derived} if not self.regulation.by_plan else ()):
            if told.get(code, 0) != derived.get(code, 0):
                self.report.differ(
                    f"{place}, {code}",
                    "得分",
                    "the points",
                    derived=derived.get(code, 0),
                    told=told.get(code, 0),
                )
        self.plan.compare(place, subject, nodes, self.report)
        return modules


def _read(data: bytes) -> dict[str, Any] | None:
    try:
        leaf = json.loads(data)
        kind = leaf["_t"]
        return dict(leaf) if kind in SUBJECTS and is_canonical(data, kind) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
