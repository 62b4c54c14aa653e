"""Blind second samples: drawn by chance that can be checked, judged by somebody else."""

import hashlib
import secrets
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from kernel.errors import Conflict, NotFound


class NothingToSample(NotFound):
    code = "nothing-to-sample"
    zh = "没有等待您复看的抽样件"
    en = "No second sample waits for you"


class SampleNotYours(NotFound):
    code = "sample-not-found"
    zh = "没有这个抽样件,或不是由您复看"
    en = "There is no such sample, or it is not yours to judge"


class SampleAnswered(Conflict):
    code = "sample-answered"
    zh = "该抽样件已复看"
    en = "The sample has been judged already"


def new_seed() -> str:
    return secrets.token_hex(16)


def draw(candidates: Iterable[UUID], *, seed: str, count: int) -> list[UUID]:
    """The same of the same candidates with the same seed: those with the smallest SHA-256 of seed and id."""

    def lot(candidate: UUID) -> bytes:
        return hashlib.sha256(f"{seed}/{candidate}".encode()).digest()

    return sorted(candidates, key=lot)[:count]


def how_many(candidates: int, percent: Decimal) -> int:
    """A started one counts: of anything at all, at least one is drawn."""
    return int((candidates * percent / 100).to_integral_value(ROUND_CEILING))
