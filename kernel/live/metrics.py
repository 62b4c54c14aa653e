"""Figures of live hints."""

from typing import Final

from prometheus_client import Counter, Gauge

STREAMS: Final = Gauge("kaohe_live_streams", "Pages that listen for hints")
HINTS: Final = Counter("kaohe_live_news", "Changes that hints were made of", ["topic"])
DROPPED: Final = Counter("kaohe_live_ended", "Streams of hints that ended", ["reason"])
