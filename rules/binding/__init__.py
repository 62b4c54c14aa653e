"""A plan at work: where its figures come from, what of it is posted to the ledger, everybody's facts of a period.

Pure, as the rest of `rules`: services, trials and offline verification bind, assemble and post with the same functions.
"""

from rules.binding.assembling import Person, assemble
from rules.binding.binding import Binding, Line, check_binding, parse_binding
from rules.binding.records import Absence, Award, Record, Work
from rules.binding.sources import FromReading, Source
from rules.binding.splitting import Posting, postings, said

__all__ = [
    "Absence",
    "Award",
    "Binding",
    "FromReading",
    "Line",
    "Person",
    "Posting",
    "Record",
    "Source",
    "Work",
    "assemble",
    "check_binding",
    "parse_binding",
    "postings",
    "said",
]
