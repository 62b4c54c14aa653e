"""Who is told of a change, and how exactly: the one rule of visibility of hints. Pure.

Whoever an event names (as officer, account, unit or scope of a grant) is told which thing changed. Who holds a grant that
lets him see things of the kind may or may not see this one, which only its service knows: he is told the kind and no more.
What everybody in the bureau may read is told to everybody. Officers learn nothing of each other's work.
"""

import json
from dataclasses import dataclass
from typing import Final

from contracts.envelope import Envelope
from kernel.identity import Principal

#: Topic (an event's type without its version) → the permission that its readers have. What is not listed is not told.
TOPICS: Final[dict[str, str]] = {
    "org.unit": "org:read",
    "org.series": "org:read",
    "org.officer": "org:read",
    "org.posting": "org:read",
    "org.assessment_office": "org:read",
    "org.line_authority": "org:read",
    "org.grant": "org:grants_read",
    "org.delegation": "org:read",
    "org.recusal": "org:read",
    "org.condition": "org:read",
    "org.parameter": "org:read",
    "org.term": "org:read",
    "targets.scheme": "targets:read",
    "targets.indicator": "targets:read",
    "targets.period": "targets:read",
    "targets.target": "targets:read",
    "targets.working_days": "targets:read",
    "targets.campaign": "targets:read",
    "targets.extension": "targets:read",
    "targets.late_application": "targets:read",
    "targets.reminder": "targets:read",
    "targets.supervision_note": "targets:read",
    "targets.digest": "targets:read",
    "submissions.submission": "submissions:read",
    "submissions.appeal": "submissions:read",
    "scoring.entry": "scoring:read",
    "scoring.statement": "scoring:read",
    "scoring.closing": "scoring:read",
    "scoring.supplement": "scoring:read",
    "scoring.award": "scoring:read",
    "scoring.objection": "scoring:read",
    "scoring.correction": "scoring:read",
    "scoring.entry_appeal": "scoring:read",
}
#: Read by everybody who has the permission, whoever they are.
OPEN: Final = frozenset(
    {
        "org.unit", "org.series", "org.assessment_office", "org.line_authority", "org.parameter", "org.term",
        "targets.scheme", "targets.indicator", "targets.period", "targets.working_days", "targets.campaign",
        "scoring.closing",
    }
)  # fmt: skip
_PARTY_ENDINGS: Final = ("_by", "officer_id", "unit_id", "account_id", "recipient_id", "subject_id", "reviewer_id", "appellant_id")  # fmt: skip


@dataclass(frozen=True, slots=True)
class News:
    """What an event says to the rule: no content, only what changed and whom it names."""

    topic: str
    id: str
    version: int
    parties: frozenset[str]


def news_of(envelope: Envelope) -> News | None:
    """None for what nobody is told of."""
    topic = envelope.type.rpartition(".")[0]
    if topic not in TOPICS:
        return None
    body = json.loads(envelope.body)
    parties = {str(v) for k, v in body.items() if k.endswith(_PARTY_ENDINGS) and isinstance(v, str)}
    if topic in {"org.officer", "org.unit"}:
        parties.add(envelope.aggregate_id)
    return News(topic, envelope.aggregate_id, envelope.aggregate_version, frozenset(parties))


def names_of(principal: Principal) -> frozenset[str]:
    """The ids under which an event may name this person."""
    own = {principal.account_id, principal.officer_id, principal.unit_id}
    return frozenset(str(i) for i in own | {grant.scope_id for grant in principal.grants} if i)


def topics_of(principal: Principal) -> frozenset[str]:
    """What this person may be told of at all."""
    return frozenset(topic for topic, permission in TOPICS.items() if principal.may(permission))


def vague_topics_of(principal: Principal) -> frozenset[str]:
    """Of which kinds of things, beyond those that name him, he is told that some have changed."""
    return frozenset(
        topic for topic, needed in TOPICS.items() if topic not in OPEN and principal.scopes(needed)
    )
