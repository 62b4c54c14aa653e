"""Vectors of key lists: versions that follow one another, and keys that are compromised."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sealing.checkpoint import Checkpoint
from sealing.keylist import Change, first, following, signed
from sealing.keys import ED25519, Signer
from sealing.lines import b64
from sealing.trust import Limit, Trust
from tests.sealing import world
from tests.sealing.vectors.vector import Vector, fails, unusable

SYSTEM, (DISCIPLINE, PERSONNEL, AUDIT) = world.SYSTEM, world.WITNESSES
NEXT = world.signer(world.ORIGIN, ED25519, seed="next year")
STRANGER = world.signer("stranger.kaohe.example")
SEALED = world.period(5, before=2, after=1)
CHECKPOINT = Checkpoint.parse(SEALED.note.text)
RECEIPT = SEALED.receipt()
#: After all witnesses have signed, and before any has.
LATE, EARLY = world.SIGNED_AT + 10, world.SIGNED_AT
BY_SYSTEM = (SYSTEM.key.name, SYSTEM.key.key_id)
BY_DISCIPLINE = (DISCIPLINE.key.name, DISCIPLINE.key.key_id)


def start(quorum: int = 2) -> str:
    return first(Trust(quorum, (SYSTEM.key,), tuple(each.key for each in world.WITNESSES)))


def then(source: str, change: Change, *signers: Signer) -> str:
    text = following(source, change)
    for signer in signers:
        text = signed(text, signer, world.SIGNED_AT)
    return text


ADDED = Change(system=[NEXT.key])
ROTATED = then(start(), ADDED, SYSTEM, DISCIPLINE, AUDIT)


def limit(size: int = CHECKPOINT.size + 1, root: bytes = bytes(32), at: int = LATE) -> Limit:
    return Limit(size, root, at)


def lost(found: Limit, quorum: int = 2) -> bytes:
    """The system key compromised, another in its place, by two witnesses."""
    change = Change(system=[NEXT.key], compromised={BY_SYSTEM: found})
    return then(start(quorum), change, DISCIPLINE, PERSONNEL).encode()


def doubted(found: Limit) -> bytes:
    """The key of one witness compromised."""
    return then(start(), Change(compromised={BY_DISCIPLINE: found}), SYSTEM, PERSONNEL, AUDIT).encode()


def receipt(*signers: Signer) -> bytes:
    keys = (*world.KEYS, NEXT.key)
    return replace(SEALED.signed_by(*signers), keys=keys).receipt()


def vectors() -> Iterator[Vector]:
    yield from _sound()
    yield from _compromised()
    yield from _not_vouched()
    yield from _broken()


def _sound() -> Iterator[Vector]:
    yield Vector("keys-one-version", RECEIPT, trust=start().encode())
    yield Vector("keys-rotated-old-seal", RECEIPT, trust=ROTATED.encode())
    yield Vector("keys-rotated-new-seal", receipt(NEXT, DISCIPLINE, AUDIT), trust=ROTATED.encode())
    yield Vector("keys-rotated-both-signed", receipt(SYSTEM, NEXT, DISCIPLINE, AUDIT), trust=ROTATED.encode())
    by_two = then(start(), ADDED, DISCIPLINE, PERSONNEL).encode()
    yield Vector("keys-by-two-witnesses", receipt(NEXT, *world.WITNESSES), trust=by_two)
    alone = then(start(0), ADDED, SYSTEM).encode()
    yield Vector("keys-by-the-old-key-alone", receipt(NEXT), trust=alone)
    third = then(ROTATED, Change(witnesses=[STRANGER.key], quorum=3), NEXT, PERSONNEL, AUDIT)
    signers = (NEXT, STRANGER, DISCIPLINE, AUDIT)
    shown = replace(SEALED.signed_by(*signers), keys=tuple(each.key for each in signers)).receipt()
    yield Vector("keys-three-versions", shown, trust=third.encode())
    windows = ("\ufeff# 考核办法附件\n\n" + ROTATED).replace("\n", "\r\n").encode()
    yield Vector("keys-from-windows", RECEIPT, trust=windows)
    later = ROTATED.split("\n\n", 1)[1].split("oa/keys/1", 1)[1]
    yield Vector("keys-from-the-second-version-on", RECEIPT, trust=f"oa/keys/1{later}".encode())


def _compromised() -> Iterator[Vector]:
    good = limit(CHECKPOINT.size, CHECKPOINT.root)
    yield Vector("compromised-witnessed-before", RECEIPT, trust=lost(limit()))
    yield Vector("compromised-last-good-checkpoint", receipt(SYSTEM), trust=lost(replace(good, at=EARLY), 0))
    later = receipt(SYSTEM, NEXT, *world.WITNESSES)
    yield Vector("compromised-and-signed-anew", later, trust=lost(limit(1)))
    plain = (
        f"{world.trust()}compromised {SYSTEM.key.name}+{SYSTEM.key.key_id.hex()} 9 {b64(bytes(32))} {LATE}\n"
    )
    yield Vector("compromised-in-a-plain-list", RECEIPT, trust=plain.encode())
    pair = receipt(SYSTEM, DISCIPLINE, PERSONNEL)
    yield Vector("compromised-witness-before", pair, trust=doubted(limit()))
    for name, shown, trust in [
        ("log-has-grown-since", RECEIPT, lost(limit(CHECKPOINT.size - 1))),
        ("other-root", RECEIPT, lost(limit(CHECKPOINT.size))),
        ("not-witnessed", receipt(SYSTEM), lost(limit(), 0)),
        ("witnessed-too-late", RECEIPT, lost(limit(at=EARLY))),
        ("witnessed-by-too-few", receipt(SYSTEM, AUDIT), lost(limit())),
    ]:
        yield fails(f"compromised-{name}", "signatures", "key_compromised", shown, trust=trust)
    both = Change(system=[NEXT.key], compromised={BY_SYSTEM: limit(), BY_DISCIPLINE: limit()})
    trust = then(start(), both, PERSONNEL, AUDIT).encode()
    yield fails("compromised-with-a-witness", "signatures", "key_compromised", pair, trust=trust)
    for name, found in [
        ("log-has-grown-since", limit(CHECKPOINT.size - 1)),
        ("other-root", limit(CHECKPOINT.size)),
        ("signed-too-late", limit(at=EARLY)),
    ]:
        yield fails(
            f"compromised-witness-{name}", "signatures", "witnesses_missing", pair, trust=doubted(found)
        )


def _not_vouched() -> Iterator[Vector]:
    began, zero = start(), start(0)
    draft = following(began, ADDED)
    bad = Change(system=[NEXT.key], compromised={BY_SYSTEM: limit()})
    back = then(zero, Change(compromised={BY_SYSTEM: limit()}), DISCIPLINE, PERSONNEL)
    taken_back = _signed(
        following(back, ADDED).replace(_lines(back, "compromised")[0], "#", 2), [DISCIPLINE, AUDIT]
    )
    cases = {
        "by-nobody": draft,
        "by-the-key-alone": then(began, ADDED, SYSTEM),
        "by-key-and-one-witness": then(began, ADDED, SYSTEM, AUDIT),
        "by-one-witness": then(zero, ADDED, AUDIT),
        "by-the-new-key": then(zero, ADDED, NEXT),
        "by-a-new-witness": then(began, Change(witnesses=[STRANGER.key]), DISCIPLINE, STRANGER),
        "by-a-compromised-key": then(zero, bad, SYSTEM),
        "by-a-compromised-key-and-one": then(began, bad, SYSTEM, AUDIT),
        "with-a-line-of-a-stranger": signed(ROTATED, STRANGER, LATE),
        "statement-taken-back": taken_back,
        "version-left-out": _signed(draft.replace("version 2", "version 3"), world.WITNESSES),
        "after-another-list": _signed(following(zero, ADDED), world.WITNESSES).replace(
            "quorum 0", "quorum 2", 1
        ),
        "text-altered": ROTATED.replace("quorum 2", "quorum 1").replace("quorum 1", "quorum 2", 1),
        "signature-altered": ROTATED[:-6] + ("B" if ROTATED[-6] == "A" else "A") + ROTATED[-5:],
    }
    for name, text in cases.items():
        yield unusable(f"keys-{name}", RECEIPT, "trust_not_vouched", trust=text.encode())


def _broken() -> Iterator[Vector]:
    began, key = start(), f"{SYSTEM.key.name}+{SYSTEM.key.key_id.hex()}"
    said = f"compromised {key} 9 {b64(bytes(32))} {LATE}\n"
    for name, text in {
        "no-version": began.replace("version 1\n", ""),
        "version-0": began.replace("version 1", "version 0"),
        "version-twice": began.replace("version 1", "version 1\nversion 1"),
        "version-in-a-plain-list": world.trust() + "version 1\n",
        "previous-in-the-first": began.replace("version 1", f"version 1\nprevious {'0' * 64}"),
        "no-previous": ROTATED.replace(_lines(ROTATED, "previous")[0] + "\n", ""),
        "previous-too-short": ROTATED.replace("previous ", "previous 0"),
        "something-before": "quorum 2\n" + began,
        "something-after": began + "\nquorum 1\n",
        "line-twice": ROTATED + ROTATED.split("\n")[-2] + "\n",
        "statement-of-an-unlisted-key": began + said.replace(key, "other.example+01234567"),
        "statement-twice": began + said + said,
        "statement-of-four-words": began + said.replace(" 9 ", " "),
        "statement-of-six-words": began + said.replace(" 9 ", " 9 9 "),
        "statement-with-a-short-root": began + said.replace(b64(bytes(32)), b64(bytes(31))),
        "statement-without-an-id": began + said.replace(key, SYSTEM.key.name),
        "statement-id-in-capitals": began + said.replace(key, key[:-8] + "ABCDEFAB"),
        "statement-size-with-zero": began + said.replace(" 9 ", " 09 "),
        "statement-without-a-time": began + said.replace(str(LATE), "2026-01-01"),
    }.items():
        yield unusable(f"keys-{name}", RECEIPT, "trust_unusable", trust=text.encode())


def _signed(text: str, signers: Sequence[Signer]) -> str:
    for signer in signers:
        text = signed(text, signer, world.SIGNED_AT)
    return text


def _lines(text: str, word: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith(word)]
