"""Checks that go on by themselves: their names, and the states of a period's files."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

#: Ledger = replay, sums, chain, and every seal from its leaves to its signatures.
SCORES: Final = "scores"
#: What was added to the ledger since it was found whole, each hour.
CHAIN: Final = "chain"
#: The log against every checkpoint that a witness has signed, wherever it is kept.
WITNESSED: Final = "witnessed-checkpoints"
#: What lets two nights pass without an outcome is told; as the alert KaoheVerificationStale.
STALE: Final = timedelta(hours=50)


class FileState(StrEnum):
    WAITING = "waiting"
    SOUND = "sound"
    WRONG = "wrong"  # other bytes than the hash says
    MISSING = "missing"
    UNCOPIED = "uncopied"  # whole in the store; the second copy is not there, or not whole
