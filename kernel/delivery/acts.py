"""Which acts a transaction leaves in the audit log: those it was told of, and by itself those nobody told it of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from kernel.audit.acting import Acting, Actor, ActorKind
from kernel.audit.record import Act
from kernel.delivery.outbox import Draft


def complete(
    told: Sequence[Act],
    drafts: Sequence[Draft],
    *,
    acting: Acting | None,
    service: str,
    from_event: bool,
) -> list[Act]:
    """`told`, and what they leave out.

    A person's transaction: each thing whose new state is published and that nobody told of, under the name of the
    operation; the operation itself if it told of nothing. What follows from an event or is a job's work: one act of
    the service for each event, or for the run, that led to anything published; the event log has the rest.
    """
    if acting is not None and not from_event and acting.actor.kind in {ActorKind.PERSON, ActorKind.MACHINE}:
        return _of_person(told, drafts, acting)
    if told or not drafts:
        return list(told)
    actor = Actor(ActorKind.SERVICE, service)
    if from_event:
        by_cause = groupby(sorted(drafts, key=_cause), key=_cause)
        return [Act("apply", "event", cause, actor, after=_published(led_to)) for cause, led_to in by_cause]
    operation, target = (acting.operation, acting.target) if acting else ("work", service)
    return [Act(operation, "work", target, actor, after=_published(drafts))]


def _cause(draft: Draft) -> str:
    return draft.headers.causation_id or ""


def _published(drafts: Iterable[Draft]) -> dict[str, dict[str, int]]:
    return {"published": dict(Counter(draft.event.type for draft in drafts))}


def _of_person(told: Sequence[Act], drafts: Sequence[Draft], acting: Acting) -> list[Act]:
    acts = list(told)
    known = {act.object_id for act in told}
    for draft in drafts:
        if str(draft.event.id) in known:
            continue
        known.add(str(draft.event.id))
        kind = draft.event.type.split(".")[1]
        acts.append(
            Act(
                acting.operation,
                kind,
                str(draft.event.id),
                acting.actor,
                after={"version": draft.event.version},
            )
        )
    return acts or [Act(acting.operation, "request", acting.target, acting.actor)]
