"""A seeded world in miniature around kernel.bus.protocol: one producer, one broker, one consumer that publishes on.

The world is made of lists and dicts; each `step` is one thing that can happen to the real platform. What is durable and
what is lost in a crash follows the real code: recorder and applier write in transactions, the relay keeps its mark in the
database, the broker may forget everything.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from contracts.envelope import Envelope, Headers
from kernel.bus.protocol import (
    GENESIS,
    Head,
    Known,
    Level,
    Step,
    Unstamped,
    compare,
    confirmed_prefix,
    decide,
    stamp,
)
from kernel.ids import follow_on

SPACE = UUID(int=7)
THEN = datetime(2026, 1, 1, tzinfo=UTC)
HEADERS = Headers()
CONSUMER = "consumer"


class Without(StrEnum):
    """A protection that is switched off, to show that the world notices."""

    NOTHING = "nothing"
    CHAIN_CHECK = "chain check"  # the recorder looks at numbers only, and takes a number ahead for the next
    INBOX = "inbox"  # the recorder does not know which events it has
    PULL = "pull"  # only what is pushed is heard
    ACK_AFTER_COMMIT = "ack after commit"  # the broker forgets a message before it is recorded
    SAME_FOLLOW_ON_IDS = "same follow-on ids"  # what a handler publishes has another id at every run
    CONFIRMED_PREFIX = "confirmed prefix"  # the relay's mark passes an event that the broker did not take


#: Protections whose absence a pull heals; they are judged where nobody pulls without need.
PUSH_ALONE = frozenset({Without.ACK_AFTER_COMMIT, Without.CONFIRMED_PREFIX})


@dataclass
class Producer:
    """`outbox` waits for a number, `log` has one."""

    outbox: list[Unstamped] = field(default_factory=list)
    log: list[Envelope] = field(default_factory=list)
    epoch: int = 1
    relayed: int = 0

    @property
    def head(self) -> Head:
        return Head(self.log[-1].epoch, self.log[-1].seq, self.log[-1].hash) if self.log else Head()

    def hash_at(self, seq: int) -> str | None:
        if seq == 0:
            return GENESIS
        return self.log[seq - 1].hash if seq <= len(self.log) else None

    def number(self) -> None:
        stamps, _ = stamp(self.head, self.epoch, self.outbox)
        for row, place in zip(self.outbox, stamps, strict=True):
            self.log.append(
                Envelope.model_construct(
                    stream="s", epoch=place.epoch, seq=place.seq, event_id=row.event_id, type="t", aggregate_id="a",
                    aggregate_version=1, order_key="k", body=row.body, headers=HEADERS, created_at=THEN,
                    content_hash=place.content_hash, prev_hash=place.prev_hash, hash=place.hash,
                )
            )  # fmt: skip
        self.outbox = []

    def events(self) -> list[UUID]:
        return [e.event_id for e in self.log] + [row.event_id for row in self.outbox]


@dataclass
class Consumer:
    """What lies in the consumer's database."""

    cursor: Head = field(default_factory=Head)
    known: dict[UUID, Known] = field(default_factory=dict)
    trail: list[Head] = field(default_factory=list)  # the cursor at every number recorded
    waiting: list[UUID] = field(default_factory=list)
    applied: list[UUID] = field(default_factory=list)
    reversed: list[UUID] = field(default_factory=list)
    published: list[tuple[UUID, UUID]] = field(default_factory=list)  # (cause, id)
    forked: bool = False


