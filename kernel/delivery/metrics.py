"""Figures of the bus, without identity in labels."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

EVENTS_STAMPED: Final = Counter("kaohe_bus_stamped", "Events numbered and chained", ["stream"])
EVENTS_PUBLISHED: Final = Counter(
    "kaohe_events_published", "Events offered to the transport", ["stream", "transport", "outcome"]
)
EVENTS_CONSUMED: Final = Counter("kaohe_events_consumed", "Events applied or not", ["consumer", "outcome"])
EVENT_SECONDS: Final = Histogram(
    "kaohe_event_processing_seconds",
    "Time to apply one transaction of events",
    ["consumer"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
EVENT_AGE: Final = Histogram(
    "kaohe_event_age_seconds",
    "From the producer's commit to the consumer's effect",
    ["consumer"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
RECORDED: Final = Counter("kaohe_bus_recorded", "What the recorder decided", ["consumer", "stream", "step"])
PULLED_PAGES: Final = Counter("kaohe_bus_pull_pages", "Pages pulled from feeds", ["consumer", "stream"])
CURSOR: Final = Gauge("kaohe_bus_cursor_seq", "How far a consumer has recorded", ["consumer", "stream"])
LAG: Final = Gauge(
    "kaohe_bus_lag_events", "How far a consumer is behind the head it saw last", ["consumer", "stream"]
)
PARKED: Final = Gauge("kaohe_bus_parked", "Events that wait for a person", ["consumer"])
GHOSTS: Final = Gauge(
    "kaohe_bus_ghosts", "Events that were recorded here and lost at their producer, not settled", ["consumer"]
)
OFFERS: Final = Gauge(
    "kaohe_bus_offers", "Events that consumers offer back after a loss, not decided on", ["service"]
)
OUTBOX_PENDING: Final = Gauge("kaohe_outbox_pending", "Events not yet numbered", ["service"])
OUTBOX_AGE: Final = Gauge(
    "kaohe_outbox_oldest_age_seconds", "Age of the oldest event not yet numbered", ["service"]
)
WORKER_FAILURES: Final = Counter(
    "kaohe_bus_worker_failures", "Loops that failed and were started again", ["service", "worker"]
)
