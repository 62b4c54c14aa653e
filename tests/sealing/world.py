"""A small bureau whose periods are sealed: the same keys, statements and seals each time."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealing import receipt
from sealing.keys import COSIGNATURE, ED25519, Key, Signer
from sealing.log import SealLog
from sealing.note import Note
from sealing.statements import (
    Line,
    RuleSet,
    Statement,
    leaf_hash,
    officer_statement,
    seal_statement,
    system_statement,
    unit_statement,
)
from sealing.tree import PeriodTree

ORIGIN = "seal.kaohe.example/city"
SIGNED_AT = 1_767_225_600


def digest(*words: object) -> str:
    return hashlib.sha256(" ".join(map(str, words)).encode()).hexdigest()


def uuid(*words: object) -> str:
    return str(uuid5(NAMESPACE_URL, " ".join(map(str, words))))


def signer(name: str, kind: bytes = COSIGNATURE, seed: str = "") -> Signer:
    secret = hashlib.sha256(f"{seed}{name}".encode()).digest()
    return Signer(name, kind, Ed25519PrivateKey.from_private_bytes(secret))


SYSTEM = signer(ORIGIN, ED25519)
WITNESSES = tuple(signer(f"{who}.kaohe.example") for who in ("discipline", "personnel", "audit"))
KEYS: tuple[Key, ...] = tuple(s.key for s in (SYSTEM, *WITNESSES))
RULES: RuleSet = {"id": "2026", "version": "3", "sha256": digest("rules")}


def trust(quorum: int = 2, system: Iterable[Key] = (SYSTEM.key,), witnesses: Iterable[Key] = KEYS[1:]) -> str:
    lines = [f"# 受信公钥 / trusted keys\nquorum {quorum}\n"]
    lines += [f"system {key.vkey}\n" for key in system]
    lines += [f"witness {key.vkey}\n" for key in witnesses]
    return "".join(lines)


def lines(officer: str, count: int = 2, period: str = "2026-01") -> list[Line]:
    return [
        {
            "entry_id": uuid(period, officer, "entry", i),
            "event_id": uuid(period, officer, "event", i),
            "content_hash": digest(period, officer, "content", i),
            "indicator": None if i % 3 == 2 else f"业务工作-{i + 1}",
            "points_milli": 2_500 - 1_750 * i,
            "reason_code": "task" if i % 2 == 0 else "penalty",
            "occurred_at": f"2026-01-{i % 28 + 1:02d}T08:30:00.000000Z",
            "attachments_sha256": [digest(period, officer, "file", i)] if i == 0 else [],
        }
        for i in range(count)
    ]


def officer(number: int, *, period: str = "2026-01", seal_no: int = 1, entries: int = 2) -> Statement:
    name = f"officer-{number:05d}"
    return officer_statement(
        lines(name, entries, period),
        deployment="city",
        period=period,
        seal_no=seal_no,
        salt=digest("salt", period, name),
        officer=name,
        name_hash=digest("name", name),
        unit="station-1",
        unit_leaf_key="unit station-1",
        rule_set=RULES,
        adjustments=[],
    )


def statements(officers: int, *, period: str = "2026-01", seal_no: int = 1) -> list[Statement]:
    """That many leaves: officers, and from the third on one of a unit, from the fourth on one of the system."""
    count = officers - (officers > 2) - (officers > 3)
    made = [officer(n, period=period, seal_no=seal_no) for n in range(count)]
    if officers > 2:
        made.append(
            unit_statement(
                lines("station-1", 3, period),
                deployment="city",
                period=period,
                seal_no=seal_no,
                salt=digest("salt", period, "station-1"),
                unit="station-1",
                rule_set=RULES,
                rule="所队得分 = 本单位得分 + 民警平均分",
                members=[leaf_hash(s).hex() for s in made],
                total_milli=1_000,
                adjustments=[],
            )
        )
    if officers > 3:
        made.append(
            system_statement(
                deployment="city",
                period=period,
                seal_no=seal_no,
                salt=digest("salt", period, "rule_set"),
                subject="rule_set",
                sha256=RULES["sha256"],
                count=1,
            )
        )
    return made


@dataclass(frozen=True)
class Period:
    """A sealed period in the log, and how to get receipts for it."""

    tree: PeriodTree
    log: SealLog
    seal: Statement
    signers: tuple[Signer, ...] = (SYSTEM, *WITNESSES)
    keys: tuple[Key, ...] = KEYS

    @cached_property
    def note(self) -> Note:
        return sign(self.log.checkpoint().text, *self.signers)

    def place(self, index: int = 0) -> receipt.Place:
        return receipt.Place(self.tree, index, self.seal)

    def receipt(self, index: int = 0) -> bytes:
        return receipt.build(self.place(index), self.log, self.note, self.keys)

    def signed_by(self, *signers: Signer) -> "Period":
        return replace(self, signers=signers)


def corrected(times: int = 1, *, after: int = 0, index: int = 0, **changes: Any) -> bytes:
    """A receipt of a statement that as many supplements took the place of; `changes` to what each adjustment says."""
    log = SealLog(ORIGIN)
    tree = PeriodTree(statements(5))
    main = seal_of(tree, log)
    log.append(main)
    places = [receipt.Place(tree, index, main)]
    for turn in range(times):
        old = places[-1].tree.statement(places[-1].index)
        reason = {
            "leaf_sha256": leaf_hash(old).hex(), "seal_no": old["seal_no"], "reason": f"复议改判 {turn + 1}",
            "approvers": ["甲", "乙"],
        }  # fmt: skip
        line = dict(lines("correction", 1)[0], entry_id=uuid("correction", turn), points_milli=500)
        told = sorted([*old["lines"], line], key=lambda one: one["entry_id"])
        new = dict(old, seal_no=log.size + 1, salt=digest("salt", turn), lines=told)
        new["adjustments"] = [*old["adjustments"], reason | changes]
        for member in ("total_milli", "own_milli"):
            if member in new:
                new[member] += 500
        others = [dict(officer(9, seal_no=log.size + 1), unit=f"station-{turn}")]
        supplement = PeriodTree([new, *others])
        seal = seal_of(supplement, log, kind="supplement", supplements=1, period=main["period"])
        log.append(seal)
        kind = "officer" if "officer" in new else "unit"
        places.append(receipt.Place(supplement, supplement.index(kind, new[kind]), seal))
    for turn in range(after):
        other = PeriodTree(statements(2, period=f"2026-{turn + 2:02d}", seal_no=log.size + 1))
        log.append(seal_of(other, log, period=f"2026-{turn + 2:02d}"))
    note = sign(log.checkpoint().text, SYSTEM, *WITNESSES)
    return receipt.build(places[0], log, note, KEYS, places[1:])


def sign(text: str, *signers: Signer) -> Note:
    note = Note(text)
    for number, each in enumerate(signers):
        note = note.signed(each, SIGNED_AT + number)
    return note


def seal_of(tree: PeriodTree, log: SealLog, **changes: Any) -> Statement:
    number = log.size + 1
    facts: dict[str, Any] = {
        "origin": log.origin,
        "seal_no": number,
        "prev_seal_sha256": log.head,
        "kind": "main",
        "supplements": None,
        "period": f"2026-{number:02d}",
        "opened_at": f"2026-{number:02d}-01T00:00:00.000000Z",
        "cutoff_at": f"2026-{number:02d}-25T16:00:00.000000Z",
        "sealed_at": f"2026-{number:02d}-28T02:00:00.123456Z",
        "tree": tree.head,
        "inputs": [{"stream": "submissions", "epoch": 1, "seq": 42, "hash": digest("head")}],
        "ledger_head": {"seq": 99, "hash": digest("ledger")},
        "counts": {
            "officers": 1,
            "units": 1,
            "submissions_accepted": 5,
            "submissions_rejected": 1,
            "ledger_entries": 99,
            "skipped": 0,
        },
        "sums": {"total_milli": 750, "by_indicator": [{"indicator": "业务工作-1", "points_milli": 2_500}]},
        "rule_set_sha256": RULES["sha256"],
        "org_snapshot_sha256": digest("organisation"),
        "attachments_root": digest("attachments"),
        "software": {"version": "0.1.0", "commit": "0078a0c", "image_digest": None},
        "keys": [key.key_id.hex() for key in KEYS],
    }
    return seal_statement(**facts | changes)


def period(
    size: int = 3,
    *,
    before: int = 0,
    after: int = 0,
    sm3: bool = True,
    leaves: Iterable[Statement] = (),
    origin: str = ORIGIN,
    seal: Mapping[str, Any] | None = None,
) -> Period:
    """A period with `size` leaves (or these), sealed after `before` others and followed by `after` more."""
    log = SealLog(origin)
    chosen: Statement = {}
    tree: PeriodTree | None = None
    for turn in range(before + 1 + after):
        month = f"2026-{turn + 1:02d}"
        if turn == before:
            made = list(leaves) or statements(size, period=month, seal_no=turn + 1)
            tree = PeriodTree(made, sm3=sm3)
            chosen = seal_of(tree, log, **(seal or {}))
            log.append(chosen)
        else:
            other = PeriodTree(statements(2, period=month, seal_no=turn + 1))
            log.append(seal_of(other, log))
    assert tree
    return Period(tree, log, chosen)