class World:
    """One schedule. `run` plays it and brings everything to rest; `faults` says what is wrong then.

    With `push_alone` nobody pulls unless the recorder saw a gap, and nothing happens that only a pull could heal: what
    the broker's own guarantees are worth shows there, because a pull would heal their absence too.
    """

    def __init__(self, seed: int, without: Without = Without.NOTHING, *, push_alone: bool = False) -> None:
        self.random = random.Random(seed)
        self.without = without
        self.producer, self.consumer = Producer(), Consumer()
        self.broker: list[Envelope] = []
        self.push_alone = push_alone or without in PUSH_ALONE
        self.downstream: set[tuple[UUID, UUID]] = (
            set()
        )  # (cause, id) of all that left the consumer, lost tails too
        self.seen: set[str] = (
            set()
        )  # what the schedule has met, so that a test can ask whether it met everything
        self._made = 0
        self._pull_needed = False

    def run(self, steps: int = 20) -> "World":
        happenings: list[Callable[[], None]] = [
            self.commit, self.commit, self.commit, self.number, self.number, self.relay, self.relay,
            self.deliver, self.deliver, self.deliver, self.apply, self.apply, self.pull,
        ]  # fmt: skip
        if not self.push_alone:
            happenings += [self.wipe_broker, self.lose_consumer_tail, self.fail_over]
        for happening in self.random.choices(happenings, k=steps):
            happening()
        self.rest()
        return self

    def rest(self) -> None:
        """No more trouble: everything that is left is done, as workers that never give up would do it."""
        self.number()
        self.relay(calm=True)
        while self.broker:
            self.deliver(calm=True)
        self.pull()
        while self.consumer.waiting:
            self.apply(calm=True)

    # -- the producer

    def commit(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            self._made += 1
            self.producer.outbox.append(Unstamped(uuid5(SPACE, str(self._made)), f'{{"n":{self._made}}}'))

    def number(self) -> None:
        self.producer.number()

    def relay(self, *, calm: bool = False) -> None:
        """Offer what is behind the mark; the broker may not confirm some of it, and may have it all the same."""
        batch = self.producer.log[self.producer.relayed :]
        outcomes = [calm or self.random.random() > 0.2 for _ in batch]
        self.broker += [e for e, ok in zip(batch, outcomes, strict=True) if ok or self.random.random() < 0.3]
        skips = self.without is Without.CONFIRMED_PREFIX
        self.producer.relayed += len(batch) if skips else confirmed_prefix(outcomes)

    def fail_over(self) -> None:
        """The newest numbers are gone with the old primary; re-published work comes again under its own ids."""
        p = self.producer
        lost = self.random.randint(0, min(3, len(p.log)))
        tail = p.log[len(p.log) - lost :]
        del p.log[len(p.log) - lost :]
        p.outbox = [Unstamped(e.event_id, e.body) for e in tail if self.random.random() < 0.5] + p.outbox
        self.random.shuffle(p.outbox)
        p.epoch += 1
        p.relayed = min(p.relayed, len(p.log))

    # -- the broker

    def wipe_broker(self) -> None:
        self.broker = []

    def deliver(self, *, calm: bool = False) -> None:
        """A few messages, in some order, perhaps twice; perhaps the recorder dies before its commit or its ack."""
        if not self.broker:
            return
        count = len(self.broker) if calm else self.random.randint(1, len(self.broker))
        taken = self.broker[:count]
        if not calm and self.random.random() < 0.3:
            self.random.shuffle(taken)
        if not calm and self.random.random() < 0.3:
            taken.append(self.random.choice(taken))
        fate = "none" if calm else self.random.choice(["none", "none", "before commit", "before ack"])
        if self.without is Without.ACK_AFTER_COMMIT:
            self.broker = self.broker[count:]
        if fate == "before commit":
            return
        if not self._record(taken):
            self._pull_needed = True
        if fate != "before ack" and self.without is not Without.ACK_AFTER_COMMIT:
            self.broker = self.broker[count:]

    # -- the consumer

    def pull(self) -> None:
        """Compare, resolve a fork if there is one, and take page after page."""
        if self.without is Without.PULL:
            return
        if self.push_alone and not self._pull_needed:
            return
        self._pull_needed = False
        c, p = self.consumer, self.producer
        if c.forked or compare(c.cursor, p.head, p.hash_at(c.cursor.seq)) is Level.FORK:
            if self.without is Without.CHAIN_CHECK:
                c.forked = False
                if c.cursor.seq > p.head.seq:
                    return
            else:
                self._resolve()
        while page := p.log[c.cursor.seq : c.cursor.seq + 3]:
            before = c.cursor
            if not self._record(page) or c.cursor == before:
                return

    def apply(self, *, calm: bool = False) -> None:
        """Effect, mark and follow-on event in one transaction; a crash before the commit leaves none of them."""
        c = self.consumer
        if not c.waiting:
            return
        event_id = c.waiting[0]
        child = follow_on(event_id, CONSUMER, 1)
        if self.without is Without.SAME_FOLLOW_ON_IDS:
            child = UUID(int=self.random.getrandbits(128))
        if not calm and self.random.random() < 0.25:
            return
        c.waiting.pop(0)
        c.applied.append(event_id)
        c.published.append((event_id, child))
        self.downstream.add((event_id, child))

    def lose_consumer_tail(self) -> None:
        """The consumer's database comes back as it was a few commits ago."""
        c = self.consumer
        kept = self.random.randint(max(0, len(c.trail) - 3), len(c.trail))
        lost = {e for e, k in c.known.items() if k.seq > kept}
        c.trail = c.trail[:kept]
        c.cursor = c.trail[-1] if c.trail else Head()
        c.known = {e: k for e, k in c.known.items() if e not in lost}
        c.waiting = [e for e in c.waiting if e not in lost]
        c.applied = [e for e in c.applied if e not in lost]
        c.reversed = [e for e in c.reversed if e not in lost]
        c.published = [(cause, child) for cause, child in c.published if cause not in lost]
        self._pull_needed = True

    def _record(self, envelopes: list[Envelope]) -> bool:
        """As kernel.delivery.recorder does it."""
        c = self.consumer
        if c.forked:
            return False
        for envelope in envelopes:
            step = self._decide(envelope)
            self.seen.add(step)
            if step is Step.DUPLICATE:
                continue
            if step is Step.FORK:
                c.forked = True
            if step not in {Step.RECORD, Step.RESEQUENCE}:
                return False
            c.cursor = Head(envelope.epoch, envelope.seq, envelope.hash)
            c.trail = [*c.trail[: envelope.seq - 1], c.cursor]
            c.known[envelope.event_id] = Known(
                envelope.epoch, envelope.seq, envelope.hash, envelope.content_hash
            )
            if step is Step.RECORD:
                c.waiting.append(envelope.event_id)
        return True

    def _decide(self, envelope: Envelope) -> Step:
        c = self.consumer
        known = None if self.without is Without.INBOX else c.known.get(envelope.event_id)
        if self.without is Without.CHAIN_CHECK:
            if envelope.seq <= c.cursor.seq:
                return Step.DUPLICATE
            return Step.RECORD if known is None else Step.RESEQUENCE
        return decide(c.cursor, envelope, known)

    def _resolve(self) -> None:
        """Back to the common ancestor; what the producer has no more is reversed, what it has again is kept."""
        c, p = self.consumer, self.producer
        common = len(c.trail)
        while common and p.hash_at(common) != c.trail[common - 1].hash:
            common -= 1
        alive = set(p.events())
        ghosts = {e for e, k in c.known.items() if k.seq > common and e not in alive}
        c.reversed += [e for e in c.applied if e in ghosts]
        self.seen |= {"reversal"} if c.reversed else set()
        c.applied = [e for e in c.applied if e not in ghosts]
        c.published = [(cause, child) for cause, child in c.published if cause not in ghosts]
        c.waiting = [e for e in c.waiting if e not in ghosts]
        c.known = {e: k for e, k in c.known.items() if e not in ghosts}
        c.trail = c.trail[:common]
        c.cursor = c.trail[-1] if c.trail else Head()
        c.forked = False

    # -- the verdict

    def faults(self) -> list[str]:
        """What no schedule may end with: something lost, doubled or without cause."""
        c, p = self.consumer, self.producer
        surviving, applied = p.events(), c.applied
        found = [f"lost {e}" for e in surviving if e not in applied]
        found += [f"doubled {e}" for e in set(applied) if applied.count(e) > 1]
        found += [f"effect without an event {e}" for e in applied if e not in surviving]
        # Whoever hears the consumer de-duplicates by id: one cause must not have spoken under two.
        causes = [cause for cause, _ in self.downstream]
        found += [f"follow-on event doubled, of {e}" for e in set(causes) if causes.count(e) > 1]
        if c.cursor != p.head:
            found.append(f"cursor {c.cursor} is not the head {p.head}")
        return found
