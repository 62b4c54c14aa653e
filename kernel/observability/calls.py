"""How long dependencies take, and how often they fail."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from kernel.observability.metrics import DEPENDENCY_CALLS


@contextmanager
def timed(service: str, dependency: str) -> Iterator[None]:
    """The block is one call; whatever it raises is a failure."""
    began, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "ok"
    finally:
        DEPENDENCY_CALLS.labels(service, dependency, outcome).observe(time.perf_counter() - began)
