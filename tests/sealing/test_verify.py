"""A sound receipt is verified; the steps say what they found."""

from sealing.verify import verify
from tests.sealing import world


def test_a_sound_receipt_is_included_and_unaltered() -> None:
    for size in (1, 2, 3, 4, 9):
        sealed = world.period(size, before=2, after=1)
        for index in range(size):
            verdict = verify(sealed.receipt(index), trust=world.trust().encode())
            assert verdict.outcome == "verified", verdict.steps[-1]
            assert (verdict.zh, verdict.en) == ("已封存且未改动。", "Included and unaltered.")
            assert [step.number for step in verdict.steps] == list(range(1, 12))
