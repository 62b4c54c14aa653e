"""What is posted of an evaluation: a line for each node that is named, and one for what they leave of the total."""

from dataclasses import dataclass
from fractions import Fraction

from rules.binding.binding import Binding
from rules.plan.evaluation import Evaluation
from rules.rounding import LEDGER_DECIMALS, half_up
from rules.sentences import Sentence

_THOUSAND = 10**LEDGER_DECIMALS


@dataclass(frozen=True, slots=True)
class Posting:
    """What the ledger must say of one node for one subject, in thousandths."""

    node: str
    module: str
    milli: int


def postings(binding: Binding, evaluation: Evaluation, subject: str) -> list[Posting]:
    """They add up to the total, rounded half up to the ledger's thousandth; where there is no total, to nothing.

    A node without a value counts for nothing here; its state is in the sentences.
    """
    total = evaluation.value(subject)
    if total is None:
        return [Posting(binding.plan.total, binding.rest, 0)]
    found = [
        Posting(line.node, line.module, _milli(evaluation.value(subject, line.node)))
        for line in binding.lines
    ]
    rest = _milli(total) - sum(posting.milli for posting in found)
    return [*found, Posting(binding.plan.total, binding.rest, rest)]


def said(binding: Binding, evaluation: Evaluation, subject: str, node: str) -> Sentence:
    """Why the node is what it is; of the total, what it is beyond its lines."""
    sentence = evaluation.outcome(subject, node).say()
    if node != binding.plan.total or not binding.lines:
        return sentence
    return Sentence(f"合计:{sentence.zh}", f"in total: {sentence.en}")


def _milli(value: Fraction | None) -> int:
    return 0 if value is None else int(half_up(value * _THOUSAND, 0))
