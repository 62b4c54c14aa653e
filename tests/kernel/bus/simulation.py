"""A seeded world in miniature around kernel.bus.protocol: one producer, one broker, one consumer that publishes on.

The world is made of lists and dicts; each `step` is one thing that can happen to the real platform. What is durable and
what is lost in a crash follows the real code: recorder and applier write in transactions, the relay keeps its mark in the
database, the broker may forget everything.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from contracts.envelope import Envelope, Headers
from kernel.bus.protocol import (
    GENESIS,
    AncestorSearch,
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
    GHOSTS = "ghosts"  # what lies beyond the common ancestor is forgotten, with its effect in place
    OFFER = "offer"  # nobody tells the producer what it lost
    REVERSAL = "reversal"  # what two people refused keeps its effect
    REPLACEMENT = "replacement"  # an event told anew with other content is taken for the one it was


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
    waiting: list[tuple[UUID, str]] = field(default_factory=list)  # (event, content)
    effects: list[tuple[UUID, str]] = field(default_factory=list)
    refused: set[UUID] = field(default_factory=set)  # ghosts whose effect is to be undone
    published: list[tuple[UUID, UUID]] = field(default_factory=list)  # (cause, id)
    forked: bool = False

    @property
    def ghosts(self) -> list[UUID]:
        return [event_id for event_id, known in self.known.items() if known.ghost]

    def copy(self) -> "Consumer":
        return Consumer(
            self.cursor, dict(self.known), list(self.trail), list(self.waiting), list(self.effects), set(self.refused),
            list(self.published), self.forked,
        )  # fmt: skip


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
        # (cause, content, id) of all that left the consumer, lost tails too.
        self.downstream: set[tuple[UUID, str, UUID]] = set()
        # What the schedule has met, so that a test can ask whether it met everything.
        self.seen: set[str] = set()
        self.offers: dict[UUID, str] = {}  # what was offered back to the producer: event → content
        self.verdicts: dict[UUID, bool] = {}  # taken back or refused
        self._made = 0
        self._pull_needed = False
        self._commits: list[Consumer] = []  # the consumer's last states, to lose a tail

    def run(self, steps: int = 20) -> "World":
        happenings: list[Callable[[], None]] = [
            self.commit, self.commit, self.commit, self.number, self.number, self.relay, self.relay,
            self.deliver, self.deliver, self.deliver, self.apply, self.apply, self.pull,
        ]  # fmt: skip
        if not self.push_alone:
            happenings += [
                self.wipe_broker, self.lose_consumer_tail, self.fail_over, self.decide_offers, self.undo,
            ]  # fmt: skip
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
        for _ in range(2):  # once to hear of what is lost, once more to hear of what came back
            self.pull()
            self.decide_offers()
            self.pull()
            self.number()
            self.relay(calm=True)
            while self.broker:
                self.deliver(calm=True)
        self.undo()
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
        """The newest numbers are gone with the old primary. Some of the work comes again under its own ids: as it was,
        or, where a handler ran again over another state, with other content.
        """
        p = self.producer
        lost = self.random.randint(0, min(3, len(p.log)))
        tail = p.log[len(p.log) - lost :]
        del p.log[len(p.log) - lost :]
        again = [Unstamped(e.event_id, e.body) for e in tail if self.random.random() < 0.5]
        for n, row in enumerate(again):
            if self.random.random() < 0.2:
                self._made += 1
                again[n] = Unstamped(row.event_id, f'{{"n":{self._made}}}')
        p.outbox = again + p.outbox
        self.random.shuffle(p.outbox)
        p.epoch += self.random.choice([0, 1])  # a copy of the disk has the identity of the old one
        p.relayed = min(p.relayed, len(p.log))
        self.verdicts = {key: taken for key, taken in self.verdicts.items() if not taken}

    def decide_offers(self) -> None:
        """Two people take back what was lost, or refuse it."""
        p = self.producer
        for event_id, body in self.offers.items():
            if event_id in p.events():
                self.verdicts[event_id] = True
            if event_id in self.verdicts:
                continue
            self.verdicts[event_id] = self.random.random() < 0.5
            if self.verdicts[event_id]:
                p.outbox.append(Unstamped(event_id, body))

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
        """Compare, go back to the common ancestor of a fork, take page after page, offer what is left over."""
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
                self._go_back()
        while page := p.log[c.cursor.seq : c.cursor.seq + 3]:
            before = c.cursor
            if not self._record(page) or c.cursor == before:
                return
        if self.without is not Without.OFFER:
            self._settle_ghosts()

    def apply(self, *, calm: bool = False) -> None:
        """Effect, mark and follow-on event in one transaction; a crash before the commit leaves none of them."""
        c = self.consumer
        due = [row for row in c.waiting if row[0] not in c.refused]
        if not due:
            return
        event_id, content = due[0]
        child = follow_on(event_id, CONSUMER, 1)
        if self.without is Without.SAME_FOLLOW_ON_IDS:
            child = UUID(int=self.random.getrandbits(128))
        if not calm and self.random.random() < 0.25:
            return
        self._before_commit()
        c.waiting.remove(due[0])
        c.effects.append((event_id, content))
        c.published.append((event_id, child))
        self.downstream.add((event_id, content, child))

    def undo(self) -> None:
        """What is refused loses its effect; a ghost that nothing was done of just goes."""
        c = self.consumer
        if not c.refused:
            return
        self._before_commit()
        self.seen.add("reversal")
        if self.without is not Without.REVERSAL:
            waiting = {event_id for event_id, _ in c.waiting}
            # An event told anew waits behind the effect of its first telling.
            c.effects = [e for e in c.effects if e[0] not in c.refused]
            c.published = [(cause, child) for cause, child in c.published if cause not in c.refused]
            c.known = {e: k for e, k in c.known.items() if not k.ghost or e not in c.refused or e in waiting}
        c.known = {e: k for e, k in c.known.items() if not (k.ghost and e in c.refused)}
        c.refused = set()

    def lose_consumer_tail(self) -> None:
        """The consumer's database comes back as it was a few commits ago."""
        lost = self.random.randint(0, len(self._commits))
        if lost:
            self.consumer = self._commits[-lost]
            del self._commits[-lost:]
        self._pull_needed = True

    def _before_commit(self) -> None:
        self._commits = [*self._commits[-2:], self.consumer.copy()]

    def _record(self, envelopes: list[Envelope]) -> bool:
        """As kernel.delivery.recorder does it."""
        c = self.consumer
        if c.forked:
            return False
        self._before_commit()
        for envelope in envelopes:
            step = self._decide(envelope)
            self.seen.add(step)
            if step is Step.DUPLICATE:
                continue
            if step is Step.FORK:
                c.forked = True
            if step not in {Step.RECORD, Step.RESEQUENCE, Step.REPLACE}:
                return False
            c.cursor = Head(envelope.epoch, envelope.seq, envelope.hash)
            c.trail = [*c.trail[: envelope.seq - 1], c.cursor]
            c.known[envelope.event_id] = Known(
                envelope.epoch, envelope.seq, envelope.hash, envelope.content_hash
            )
            if step is Step.RESEQUENCE:
                c.refused.discard(envelope.event_id)
                continue
            if step is Step.REPLACE:
                c.waiting = [row for row in c.waiting if row[0] != envelope.event_id]
                c.refused.add(envelope.event_id)
            c.waiting.append((envelope.event_id, envelope.body))
        return True

    def _decide(self, envelope: Envelope) -> Step:
        c = self.consumer
        known = None if self.without is Without.INBOX else c.known.get(envelope.event_id)
        if self.without is Without.CHAIN_CHECK:
            if envelope.seq <= c.cursor.seq:
                return Step.DUPLICATE
            return Step.RECORD if known is None else Step.RESEQUENCE
        step = decide(c.cursor, envelope, known)
        if step is Step.REPLACE and self.without is Without.REPLACEMENT:
            return Step.RESEQUENCE
        return step

    def _go_back(self) -> None:
        """To the common ancestor; what lies beyond it becomes ghosts, with what was done of them."""
        c, p = self.consumer, self.producer
        search = AncestorSearch(c.cursor.seq, p.head.seq)
        while (probe := search.probe) is not None:
            search.same(agreed=p.hash_at(probe) == c.trail[probe - 1].hash)
        self._before_commit()
        for event_id, known in list(c.known.items()):
            if known.ghost or known.seq <= search.ancestor:
                continue
            if self.without is Without.GHOSTS:
                del c.known[event_id]
            else:
                c.known[event_id] = replace(known, ghost=True)
        c.trail = c.trail[: search.ancestor]
        c.cursor = c.trail[-1] if c.trail else Head()
        c.forked = False

    def _settle_ghosts(self) -> None:
        """Offer them back, and hear what was decided."""
        c = self.consumer
        content = dict([*c.effects, *c.waiting])
        self._before_commit()
        for event_id in c.ghosts:
            if event_id in c.refused:
                continue
            if event_id not in self.verdicts:
                self.offers.setdefault(event_id, content[event_id])
            elif not self.verdicts[event_id]:
                c.waiting = [row for row in c.waiting if row[0] != event_id]
                c.refused.add(event_id)

    # -- the verdict

    def faults(self) -> list[str]:
        """What no schedule may end with: something lost, doubled, without cause, or of another content."""
        c, p = self.consumer, self.producer
        surviving = {e.event_id: e.body for e in p.log} | {row.event_id: row.body for row in p.outbox}
        applied = [event_id for event_id, _ in c.effects]
        found = [f"lost {e}" for e in surviving if e not in applied]
        found += [f"doubled {e}" for e in set(applied) if applied.count(e) > 1]
        found += [f"effect without an event {e}" for e in applied if e not in surviving]
        found += [f"effect of other content {e}" for e, body in c.effects if surviving.get(e, body) != body]
        found += [f"ghost nobody settled {e}" for e in c.ghosts]
        # Whoever hears the consumer de-duplicates by id: one cause must not have spoken under two.
        causes = [(cause, content) for cause, content, _ in self.downstream]
        found += [f"follow-on event doubled, of {e}" for e in set(causes) if causes.count(e) > 1]
        if c.cursor != p.head:
            found.append(f"cursor {c.cursor} is not the head {p.head}")
        return found
