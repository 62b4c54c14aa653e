"""A bundle from its first line to its last: rules, facts, statements, tree, log, signatures."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from cli.bundle.deriving import Facts, Regulation
from cli.bundle.findings import Report
from cli.bundle.plans import PlanScores
from cli.bundle.statements import Statements
from sealing.bundle import FORMAT, HEAD, LEAVES, OF_PLANS, OLD_FORMAT, RECORDS, BundleDamaged, Entry, read
from sealing.checkpoint import Checkpoint
from sealing.digests import SM3
from sealing.merkle import Tree
from sealing.note import Note
from sealing.profile import decode
from sealing.refusal import Refused
from sealing.shapes import SHAPES, check
from sealing.statements import leaf_hash
from sealing.texts import FAILED
from sealing.trust import Trust

_LINES: Final = frozenset({"checkpoint"})


def verify_bundle(lines: Iterable[bytes], trust: Trust | None) -> Report:
    """Everything that the bundle says, derived again; without `trust` signatures are left aside. Bad input never raises."""
    report = Report()
    try:
        _verify(read(iter(lines)), trust, report)
    except BundleDamaged as damaged:
        report.find(damaged.place, damaged.zh, damaged.en)
    except Refused as refused:
        report.find(
            "line 1 (bundle)", "封存书或检查点无法使用", f"seal or checkpoint cannot be used: {refused}"
        )
    return report


def _verify(entries: Iterator[Entry], trust: Trust | None, report: Report) -> None:
    head: dict[str, Any] = {}
    digests: dict[str, tuple[str, int]] = {}
    basis = _Basis()
    statements: Statements | None = None
    for section, found in groupby(entries, key=lambda entry: entry.section):
        if section == HEAD:
            head = _head(next(found))
        elif section == LEAVES:
            statements = basis.statements(head, report)
            for entry in found:
                statements.take(entry, head["seal"])
        else:
            hashed = _Hashed(found)
            basis.take(section, hashed)
            digests[section] = hashed.digest, hashed.count
    if statements is None:
        raise BundleDamaged("leaf", "没有报表", "there are no statements")
    statements.roll_up()
    _records(statements, digests, head, report)
    _sealed(statements, head["seal"], report)
    _logged(head, trust, report)
    report.counts |= {"facts": statements.facts.count}


@dataclass
class _Basis:
    """What statements are derived from, section by section."""

    regulation: Regulation | None = None
    facts: Facts | None = None
    plan: PlanScores = field(default_factory=PlanScores)

    def take(self, section: str, entries: Iterable[Entry]) -> None:
        """All entries are read, those too that nothing is derived from."""
        if section == "rules":
            self.regulation = Regulation.of(list(entries))
        elif section == "facts" and self.regulation is not None:
            self.facts = Facts(self.regulation)
            self.facts.take(entries)
        elif section in OF_PLANS:
            self.plan.take(section, entries)
        else:
            for _ in entries:
                pass

    def statements(self, head: dict[str, Any], report: Report) -> Statements:
        """Raises BundleDamaged when there were no rules."""
        if self.regulation is None:
            raise BundleDamaged("rules", "没有规则", "there are no rules")
        facts = self.facts or Facts(self.regulation)
        if self.regulation.by_plan:
            _by_plan(self.plan, facts, head, report)
        return Statements(facts, self.plan, self.regulation, report)


class _Hashed:
    """Passes entries on and hashes their texts meanwhile."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries, self._state, self.count = entries, hashlib.sha256(), 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            self._state.update(entry.text.encode() + b"\n")
            self.count += 1
            yield entry

    @property
    def digest(self) -> str:
        return self._state.hexdigest()


def _head(entry: Entry) -> dict[str, Any]:
    head = decode(entry.text.encode(), lines=_LINES)
    if (
        not isinstance(head, dict)
        or head.keys() != {"_t", "seal", "checkpoint", "log"}
        or head["_t"] not in {FORMAT, OLD_FORMAT}
    ):
        raise BundleDamaged(entry.place, "不是封存包", "not a seal bundle")
    check(head["seal"], SHAPES["oa/seal/1"])
    return head


