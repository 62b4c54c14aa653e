"""Figures about two S3 servers; where there is one, `kaohe_dependency_up` says it all."""

from typing import Final

from prometheus_client import Counter, Gauge

SERVER_UP: Final = Gauge(
    "kaohe_storage_server_up", "Whether one of two S3 servers answered the last ping", ["service", "server"]
)
SINGLE: Final = Gauge(
    "kaohe_storage_single_copies", "Stored files that one of the two S3 servers is known to lack"
)
REPAIRED: Final = Counter(
    "kaohe_storage_repaired",
    "Files that one of the two S3 servers lacked or had with other bytes",
    ["outcome"],
)
for _outcome in ("copied", "lost"):
    REPAIRED.labels(_outcome)
