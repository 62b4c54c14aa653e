"""A plan at work: where its figures come from, what of it is posted to the ledger, everybody's facts of a period.

Pure, as the rest of `rules`: services, trials and offline verification bind, assemble and post with the same functions.
"""

from rules.binding.assembling import assemble
from rules.binding.binding import Binding, Line, check_binding, parse_binding
from rules.binding.circumstances import Circumstance
from rules.binding.people import Person
from rules.binding.postings import People, Stint, main_unit
from rules.binding.records import Absence, Award, Record, Work
from rules.binding.sources import FromReading, FromVotes, Source
from rules.binding.splitting import Posting, postings, said
from rules.binding.telling import Assessed, read, read_assessed, tell, tell_assessed

__all__ = [
    "Absence",
    "Assessed",
    "Award",
    "Binding",
    "Circumstance",
    "FromReading",
    "FromVotes",
    "Line",
    "People",
    "Person",
    "Posting",
    "Record",
    "Source",
    "Stint",
    "Work",
    "assemble",
    "check_binding",
    "main_unit",
    "parse_binding",
    "postings",
    "read",
    "read_assessed",
    "said",
    "tell",
    "tell_assessed",
]