def _by_plan(plan: PlanScores, facts: Facts, head: dict[str, Any], report: Report) -> None:
    if head["_t"] == FORMAT:
        plan.derive(facts, head["seal"]["period"], report)
        return
    report.notes.append(
        (
            "旧格式封存包没有办法所依据的任职、情形等:各项得分未重算",
            "a bundle of the older form lacks what the plan was applied to: points of single lines were not derived",
        )
    )


def _records(
    statements: Statements, digests: dict[str, tuple[str, int]], head: dict[str, Any], report: Report
) -> None:
    """The digest of each section is that in its system leaf, and where the seal names it too, that one."""
    nothing, seal = (hashlib.sha256().hexdigest(), 0), head["seal"]
    for section, subject in RECORDS.items():
        # A form that hides these sections of a newer seal is no way around them: their leaves would be there.
        if section in OF_PLANS and head["_t"] == OLD_FORMAT:
            if subject in statements.system:
                report.find(
                    "line 1 (bundle)",
                    f"封存载有 {subject},格式却是旧的",
                    f"the form is older than the seal, which has {subject}",
                )
            continue
        told, found = statements.system.get(subject), digests.get(section, nothing)
        if told != found:
            report.differ(
                f"section {section}", "本节内容被改动过", "the section was altered", derived=found, told=told
            )
    for section, member in (
        ("rules", "rule_set_sha256"),
        ("organisation", "org_snapshot_sha256"),
        ("files", "attachments_root"),
    ):
        if digests.get(section, nothing)[0] != seal[member]:
            report.differ(
                f"section {section}",
                "与封存书不符",
                "not what the seal names",
                derived=digests.get(section),
                told=seal[member],
            )


def _sealed(statements: Statements, seal: dict[str, Any], report: Report) -> None:
    sha256, sm3 = Tree(statements.sha256), Tree(statements.sm3, SM3)
    derived = {"size": sha256.size, "root_sha256": sha256.root.hex(), "root_sm3": sm3.root.hex()}
    for member, value in derived.items():
        if seal["tree"][member] != value:
            report.differ(f"tree {member}", "树", "the tree", derived=value, told=seal["tree"][member])
    if statements.points_milli != seal["sums"]["total_milli"]:
        report.differ(
            "seal sums", "总分", "the sum", derived=statements.points_milli, told=seal["sums"]["total_milli"]
        )
    for member, kind in (("officers", "officer"), ("units", "unit"), ("ledger_entries", "lines")):
        if report.counts.get(kind, 0) != seal["counts"][member]:
            report.differ(
                f"seal counts {member}",
                "份数",
                "the count",
                derived=report.counts.get(kind, 0),
                told=seal["counts"][member],
            )


def _logged(head: dict[str, Any], trust: Trust | None, report: Report) -> None:
    note = (
        Note.parse(head["checkpoint"])
        if "\n\n—" in head["checkpoint"]
        else Note(head["checkpoint"].removesuffix("\n"))
    )
    checkpoint = Checkpoint.parse(note.text)
    try:
        tree = Tree(bytes.fromhex(each) for each in head["log"])
    except (ValueError, TypeError) as error:
        raise BundleDamaged("line 1 (bundle)", "封存日志无法读取", "the seal log cannot be read") from error
    if not head["log"] or head["log"][-1] != leaf_hash(head["seal"]).hex():
        report.find("seal log", "封存书不是日志的最后一条", "the seal is not the last entry of the log")
    if (checkpoint.origin, checkpoint.size, checkpoint.root) != (
        head["seal"]["origin"],
        tree.size,
        tree.root,
    ):
        report.find("checkpoint", "检查点不属于这本日志", "the checkpoint is not of this log")
    if trust is None:
        return
    report.counts["signatures"] = 0
    try:
        report.counts["signatures"] = _signed(note, checkpoint, trust)
    except Refused as refused:
        zh, en = FAILED[refused.reason]
        report.find("signatures", f"{zh}{refused.detail}", f"{en} {refused.detail}".rstrip())


def _signed(note: Note, checkpoint: Checkpoint, trust: Trust) -> int:
    """How many right lines of listed keys there are. Raises Refused as receipts do, for compromised keys too."""
    lines = [(key, line) for key in trust.keys if (line := note.signature_of(key))]
    for key, line in lines:
        if not key.verifies(note.text, line.signature):
            raise Refused("signature_wrong", key.name)
    trust.accept(note, checkpoint)
    return len(lines)
