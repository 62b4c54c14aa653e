"""Everybody who listens, and what each has still to be told. Bounded for each, whatever happens."""

import asyncio
import json
import secrets
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.envelope import Envelope
from contracts.org import Session
from kernel.errors import TooMany, Unavailable
from kernel.identity import Principal
from kernel.live.metrics import DROPPED, HINTS, STREAMS
from kernel.live.rule import OPEN, News, names_of, news_of, topics_of, vague_topics_of

#: More than this waits for nobody: the page is told to ask for everything again.
MOST_WAITING = 200
#: News kept for those whose connection broke for a moment.
KEPT = 2000


class LiveFull(Unavailable):
    code = "live-full"
    zh = "实时提示的连接已满,页面将定时刷新"
    en = "Too many live connections; pages refresh from time to time instead"


@dataclass(frozen=True, slots=True)
class Hint:
    """Without an id: something of this kind has changed."""

    topic: str
    id: str | None = None
    version: int | None = None


@dataclass(eq=False)
class Listener:
    """One open page. `waiting` holds the newest of each thing; `reset` says that this is not all."""

    principal: Principal
    expires_at: datetime
    topics: frozenset[str]
    waiting: dict[tuple[str, str | None], Hint] = field(default_factory=dict)
    reset: bool = False
    ended: str | None = None
    something: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, hint: Hint) -> None:
        if self.reset:
            return
        self.waiting[hint.topic, hint.id] = hint
        if len(self.waiting) > MOST_WAITING:
            self.ask_again()
        self.something.set()

    def ask_again(self) -> None:
        self.waiting.clear()
        self.reset = True
        self.something.set()

    def end(self, reason: str) -> None:
        self.ended = reason
        self.something.set()

    def take(self) -> tuple[bool, list[Hint]]:
        """Whether the page must ask for everything, and the hints otherwise."""
        reset, hints = self.reset, list(self.waiting.values())
        self.waiting.clear()
        self.reset = False
        self.something.clear()
        return reset, hints


class Hub:
    """In one process, on one loop. Holds no state that a restart would miss: a page is then told to ask again."""

    def __init__(self, *, most: int = 5000, most_per_account: int = 8) -> None:
        self._most, self._most_per_account = most, most_per_account
        self._boot = secrets.token_hex(4)
        self._count = 0
        self._kept: deque[tuple[int, News]] = deque(maxlen=KEPT)
        self._accounts: dict[UUID, set[Listener]] = defaultdict(set)
        self._by_name: dict[str, set[Listener]] = defaultdict(set)
        self._open: dict[str, set[Listener]] = defaultdict(set)
        self._vague: dict[str, set[Listener]] = defaultdict(set)
        self._everybody: set[Listener] = set()

    def __len__(self) -> int:
        """How many pages listen."""
        return len(self._everybody)

    @property
    def position(self) -> str:
        """What goes into `id:`; a page that comes back with it is told what it missed."""
        return f"{self._boot}-{self._count}"

    def join(self, principal: Principal, expires_at: datetime, last: str | None) -> Listener:
        """Raises TooMany for an account with too many pages, LiveFull when the process has too many."""
        if len(self._everybody) >= self._most:
            raise LiveFull
        if len(self._accounts[principal.account_id]) >= self._most_per_account:
            raise TooMany(retry_after=60)
        found = Listener(principal, expires_at, topics_of(principal))
        self._everybody.add(found)
        self._accounts[principal.account_id].add(found)
        for index, key in self._places(found):
            index[key].add(found)
        STREAMS.set(len(self._everybody))
        self._catch_up(found, last)
        return found

    def leave(self, listener: Listener, reason: str) -> None:
        self._everybody.discard(listener)
        self._drop(self._accounts, listener.principal.account_id, listener)
        for index, key in self._places(listener):
            self._drop(index, key, listener)
        STREAMS.set(len(self._everybody))
        DROPPED.labels(reason).inc()

    def hear(self, envelope: Envelope) -> None:
        """An event of the bus: news for those it concerns, or the end of a session."""
        if envelope.type == Session.type:
            if json.loads(envelope.body).get("revoked_at"):
                self.end_sessions([envelope.aggregate_id])
        elif news := news_of(envelope):
            self.tell(news)

    def tell(self, news: News) -> None:
        self._count += 1
        self._kept.append((self._count, news))
        exact = self._exactly(news)
        hint, vague = Hint(news.topic, news.id, news.version), Hint(news.topic)
        for listener in exact:
            listener.offer(hint)
        for listener in self._vague.get(news.topic, ()):
            if listener not in exact:
                listener.offer(vague)
        HINTS.labels(news.topic).inc()

    def missed_something(self) -> None:
        """The bus was away: what happened meanwhile is not known here, so everybody asks again."""
        self._count += KEPT + 1
        self._kept.clear()
        for listener in self._everybody:
            listener.ask_again()

    def end_all(self) -> None:
        """The process stops; pages come back to the next."""
        for listener in self._everybody:
            listener.end("stopping")

    def end_sessions(self, ended: Iterable[str]) -> None:
        gone = set(ended)
        for listener in list(self._everybody):
            if str(listener.principal.session_id) in gone:
                listener.end("signed-out")

    def _exactly(self, news: News) -> set[Listener]:
        found = set(self._open.get(news.topic, ()))
        for party in news.parties:
            found |= {each for each in self._by_name.get(party, ()) if news.topic in each.topics}
        return found

    def _catch_up(self, listener: Listener, last: str | None) -> None:
        if last is None:
            return
        boot, _, number = last.partition("-")
        if boot != self._boot or not number.isdecimal() or len(number) > 15:  # noqa: PLR2004 -- no count is longer
            listener.ask_again()
            return
        missed = self._count - int(number)
        if missed < 0 or missed > len(self._kept):
            listener.ask_again()
            return
        vague = vague_topics_of(listener.principal)
        for count, news in self._kept:
            if count > int(number):
                if listener in self._exactly(news):
                    listener.offer(Hint(news.topic, news.id, news.version))
                elif news.topic in vague:
                    listener.offer(Hint(news.topic))

    def _places(self, listener: Listener) -> list[tuple[dict[str, set[Listener]], str]]:
        principal = listener.principal
        return [
            *((self._by_name, name) for name in names_of(principal)),
            *((self._open, topic) for topic in listener.topics & OPEN),
            *((self._vague, topic) for topic in vague_topics_of(principal)),
        ]

    @staticmethod
    def _drop(index: dict[Any, set[Listener]], key: Any, listener: Listener) -> None:
        index[key].discard(listener)
        if not index[key]:
            del index[key]
